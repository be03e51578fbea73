"""Blanks 0 and 1: a graph of a formula, and a session that computes it."""

from types import SimpleNamespace

import numpy as np

import kit.tensorflow1 as tf
from exercises.checks import check_of
from exercises.findings import Finding

NUMBERS = (-1.5, 0.0, 4.0)


def formula(x):
    return 2 * x**2 + 3


@check_of(0, "x is a placeholder", "y is 2x^2 + 3")
def check_graph(lines):
    with tf.Graph().as_default() as graph:
        names = lines.run("0", {"graph": graph, "settings": SimpleNamespace(x=4.0)})
        x, y = (tensor_called(name, names, lines) for name in ("x", "y"))
    graph = names["graph"]
    if getattr(graph, "as_graph_def", None) is None or x.graph is not graph or y.graph is not graph:
        raise Finding(
            "x and y are in another graph than `graph`",
            "both in the graph that is there: no tf.Graph() of your own",
            "The script shows `graph` and opens a session on it.",
            lines.line_with("0", "tf.Graph", "x ="),
        )
    if x.op.type not in ("Placeholder", "PlaceholderWithDefault"):
        raise Finding(
            f"x is a {x.op.type}",
            "a tf.placeholder",
            "A placeholder stands for a number that is fed later, a new one in each run.",
            lines.line_of(x.op) or lines.line_with("0", "x ="),
        )
    if not x.dtype.is_floating or not x.shape.is_compatible_with([]):
        raise Finding(
            f"x holds {x.dtype.name} of shape {x.shape}",
            "a single floating-point number: tf.float32, shape []",
            "The shape and the type say what may be fed.",
            lines.line_of(x.op),
        )
    yield
    if y.shape.ndims not in (None, 0):
        raise Finding(
            f"y has the shape {y.shape}",
            "a single number, shape []",
            "x is one number, and the formula makes one number of it.",
            lines.line_of(y.op) or lines.line_with("0", "y ="),
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
    yield


@check_of(1, "y is computed for the x that is fed")
def check_session(lines):
    for number in NUMBERS:
        with tf.Graph().as_default() as graph:
            x = tf.placeholder(tf.float32, [], "x")
            y = 2 * x**2 + 3
        names = lines.run("1", {"graph": graph, "x": x, "y": y, "settings": SimpleNamespace(x=number)})
        value = names.get("value")
        if isinstance(value, tf.Tensor) or value is None:
            raise Finding(
                "value isn't a number but " + ("a tensor" if value is not None else "missing"),
                "value = the number that session.run gives for y",
                "A tensor is a place in the graph; only a session's run computes the number.",
                lines.line_with("1", "value", "run"),
            )
        try:
            is_right = abs(value - formula(number)) < 1e-4 and np.ndim(value) == 0
            bool(is_right)
        except (TypeError, ValueError):
            is_right = None
        if is_right is None or np.ndim(value):
            raise Finding(
                f"value is {value!r}",
                "a single number",
                "session.run(y) gives a number; session.run([y]) gives a list with a number in it.",
                lines.line_with("1", "value", "run"),
            )
        if not is_right:
            raise Finding(
                f"with x = {number:g}, value is {float(value):g}",
                f"{formula(number):g}",
                "The session must compute y with settings.x fed for x, whatever that number is.",
                lines.line_with("1", "run"),
            )
    yield


def tensor_called(name, names, lines):
    """The tensor of a name that blank 0 makes."""
    value = names.get(name)
    if isinstance(value, tf.Variable):
        raise Finding(
            f"{name} is a variable",
            f"{name} as a placeholder, or made from one",
            "A variable keeps a value in the session; a placeholder is fed a new one in each run.",
            lines.line_with("0", f"{name} ="),
        )
    if not isinstance(value, tf.Tensor):
        raise Finding(
            f"{name} is {value!r}, no tensor" if name in names else f"there is no {name}",
            f"{name} as a part of the graph",
            "Python would compute a number at once; the graph is a plan that a session carries out later."
            if name in names
            else "The lines after the blank go on with it.",
            lines.line_with("0", f"{name} ="),
        )
    return value
