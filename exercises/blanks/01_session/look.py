"""The numbers that the lines get for value, over the x that is fed."""

from types import SimpleNamespace
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.stages.drawn import ORANGE, figure_of, heading, note_in, refuse
from exercises.stages.formula import draw_formula, formula
from exercises.stages.own_names import names_in_graph
from exercises.stages.tensors import described
from exercises.student_blank import StudentBlank

from .check import noted

NUMBERS = np.linspace(-3, 3, 13)


def look(blank: StudentBlank) -> Any:
    lines, values = blank.at(), []
    value: Any = None
    runs: list[float] = []
    (name_of_x,) = names_in_graph(blank, 0, "", {"x": "x"})
    for number in NUMBERS.tolist():
        with tf.Graph().as_default() as graph:
            x = tf.placeholder(tf.float32, [], name_of_x)
            y = noted(formula(x), runs)
        value = lines.run({"graph": graph, "x": x, "y": y, "settings": SimpleNamespace(x=number)}).get("value")
        try:
            values.append(float(np.asarray(value).reshape(())))
        except (TypeError, ValueError):
            refuse(f"value is {described(value)}", "a single number", lines.line_with("value", "run"))
    figure, (axes,) = figure_of("Blank 1: value, for 13 numbers x", 6, 4.5)
    heading(axes, f"Your lines ran y in a session {len(runs)} times.")
    draw_formula(axes)
    axes.plot(NUMBERS, values, "o", color=ORANGE, label="your value")
    axes.figure.legend(frameon=False, loc="outside lower center", ncols=2)
    if np.ndim(value):
        note_in(axes.figure, f"value is {described(value)}; wanted: a single number")
    elif not runs:
        note_in(axes.figure, "no session has run y: value comes from elsewhere")
    return figure
