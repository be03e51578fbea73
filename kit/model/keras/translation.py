"""A layer's JSON, of Keras 1, 2 or 3, as tf_keras reads it: names of Keras 2, and nothing but what the door lets in.

Nothing in a file is run: each class in it, also those of initialisers and of layers in layers, must be one of
kit.model.keras.classes; functions are names.
"""

from __future__ import annotations

import math
from typing import Any

from kit.cli import console
from kit.cli.errors import UserError
from kit.model.activations import ACTIVATION_ALIASES, ACTIVATIONS
from kit.model.keras import classes, keras_1
from kit.model.keras.did_you_mean import did_you_mean
from kit.model.keras.structure import name_of

ABOUT_INPUTS = ("batch_input_shape", "batch_shape", "input_shape", "input_length")
WITHOUT_EFFECT = {  # options that change nothing here; see also `_without_effect`
    *("lora_rank", "lora_alpha", "quantization_config", "quantized", "use_cudnn", "synchronized", "fused", "ragged"),
    *("renorm_momentum", "build_config", "implementation", "experimental_autocast", "autocast", "force_generator"),
    *("sparse_gradient", "renorm_clipping", "virtual_batch_size", "adjustment", "rng_type", "gate", "logits"),
}
CUDNN = {  # what these layers can't be told
    "CuDNNLSTM": {"activation": "tanh", "recurrent_activation": "sigmoid"},
    "CuDNNGRU": {"activation": "tanh", "recurrent_activation": "sigmoid", "reset_after": True},
}
OLD_HARD_SIGMOID = "hard_sigmoid_of_keras_2"
WAY_OUT_OF_CODE = (
    "Build the network without it; what it computes can be written in dlho2018_nns.py, in a network there."
)
LISTS = ("__tuple__", "ListWrapper", "TensorShape", "_DictWrapper")  # of Python objects that are lists
FLOATS = ("float32", "float16", "bfloat16", "float64", "mixed_float16", "mixed_bfloat16")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool")


COUNTS = (  # options that are whole numbers from 1, or lists of them
    *("units", "filters", "kernel_size", "strides", "pool_size", "dilation_rate", "groups", "depth_multiplier"),
    *("input_dim", "output_dim", "n", "size"),
)
WHOLE = ("padding", "cropping", "target_shape", "dims", "axis", "axes")  # whole numbers, or words
WORDS = ("data_format", "interpolation", "merge_mode")
CODE = ("Lambda", "TFOpLambda", "TensorFlowOpLayer")


class Dialect:
    """Whose JSON a file is, and what was said about it."""

    def __init__(self, major: int, where: str) -> None:
        """
        Args:
          major: 1, 2 or 3: the version of Keras.
          where: the file, for errors.
        """
        self.major, self.where = major, where
        self._said: set[str] = set()

    def warn(self, text: str) -> None:
        """Says something once per file."""
        if text not in self._said:
            self._said.add(text)
            console.warn(f"{self.where}: {text}")


def class_of(layer: dict, where: str) -> str:
    """The class of a layer's JSON, one of classes.LAYERS or classes.MODELS.

    Raises:
      UserError: it is none that the door lets in.
    """
    given, registered = layer["class_name"], layer.get("registered_name")
    name = str(classes.SAME.get(given, given))
    own = registered not in (None, given, name, f"Keras>{given}") and not str(registered).startswith("keras.")
    is_known = name in classes.LAYERS or name in classes.MODELS or name in classes.CELLS or name == "InputLayer"
    if not own and is_known and classes.is_keras_module(layer.get("module")):
        return name
    own_name = name_of(layer, where)
    called = f"layer '{own_name}'" if own_name else "a layer"
    misspelt = () if own or is_known else classes.LAYERS
    way_out = WAY_OUT_OF_CODE if given in CODE else did_you_mean(str(given), misspelt) or _supported()
    raise UserError(
        f"{where}: {called} is of the class {registered if own else given!r}, which is not supported.\n  {way_out}"
    )


def _supported() -> str:
    return f"Supported: InputLayer (first), {', '.join(classes.LAYERS)}."


