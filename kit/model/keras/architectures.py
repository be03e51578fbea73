"""Architectures: networks described in Keras's JSON, Sequential or a functional chain, or in short form.

Nothing in a file is ever run. A file is names and numbers, and each of them is checked (kit/model/keras/options.py).
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit.cli import console
from kit.cli.errors import UserError
from kit.model.keras import short_form
from kit.model.keras.chains import layers_in_order
from kit.model.keras.file_kinds import FROM_KERAS, check_is_model, json_of, text_of, wrong_kind
from kit.model.keras.option_checks import Unfit, count
from kit.model.keras.options import INITIALIZERS, LAYERS, OLD_NAMES, REGULARIZERS, complete

NAME = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\-]*")  # of a scope in TensorFlow
INPUT_SHAPES = ("batch_input_shape", "batch_shape")  # Keras 2, Keras 3
KEEP_SHAPE = ("Activation", "Dropout", "BatchNormalization", "LeakyReLU", "ReLU", "ELU", "Softmax")
ABOUT_INPUTS = (*INPUT_SHAPES, "input_dim", "input_shape")  # options of any layer, in files of Keras 2
FUNCTIONAL = ("Functional", "Model")  # classes of models with inbound_nodes
FILE_ENDINGS = (".json", ".keras", ".h5", ".hdf5", ".yaml", ".yml", ".pb", ".txt")
OF_KERAS_1 = ("init", "border_mode", "nb_filter", "subsample", "dim_ordering", "W_regularizer", "gamma_init")  # options
WAY_OUT = FROM_KERAS["architecture"]


@dataclass(frozen=True)
class LayerConfig:
    """A layer: its class, its name, and all options of kit.model.keras.options.LAYERS[class_name]."""

    class_name: str
    name: str
    config: dict


@dataclass(frozen=True)
class Architecture:
    """A network: a sequence of layers."""

    name: str
    input_shape: tuple | None  # of one example, without the batch size; None in it: any size
    layers: tuple[LayerConfig, ...]  # without Keras's InputLayer


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
        return _named("network", None, short_form.parse(given), "--architecture")
    if wrong := wrong_kind(given, "architecture"):
        raise wrong
    try:
        return from_json(text_of(given), given)
    except UnicodeDecodeError as error:
        raise UserError(f"{given}: this is not text, expected Keras's JSON. {WAY_OUT}") from error
    except OSError as error:
        raise UserError(
            f"{given}: cannot read this architecture: {error.strerror}.\n"
            f"  Give a file in Keras's JSON, or the short form, {short_form.EXAMPLE}."
        ) from error


def from_json(text: str, where: str) -> Architecture:
    """Reads Keras's JSON, of Keras 2 or Keras 3: a Sequential model, or a functional one that is a chain of layers.

    Args:
      text: what `model.to_json()` returned.
      where: the file's path, for errors.
    Returns:
      Architecture.
    Raises:
      UserError: the text is damaged, is no model or no chain of layers, or uses something unsupported.
    """
    content = json_of(text, where)
    check_is_model(content, where)
    if "class_name" not in content:  # what model.get_config() returns
        content = {"class_name": "Functional" if "input_layers" in content else "Sequential", "config": content}
    name, layers, input_shape = _model(content, where)
    if layers:
        input_shape = _shape(layers[0]["config"]) or input_shape
        if layers[0]["class_name"] == "InputLayer":
            _check_input_layer(layers[0]["config"], where)
            del layers[0]
    given = []
    for layer in layers:
        class_name, registered = layer["class_name"], layer.get("registered_name")
        if class_name not in LAYERS or registered not in (
            None,
            class_name,
        ):  # somebody's own Dense
            raise UserError(
                f"{where}: layer '{layer['config'].get('name')}' is of the class {registered or class_name!r}, "
                f"which is not supported.\n  Supported: InputLayer (first), {', '.join(LAYERS)}."
            )
        options = {option: value for option, value in layer["config"].items() if option not in ABOUT_INPUTS}
        given.append((class_name, options))
    _warn_of_changes(content, given, where)
    return _named(name, _checked_shape(input_shape, where), given, where)


def _model(content: dict, where: str) -> tuple[str, list[dict], Any]:
    """(name, layers, batch input shape or None) from the JSON of a model of any version of Keras."""
    kind = content["class_name"]
    if kind != "Sequential" and kind not in FUNCTIONAL:
        what = f"a layer of the class {kind!r}, no model" if kind in LAYERS else f"a model of the class {kind!r}"
        raise UserError(
            f"{where}: found {what}, expected a Sequential model in Keras's JSON.\n"
            "  Only a sequence of layers is supported: keras.Sequential, or a functional model that is a chain."
        )
    config = content.get("config")
    if isinstance(config, list):  # before Keras 2.2.3
        config = {"layers": config}
    layers = config.get("layers") if isinstance(config, dict) else None
    if not isinstance(config, dict) or not isinstance(layers, list) or not all(map(_is_layer, layers)):
        raise UserError(
            f"{where}: this JSON of a {kind} model is damaged: 'layers' should be a list of objects, each with "
            f"'class_name' and 'config'.\n  {WAY_OUT}"
        )
    _check_version(content, layers, where)
    if kind in FUNCTIONAL:
        layers = layers_in_order(config, where)
    return str(config.get("name") or "sequential"), layers, config.get("build_input_shape")


def _check_version(content: dict, layers: list[dict], where: str) -> None:
    """Refuses Keras 1, whose options have other names."""
    old = next(
        (
            f"{name}, in layer '{layer['config'].get('name')}'"
            for layer in layers
            for name in OF_KERAS_1
            if name in layer["config"]
        ),
        None,
    )
    if old or str(content.get("keras_version", "")).startswith("1."):
        raise UserError(
            f"{where}: this was written by Keras 1 ({old or content['keras_version']}), expected Keras 2 or 3.\n"
            "  Keras 2.0 to 2.2 reads it and writes it again: keras.models.model_from_json(text).to_json().\n"
            f"  Or give the network in short form, {short_form.EXAMPLE}."
        )


def _is_layer(layer: Any) -> bool:
    is_object = isinstance(layer, dict) and isinstance(layer.get("config"), dict)
    return is_object and isinstance(layer.get("class_name"), str)


def _shape(config: dict) -> Any:
    return next((config[key] for key in INPUT_SHAPES if config.get(key)), None)


def _check_input_layer(config: dict, where: str) -> None:
    for option, plain in (("sparse", False), ("ragged", False), ("optional", False), ("dtype", "float32")):
        if config.get(option) not in (plain, None):
            raise UserError(
                f"{where}: the InputLayer has {option}={config[option]!r}, expected {plain!r}, the only one supported."
            )


def _checked_shape(batch_shape: Any, where: str) -> tuple | None:
    """The shape of an example, from Keras's shape with the batch size; None stays None."""
    if batch_shape is None:
        return None
    try:
        shape = tuple(size if size is None else count(size) for size in batch_shape[1:])
    except (TypeError, Unfit):
        shape = ()
    if not shape:
        raise UserError(
            f"{where}: the input shape is {batch_shape!r}, expected a list: the batch's size (null), then the sizes of "
            "an example, 1 or more."
        )
    return shape


