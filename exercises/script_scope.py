"""The names that a script has at a blank, where the stage of the blank's check doesn't give them itself.

A stage gives what a blank is about. A right answer may use any other name that stands above it in the function. Such a
name is made here, if the lines mention it: as exercises/stages/script_names.py makes it, for what other blanks and the
caller give; else by running the script's own statement above the blank, after those that it needs.
"""

import ast
import builtins
import contextlib
import inspect
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import kit.tensorflow1 as tf
from exercises.markers import Place, places_in
from exercises.stages.script_names import GIVEN, MADE, REPLACED, Makers

WITH = "__entered__"  # in the statements: the function that enters what stands in a `with`


def fill_in(scope: dict[str, Any], wanted: Iterable[str], texts: Sequence[str], place: Place) -> None:
    """Puts names that a script has at a place into a scope, those of the wanted that it lacks.

    Args:
      scope: {name: value} of the stage; what is in it stays.
      wanted: names that the student's lines mention.
      texts: of the script, the student's own first; of those that Python can't read, the next is taken.
      place: one of the script's.
    """
    missing = [name for name in wanted if name not in scope and not hasattr(builtins, name)]
    if not missing:
        return
    graph = scope.get("graph")
    making = _Making({**scope, WITH: _entered}, *_above(texts, place))
    with _open(graph if isinstance(graph, tf.Graph) else tf.get_default_graph(), making.scope):
        for name in missing:
            making.make(name)
    scope.update({name: making.scope[name] for name in missing if name in making.scope})


class _Making:
    """Makes names in a scope."""

    def __init__(self, scope: dict[str, Any], statements: Sequence[ast.stmt], makers: Makers) -> None:
        self.scope, self._statements, self._makers = scope, statements, makers
        self._begun: set[str | ast.stmt] = set()  # what is being made: a name may need itself, further above

    def make(self, name: str, before: int | None = None) -> None:
        """Makes a name, unless it is there, by what stands before a statement, given by its index."""
        if name in self.scope:
            return
        if name in self._makers and name not in self._begun:
            needs = list(inspect.signature(self._makers[name]).parameters)
            self._make_all(needs, before, name)
            with contextlib.suppress(Exception):  # a stage may lack what it needs
                self.scope[name] = self._makers[name](*(self.scope.get(need) for need in needs))
        for index in reversed(range(len(self._statements) if before is None else before)):
            statement = self._statements[index]
            if name not in self.scope and name in _names(statement, ast.Store) and statement not in self._begun:
                self._make_all(names_loaded(statement), index, statement)
                self._run(statement)

    def _make_all(self, needs: Iterable[str], before: int | None, for_what: str | ast.stmt) -> None:
        self._begun.add(for_what)
        for need in needs:
            self.make(need, before)
        self._begun.discard(for_what)

    def _run(self, statement: ast.stmt) -> None:
        """Runs a statement for the names that aren't there yet; one that fails on the stage gives none."""
        scope = {**self.scope, **REPLACED}
        with contextlib.suppress(Exception):
            exec(compile(ast.Module([statement], []), "<above the blank>", "exec"), scope)
            new = (_names(statement, ast.Store) & scope.keys()) - self.scope.keys()
            self.scope.update({name: scope[name] for name in new})


def _above(texts: Sequence[str], place: Place) -> tuple[list[ast.stmt], Makers]:
    """(the statements above a place in its function, without those that they hold; makers of names there)."""
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


def _entered(manager: Any) -> Any:
    """What `with manager as name` calls name; the stage has a graph and a session open already."""
    if not isinstance(manager, contextlib.AbstractContextManager) or hasattr(manager, "gen"):
        with manager as value:
            return value
    return manager


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
    return _names(tree, ast.Load)


def _names(tree: ast.AST, context: type[ast.expr_context]) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, context)}
    if context is ast.Store:
        names |= {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        aliases = [node for node in ast.walk(tree) if isinstance(node, ast.alias)]
        names |= {(alias.asname or alias.name).partition(".")[0] for alias in aliases}
    else:  # count += 1 uses count, too
        names |= {
            node.target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
        }
    return names


@contextlib.contextmanager
def _open(graph: Any, scope: dict[str, Any]) -> Iterator[None]:
    """A stage's graph as the default one, open for more operations; new variables get their first values at its end."""
    before, is_finished = set(_variables(graph)), graph.finalized
    graph._unsafe_unfinalize()
    try:
        with graph.as_default():
            yield
            new = [variable for name, variable in _variables(graph).items() if name not in before]
            session = scope.get("session")
            if new and session is not None:
                with contextlib.suppress(Exception):  # it may be closed
                    session.run(tf.variables_initializer(new))
    finally:
        if is_finished:
            graph.finalize()


def _variables(graph: Any) -> dict[str, Any]:
    return {variable.name: variable for variable in graph.get_collection(tf.GraphKeys.GLOBAL_VARIABLES)}