def options_of(layer: dict, class_name: str, dialect: Dialect) -> tuple[str, dict]:
    """(class name, options) of a layer, in Keras 2's words, without its name and what is said of inputs.

    Args:
      layer: its JSON.
      class_name: what class_of gives.
      dialect: of the file.
    Raises:
      UserError: an option holds what the door doesn't let in.
    """
    given, name = layer["config"], name_of(layer, dialect.where)
    place = f"{dialect.where}: layer '{name}' ({class_name})" if name else f"{dialect.where}: layer ({class_name})"
    options = {name: value for name, value in given.items() if name not in (*ABOUT_INPUTS, "name")}
    if class_name != "Embedding":
        options.pop("input_dim", None)
    if dialect.major == 1:
        class_name, options = keras_1.translated(class_name, options, place)
    if layer["class_name"] == "TimeDistributedDense":
        layer_of = {"class_name": "Dense", "config": {**given, "name": f"{given.get('name')}_dense"}}
        options = {"layer": layer_of}
    options = {**CUDNN.get(layer["class_name"], {}), **options}
    _check_dtype(options.pop("dtype", None), place, dialect)
    cleaned = {name: _clean(name, value, place, dialect) for name, value in options.items()}
    return class_name, _as_in_keras_2(class_name, cleaned, place, dialect)


def _as_in_keras_2(class_name: str, options: dict, place: str, dialect: Dialect) -> dict:
    """Renames what Keras 3 has renamed, leaves out what has no effect, adds defaults that have changed."""
    options = {name: value for name, value in options.items() if name not in WITHOUT_EFFECT}
    if class_name == "LeakyReLU" and "negative_slope" in options:
        options["alpha"] = options.pop("negative_slope")
    if class_name.startswith("SeparableConv"):  # Keras writes these of its base class
        for name in ("groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"):
            options.pop(name, None)
    if class_name.startswith("DepthwiseConv"):
        for name in ("groups", "filters", "kernel_initializer", "kernel_regularizer", "kernel_constraint"):
            options.pop(name, None)
    if class_name in (*classes.RECURRENT, *classes.CELLS):
        options.pop("seed", None)
        if options.get("stateful"):
            dialect.warn("a recurrent layer is stateful, from batch to batch; here each batch begins anew")
        options.pop("stateful", None)
        if class_name in ("LSTM", "GRU", "LSTMCell", "GRUCell") or class_name.startswith("ConvLSTM"):
            options.setdefault("recurrent_activation", OLD_HARD_SIGMOID if dialect.major < 3 else "sigmoid")
        if class_name in ("GRU", "GRUCell"):
            options.setdefault("reset_after", dialect.major == 3)
        if options.pop("return_state", False):
            raise UserError(
                f"{place}: return_state=True gives several outputs, which are not supported.\n  Build the model with "
                "return_state=False."
            )
    if options.get("time_major"):
        raise UserError(f"{place}: time_major=True is not supported.\n  Build the model with time_major=False.")
    for name in ("time_major", "zero_output_for_mask", "rms_scaling"):  # not known to every Keras
        if options.get(name) is False:
            del options[name]
    if class_name == "BatchNormalization" and isinstance(options.get("axis"), list) and len(options["axis"]) == 1:
        options["axis"] = options["axis"][0]
    if class_name == "BatchNormalization" and options.pop("renorm", False):
        raise UserError(f"{place}: renorm=True is not supported.\n  Build the model with renorm=False.")
    return options


# ----------------------------------------------------------------------------- values


def _clean(name: str, value: Any, place: str, dialect: Dialect, of: str = "") -> Any:
    """The value of an option, of plain Python values and {"class_name": ..., "config": ...} that are let in.

    A part of it has no name; `of` is then the option's.
    """
    shown = of or name
    if name.endswith("activation"):
        return _activation(name, value, place, dialect)
    if name in COUNTS or (name in WHOLE and not isinstance(value, str)):
        value = _whole(name, _clean("", value, place, dialect, shown), place, least=1 if name in COUNTS else None)
    if name in WORDS and not isinstance(value, str | None):
        raise UserError(f"{place}: {name}={value!r}, expected a text.")
    if name == "rate" and value is not None and not (isinstance(value, int | float) and 0 <= value <= 1):
        raise UserError(f"{place}: rate={value!r}, expected a number from 0 to 1, such as 0.3 for 30%.")
    if isinstance(value, float) and not math.isfinite(value):
        raise UserError(f"{place}: {shown}={value!r}, expected a finite number.")
    if isinstance(value, int) and abs(value) > 1e18:
        raise UserError(f"{place}: {shown} has a number of {len(str(abs(value))):,} digits, expected fewer.")
    if isinstance(value, list | tuple):
        return [_clean("", each, place, dialect, shown) for each in value]
    if isinstance(value, str) and _kind(name):
        return _object(name, {"class_name": value, "config": {}}, place, dialect)
    if isinstance(value, dict):
        if value.get("class_name") in LISTS:
            items = value.get("items", value.get("config"))
            return _clean("", items if isinstance(items, list) else [], place, dialect, shown)
        if value.get("class_name") in ("DTypePolicy", "Policy"):
            return None
        if "class_name" in value:
            return _object(name, value, place, dialect)
        return {str(key): _clean(str(key), each, place, dialect) for key, each in value.items()}
    return value


