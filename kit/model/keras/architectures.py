"""Architectures: networks described in Keras's JSON, or in short form.

Nothing in a file is ever run. A file is names and numbers: kit/model/keras/translation.py checks each name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from kit.cli import console
from kit.cli.errors import UserError
from kit.model.keras import classes, containers, short_form
from kit.model.keras.file_kinds import FROM_KERAS, wrong_kind
from kit.model.keras.reading import from_json, from_layers
from kit.model.keras.structure import INPUT, Architecture, LayerConfig

KEEP_SHAPE = (
    *("Activation", "BatchNormalization", "LayerNormalization", "ActivityRegularization", "Identity"),
    *(*classes.ACTIVATION_LAYERS, *classes.RANDOM),
)
RESHAPE = ("Flatten", "Reshape")
FILE_ENDINGS = (".json", ".keras", ".h5", ".hdf5", ".h5mlm", ".yaml", ".yml", ".pb", ".txt")
WAY_OUT = FROM_KERAS["architecture"]
OTHER_COLUMNS = "Choose the columns with --columns or --without_columns, or change the input shape in the file."


# ----------------------------------------------------------------------------- read


def read(given: str | Path) -> Architecture:
    """Reads an architecture.

    Args:
      given: the path of a file in Keras's JSON (it ends as a file's name does, or exists), or the short form
        (kit.model.keras.short_form.parse).
    Returns:
      Architecture.
    Raises:
      UserError: the file can't be read, is no model or no chain of layers, or uses something unsupported; or the short
        form is wrong.
    """
    given = str(given)
    if re.match(r"[a-z]+://", given):
        raise UserError(f"{given}: this is an address. Download the file, and give its path.")
    if not (given.lower().endswith(FILE_ENDINGS) or _exists(given)):
        return from_layers(short_form.parse(given), "--architecture")
    if wrong := wrong_kind(given, "architecture"):
        raise wrong
    try:
        text, version = containers.architecture_in(given)
    except UnicodeDecodeError as error:
        raise UserError(f"{given}: this is not text, expected Keras's JSON. {WAY_OUT}") from error
    except OSError as error:
        raise UserError(
            f"{given}: cannot read this architecture: {error.strerror}.\n"
            f"  Give a file in Keras's JSON, or the short form, {short_form.EXAMPLE}."
        ) from error
    return from_json(text, given, version)


def _exists(path: str) -> bool:
    try:
        return path != "" and Path(path).exists()
    except (OSError, ValueError):  # too long for a path: the short form
        return False


# ----------------------------------------------------------------------------- use


def with_input_shape(architecture: Architecture, shape: Iterable[int], of_columns: str = OTHER_COLUMNS) -> Architecture:
    """Sets the shape of the inputs.

    A row of a table fills an input of more axes, such as [steps, channels], in order, if it has as many values.

    Args:
      architecture: its own input shape may be unknown, or unknown in some sizes.
      shape: the shape of an example of the data.
      of_columns: the way out if a table has other columns.
    Returns:
      The architecture with the shape that its first layer takes.
    Raises:
      UserError: the architecture was made for another shape.
    """
    own, shape = architecture.input_shape, tuple(shape)
    if own is None or (len(own) == len(shape) and all(a in (None, b) for a, b in zip(own, shape))):
        return replace(architecture, input_shape=shape)
    filled = _filled(own, shape[0]) if len(shape) == 1 else None
    if filled is None:
        way_out = of_columns if len(shape) == 1 else "Use data of that shape, or change the input shape in the file."
        raise UserError(
            f"The architecture '{architecture.name}' takes inputs of shape {list(own)}, the data's are {list(shape)}."
            f"\n  {way_out}"
        )
    if (text := f"A row's {shape[0]} values fill the network's input {list(filled)}, in order.") not in _SAID:
        _SAID.add(text)
        console.say(text)
    return replace(architecture, input_shape=filled)


_SAID: set[str] = set()


def _filled(own: tuple, values: int) -> tuple | None:
    """The shape that a row of so many values fills; None if they don't."""
    known, unknown = math.prod(size for size in own if size), own.count(None)
    if unknown > 1 or values % known or (not unknown and values != known):
        return None
    return tuple(size or values // known for size in own)


def first_layers(architecture: Architecture) -> list[LayerConfig]:
    """The layers that read the network's input, in whatever network within it."""
    first = [layer for layer in architecture.layers if any(INPUT in call.sources for call in layer.calls)]
    return [inner for layer in first for inner in (first_layers(layer.network) if layer.network else [layer])]


def takes_indices(architecture: Architecture) -> bool:
    """Whether a network looks its inputs up (Embedding): whole numbers, which mustn't be scaled."""
    return any(layer.class_name == "Embedding" for layer in first_layers(architecture))


def output_of(architecture: Architecture) -> tuple[int | None, str]:
    """The end of a network, from which its loss is chosen.

    Returns:
      (units, activation): the number of outputs, None unless a Dense layer gives it; and the name of the last
      activation, "linear" if there is none.
    """
    layer = _maker(architecture, KEEP_SHAPE)
    units = layer.config.get("units") if layer and layer.class_name == "Dense" else None
    end = end_of(architecture)
    return units if isinstance(units, int) else None, activation_of(end) if end else "linear"


def end_of(architecture: Architecture) -> LayerConfig | None:
    """The layer that applies the network's last activation; None if the network ends otherwise.

    What comes after it only passes its outputs on: another shape, or the activation linear.
    """
    layer = _maker(architecture, ("Activation",), lambda each: each.config.get("activation") == "linear", RESHAPE)
    if layer is None or len(layer.calls) != 1:
        return None
    return layer if layer.class_name == "Softmax" or "activation" in layer.config else None


def _maker(
    architecture: Architecture,
    passed: Iterable[str],
    if_so: Callable[[LayerConfig], bool] = lambda layer: True,
    always: Iterable[str] = (),
) -> LayerConfig | None:
    """The layer that makes the output, seen through layers of the classes `passed` (`if_so`) and `always`."""
    name = architecture.output[0]
    while layer := architecture.layer(name):
        if layer.network:
            return _maker(layer.network, passed, if_so, always)
        is_passed = layer.class_name in always or (layer.class_name in passed and if_so(layer))
        if not is_passed or len(layer.calls) != 1 or len(layer.calls[0].sources) != 1:
            return layer
        name = layer.calls[0].sources[0][0]
    return None


def activation_of(layer: LayerConfig) -> str:
    """The name of a layer's last activation, "linear" if there is none."""
    if layer.class_name == "Softmax":
        return "softmax" if layer.config.get("axis", -1) in (-1, 1) else "linear"  # 1: of [B, classes] the last
    is_last = layer.class_name in ("Dense", "EinsumDense", "Activation", *classes.CONVOLUTIONS)
    activation = layer.config.get("activation", "linear") if is_last else "linear"
    return activation if isinstance(activation, str) else "linear"
