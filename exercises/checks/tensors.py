"""What several checks ask of a name: is it a tensor, of which kind, made in which line?"""

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding


def tensor_called(lines, place, names, name, why):
    """The tensor that a place has to define.

    Args:
      lines: StudentsLines.
      place: the place's name, "7".
      names: {name: value}, after its lines have run.
      name: of the tensor.
      why: it has to be one; for the Finding.
    Raises:
      Finding: there is no such name, or it is no tensor.
    """
    value = names.get(name)
    if not isinstance(value, tf.Tensor):
        raise Finding(
            f"{name} is {described(value)}" if name in names else f"there is no {name}",
            f"{name} as a tensor of the graph",
            why,
            line_making(lines, place, name, value),
        )
    return value


def line_making(lines, place, name, value=None):
    """(script, number, text) of the line of a place that made a value, or else gave it its name."""
    operation = getattr(value, "op", value)
    return lines.line_of(operation) or lines.line_with(place, f"{name} =", name, name.split("_")[0])


def described(value):
    """A value in a few words: "a variable", "a list of 3", "0.5"."""
    if isinstance(value, tf.Variable):
        return "a variable"
    if isinstance(value, tf.Operation):
        return f"an operation, {value.type}"
    if isinstance(value, tf.Tensor):
        return "a tensor"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)}"
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def shape_text(tensor):
    """A tensor's shape as it is written in the scripts: "[None, 4, 6, 3]", and None where it isn't known."""
    if tensor.shape.ndims is None:
        return "None"
    return str(tensor.shape.as_list())


def shape_in_words(value):
    """How many numbers an array is: "a single number", "8 numbers", "8 x 5 numbers"."""
    shape = np.shape(value)
    return f"{' x '.join(map(str, shape))} numbers" if shape else "a single number"


def is_same(value, expected):
    """Whether a value is the numbers that are expected, and of their shape."""
    if isinstance(value, tf.Tensor):
        return False
    try:
        return np.shape(value) == np.shape(expected) and bool(np.allclose(value, expected, atol=1e-4))
    except (TypeError, ValueError):  # no numbers at all, or ragged ones
        return False
