"""What several checks ask of a name: is it a tensor, of which kind, made in which line?"""

from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.student_lines import StudentLines


def tensor_called(lines: StudentLines, names: dict[str, Any], name: str, why: str) -> Any:
    """The tensor that a place has to define.

    Args:
      lines: of the place.
      names: {name: value}, after they have run.
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
            line_making(lines, name, value),
        )
    return value


def line_making(lines: StudentLines, name: str, value: Any = None) -> Line:
    """The student's line that made a value, or gave it this name besides another: `logits = x`."""
    operation = getattr(value, "op", value)
    return (
        lines.line_renaming(name) or lines.line_of(operation) or lines.line_with(f"{name} =", name, name.split("_")[0])
    )


def described(value: Any) -> str:
    """A value in a few words: "a variable", "a list of 3", "0.5"."""
    kinds = {
        "a variable": isinstance(value, tf.Variable),
        "a tensor": isinstance(value, tf.Tensor),
        "a data set": hasattr(value, "_variant_tensor"),
        "an iterator of tf.data": isinstance(value, tf.data.Iterator),
        "a session": isinstance(value, tf.Session),
        "a module": isinstance(value, ModuleType),
        "a class, not called": isinstance(value, type),
        "a function, not called": callable(value),
    }
    for words, applies in kinds.items():
        if applies:
            return words
    if isinstance(value, tf.Operation):
        return f"an operation, {value.type}"
    if isinstance(value, (list, tuple, dict, set)):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    if isinstance(value, np.ndarray):
        return f"an array of {shape_in_words(value)}"
    if isinstance(value, (str, bytes)):
        return f"the {'text' if isinstance(value, str) else 'bytes'} {value[:40]!r}"
    name = type(value).__name__
    if isinstance(value, SimpleNamespace) or type(value).__module__.startswith("exercises."):  # a check's stand-in
        return "an object that the script was given"
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def shape_text(tensor: Any) -> str:
    """A tensor's shape as it is written in the scripts: "[None, 4, 6, 3]", and None where it isn't known."""
    if tensor.shape.ndims is None:
        return "None"
    return str(tensor.shape.as_list())


def shape_in_words(value: Any) -> str:
    """How many numbers an array is: "a single number", "8 numbers", "8 x 5 numbers"."""
    shape = np.shape(value)
    return f"{' x '.join(map(str, shape))} number{'s' * (shape != (1,))}" if shape else "a single number"


def told_apart(value: Any, expected: Any) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to see that they differ, at least 4."""
    texts = [(f"{float(value):.{digits}g}", f"{float(expected):.{digits}g}") for digits in range(4, 18)]
    return next((pair for pair in texts if pair[0] != pair[1]), texts[-1])


def is_same(value: Any, expected: Any) -> bool:
    """Whether a value is the numbers that are expected, and of their shape."""
    if isinstance(value, tf.Tensor):
        return False
    try:
        return np.shape(value) == np.shape(expected) and bool(np.allclose(value, expected, atol=1e-4))
    except (TypeError, ValueError):  # no numbers at all, or ragged ones
        return False


def number_of(array: Any, arrays: list) -> int | None:
    """Which of some arrays it is, or None."""
    return next((number for number, each in enumerate(arrays) if np.array_equal(array, each)), None)
