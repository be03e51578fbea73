"""The network that --architecture describes: built in the graph, or written as Keras's JSON."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.model.activations import ACTIVATIONS
from kit.model.keras import architectures
from kit.model.keras import layers as keras_layers
from kit.system.files import write_text


class Head(NamedTuple):
    """What a network does to its logits in the end. Nothing, and None, where the loss sees to it."""

    activation: str | None = None
    units: int | None = None
    apply: Callable | None = None  # float32 [B, units] -> the same: the activation's function


def build_architecture(architecture, inputs, num_classes, is_training):
    """Builds a network of Keras's.

    Args:
      architecture: kit.model.keras.architectures.Architecture.
      inputs: float32 [B, ...], of the architecture's input shape.
      num_classes: how many classes; 0 for values.
      is_training: bool [].
    Returns:
      (logits, head): float32 [B, classes], or [B, 1] for values; and the Head that is put upon them.
    Raises:
      UserError: a layer doesn't fit what it is given, or the end doesn't fit the classes.
    """
    _, logits, activation = keras_layers.build(architecture, inputs, is_training)
    units = logits.shape[1].value if logits.shape.ndims == 2 else None
    fitting = {0: [1], 2: [1, 2]}.get(num_classes, [num_classes])
    if units not in fitting:
        labels = f"{num_classes} classes" if num_classes else "values"
        raise UserError(
            f"--architecture: the network ends in outputs of shape {logits.shape}, and the labels are "
            f"{labels}.\n  End it with a dense layer of {' or '.join(map(str, fitting))}."
        )
    if num_classes == 2 and units == 1:  # softmax of (0, z) is (1 - sigmoid(z), sigmoid(z))
        logits = tf.concat([tf.zeros_like(logits), logits], axis=1)  # [B, 2]
    return logits, Head(activation, units, ACTIVATIONS[activation])


def write_architecture(settings):
    """Writes the architecture of TrainingSettings as Keras's JSON, to the new file that they name."""
    path = Path(settings.write_architecture)
    if path.suffix != ".json":
        raise UserError(f"--write_architecture {path}: expected a name that ends in .json.")
    if path.exists():
        raise UserError(
            f"--write_architecture {path}: there is such a file already. Remove it, or choose another name."
        )
    architecture = architectures.read(settings.architecture)
    write_text(settings.write_architecture, architectures.to_json(architecture))
    console.say(f"Wrote {settings.write_architecture}: {len(architecture.layers)} layers")
    console.say_next(console.python("training.py", "--architecture", settings.write_architecture, "..."))
