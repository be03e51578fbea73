"""Whether lines, examples and batches have the shapes and dtypes that the network is fed, after a change of the lesson.

NumPy casts what is fed without a word: pixels in [0, 1], fed as uint8, would all be 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.interface import Data


def check_lines(lines: tf.data.Dataset) -> None:
    """Checks that read_lines gives (number int64 [], line string []); otherwise a UserError."""
    found = _listed(lines.element_spec)
    if [_dtype(each) for each in found] != [tf.int64, tf.string]:
        raise UserError(
            f"dlho2018.py: read_lines gives {_described(found)}, expected int64 [], string []: (number, line).\n"
            "  enumerate() numbers the lines; the last map leaves out the marks (blank 3)."
        )


def check_examples(examples: tf.data.Dataset, data: Data) -> None:
    """Checks that parsed lines are as their data says; otherwise a UserError."""
    wrong = misfit(examples.element_spec, data, is_batch=False)
    if wrong:
        raise UserError(
            f"dlho2018.py: parse_line returns {wrong}.\n"
            "  It returns the image, with the pixels that decode_image gives, then the label (blanks 2a, 2b).\n"
            "  scale_pixels makes floats of them, in the graph (blank 6b)."
        )


def misfit(found: Any, data: Data, is_batch: bool = True, is_fed: bool = False) -> str | None:
    """What is wrong with the shapes or dtypes of examples and their labels.

    Args:
      found: (examples, labels), as tensors or tf.TensorSpecs.
      data: whose examples they should be.
      is_batch: whether they have a first dimension B.
      is_fed: whether they are placeholders, which must take the data's values.
    Returns:
      "FOUND, expected EXPECTED"; None if they fit.
    """
    found, batch = _listed(found), [None] if is_batch else []
    expected = [tf.TensorSpec([*batch, *data.shape], data.dtype), tf.TensorSpec(batch, data.label_dtype)]
    pairs = zip(expected, found) if is_fed else zip(found, expected)
    if len(found) == len(expected) and all(_fits(source, to, is_batch) for source, to in pairs):
        return None
    return f"{_described(found, data, is_batch)}, expected {_described(expected, data, is_batch)}"


def _fits(source: Any, to: Any, is_batch: bool) -> bool:
    """Whether one can be fed to the other; sides that aren't known yet may fit, but a batch has any size."""
    if _dtype(source) is None or _dtype(source) != _dtype(to):
        return False
    if None in (source.shape.rank, to.shape.rank):
        return True
    pairs = list(zip(source.shape.as_list(), to.shape.as_list()))
    is_of_any_size = not is_batch or to.shape.as_list()[:1] == [None]
    sides = pairs[is_batch:]
    return is_of_any_size and source.shape.rank == to.shape.rank and all(a == b or None in (a, b) for a, b in sides)


def _dtype(element: Any) -> Any:
    """Of a tensor or a tf.TensorSpec; None for what holds several, such as a pair or a data set."""
    return element.dtype if isinstance(element, (tf.Tensor, tf.TensorSpec)) else None


def _listed(elements: Any) -> list:
    return list(elements) if isinstance(elements, (tuple, list)) else [elements]


def _described(tensors: Sequence, data: Data | None = None, is_batch: bool = False) -> str:
    """Such as "images uint8 [B, 24, 24, 3], labels int64 [B]"."""
    names = [""] * len(tensors)
    if data and len(tensors) == 2:
        names = [name if is_batch else name[:-1] for name in (data.unit, "labels")]
    return ", ".join(f"{name} {_type(tensor, is_batch)}".strip() for name, tensor in zip(names, tensors))


def _type(tensor: Any, is_batch: bool) -> str:
    if isinstance(tensor, tuple):
        return f"({', '.join(_type(each, is_batch) for each in tensor)})"
    if _dtype(tensor) is None:
        return str(tensor)
    sides = ["..."] if tensor.shape.rank is None else [str(side or "?") for side in tensor.shape.as_list()]
    if is_batch and sides[:1] == ["?"]:
        sides[0] = "B"
    return f"{tensor.dtype.name} [{', '.join(sides)}]"