def _whole(name: str, value: Any, place: str, least: int | None, given: Any = None) -> Any:
    """Whole numbers, or lists of them, as int."""
    given = value if given is None else given
    if isinstance(value, list):
        return [_whole(name, each, place, least, given) for each in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is None or (is_number and value % 1 == 0 and (least is None or value >= least)):
        return value if value is None else int(value)
    raise UserError(f"{place}: {name}={given!r}, expected a whole number{f', {least} or more' if least else ''}.")


def _kind(name: str) -> tuple[str, ...]:
    """The classes that an option takes by its name: initialisers, regularisers or constraints."""
    kinds = {
        "initializer": classes.INITIALIZERS,
        "regularizer": classes.REGULARIZERS,
        "constraint": classes.CONSTRAINTS,
    }
    return next((known for kind, known in kinds.items() if name.endswith(kind)), ())


def _object(name: str, value: dict, place: str, dialect: Dialect) -> dict:
    """An initialiser, a regulariser, a constraint, a layer or a cell, as {"class_name": ..., "config": ...}."""
    known, given, config = _kind(name), value["class_name"], value.get("config")
    config = {} if config is None else config
    if not known and isinstance(given, str) and isinstance(config, dict):  # a layer in a layer
        class_name = class_of(value, place)
        if class_name in classes.MODELS:
            raise UserError(f"{place}: a model within this layer is not supported.\n  Use its layers one by one.")
        inner_name, options = options_of({**value, "config": config}, class_name, Dialect(dialect.major, place))
        return {"class_name": inner_name, "config": {**_name_of(config), **options}}
    same = {**{classes.bare(each): each for each in known}}
    same |= {classes.bare(each): other for each, other in classes.SAME_FUNCTIONS.items() if other in known}
    if known is classes.INITIALIZERS:
        same |= classes.SAME_INITIALIZERS
    class_name = same.get(classes.bare(given)) if isinstance(given, str) else None
    registered, module = value.get("registered_name"), value.get("module")
    is_own = registered not in (None, given) or not classes.is_keras_module(module)
    if class_name is None or is_own or not isinstance(config, dict):
        raise UserError(
            f"{place}: {name}={f'{module}.{registered or given}' if is_own else given!r}, expected one of "
            f"{', '.join(known) or 'nothing'}."
        )
    given_options = {key: each for key, each in config.items() if key not in ("dtype", "name") and each is not None}
    config = {key: _clean(key, each, place, dialect) for key, each in given_options.items()}
    if config.get("distribution") == "normal":  # as old files call it
        config["distribution"] = "truncated_normal"
    return {"class_name": class_name, "config": config}


def _name_of(config: dict) -> dict:
    return {"name": config["name"]} if isinstance(config.get("name"), str) else {}


def _activation(name: str, value: Any, place: str, dialect: Dialect) -> Any:
    """The name of an activation function; or an activation layer, which Keras lets stand for one."""
    if isinstance(value, dict) and value.get("class_name") in ("function", "builtins"):
        value = value.get("config")
    if isinstance(value, dict) and value.get("class_name") in classes.ACTIVATION_LAYERS:
        return _object("", value, place, dialect)
    if value is None:
        return "linear"
    text = ACTIVATION_ALIASES.get(value, value) if isinstance(value, str) else None
    if text == "hard_sigmoid" and dialect.major < 3:
        return OLD_HARD_SIGMOID
    if text not in ACTIVATIONS:
        shown = ", ".join(each for each in ACTIVATIONS if each != OLD_HARD_SIGMOID)
        if isinstance(value, str) and (meant := did_you_mean(value, ACTIVATIONS)):
            raise UserError(f"{place}: {name}={value!r}, expected the name of an activation.\n  {meant}")
        raise UserError(f"{place}: {name}={value!r}, expected one of {shown}.")
    return text


def _check_dtype(dtype: Any, place: str, dialect: Dialect) -> None:
    """All is computed in float32; another precision is told, another type refused."""
    config = dtype.get("config") if isinstance(dtype, dict) else None
    name = config.get("name") if isinstance(config, dict) else dtype
    if name in (None, "float32") or name in INTEGERS:  # integers of an Embedding: its indices
        return
    if name not in FLOATS:
        raise UserError(f"{place}: dtype={name!r}, expected float32, the only one supported.")
    dialect.warn(f"the layers are of {name}; here they compute in float32")
