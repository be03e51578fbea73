"""Architectures: networks written down as Keras's Sequential JSON, or in short form.

Nothing in a file is ever run: a file is names and numbers, each of which is checked (kit/model/keras/options.py).
"""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from kit.cli import console
from kit.cli.errors import UserError
from kit.model.keras import short_form
from kit.model.keras.option_checks import Unfit, count
from kit.model.keras.options import INITIALIZERS, LAYERS, OLD_NAMES, REGULARIZERS, complete

NAME = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\-]*")  # what TensorFlow takes as a scope
INPUT_SHAPES = ("batch_input_shape", "batch_shape")  # Keras 2, Keras 3
KEEP_SHAPE = ("Activation", "Dropout", "BatchNormalization", "LeakyReLU", "ReLU", "ELU", "Softmax")
WAY_OUT = "Write the file with Keras's model.to_json()."


@dataclass(frozen=True)
class LayerConfig:
    """A layer: what it is, its name, and every option (the keys of kit.model.keras.options.LAYERS[class_name])."""

    class_name: str
    name: str
    config: dict


@dataclass(frozen=True)
class Architecture:
    """A network: layers one behind the other."""

    name: str
    input_shape: tuple | None  # of one example, without the batch; None for a size that isn't known
    layers: tuple[LayerConfig, ...]  # without Keras's InputLayer


# ----------------------------------------------------------------------------- read


def read(given):
    """Reads an architecture.

    Args:
      given: the path of a file in Keras's JSON (it ends in .json, or exists), or the short form
        (kit.model.keras.short_form.parse).
    Returns:
      Architecture.
    Raises:
      UserError: the file can't be read, is no Sequential model, or has what isn't supported; or the short form
        isn't understood.
    """
    given = str(given)
    path = Path(given)
    if not (given.endswith(".json") or _is_file(path)):
        return _named("network", None, short_form.parse(given), "--architecture")
    try:
        return from_json(path.read_text(encoding="utf-8-sig"), given)
    except UnicodeDecodeError as error:
        raise UserError(f"{given}: this is no text, expected Keras's JSON. {WAY_OUT}") from error
    except OSError as error:
        raise UserError(
            f"{given}: cannot read this architecture: {error.strerror}.\n"
            f"  Give a file in Keras's JSON, or the short form, {short_form.EXAMPLE}."
        ) from error


def from_json(text, where):
    """Reads Keras's Sequential JSON, of Keras 2 or Keras 3.

    Args:
      text: str, as `model.to_json()` gives it.
      where: where it comes from, for errors: the file's path.
    Returns:
      Architecture.
    Raises:
      UserError: it is damaged, is no Sequential model, or has what isn't supported.
    """
    try:
        content = json.loads(text, object_hook=_without_tuples)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{where}: this is no JSON: {error}.\n  {WAY_OUT}") from error
    name, layers, input_shape = _model(content, where)
    if layers and layers[0]["class_name"] == "InputLayer":
        _check_input_layer(layers[0]["config"], where)
    input_shape = (_shape(layers[0]["config"]) if layers else None) or input_shape
    given = []
    for layer in layers[1:] if layers and layers[0]["class_name"] == "InputLayer" else layers:
        class_name, registered = layer["class_name"], layer.get("registered_name")
        if class_name not in LAYERS or registered not in (None, class_name):  # a Dense may be somebody's own
            raise UserError(
                f"{where}: layer '{layer['config'].get('name')}' is of the class {registered or class_name!r}, "
                f"which is not supported.\n  Supported: InputLayer (first), {', '.join(LAYERS)}."
            )
        about_inputs = (*INPUT_SHAPES, "input_dim", "input_shape")
        options = {option: value for option, value in layer["config"].items() if option not in about_inputs}
        given.append((class_name, options))
    _warn_of_changes(content, given, where)
    return _named(name, _checked_shape(input_shape, where), given, where)


def _model(content, where):
    """(name, list of layers, batch input shape or None) in the JSON of a Sequential model, of any age."""
    found = content.get("class_name") if isinstance(content, dict) else None
    if found != "Sequential":
        what = f"a model of the class {found!r}" if found else "no model"
        way_out = "Only layers one behind the other are read: keras.Sequential." if found else WAY_OUT
        raise UserError(f"{where}: found {what}, expected a Sequential model in Keras's JSON.\n  {way_out}")
    config = content.get("config")
    config = {"layers": config} if isinstance(config, list) else config  # as before Keras 2.2.3
    layers = config.get("layers") if isinstance(config, dict) else None
    if not isinstance(layers, list) or not all(map(_is_layer, layers)):
        raise UserError(
            f"{where}: this JSON of a Sequential model is damaged: 'layers' should be a list of objects, each with "
            f"'class_name' and 'config'.\n  {WAY_OUT}"
        )
    return str(config.get("name") or "sequential"), layers, config.get("build_input_shape")


def _is_layer(layer):
    is_object = isinstance(layer, dict) and isinstance(layer.get("config"), dict)
    return is_object and isinstance(layer.get("class_name"), str)


def _without_tuples(found):
    """Keras writes some tuples as objects: the list in one."""
    is_tuple = found.get("class_name") == "__tuple__" and isinstance(found.get("items"), list)
    return found["items"] if is_tuple else found


def _shape(config):
    return next((config[key] for key in INPUT_SHAPES if config.get(key)), None)


