"""The options of Keras's layers: their names, defaults and allowed values.

Options come from files, so each value is checked, and unknown options are refused. Names and defaults are Keras's,
https://keras.io/api/layers.
"""

from collections.abc import Callable, Mapping
from typing import Any

from kit.cli.errors import UserError
from kit.model.activations import ACTIVATION_ALIASES, ACTIVATIONS
from kit.model.keras.option_checks import (
    Unfit,
    WrongOption,
    axis,
    count,
    flag,
    maybe,
    noise_shape,
    number,
    one_of,
    pair,
    target_shape,
    whole,
)

NO_DEFAULT = object()
Options = dict[str, tuple[Callable[[Any], Any], Any]]  # {name: (check, default)}


# ----------------------------------------------------------------------------- checks of activations, initialisers, ...


def activation(value: Any) -> str:
    """The name of an activation function."""
    if isinstance(value, dict) and value.get("class_name") == "function":
        value = value.get("config")
    if value is None:
        return "linear"
    name = ACTIVATION_ALIASES.get(value, value) if isinstance(value, str) else None
    if name not in ACTIVATIONS:
        raise Unfit(f"one of {', '.join(ACTIVATIONS)}")
    return name


_SEED: Options = {"seed": (maybe(whole), None)}
_DEVIATION: Options = {"mean": (number(), 0.0), "stddev": (number(least=0), 0.05), **_SEED}
INITIALIZERS: dict[str, Options] = {
    "Zeros": {},
    "Ones": {},
    "Constant": {"value": (number(), 0.0)},
    "RandomNormal": _DEVIATION,
    "TruncatedNormal": _DEVIATION,
    "RandomUniform": {"minval": (number(), -0.05), "maxval": (number(), 0.05), **_SEED},
    "VarianceScaling": {
        "scale": (number(least=1e-30), 1.0),
        "mode": (one_of("fan_in", "fan_out", "fan_avg"), "fan_in"),
        "distribution": (one_of("truncated_normal", "untruncated_normal", "uniform", "normal"), "truncated_normal"),
        **_SEED,
    },
    "GlorotUniform": _SEED,
    "GlorotNormal": _SEED,
    "HeUniform": _SEED,
    "HeNormal": _SEED,
    "LecunUniform": _SEED,
    "LecunNormal": _SEED,
    "Orthogonal": {"gain": (number(), 1.0), **_SEED},
}
REGULARIZERS: dict[str, Options] = {
    "L1": {"l1": (number(least=0), 0.01)},
    "L2": {"l2": (number(least=0), 0.01)},
    "L1L2": {"l1": (number(least=0), 0.0), "l2": (number(least=0), 0.0)},
}


def initializer(value: Any) -> dict:
    """{"class_name": ..., "config": {...}} with all options, from the same or from a name such as glorot_uniform."""
    class_name, config = _named_object(value, INITIALIZERS)
    if config.get("distribution") == "normal":  # as old files call it
        config["distribution"] = "truncated_normal"
    return {"class_name": class_name, "config": config}


def regularizer(value: Any) -> dict:
    """{"class_name": "L1L2", "config": {"l1": ..., "l2": ...}}, from any of REGULARIZERS."""
    _, config = _named_object(value, REGULARIZERS)
    return {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.0, **config}}


def _named_object(value: Any, known: Mapping[str, Options]) -> tuple[str, dict]:
    """(class name, all options) of an object that Keras writes as a name or as a dict."""
    given = {"class_name": value, "config": {}} if isinstance(value, str) else value
    names = {_bare(name): name for name in known}
    config = given.get("config") if isinstance(given, dict) else None
    class_name = names.get(_bare(str(given.get("class_name")))) if isinstance(config, dict) else None
    if class_name is None or config is None:
        raise Unfit(f"one of {', '.join(known)}")
    return class_name, _complete(f"{class_name}: ", known[class_name], {**config, "dtype": None})


def _bare(name: str) -> str:
    """glorot_uniform and GlorotUniform -> glorotuniform."""
    return name.replace("_", "").lower()


# ----------------------------------------------------------------------------- layers

_ALL: Options = {"trainable": (flag, True)}
_CHANNELS_LAST: Options = {"data_format": (maybe(one_of("channels_last")), "channels_last")}
_ACTIVATED: Options = {"activation": (activation, "linear")}
_GLOROT, _ZEROS, _ONES = "glorot_uniform", "zeros", "ones"


def _variable(name: str, default_initializer: str) -> Options:
    """The options of a layer for one of its variables."""
    return {
        f"{name}_initializer": (initializer, default_initializer),
        f"{name}_regularizer": (maybe(regularizer), None),
        f"{name}_constraint": (one_of(None), None),
    }