def _warn_of_changes(content: dict, given: list[tuple[str, dict]], where: str) -> None:
    """Warns of hard_sigmoid, the only function that Keras 3 computes differently from Keras 2."""
    is_old = str(content.get("keras_version", "")).startswith(("1.", "2."))
    if is_old and any("hard_sigmoid" in str(options.get("activation")) for _, options in given):
        console.warn(
            f"{where}: a layer has the activation hard_sigmoid, which Keras 3 computes differently from Keras 2; "
            "here it is Keras 3's."
        )


def _named(name: str, input_shape: tuple | None, given: Iterable[tuple[str, dict]], where: str) -> Architecture:
    """The Architecture with these (class name, options); layers without a name get Keras's default name."""
    layers, used = [], {}
    for class_name, options in given:
        options = dict(options)
        layer_name = options.pop("name", None) or _next_name(class_name, used)
        place = f"{where}: layer '{layer_name}' ({class_name})"
        if not isinstance(layer_name, str) or not NAME.fullmatch(layer_name):
            raise UserError(
                f"{place}: a layer's name has letters, digits, '_', '-' and '.', and doesn't start with '_' or '-'."
            )
        if any(layer.name == layer_name for layer in layers):
            raise UserError(f"{place}: another layer has this name. Give each its own.")
        layers.append(LayerConfig(class_name, layer_name, complete(class_name, options, place)))
    if not layers:
        raise UserError(f"{where}: this architecture has no layer.")
    return Architecture(name, input_shape, tuple(layers))


