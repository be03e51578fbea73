"""The student's lines that a finding's line hangs together with: what it uses, and what is of no use."""

import ast
import contextlib
import textwrap
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exercises.findings import Line
from exercises.markers import Place
from exercises.statements_above import names_loaded, names_stored

MOST_USED = 2  # lines that a finding's line uses
MOST_IDLE = 1


class Related(NamedTuple):
    """A line, and how it hangs together with the finding's."""

    how: str  # "it uses"
    line: Line


def related_lines(line: Line, places: Iterable[Place], text: str) -> tuple[Related, ...]:
    """The lines of a place that made what one of its lines uses, the nearest first; and one that is of no use.

    Args:
      line: of the student's.
      places: of the blank.
      text: of the line's script.
    """
    script, number, _ = line
    for place in places:
        if place.script == script and place.first_line <= number < place.first_line + len(place.lines):
            return _related_in(place, number, text)
    return ()


def _related_in(place: Place, number: int, text: str) -> tuple[Related, ...]:
    statements = list(_statements(place))
    at = next((each for each in statements if each.lineno <= number <= (each.end_lineno or 0)), None)
    above = [each for each in reversed(statements) if at and each.lineno < at.lineno]
    used, wanted = [], names_loaded(at) if at else set()
    for statement in above:
        if names := wanted & names_stored(statement):
            used.append(Related("it uses", _line(place, statement)))
            wanted -= names
    idle = [Related("of no effect", _line(place, each)) for each in statements if each is not at and _is_idle(each)]
    unused = [
        Related("nothing uses", _line(place, each))
        for each in statements
        if each is not at and _is_unused(each, place, statements, text)
    ]
    return (*used[:MOST_USED], *[*idle, *unused][:MOST_IDLE])


def _statements(place: Place) -> Iterator[ast.stmt]:
    """The statements of a place that hold no others, in its order, with the script's line numbers."""
    with contextlib.suppress(SyntaxError, ValueError, RecursionError):
        tree = ast.increment_lineno(ast.parse(textwrap.dedent(place.text)), place.first_line - 1)
        found = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and not hasattr(node, "body")]
        yield from sorted(found, key=lambda node: node.lineno)


def _is_idle(statement: ast.stmt) -> bool:
    """Whether it is x = x, or only a name."""
    if isinstance(statement, ast.Assign):
        return all(ast.unparse(target) == ast.unparse(statement.value) for target in statement.targets)
    return isinstance(statement, ast.Expr) and isinstance(statement.value, (ast.Name, ast.Attribute))


def _is_unused(statement: ast.stmt, place: Place, statements: list[ast.stmt], text: str) -> bool:
    """Whether it gives names values, and neither the place nor the script after it mentions any of these names."""
    if not isinstance(statement, ast.Assign):
        return False
    names = names_stored(statement)
    after = text.splitlines()[place.first_line + len(place.lines) - 1 :]
    is_used = any(names & names_loaded(each) for each in statements)
    is_set_again = any(names & names_stored(each) for each in statements if each is not statement)
    is_mentioned = any(name in line for line in after for name in names)
    return bool(names) and not (is_used or is_set_again or is_mentioned)


def _line(place: Place, statement: ast.stmt) -> Line:
    return place.script, statement.lineno, place.lines[statement.lineno - place.first_line].strip()
