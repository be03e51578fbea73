"""Reads Keras's JSON, of Keras 1, 2 or 3: a Sequential model, or a functional one with one input and one output."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from kit.cli.errors import UserError
from kit.model.keras import classes, keras_1
from kit.model.keras.file_kinds import FROM_KERAS, check_is_model, json_of
from kit.model.keras.functional import calls_of
from kit.model.keras.structure import INPUT, MOST, Architecture, Call, LayerConfig, Source, chain, name_of
from kit.model.keras.translation import Dialect, class_of, options_of

NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.\-/]")  # of a scope in TensorFlow
INPUT_SHAPES = ("batch_input_shape", "batch_shape")  # Keras 2, Keras 3
FUNCTIONAL = ("Functional", "Model")  # classes of models with inbound_nodes
WAY_OUT = FROM_KERAS["architecture"]


def from_json(text: str, where: str, version: str | None = None) -> Architecture:
    """Reads Keras's JSON, of Keras 1, 2 or 3: a Sequential model, or a functional one with one input and one output.

    Args:
      text: what `model.to_json()` returned.
      where: the file's path, for errors.
      version: of Keras, if it is known from elsewhere.
    Returns:
      Architecture.
    Raises:
      UserError: the text is damaged, is no model, or uses something unsupported.
    """
    content = json_of(text, where)
    check_is_model(content, where)
    if "class_name" not in content:  # what model.get_config() returns
        content = {"class_name": "Functional" if "input_layers" in content else "Sequential", "config": content}
    dialect = Dialect(_major(content, text, version), where)
    try:
        architecture = _model(content, dialect)
    except RecursionError as error:
        raise UserError(f"{where}: this JSON has too many objects within each other.\n  {WAY_OUT}") from error
    if not architecture.layers:
        raise UserError(f"{where}: this architecture has no layer.")
    return architecture


def from_layers(given: list[tuple[str, dict]], where: str) -> Architecture:
    """The Architecture of layers, each (class name, options), one after the other."""
    dialect = Dialect(3, where)
    layers = [_layer({"class_name": name, "config": options}, dialect) for name, options in given]
    return _sequence("network", None, layers, where)


def _major(content: dict, text: str, version: str | None) -> int:
    """Whose JSON this is: Keras 1, 2 or 3."""
    version = str(content.get("keras_version") or version or "")
    if version[:2] in ("1.", "2.", "3."):
        return int(version[0])
    if any(f'"{mark}"' in text or f'\\"{mark}\\"' in text for mark in keras_1.MARKS):
        return 1
    is_3 = "module" in content or "DTypePolicy" in text or "batch_shape" in text
    return 3 if is_3 else 2


def _model(content: dict, dialect: Dialect) -> Architecture:
    """A model of any version of Keras, also one within another."""
    kind, where = content["class_name"], dialect.where
    if kind != "Sequential" and kind not in FUNCTIONAL:
        what = (
            f"a layer of the class {kind!r}, no model" if kind in classes.LAYERS else f"a model of the class {kind!r}"
        )
        raise UserError(
            f"{where}: found {what}, expected a Sequential or functional model in Keras's JSON.\n"
            "  A model of a class of its own is code: build it from Keras's layers, as keras.Sequential or keras.Model."
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
    name = str(config.get("name") or "sequential")
    if kind in FUNCTIONAL:
        return _functional(name, config, dialect)
    shape = config.get("build_input_shape")
    if layers:
        shape = _shape(layers[0]) or shape
        if layers[0]["class_name"] == "InputLayer":
            _check_input_layer(layers[0]["config"], where)
            layers = layers[1:]
    return _sequence(name, _checked_shape(shape, where), [_layer(layer, dialect) for layer in layers], where)


def _sequence(name: str, shape: tuple | None, given: list[LayerConfig], where: str) -> Architecture:
    layers = chain(_named(given, where))
    return Architecture(name, shape, layers, (layers[-1].name, 0) if layers else INPUT)


def _functional(name: str, config: dict, dialect: Dialect) -> Architecture:
    calls, output, start = calls_of(config, dialect.where)
    given, shape = [], None
    for raw in config["layers"]:
        own_name = name_of(raw, dialect.where)
        if own_name == start:
            _check_input_layer(raw["config"], dialect.where)
            shape = _shape(raw)
        elif own_name in calls:
            given.append(replace(_layer(raw, dialect), name=own_name, calls=calls[own_name]))
    layers = tuple(_in_order(_named(given, dialect.where)))
    return Architecture(name, _checked_shape(shape, dialect.where), layers, (_scope(output[0]), output[1]))


def _in_order(layers: list[LayerConfig]) -> list[LayerConfig]:
    """Each layer after those that it is called on, otherwise in the file's order; a shared layer comes where it can."""
    waiting, ordered, known = list(layers), [], {""}
    while waiting:
        ready = [layer for layer in waiting if {name for name, _ in layer.calls[0].sources} <= known] or waiting
        first = ready[0]
        ordered.append(first)
        known.add(first.name)
        waiting.remove(first)
    return ordered


