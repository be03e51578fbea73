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
from exercises.markers import Place
from exercises.stages.script_names import REPLACED, Makers
from exercises.statements_above import WITH, names_loaded, names_stored, statements_above


def fill_in(scope: dict[str, Any], wanted: Iterable[str], texts: Sequence[str], place: Place) -> None:
    """Puts names that a script has at a place into a scope, those of the wanted that it lacks.

    Args:
      scope: {name: value} of the stage; what is in it stays.
      wanted: names that the student's lines mention.
      texts, place: as in statements_above.
    """
    missing = [name for name in wanted if name not in scope and not hasattr(builtins, name)]
    if not missing:
        return
    graph = scope.get("graph")
    making = _Making({**scope, WITH: _entered}, *statements_above(texts, place))
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
            if name not in self.scope and name in names_stored(statement) and statement not in self._begun:
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
            new = (names_stored(statement) & scope.keys()) - self.scope.keys()
            self.scope.update({name: scope[name] for name in new})


def _entered(manager: Any) -> Any:
    """What `with manager as name` calls name; the stage has a graph and a session open already."""
    if not isinstance(manager, contextlib.AbstractContextManager) or hasattr(manager, "gen"):
        with manager as value:
            return value
    return manager


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
