"""The short form of an architecture, for typing: "dense 16 elu, dropout 0.3, dense 1 sigmoid"."""

import re
from collections.abc import Iterable
from typing import Any

from kit.cli.errors import UserError
from kit.model.activations import ACTIVATION_ALIASES, ACTIVATIONS
from kit.model.keras.classes import LAYERS, MERGES
from kit.model.keras.did_you_mean import did_you_mean

# The options that the numbers after a layer's name are for, in order. Reshape and Permute take any number of them.
_CONVOLUTION = ("filters", "kernel_size", "strides")
_POOLING = ("pool_size", "strides")
NUMBERS = {
    "Dense": ("units",),
    **{name: ("rate",) for name in LAYERS if "Dropout" in name},
    "GaussianNoise": ("stddev",),
    **{f"{kind}{axes}D": _CONVOLUTION for kind in ("Conv", "LocallyConnected") for axes in (1, 2, 3)},
    **{f"Conv{axes}DTranspose": _CONVOLUTION for axes in (1, 2, 3)},
    **{f"SeparableConv{axes}D": _CONVOLUTION for axes in (1, 2)},
    **{f"DepthwiseConv{axes}D": ("kernel_size", "strides") for axes in (1, 2)},
    **{f"{kind}Pooling{axes}D": _POOLING for kind in ("Max", "Average") for axes in (1, 2, 3)},
    **{f"ZeroPadding{axes}D": ("padding",) for axes in (1, 2, 3)},
    **{f"Cropping{axes}D": ("cropping",) for axes in (1, 2, 3)},
    **{f"UpSampling{axes}D": ("size",) for axes in (1, 2, 3)},
    **{name: ("units",) for name in ("SimpleRNN", "LSTM", "GRU")},
    "Embedding": ("input_dim", "output_dim"),
    "Masking": ("mask_value",),
    "RepeatVector": ("n",),
    "LeakyReLU": ("negative_slope",),
    "ELU": ("alpha",),
    "ThresholdedReLU": ("theta",),
    "BatchNormalization": ("momentum",),
    "ReLU": ("max_value",),
    "Rescaling": ("scale", "offset"),
}
SIZES = {"Reshape": "target_shape", "Permute": "dims"}
ACTIVATED = (
    "Dense",
    "Activation",
    "SimpleRNN",
    "LSTM",
    "GRU",
    *(name for name in LAYERS if "Conv" in name or "Locally" in name),
)
NEED_OTHERS = (*MERGES, "Bidirectional", "TimeDistributed", "RNN", "Attention", "AdditiveAttention")  # not for typing
TYPED = tuple(name for name in LAYERS if name not in NEED_OTHERS)
DECAY = ("l1", "l2")  # of the kernel
EXAMPLE = 'for example "dense 16 elu, dropout 0.3, dense 1 sigmoid"'
CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "none": None}


def parse(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Parses the short form.

    Layers are separated by commas. After a layer's name come numbers (NUMBERS says what for), the name of an
    activation, and `option=value` for any other option of the layer: "conv2d 16 3x3 relu strides=2 padding=same".

    Returns:
      A list of (class name, {option: value}), values as in Keras's JSON, not yet checked.
    Raises:
      UserError: a layer or a word is unknown.
    """
    return [_layer(part.split(), position) for position, part in enumerate(text.split(","), 1)]


def _layer(words: list[str], position: int) -> tuple[str, dict[str, Any]]:
    place = f"--architecture: layer {position}"
    if not words:
        raise UserError(f"{place} is empty. Separate layers by commas, {EXAMPLE}.")
    names = {name.lower(): name for name in TYPED}
    class_name = names.get(words[0].replace("_", "").lower())
    if class_name is None:
        raise UserError(f"{place}: {_no_layer(words[0], names)}")
    options: dict[str, Any] = {}
    sizes = []
    for word in words[1:]:
        name, has_name, value = word.partition("=")
        if has_name:
            _set(options, name, _value(value), place, word)
        elif isinstance(_value(word), str):
            _check_activation(class_name, word, place)
            _set(options, "activation", word, place, word)
        else:
            sizes.append(_value(word))
    if class_name in SIZES:
        _set(options, SIZES[class_name], sizes, place, "sizes")
    elif len(sizes) > len(NUMBERS.get(class_name, ())):
        takes = f"takes {', '.join(NUMBERS[class_name])}" if class_name in NUMBERS else "takes no number"
        raise UserError(f"{place}: {' '.join(words)}: {words[0]} {takes}, found {len(sizes)} numbers.")
    else:
        for name, size in zip(NUMBERS.get(class_name, ()), sizes):
            _set(options, name, size, place, name)
    if class_name != "ActivityRegularization":  # whose own options these are
        _gather_decay(options, place)
    return class_name, options


def _no_layer(word: str, names: Iterable[str]) -> str:
    """What is wrong with a word that should be a layer's name."""
    if word in ACTIVATIONS or word in ACTIVATION_ALIASES:
        return (
            f"'{word}' is an activation, no layer.\n"
            f"  Write it after its layer, without a comma: dense 1 {word}. Or as a layer: activation {word}."
        )
    if meant := did_you_mean(word.replace("_", ""), names):
        return f"'{word}' is no layer. {meant}"
    return (
        f"'{word}' is no layer.\n  The layers are {', '.join(names)}; {EXAMPLE}.\n"
        "  A file in Keras's JSON needs a name that ends in .json."
    )


def _set(options: dict, name: str, value: Any, place: str, word: str) -> None:
    if name in options:
        raise UserError(f"{place}: {name} is given twice, the second time by '{word}'.")
    options[name] = value


def _gather_decay(options: dict, place: str) -> None:
    """Turns l1=... and l2=... into the kernel's regulariser."""
    decay = {name: options.pop(name) for name in DECAY if name in options}
    if decay:
        _set(options, "kernel_regularizer", {"class_name": "L1L2", "config": decay}, place, "l1 or l2")


def _check_activation(class_name: str, word: str, place: str) -> None:
    known = [*(name for name in ACTIVATIONS if "keras" not in name), *ACTIVATION_ALIASES]
    if word not in known:
        if word in {name.lower() for name in TYPED}:
            raise UserError(f"{place}: '{word}' starts another layer. Put a comma before it.")
        way_out = (
            f" {meant}" if (meant := did_you_mean(word, known)) else f"\n  The activations are {', '.join(known)}."
        )
        raise UserError(f"{place}: '{word}' is no activation.{way_out}")
    if class_name not in ACTIVATED:
        raise UserError(
            f"{place}: {class_name.lower()} has no activation, found '{word}'.\n"
            f"  Add it as the next layer: {class_name.lower()} ..., activation {word}."
        )


def _value(word: str) -> Any:
    """A number, sizes written 3x3, true, false or none; anything else stays a word."""
    if re.fullmatch(r"\d+(x\d+)+", word):
        return [int(number) for number in word.split("x")]
    if word.lower() in CONSTANTS:
        return CONSTANTS[word.lower()]
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return word