_BIAS_AND_ACTIVITY: Options = {
    "use_bias": (flag, True),
    **_variable("bias", _ZEROS),
    "activity_regularizer": (maybe(regularizer), None),
}
_CONVOLUTION: Options = {
    "filters": (count, NO_DEFAULT),
    "kernel_size": (pair, NO_DEFAULT),
    "strides": (pair, (1, 1)),
    "padding": (one_of("valid", "same"), "valid"),
    **_CHANNELS_LAST,
    "dilation_rate": (pair, (1, 1)),
    **_ACTIVATED,
    **_BIAS_AND_ACTIVITY,
}
_POOLING: Options = {
    "pool_size": (pair, (2, 2)),
    "strides": (maybe(pair), None),  # None: pool_size
    "padding": (one_of("valid", "same"), "valid"),
    **_CHANNELS_LAST,
}
_GLOBAL_POOLING: Options = {**_CHANNELS_LAST, "keepdims": (flag, False)}
LAYERS: dict[str, Options] = {
    "Dense": {"units": (count, NO_DEFAULT), **_ACTIVATED, **_BIAS_AND_ACTIVITY, **_variable("kernel", _GLOROT)},
    "Activation": {"activation": (activation, NO_DEFAULT)},
    "Dropout": {
        "rate": (number(least=0, most=1), NO_DEFAULT),
        "seed": (maybe(whole), None),
        "noise_shape": (maybe(noise_shape), None),
    },
    "Flatten": _CHANNELS_LAST,
    "Reshape": {"target_shape": (target_shape, NO_DEFAULT)},
    "Conv2D": {**_CONVOLUTION, "groups": (count, 1), **_variable("kernel", _GLOROT)},
    "SeparableConv2D": {
        **_CONVOLUTION,
        "depth_multiplier": (count, 1),
        **_variable("depthwise", _GLOROT),
        **_variable("pointwise", _GLOROT),
    },
    "MaxPooling2D": _POOLING,
    "AveragePooling2D": _POOLING,
    "GlobalAveragePooling2D": _GLOBAL_POOLING,
    "GlobalMaxPooling2D": _GLOBAL_POOLING,
    "BatchNormalization": {
        "axis": (axis, -1),
        "momentum": (number(least=0, most=1), 0.99),
        "epsilon": (number(least=0), 0.001),
        "center": (flag, True),
        "scale": (flag, True),
        **_variable("beta", _ZEROS),
        **_variable("gamma", _ONES),
        "moving_mean_initializer": (initializer, _ZEROS),
        "moving_variance_initializer": (initializer, _ONES),
    },
    "LeakyReLU": {"negative_slope": (number(), 0.3)},
    "ReLU": {
        "max_value": (maybe(number(least=0)), None),
        "negative_slope": (number(least=0), 0.0),
        "threshold": (number(least=0), 0.0),
    },
    "ELU": {"alpha": (number(), 1.0)},
    "Softmax": {"axis": (axis, -1)},
}
LAYERS = {name: {**options, **_ALL} for name, options in LAYERS.items()}
OLD_NAMES = {("LeakyReLU", "alpha"): "negative_slope"}  # of Keras 2
WITHOUT_EFFECT = {  # options that Keras writes and that change nothing
    "SeparableConv2D": ("groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"),
    "BatchNormalization": ("fused", "renorm_momentum", "synchronized"),
}
DTYPES = ("float32", None)


def complete(class_name: str, given: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Checks the options of a layer, and adds Keras's defaults.

    Args:
      class_name: a key of LAYERS.
      given: {option: value}, from a file, without `name` and the options of the inputs.
      place: the start of errors: the file and the layer.
    Returns:
      {option: value} with every option of the layer.
    Raises:
      UserError: an option is unknown or missing, or has a wrong value.
    """
    given = {OLD_NAMES.get((class_name, option), option): value for option, value in given.items()}
    for option in WITHOUT_EFFECT.get(class_name, ()):
        given.pop(option, None)
    try:
        return _complete("", LAYERS[class_name], given)
    except WrongOption as error:
        raise UserError(f"{place}: {error}.") from None


def _complete(prefix: str, options: Options, given: Mapping[str, Any]) -> dict[str, Any]:
    """The same for the options of any object; `prefix` is the start of errors."""
    given = dict(given)
    dtype = given.pop("dtype", None)
    if _dtype_name(dtype) not in DTYPES:
        raise WrongOption(f"{prefix}dtype={_dtype_name(dtype)!r}, expected float32, the only one supported")
    values = {}
    for name, (check, default) in options.items():
        value = given.pop(name, default)
        if value is NO_DEFAULT:
            raise WrongOption(f"{prefix}the option {name} is missing")
        try:
            values[name] = check(value)
        except WrongOption as error:
            raise WrongOption(f"{prefix}{name}: {error}") from None
        except Unfit as error:
            raise WrongOption(f"{prefix}{name}={value!r}, expected {error}") from None
    unknown = {name: value for name, value in given.items() if value not in (None, False, [], {})}
    if unknown:
        found = ", ".join(f"{name}={value!r}" for name, value in unknown.items())
        raise WrongOption(f"{prefix}{found}: not supported; supported: {', '.join(options) or 'no options'}")
    return values


def _dtype_name(dtype: Any) -> Any:
    """The name of a dtype, or of a dtype policy of Keras 3."""
    config = dtype.get("config") if isinstance(dtype, dict) else None
    return config.get("name") if isinstance(config, dict) else dtype
