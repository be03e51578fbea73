"""The graph that the lines build, and the curve of y over x."""

from types import SimpleNamespace
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.stages.drawn import BLUE, ORANGE, RIGHT, WRONG, figure_of, heading, note_in
from exercises.stages.drawn_graph import draw_graph, operations_of
from exercises.stages.formula import draw_formula, formula
from exercises.stages.tensors import described
from exercises.student_blank import StudentBlank

NUMBERS = np.linspace(-3, 3, 25)
COLOURS = {"x": BLUE, "y": ORANGE}


def look(blank: StudentBlank) -> Any:
    lines = blank.at()
    with tf.Graph().as_default() as graph:
        names = lines.run({"graph": graph, "settings": SimpleNamespace(x=4.0)})
    x, y = names.get("x"), names.get("y")
    figure, (left, right) = figure_of("Blank 0: what your lines build", 10, 5.5, 2, (3, 2))
    draw_operations(left, graph, {"x": x, "y": y})
    heading(right, "y for each x that is fed")
    draw_formula(right)
    draw_values(right, x, y)
    return figure


def draw_operations(axes: Any, graph: Any, made: dict[str, Any]) -> None:
    """The graph; in red what should be x and y and isn't."""
    heading(axes, "The graph, a box for each operation: x is blue, y orange; red is wrong")
    colours, wrong = {}, []
    for name, value in made.items():
        problem = problem_of(name, value, graph)
        if problem:
            wrong.append(problem)
        if isinstance(value, (tf.Tensor, tf.Variable)) and value.graph is graph:
            colours[value.op.name] = WRONG if problem else COLOURS[name]
    draw_graph(axes, operations_of(graph, colours))
    if wrong:
        note_in(axes.figure, "; ".join(wrong))


def problem_of(name: str, value: Any, graph: Any) -> str:
    """What is wrong with x or y, as a part of the graph; "" if nothing is."""
    if value is None:
        return f"there is no {name}"
    if not isinstance(value, tf.Tensor):
        return f"{name} is {described(value)}"
    if value.graph is not graph:
        return f"{name} is in another graph"
    if name == "x" and not is_placeholder(value):
        return f"x is a {value.op.type}, no placeholder"
    return ""


def is_placeholder(value: Any) -> bool:
    return isinstance(value, tf.Tensor) and value.op.type in ("Placeholder", "PlaceholderWithDefault")


def draw_values(axes: Any, x: Any, y: Any) -> None:
    """The curve of y over x, if a number can be fed for x; else why it can't."""
    if not is_placeholder(x) or not isinstance(y, tf.Tensor) or x.graph is not y.graph:
        note = "there is no placeholder x to feed a number for" if not is_placeholder(x) else "y is no tensor"
        note_in(axes.figure, note)
        return
    with tf.Session(graph=y.graph) as session:
        try:
            values = [float(session.run(y, feed_dict={x: number})) for number in NUMBERS]
        except (TypeError, ValueError, tf.errors.OpError):
            note_in(axes.figure, "y is no number for a number x")
            return
    colour = RIGHT if np.allclose(values, formula(NUMBERS), atol=1e-3) else WRONG
    axes.plot(NUMBERS, values, "o-", color=colour, markersize=3, label="your y")
    axes.legend(frameon=False, loc="upper center")
