"""Layers of tf_keras: made from options, called, their variables named; whatever it says is told as a UserError.

tf_keras is Keras 2 as its makers keep it for this TensorFlow, https://github.com/keras-team/tf-keras.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import inspect
import math
import re
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model.activations import ACTIVATIONS
from kit.model.keras import classes
from kit.model.keras.replacements import computed_here, custom_objects, random_generator
from kit.model.keras.structure import MOST, LayerConfig
from kit.model.micro_batches import of_graph
from kit.model.seeds import seed_of

BASE_OPTIONS = ("name", "trainable", "dtype", "activity_regularizer", "input_dim", "zero_output_for_mask")
INNER = (*classes.LAYERS, *classes.CELLS)
CHANNELS_FIRST = "channels_first"
AXES_OF_IMAGES = (3, 4, 5)  # of a batch: [B, T, C], [B, H, W, C], [B, D, H, W, C]
NATIVE = ("LocallyConnected1D", "LocallyConnected2D", "Flatten")  # do as channels_first asks, on any processor


def made(layer: LayerConfig, name: str, config: dict) -> Any:
    """A layer of tf_keras with these options, which `classes` has let in.

    Raises:
      UserError: an option is unknown, or has a wrong value.
    """
    import tf_keras

    class_name = layer.class_name
    with explained(layer, name, ()), tf_keras.utils.custom_object_scope(_functions()):
        if config.get("data_format") == CHANNELS_FIRST and class_name not in NATIVE:
            config = {**config, "data_format": "channels_last"}  # see `called`
        options = _fitting(class_name, config, place(layer, name))
        if class_name in ("SeparableConv2D", "DepthwiseConv2D") and len(set(_pair(config.get("strides")))) > 1:
            raise UserError(
                f"{place(layer, name)}: strides={config['strides']}, expected the same for rows and columns."
            )
        made_layer = tf_keras.layers.deserialize({"class_name": class_name, "config": {**options, "name": layer.name}})
    _prepare(made_layer, name)
    return made_layer


def _pair(value: Any) -> list:
    return value if isinstance(value, list) else [value]


def _fitting(class_name: str, config: dict, where: str) -> dict:
    """The options that a class of tf_keras knows, also of layers in it; without others that are off."""
    known, options = _options_of(class_name), {}
    missing = [name for name in _needed_by(class_name) if name not in config]
    if missing:
        raise UserError(f"{where}: the option {missing[0]} is missing.")
    for option, value in config.items():
        if option in known:
            options[option] = _fitting_value(value, where)
        elif value not in (None, False, [], {}, "channels_last"):
            raise UserError(f"{where}: {option}={value!r}: not supported; its options are {', '.join(known)}.")
    return options


def _fitting_value(value: Any, where: str) -> Any:
    if isinstance(value, list):
        return [_fitting_value(each, where) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") in INNER:
        name = {key: value["config"][key] for key in ("name",) if key in value["config"]}
        return {**value, "config": {**name, **_fitting(value["class_name"], value["config"], where)}}
    return {key: _fitting_value(each, where) for key, each in value.items()}


def _prepare(layer: Any, name: str) -> None:
    """Gives a layer, and the layers in it, what the kit computes itself."""
    for inner in [layer, *getattr(layer, "submodules", ())]:
        if hasattr(inner, "_random_generator"):
            seed = inner._random_generator._seed
            path = name if inner is layer else f"{name}/{inner.name}"
            object.__setattr__(inner, "_random_generator", random_generator()(seed, path))
        if type(inner).__name__ in ("Conv1D", "Conv2D", "Conv3D"):
            computed_here(inner)
        if of_graph() and hasattr(inner, "unroll") and not hasattr(inner, "filters"):  # no ConvLSTM, which can't
            inner.unroll = True  # a loop can't be copied for each micro-batch


@functools.cache
def _functions() -> dict[str, Any]:
    """The activations that tf_keras doesn't know, or computes otherwise, and the kit's layers."""
    import tf_keras

    names = [name for name in ACTIVATIONS if not hasattr(tf_keras.activations, name) or "hard" in name]
    return {**{name: _named(name) for name in names}, **custom_objects()}


def _named(name: str) -> Any:
    """An activation as a function of its name: Bidirectional copies layers by their names."""

    def activation(x: tf.Tensor) -> tf.Tensor:
        return ACTIVATIONS[name](x)

    activation.__name__ = name
    return activation


@functools.cache
def _options_of(class_name: str) -> tuple[str, ...]:
    """The options of a class of tf_keras."""
    import tf_keras

    found: dict[str, None] = {}
    for base in getattr(tf_keras.layers, class_name).__mro__:
        if base.__module__.partition(".")[0] != "tf_keras" or base.__name__ in ("Layer", "BaseRandomLayer"):
            continue
        parameters = inspect.signature(base.__init__).parameters.values()
        found.update(
            {each.name: None for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)}
        )
        if not any(each.kind == each.VAR_KEYWORD for each in parameters):
            break
    found.pop("self", None)
    return (*found, *(name for name in BASE_OPTIONS if name not in found))


@functools.cache
def _needed_by(class_name: str) -> tuple[str, ...]:
    """The options of a class of tf_keras that have no default."""
    import tf_keras

    parameters = list(inspect.signature(getattr(tf_keras.layers, class_name).__init__).parameters.values())[1:]
    return tuple(
        each.name for each in parameters if each.default is each.empty and each.kind == each.POSITIONAL_OR_KEYWORD
    )


def called(config: LayerConfig, layer: Any, inputs: Any, options: dict) -> Any:
    """Calls a layer; one of channels_first gets its inputs, and gives its outputs, with the channels moved.

    A CPU convolves and pools only with the channels last.
    """
    is_first = config.config.get("data_format") == CHANNELS_FIRST and config.class_name not in NATIVE
    if not is_first:
        return layer(inputs, **options)
    rank = inputs.shape.ndims
    if rank not in AXES_OF_IMAGES or config.class_name.startswith("ConvLSTM"):
        raise ValueError(f"data_format=channels_first of {rank} axes is not supported")
    outputs = layer(tf.transpose(inputs, [0, *range(2, rank), 1]), **options)
    last = outputs.shape.ndims - 1
    return outputs if last < rank - 1 else tf.transpose(outputs, [0, last, *range(1, last)])


# ----------------------------------------------------------------------------- variables


@contextlib.contextmanager
def variables_of(layer: Any, name: str) -> Iterator[None]:
    """Names the variables that a layer makes after it, whatever else is in the graph, and seeds them by their names."""
    graph = tf.get_default_graph()
    scope = graph.unique_name(layer.name, mark_as_used=False)

    def creator(next_creator: Any, **options: Any) -> Any:
        within = graph.get_name_scope().removeprefix(scope)
        path = f"{name}{within}/{options['name']}"
        shape = [int(size or 1) for size in options["shape"] or ()]
        if math.prod(shape) > MOST:
            raise UserError(f"its {options['name']} of shape {shape} has more than {MOST:,} values. Make it smaller")
        initial = options.get("initial_value")
        if isinstance(initial, functools.partial) and getattr(initial.func, "seed", 0) is None:
            initializer = copy.copy(initial.func)
            initializer.seed = seed_of(path)
            options["initial_value"] = functools.partial(initializer, *initial.args, **initial.keywords)
        variable = next_creator(**{**options, "name": f"{path}/"})
        if not layer.trainable:  # Keras's own list of what is trained isn't the graph's
            trained = graph.get_collection_ref(tf.GraphKeys.TRAINABLE_VARIABLES)
            trained[:] = [each for each in trained if each is not variable]
        return variable

    with tf.variable_creator_scope(creator):
        yield


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without Python's warnings of things that tf_keras finds old."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


# ----------------------------------------------------------------------------- errors


@contextlib.contextmanager
def explained(layer: LayerConfig, name: str, given: Sequence[tf.Tensor]) -> Iterator[None]:
    """Turns whatever tf_keras or TensorFlow says of a layer into a UserError that names the layer."""
    try:
        yield
    except UserError as error:
        text = str(error)
        raise error if text.startswith("The architecture's") else UserError(f"{place(layer, name)}: {text}.") from error
    except Exception as error:
        shapes = " and ".join(_shape_text(tensor) for tensor in given)
        got = f"gets inputs of shape {shapes}: " if shapes else ""
        raise UserError(f"{place(layer, name)}: {got}{_reason(error)}.") from error


def place(layer: LayerConfig, name: str) -> str:
    """The start of an error: which layer."""
    return f"The architecture's layer '{name}' ({layer.class_name})"


def _reason(error: Exception) -> str:
    text = str(error).strip()
    if isinstance(error, KeyError | AttributeError | AssertionError | IndexError) or not text:
        text = f"{type(error).__name__} {text}".strip()
    text = re.sub(r"Exception encountered when calling layer.*?\n\n", "", text, flags=re.DOTALL)
    text = text.partition("\n\nCall arguments received")[0].partition(" for '{{node")[0]
    return " ".join(text.split())[:300].rstrip(". ")


def _shape_text(tensor: tf.Tensor) -> str:
    sizes = tensor.shape.as_list() if tensor.shape.ndims is not None else ["?"]
    return f"[{', '.join(['B', *('?' if size is None else str(size) for size in sizes[1:])])}]"
