"""The short form of an architecture, for people: "dense 16 elu, dropout 0.3, dense 1 sigmoid"."""

import difflib
import re

from kit.cli.errors import UserError
from kit.model.activations import ACTIVATION_ALIASES, ACTIVATIONS
from kit.model.keras.options import LAYERS

# The options that numbers after a layer's name stand for, in order. Reshape takes as many as there are.
NUMBERS = {
    "Dense": ("units",),
    "Dropout": ("rate",),
    "Conv2D": ("filters", "kernel_size", "strides"),
    "SeparableConv2D": ("filters", "kernel_size", "strides"),
    "MaxPooling2D": ("pool_size", "strides"),
    "AveragePooling2D": ("pool_size", "strides"),
    "LeakyReLU": ("negative_slope",),
    "ELU": ("alpha",),
    "BatchNormalization": ("momentum",),
    "ReLU": ("max_value",),
}
DECAY = ("l1", "l2")  # of a kernel
EXAMPLE = 'for example "dense 16 elu, dropout 0.3, dense 1 sigmoid"'
CONSTANTS = {"true": True, "false": False, "none": None}


def parse(text):
    """Takes the short form apart.

    Layers stand between commas; behind a layer's name stand numbers (NUMBERS says for what), the name of an
    activation, and `option=value` for any other option of the layer: "conv2d 16 3x3 relu strides=2 padding=same".

    Args:
      text: str.
    Returns:
      A list of (class name, {option: value}), values as in Keras's JSON, not yet checked.
    Raises:
      UserError: a layer or a word isn't known.
    """
    return [_layer(part.split(), position) for position, part in enumerate(text.split(","), 1)]


def _layer(words, position):
    place = f"--architecture: layer {position}"
    if not words:
        raise UserError(f"{place}: nothing stands there. Write layers between commas, {EXAMPLE}.")
    names = {name.lower(): name for name in LAYERS}
    class_name = names.get(words[0].replace("_", "").lower())
    if class_name is None:
        close = difflib.get_close_matches(words[0].replace("_", "").lower(), names, 1)
        meant = f" Did you mean {close[0]}?" if close else ""
        raise UserError(
            f"{place}: '{words[0]}' is no layer.{meant}\n  The layers are {', '.join(names)}; {EXAMPLE}.\n"
            "  A file in Keras's JSON needs a name that ends in .json."
        )
    options, sizes = {}, []
    for word in words[1:]:
        name, has_name, value = word.partition("=")
        if has_name:
            _check_option(class_name, name, place)
            _enter(options, name, _value(value), place, word)
        elif isinstance(_value(word), str):
            _check_activation(class_name, word, place)
            _enter(options, "activation", word, place, word)
        else:
            sizes.append(_value(word))
    if class_name == "Reshape":
        _enter(options, "target_shape", sizes, place, "sizes")
    elif len(sizes) > len(NUMBERS.get(class_name, ())):
        takes = f"takes {', '.join(NUMBERS[class_name])}" if class_name in NUMBERS else "takes no number"
        raise UserError(f"{place}: {' '.join(words)}: {words[0]} {takes}, found {len(sizes)} numbers.")
    else:
        for name, size in zip(NUMBERS.get(class_name, ()), sizes):
            _enter(options, name, size, place, name)
    _gather_decay(options, place)
    return class_name, options


def _enter(options, name, value, place, word):
    if name in options:
        raise UserError(f"{place}: {name} is given twice, again by '{word}'.")
    options[name] = value


def _check_option(class_name, name, place):
    decay = DECAY if "kernel_regularizer" in LAYERS[class_name] else ()
    known = ("name", *LAYERS[class_name], *decay)
    if name not in known:
        raise UserError(f"{place}: {class_name.lower()} has no option '{name}'.\n  Its options are {', '.join(known)}.")


def _gather_decay(options, place):
    """l1=... and l2=... stand for a kernel's regulariser."""
    decay = {name: options.pop(name) for name in DECAY if name in options}
    if decay:
        _enter(options, "kernel_regularizer", {"class_name": "L1L2", "config": decay}, place, "l1 or l2")


def _check_activation(class_name, word, place):
    known = [*ACTIVATIONS, *ACTIVATION_ALIASES]
    if word not in known:
        if word in {name.lower() for name in LAYERS}:
            raise UserError(f"{place}: '{word}' begins a layer of its own. Put a comma before it.")
        close = difflib.get_close_matches(word, known, 1)
        meant = f" Did you mean {close[0]}?" if close else ""
        raise UserError(f"{place}: '{word}' is no activation.{meant}\n  The activations are {', '.join(known)}.")
    if "activation" not in LAYERS[class_name]:
        raise UserError(
            f"{place}: {class_name.lower()} has no activation, found '{word}'.\n"
            f"  Put it behind, as a layer: {class_name.lower()} ..., activation {word}."
        )


def _value(word):
    """A number, two of them written 3x3, true, false or none; or the word itself."""
    if re.fullmatch(r"\d+x\d+", word):
        return [int(number) for number in word.split("x")]
    if word.lower() in CONSTANTS:
        return CONSTANTS[word.lower()]
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return word
