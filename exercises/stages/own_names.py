"""The names that the student's own placeholders have in the graph, which a feed by "x:0" goes by."""

import ast
import contextlib
from collections.abc import Sequence

import kit.tensorflow1 as tf
from exercises.student_blank import StudentBlank


def names_in_graph(blank: StudentBlank, number: int, letter: str, usual: dict[str, str]) -> list[str]:
    """How the lines of another place name the placeholders that they make. They are read and not run: they may not end.

    Args:
      blank: the student's.
      number, letter: of the place that makes the placeholders.
      usual: {Python's name: the name in the graph that the solution gives it}.
    Returns:
      A name in the graph for each; the usual ones where the place holds no lines that make them.
    """
    read = _Reading(usual)
    place = blank.other(number).places.get(letter)
    if place:
        with tf.Graph().as_default(), contextlib.suppress(SyntaxError, ValueError, RecursionError):
            read.visit(ast.parse("\n".join(["if True:", *place.lines, f"{place.indent}pass"])))
    return [read.names[name] for name in usual]


class _Reading(ast.NodeVisitor):
    """Makes placeholders of the same names, in the same scopes, in the default graph.

    Attributes:
      names: {Python's name: name in the graph}.
    """

    def __init__(self, usual: dict[str, str]) -> None:
        self.names = dict(usual)

    def visit_With(self, node: ast.With) -> None:
        with contextlib.ExitStack() as stack:
            for each in [item.context_expr for item in node.items]:
                if _is_call_of(each, "name_scope", "variable_scope") and (name := _name_in(each, 0)):
                    stack.enter_context(tf.name_scope(name))
            self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            for left, right in zip(_elements(target), _elements(node.value)):
                if isinstance(left, ast.Name) and _is_call_of(right, "placeholder"):
                    name = _name_in(right, 2)
                    if name != "":
                        self.names[left.id] = tf.placeholder(tf.float32, name=name).op.name


def _elements(node: ast.expr) -> Sequence[ast.expr]:
    return node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node]


def _is_call_of(node: ast.expr, *functions: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in functions


def _name_in(call: ast.expr, position: int) -> str | None:
    """The argument `name` of a call; "" where it is no text to be read, None where there is none."""
    assert isinstance(call, ast.Call)
    given = [each.value for each in call.keywords if each.arg == "name"] or call.args[position : position + 1]
    if not given:
        return None
    return given[0].value if isinstance(given[0], ast.Constant) and isinstance(given[0].value, str) else ""
