"""Is there a graph of the formula: a placeholder x, and y made from it?"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.formula import NUMBERS, formula
from exercises.stages.tensors import described
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines

PARTS = ("x is a placeholder", "y is 2x^2 + 3")


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at()
    with tf.Graph().as_default() as graph:
        names = lines.run({"graph": graph, "settings": SimpleNamespace(x=4.0)})
        x, y = (tensor_called(name, names, lines) for name in ("x", "y"))
    graph = names["graph"]
    if getattr(graph, "as_graph_def", None) is None or x.graph is not graph or y.graph is not graph:
        raise Finding(
            "x and y are in another graph than `graph`",
            "both in the graph that is there: no tf.Graph() of your own",
            "The script shows `graph` and opens a session on it.",
            lines.line_with("tf.Graph", "x ="),
        )
    check_x(x, lines)
    yield
    check_y(x, y, graph, lines)
    yield


def tensor_called(name: str, names: dict[str, Any], lines: StudentLines) -> Any:
    """The tensor of a name."""
    value = names.get(name)
    if isinstance(value, tf.Variable):
        raise Finding(
            f"{name} is a variable",
            f"{name} as a placeholder, or made from one",
            "A variable keeps a value in the session; a placeholder is fed a new one in each run.",
            lines.line_with(f"{name} ="),
        )
    if not isinstance(value, tf.Tensor):
        raise Finding(
            f"{name} is {described(value)}, no tensor" if name in names else f"there is no {name}",
            f"{name} as a part of the graph",
            "Python would compute a number at once; the graph is a plan that a session carries out later."
            if name in names
            else "The lines after the blank use it.",
            lines.line_with(f"{name} ="),
        )
    return value


def check_x(x: Any, lines: StudentLines) -> None:
    if x.op.type not in ("Placeholder", "PlaceholderWithDefault"):
        raise Finding(
            f"x is a {x.op.type}",
            "a tf.placeholder",
            "A placeholder stands for a number that is fed later, a new one in each run.",
            lines.line_of(x.op) or lines.line_with("x ="),
        )
    if x.dtype not in (tf.float32, tf.float64) or not x.shape.is_compatible_with([]):
        raise Finding(
            f"x holds {x.dtype.name} of shape {x.shape}",
            "a single number of the type tf.float32 or tf.float64, shape []",
            "The shape and the type say what may be fed.",
            lines.line_of(x.op),
        )


def check_y(x: Any, y: Any, graph: Any, lines: StudentLines) -> None:
    if y.shape.ndims not in (None, 0):
        raise Finding(
            f"y has the shape {y.shape}",
            "a single number, shape []",
            "x is one number, and the formula makes one number of it.",
            lines.line_of(y.op) or lines.line_with("y ="),
        )
    with tf.Session(graph=graph) as session:
        for number in NUMBERS:
            value = session.run(y, feed_dict={x: number})
            if abs(value - formula(number)) > 1e-4:
                raise Finding(
                    f"for x = {number:g}, y is {value:g}",
                    f"{formula(number):g}, which is 2 * ({number:g})^2 + 3",
                    "The graph computes what its operations say: first the square, then times 2, then plus 3.",
                    lines.line_of(y.op),
                )
