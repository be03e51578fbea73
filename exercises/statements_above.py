"""What a script's function does above a blank, as statements that can be run one by one, and the names in them.

with tf.Session() as session:         session = __entered__(tf.Session())
    for batch in batches:       ->    batch = next(iter(batches))
        feed = {x: batch}             feed = {x: batch}
"""

import ast
import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from exercises.markers import Place, places_in
from exercises.stages.script_names import GIVEN, MADE, Makers

WITH = "__entered__"  # the name, in these statements, of the function that enters what stands in a `with`


def statements_above(texts: Sequence[str], place: Place) -> tuple[list[ast.stmt], Makers]:
    """(the statements above a place in its function, without those that they hold; makers of names there).

    Args:
      texts: of the script, the student's own first; of those that Python can't read, the next is taken.
      place: one of the script's.
    """
    for text in texts:
        with contextlib.suppress(SyntaxError, ValueError):
            above = list(places_in(place.script, text).values())
            line = next(each.first_line for each in above if each.name == place.name)
            tree = ast.parse(text)
            break
    else:
        return [], {}
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.lineno < line]
    if not functions:
        return [], {}
    function = functions[-1]
    within = [each for each in above if function.lineno < each.first_line < line]
    parameters = function.args.args
    makers = {name: maker for each in within for name, maker in MADE.get(each.name, {}).items()}
    makers |= {each.arg: GIVEN[each.arg] for each in parameters if each.arg in GIVEN}
    defaults = zip(reversed(parameters), reversed(function.args.defaults))
    assigned = [_assigned(ast.Name(each.arg, ast.Store()), default, function) for each, default in defaults]
    return assigned + [each for each in _flat(function.body) if each.lineno < line], makers


def _flat(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements in a row: those that hold others give way to what they bind and to what they hold."""
    for statement in statements:
        if isinstance(statement, ast.With):
            for item in statement.items:
                entered = ast.Call(ast.Name(WITH, ast.Load()), [item.context_expr], [])
                if item.optional_vars:
                    yield _assigned(item.optional_vars, entered, statement)
        elif isinstance(statement, ast.For):
            first = ast.Call(
                ast.Name("next", ast.Load()), [ast.Call(ast.Name("iter", ast.Load()), [statement.iter], [])], []
            )
            yield _assigned(statement.target, first, statement)
        held = [getattr(statement, part, []) for part in ("body", "handlers", "orelse", "finalbody")]
        if any(held) and not isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            bodies = [each.body if isinstance(each, ast.ExceptHandler) else [each] for part in held for each in part]
            yield from _flat(each for body in bodies for each in body)
        elif not isinstance(statement, ast.Raise):
            yield statement


def _assigned(target: ast.expr, value: ast.expr, where: ast.stmt) -> ast.stmt:
    """The statement target = value, at the line of another."""
    return ast.fix_missing_locations(ast.copy_location(ast.Assign([target], value), where))


def names_loaded(tree: ast.AST) -> set[str]:
    """The names whose values a piece of code uses."""
    counted = {node.target.id for node in _nodes(tree, ast.AugAssign) if isinstance(node.target, ast.Name)}
    return {node.id for node in _nodes(tree, ast.Name) if isinstance(node.ctx, ast.Load)} | counted  # count += 1


def names_stored(tree: ast.AST) -> set[str]:
    """The names that a piece of code gives a value."""
    names = {node.id for node in _nodes(tree, ast.Name) if isinstance(node.ctx, ast.Store)}
    names |= {node.name for node in _nodes(tree, ast.FunctionDef, ast.ClassDef)}
    return names | {(alias.asname or alias.name).partition(".")[0] for alias in _nodes(tree, ast.alias)}


def _nodes(tree: ast.AST, *kinds: type) -> Iterator[Any]:
    return (node for node in ast.walk(tree) if isinstance(node, kinds))
