"""The graph that the lines build, and the curve of y over x."""

from types import SimpleNamespace
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.stages.drawn import BLUE, ORANGE, figure_of, heading, say_in
from exercises.stages.drawn_graph import draw_graph, operations_of
from exercises.stages.formula import draw_formula
from exercises.student_blank import StudentBlank

from .check import tensor_called

NUMBERS = np.linspace(-3, 3, 25)


def look(blank: StudentBlank) -> Any:
    lines = blank.at()
    with tf.Graph().as_default() as graph:
        names = lines.run({"graph": graph, "settings": SimpleNamespace(x=4.0)})
        x, y = (tensor_called(name, names, lines) for name in ("x", "y"))
    figure, (left, right) = figure_of("Blank 0: what your lines build", 10, 5.5, 2, (3, 2))
    heading(left, "The graph, a box for each operation: x is blue, y orange")
    draw_graph(left, operations_of(x.graph, {x.op.name: BLUE, y.op.name: ORANGE}))
    heading(right, "y for each x that is fed")
    draw_formula(right)
    with tf.Session(graph=y.graph) as session:
        try:
            values = [float(session.run(y, feed_dict={x: number})) for number in NUMBERS]
        except (TypeError, ValueError, tf.errors.OpError):
            say_in(right, "y is no number for a number x")
        else:
            right.plot(NUMBERS, values, "o-", color=ORANGE, markersize=3, label="your y")
            right.legend(frameon=False, loc="upper center")
    return figure
