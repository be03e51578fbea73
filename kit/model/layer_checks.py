"""The checks of the layers' arguments in tf_layers.py, and the error that they raise."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Sequence

import kit.tensorflow1 as tf


class LayerError(ValueError):
    """A layer got a wrong argument; the message has the layer's name, what it got and what it wants."""

    def __init__(self, name: str, got: str, wants: str) -> None:
        super().__init__(f"layer '{name}': got {got}, wants {wants}.")


def check_inputs(name: str, inputs: tf.Tensor, rank: int | None, wants: str) -> None:
    """Checks a layer's name and its inputs.

    Args:
      name: of the layer.
      inputs: what it was given.
      rank: how many dimensions it wants; None for any, from 2 on.
      wants: what it wants, in words.
    Raises:
      LayerError: as the others here.
    """
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9.][A-Za-z0-9_.\-/]*", name):
        raise LayerError(name, f"{name!r} as its name", "letters, digits, '_', '-' and '.'")
    if not isinstance(inputs, tf.Tensor):
        raise LayerError(name, f"inputs of type {type(inputs).__name__}", f"a tensor, {wants}")
    if inputs.shape.ndims is None or (rank is not None and inputs.shape.ndims != rank) or inputs.shape.ndims < 2:
        raise LayerError(name, shape_text(inputs), wants)
    if inputs.dtype != tf.float32:
        raise LayerError(name, f"dtype {inputs.dtype.name}", "float32; cast and scale pixels before the first layer")
    if rank is not None and inputs.shape[-1].value is None:
        raise LayerError(name, shape_text(inputs), f"{wants}, the last size known")


def check_counts(name: str, **counts: int) -> None:
    """Checks arguments, by name, that are whole numbers from 1 on."""
    for argument, count in counts.items():
        if not isinstance(count, numbers.Integral) or isinstance(count, bool) or count < 1:
            raise LayerError(name, f"{argument}={count!r}", "a whole number, 1 or more")


def check_number(
    name: str, argument: str, value: float, least: float, most: float = math.inf, below: float = math.inf
) -> None:
    """Checks that an argument is a number: at least `least`, at most `most`, below `below`."""
    if not isinstance(value, numbers.Real) or not (least <= value <= most and value < below):
        bounds = [f"{words} {bound}" for words, bound in (("at most", most), ("below", below)) if bound < math.inf]
        raise LayerError(name, f"{argument}={value!r}", " and ".join([f"a number, at least {least}", *bounds]))


def check_choice(name: str, argument: str, value: str | bool, choices: Sequence[str | bool]) -> None:
    """Checks that an argument is one of the choices."""
    if value not in choices:
        raise LayerError(name, f"{argument}={value!r}", f"one of {', '.join(map(str, choices))}")


def check_window(name: str, inputs: tf.Tensor, window: int, padding: str) -> None:
    """Checks that a window fits into the images [B, H, W, C], unless they are padded."""
    height, width = inputs.shape.as_list()[1:3]
    if padding == "VALID" and any(side is not None and side < window for side in (height, width)):
        raise LayerError(
            name,
            shape_text(inputs),
            f"an image of at least {window} x {window} pixels: the image has shrunk too far, "
            "use fewer pooling layers or padding='SAME'",
        )


def check_is_training(name: str, is_training: tf.Tensor) -> None:
    """Checks that is_training is a tensor, bool []."""
    is_bool = isinstance(is_training, tf.Tensor) and is_training.dtype == tf.bool
    if not is_bool or not is_training.shape.is_compatible_with([]):
        raise LayerError(name, f"is_training={is_training!r}", "the placeholder is_training, a bool tensor of shape []")


def shape_text(tensor: tf.Tensor) -> str:
    """The shape in words: "[?, 8, 8, 3]"."""
    if tensor.shape.ndims is None:
        return "a tensor of unknown shape"
    return "[" + ", ".join("?" if size is None else str(size) for size in tensor.shape.as_list()) + "]"
