"""Does a session compute y, for the x that is fed?"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.formula import NUMBERS, formula
from exercises.stages.own_names import names_in_graph
from exercises.stages.tensors import described
from exercises.student_blank import StudentBlank

PARTS = ("y is computed for the x that is fed",)


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at()
    (name_of_x,) = names_in_graph(blank, 0, "", {"x": "x"})
    for number in NUMBERS:
        runs: list[float] = []  # what y was in each run
        with tf.Graph().as_default() as graph:
            x = tf.placeholder(tf.float32, [], name_of_x)
            y = noted(formula(x), runs)
        names = lines.run({"graph": graph, "x": x, "y": y, "settings": SimpleNamespace(x=number)})
        value = names.get("value")
        if isinstance(value, tf.Tensor) or value is None:
            raise Finding(
                "value isn't a number but " + ("a tensor" if value is not None else "missing"),
                "value = the number that session.run gives for y",
                "A tensor is a place in the graph; only a session's run computes its number.",
                lines.line_with("value", "run"),
            )
        try:
            is_right = np.ndim(value) == 0 and bool(abs(value - formula(number)) < 1e-4)
        except (TypeError, ValueError):
            is_right = None
        if is_right is None or np.ndim(value):
            raise Finding(
                f"value is {described(value)}",
                "a single number",
                "session.run(y) gives a number; session.run([y]) gives a list with a number in it.",
                lines.line_with("value", "run"),
            )
        if not is_right:
            raise Finding(
                f"with x = {number:g}, value is {float(value):g}",
                f"{formula(number):g}",
                "The session must compute y with settings.x fed for x, whatever that number is.",
                lines.line_with("run"),
            )
        if not runs:
            raise Finding(
                f"value is {float(value):g}, but no session has run y",
                "session.run(y, feed_dict={x: settings.x}), in a session on this graph",
                "Python has computed the number itself. A network's output is computed only by running its graph.",
                lines.line_with("value", "run"),
            )
    yield


def noted(tensor: Any, runs: list) -> Any:
    """The same tensor; each run of it is added to a list."""

    def note(value: np.ndarray) -> np.ndarray:
        runs.append(value)
        return value

    same = tf.py_func(note, [tensor], tensor.dtype)
    same.set_shape(tensor.shape)
    return same