def _next_name(class_name: str, used: dict[str, int]) -> str:
    """Keras's default name for a layer: dense, dense_1, ...; `used` counts them."""
    used[class_name] = used.get(class_name, -1) + 1
    return snake_case(class_name) + (f"_{used[class_name]}" if used[class_name] else "")


def snake_case(class_name: str) -> str:
    """Keras's default name for a layer of this class: BatchNormalization -> batch_normalization."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", class_name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def _exists(path: str) -> bool:
    try:
        return path != "" and Path(path).exists()
    except (OSError, ValueError):  # too long for a path: the short form
        return False


# ----------------------------------------------------------------------------- use


def with_input_shape(architecture: Architecture, shape: Iterable[int]) -> Architecture:
    """Sets the shape of the inputs.

    Args:
      architecture: its own input shape may be unknown, or unknown in some sizes.
      shape: the shape of an example of the data.
    Returns:
      The architecture with this shape.
    Raises:
      UserError: the architecture was made for another shape.
    """
    own, shape = architecture.input_shape, tuple(shape)
    if own is not None and (len(own) != len(shape) or any(a not in (None, b) for a, b in zip(own, shape))):
        way_out = (
            "Choose the columns with --columns or --without_columns, or change the input shape in the file."
            if len(shape) == 1
            else "Use data of that shape, or change the input shape in the file."
        )
        raise UserError(
            f"The architecture '{architecture.name}' takes inputs of shape {list(own)}, the data's are {list(shape)}."
            f"\n  {way_out}"
        )
    return replace(architecture, input_shape=shape)


def output_of(architecture: Architecture) -> tuple[int | None, str]:
    """The end of a network, from which its loss is chosen.

    Returns:
      (units, activation): the number of outputs, None unless a Dense layer gives it; and the name of the last
      activation, "linear" if there is none.
    """
    shaping = [layer for layer in architecture.layers if layer.class_name not in KEEP_SHAPE]
    units = shaping[-1].config.get("units") if shaping else None
    return units, activation_of(architecture.layers[-1])


def activation_of(layer: LayerConfig) -> str:
    """The name of a layer's activation, "linear" if there is none."""
    if layer.class_name == "Softmax":
        return "softmax"
    return layer.config.get("activation", "linear")


# ----------------------------------------------------------------------------- write


def to_json(architecture: Architecture) -> str:
    """Writes Keras's JSON, which keras.models.model_from_json loads, in Keras 3 and in Keras 2."""
    layers = [_written(layer.class_name, layer.name, layer.config) for layer in architecture.layers]
    if architecture.input_shape is not None:
        shape = {"batch_input_shape": [None, *architecture.input_shape]}
        names = [layer.name for layer in architecture.layers]
        name = next(name for name in ("input", "input_layer", "inputs_of_all_layers") if name not in names)
        layers.insert(0, _written("InputLayer", name, {**shape, "sparse": False, "ragged": False}))
    model = _keras_object("keras", "Sequential", {"name": architecture.name, "layers": layers})
    return json.dumps(model, indent=2) + "\n"


def _written(class_name: str, name: str, options: dict) -> dict:
    """A layer's JSON. Where the names of options differ, Keras 2's, which Keras 3 reads too."""
    old_names = {new: old for (of_class, old), new in OLD_NAMES.items() if of_class == class_name}
    config = {old_names.get(option, option): _written_value(value) for option, value in options.items()}
    return _keras_object("keras.layers", class_name, {"name": name, "dtype": "float32", **config})


def _written_value(value: Any) -> Any:
    if value == "silu":
        return "swish"  # the only name that Keras 2 knows
    for module, known in (("keras.initializers", INITIALIZERS), ("keras.regularizers", REGULARIZERS)):
        if isinstance(value, dict) and value["class_name"] in known:
            return _keras_object(module, value["class_name"], value["config"])
    return value


def _keras_object(module: str, class_name: str, config: dict) -> dict:
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None}