def _check_input_layer(config, where):
    for option, plain in (("sparse", False), ("ragged", False), ("optional", False), ("dtype", "float32")):
        if config.get(option) not in (plain, None):
            raise UserError(
                f"{where}: the InputLayer has {option}={config[option]!r}, expected {plain!r}, the only one here."
            )


def _checked_shape(batch_shape, where):
    """The shape of an example, from Keras's shape with the batch; None stays None."""
    if batch_shape is None:
        return None
    try:
        shape = tuple(size if size is None else count(size) for size in batch_shape[1:])
    except (TypeError, Unfit):
        shape = ()
    if not shape:
        raise UserError(
            f"{where}: the input shape {batch_shape!r} is none; expected the batch's size (null), then the sizes of "
            "an example, 1 or more."
        )
    return shape


def _warn_of_changes(content, given, where):
    """hard_sigmoid is the one function that Keras 3 computes otherwise than Keras 2."""
    is_old = str(content.get("keras_version", "")).startswith(("1.", "2."))
    if is_old and any("hard_sigmoid" in str(options.get("activation")) for _, options in given):
        console.warn(
            f"{where}: a layer has the activation hard_sigmoid, which is another function since Keras 3; "
            "that one is taken, as by Keras 3 itself."
        )


def _named(name, input_shape, given, where):
    """The Architecture of a list of (class name, options); layers without a name get Keras's."""
    if not given:
        raise UserError(f"{where}: this architecture has no layer.")
    layers, used = [], {}
    for class_name, options in given:
        options = dict(options)
        layer_name = options.pop("name", None) or _next_name(class_name, used)
        place = f"{where}: layer '{layer_name}' ({class_name})"
        if not isinstance(layer_name, str) or not NAME.fullmatch(layer_name):
            raise UserError(
                f"{place}: a layer's name has letters, digits, '_', '-' and '.', none of them first but '.'."
            )
        if any(layer.name == layer_name for layer in layers):
            raise UserError(f"{place}: another layer has this name. Give each its own.")
        layers.append(LayerConfig(class_name, layer_name, complete(class_name, options, place)))
    return Architecture(name, input_shape, tuple(layers))


def _next_name(class_name, used):
    """The name that Keras gives a layer: dense, dense_1, ..."""
    used[class_name] = used.get(class_name, -1) + 1
    return snake_case(class_name) + (f"_{used[class_name]}" if used[class_name] else "")


def snake_case(class_name):
    """A class's name as Keras makes a layer's name of it: BatchNormalization -> batch_normalization."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", class_name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def _is_file(path):
    try:
        return path.is_file()
    except OSError:  # too long to be a path
        return False


# ----------------------------------------------------------------------------- use


def with_input_shape(architecture, shape):
    """The architecture, for examples of a known shape.

    Args:
      architecture: Architecture.
      shape: tuple of int, of an example of the data.
    Returns:
      The Architecture with this shape.
    Raises:
      UserError: it was made for another shape.
    """
    own, shape = architecture.input_shape, tuple(shape)
    fits = own is None or (len(own) == len(shape) and all(a in (None, b) for a, b in zip(own, shape)))
    if not fits:
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


def output_of(architecture):
    """What a network gives, for deciding what it is trained for.

    Args:
      architecture: Architecture.
    Returns:
      (units, activation): how many values it gives for an example, where a Dense layer says so, else None; and the
      name of the activation at the end, "linear" where there is none.
    """
    shaping = [layer for layer in architecture.layers if layer.class_name not in KEEP_SHAPE]
    units = shaping[-1].config.get("units") if shaping else None
    return units, activation_of(architecture.layers[-1])


def activation_of(layer):
    """The name of the activation that a LayerConfig ends in: "linear" where there is none."""
    if layer.class_name == "Softmax":
        return "softmax"
    return layer.config.get("activation", "linear")


# ----------------------------------------------------------------------------- write


def to_json(architecture):
    """Keras's JSON of an architecture: keras.models.model_from_json of Keras 3 loads it, and that of Keras 2.

    Args:
      architecture: Architecture; its input shape may be None.
    Returns:
      str.
    """
    layers = [_written(layer.class_name, layer.name, layer.config) for layer in architecture.layers]
    if architecture.input_shape is not None:
        shape = {"batch_input_shape": [None, *architecture.input_shape]}
        names = [layer.name for layer in architecture.layers]
        name = next(name for name in ("input", "input_layer", "inputs_of_all_layers") if name not in names)
        layers.insert(0, _written("InputLayer", name, {**shape, "sparse": False, "ragged": False}))
    model = _keras_object("keras", "Sequential", {"name": architecture.name, "layers": layers})
    return json.dumps(model, indent=2) + "\n"


def _written(class_name, name, options):
    """A layer's JSON: names that both versions know, Keras 2's where they differ."""
    old_names = {new: old for (of_class, old), new in OLD_NAMES.items() if of_class == class_name}
    config = {old_names.get(option, option): _written_value(value) for option, value in options.items()}
    return _keras_object("keras.layers", class_name, {"name": name, "dtype": "float32", **config})


def _written_value(value):
    if value == "silu":
        return "swish"  # Keras 2 knows this name alone
    for module, known in (("keras.initializers", INITIALIZERS), ("keras.regularizers", REGULARIZERS)):
        if isinstance(value, dict) and value["class_name"] in known:
            return _keras_object(module, value["class_name"], value["config"])
    return value


def _keras_object(module, class_name, config):
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None}