def _layer(layer: dict, dialect: Dialect) -> LayerConfig:
    """A layer's JSON, or that of a model within the model, as tf_keras reads it."""
    is_merge = layer["class_name"] == "Merge" and dialect.major == 1
    class_name = "Merge" if is_merge else class_of(layer, dialect.where)
    name = name_of(layer, dialect.where)
    if class_name in classes.MODELS:
        kind = "Sequential" if class_name == "Sequential" else "Functional"
        return LayerConfig(kind, name, {}, network=_model(layer, dialect))
    if class_name == "InputLayer":
        raise UserError(f"{dialect.where}: layer '{name}' is an InputLayer further on, expected it first.\n  {WAY_OUT}")
    if class_name in classes.CELLS:
        raise UserError(f"{dialect.where}: layer '{name}' is a {class_name}, which only stands within an RNN.")
    if class_name == "TimeDistributed" and _is_model(layer["config"].get("layer")):
        return _each_distributed(layer["config"]["layer"], name, dialect)
    class_name, options = options_of(layer, class_name, dialect)
    return LayerConfig(class_name, name, options)


def _is_model(inner: Any) -> bool:
    return isinstance(inner, dict) and inner.get("class_name") in classes.MODELS and _is_layer(inner)


def _each_distributed(inner: dict, name: str, dialect: Dialect) -> LayerConfig:
    """TimeDistributed of a chain of layers is a chain of layers that are each distributed."""
    network = _model(inner, dialect)
    if not network.layers or not network.is_chain or any(layer.network for layer in network.layers):
        raise UserError(
            f"{dialect.where}: layer '{name}' (TimeDistributed) holds a model that is no plain chain of layers.\n"
            "  Put its layers into the model itself."
        )
    layers = [
        LayerConfig(
            "TimeDistributed",
            layer.name,
            {"layer": {"class_name": layer.class_name, "config": {"name": f"{layer.name}_each", **layer.config}}},
        )
        for layer in network.layers
    ]
    chained = chain(layers)
    return LayerConfig("TimeDistributed", name, {}, network=Architecture(name, None, chained, (chained[-1].name, 0)))


def _is_layer(layer: Any) -> bool:
    if not isinstance(layer, dict) or not isinstance(layer.get("class_name"), str):
        return False
    is_list = isinstance(layer.get("config"), list) and layer["class_name"] == "Sequential"  # before Keras 2.2.3
    return isinstance(layer.get("config"), dict) or is_list


def _shape(layer: dict) -> Any:
    """The batch input shape that a layer's JSON names, in any version's way; None if it doesn't."""
    config = layer["config"]
    if layer["class_name"] in classes.MODELS:
        inner = config if isinstance(config, list) else config.get("layers")
        return _shape(inner[0]) if isinstance(inner, list) and inner and _is_layer(inner[0]) else None
    known = next((config[key] for key in INPUT_SHAPES if config.get(key)), None)
    if known:
        return known
    if isinstance(config.get("input_shape"), list):
        return [None, *config["input_shape"]]
    length, dim = config.get("input_length"), config.get("input_dim")
    if layer["class_name"] == "Embedding":
        return [None, length] if isinstance(length, int) else None
    if dim is None:
        return None
    sequences = layer["class_name"] in (*classes.RECURRENT, "Convolution1D", "Conv1D")
    return [None, length, dim] if sequences else [None, dim]


def _check_input_layer(config: dict, where: str) -> None:
    for option in ("sparse", "ragged", "optional"):
        if config.get(option) not in (False, None):
            raise UserError(
                f"{where}: the InputLayer has {option}={config[option]!r}, expected False, the only one supported."
            )
    if config.get("dtype") == "string":
        raise UserError(f"{where}: the InputLayer takes texts (dtype 'string'), expected numbers.")


def _checked_shape(batch_shape: Any, where: str) -> tuple | None:
    """The shape of an example, from Keras's shape with the batch size; None stays None."""
    if isinstance(batch_shape, dict):  # of a model with named inputs
        batch_shape = next(iter(batch_shape.values()), None)
    if batch_shape is None:
        return None
    is_list = isinstance(batch_shape, list | tuple) and len(batch_shape) > 1
    if not is_list or not all(size is None or _is_size(size) for size in batch_shape[1:]):
        raise UserError(
            f"{where}: the input shape is {batch_shape!r}, expected a list: the batch's size (null), then the sizes of "
            "an example, 1 or more."
        )
    return tuple(size if size is None else int(size) for size in batch_shape[1:])


def _is_size(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value % 1 == 0 and 1 <= value <= MOST


def _named(given: list[LayerConfig], where: str) -> list[LayerConfig]:
    """The same layers with names that TensorFlow takes; those without a name get Keras's default name."""
    names, used = [], {}
    for layer in given:
        name = _scope(layer.name or _next_name(layer.class_name, used))
        if name in names:
            raise UserError(
                f"{where}: layer '{name}' ({layer.class_name}): another layer has this name. Give each its own."
            )
        names.append(name)
    return [
        replace(
            layer,
            name=name,
            calls=tuple(Call(tuple(map(_renamed, call.sources)), call.is_training) for call in layer.calls),
        )
        for layer, name in zip(given, names)
    ]


def _renamed(source: Source) -> Source:
    return (_scope(source[0]), source[1]) if source[0] else source


def _scope(name: str) -> str:
    """A layer's name as TensorFlow takes it for a scope."""
    name = NOT_IN_NAMES.sub("_", name)
    return f"layer{name}" if name[:1] in ("_", "-", "/", "\\") else name


def _next_name(class_name: str, used: dict[str, int]) -> str:
    """Keras's default name for a layer: dense, dense_1, ...; `used` counts them."""
    used[class_name] = used.get(class_name, -1) + 1
    return classes.snake_case(class_name) + (f"_{used[class_name]}" if used[class_name] else "")
