"""The student's lines that a finding's line hangs together with: what it uses, and what is of no use."""

import ast
import contextlib
import textwrap
from collections.abc import Iterable
from typing import NamedTuple

from exercises.findings import Line
from exercises.markers import Place, lines_of
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
    body = _body(place)
    statements = _statements(body)
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
        if each is not at and (_is_unused(each, place, statements, text) or _is_overwritten(each, body))
    ]
    return (*used[:MOST_USED], *[*idle, *unused][:MOST_IDLE])


def _body(place: Place) -> list[ast.stmt]:
    """The statements of a place, with the script's line numbers; none if Python can't read them."""
    with contextlib.suppress(SyntaxError, ValueError, RecursionError):
        return ast.increment_lineno(ast.parse(textwrap.dedent(place.text)), place.first_line - 1).body
    return []


def _statements(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements in a body that hold no others, in its order."""
    nodes = [node for statement in body for node in ast.walk(statement)]
    found = [node for node in nodes if isinstance(node, ast.stmt) and not hasattr(node, "body")]
    return sorted(found, key=lambda node: node.lineno)


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
    after = lines_of(text)[place.first_line + len(place.lines) - 1 :]
    is_used = any(names & names_loaded(each) for each in statements)
    is_set_again = any(names & names_stored(each) for each in statements if each is not statement)
    is_mentioned = any(name in line for line in after for name in names)
    return bool(names) and not (is_used or is_set_again or is_mentioned)


def _is_overwritten(statement: ast.stmt, body: list[ast.stmt]) -> bool:
    """Whether all names that it gives values get others further below, before anything uses them."""
    if not isinstance(statement, ast.Assign) or statement not in body:
        return False
    waiting = set(names_stored(statement))
    for each in body[body.index(statement) + 1 :]:
        if waiting & names_loaded(each) or (waiting & names_stored(each) and not isinstance(each, ast.Assign)):
            return False
        waiting -= names_stored(each)
        if not waiting:
            return bool(names_stored(statement))
    return False


def _line(place: Place, statement: ast.stmt) -> Line:
    return place.script, statement.lineno, place.lines[statement.lineno - place.first_line].strip()
