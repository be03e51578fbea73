"""The network of --architecture: built in the graph, or written as Keras's JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.model.activations import ACTIVATIONS, Activation
from kit.system.files import check_writable, write_text

if TYPE_CHECKING:
    from kit.model.keras import architectures


class Head(NamedTuple):
    """What a network does to its logits at its end. All None: nothing, the loss applies its own activation."""

    activation: str | None = None
    units: int | None = None
    apply: Activation | None = None  # the activation's function


def build_architecture(
    architecture: architectures.Architecture, inputs: tf.Tensor, num_classes: int, is_training: tf.Tensor
) -> tuple[tf.Tensor, Head]:
    """Builds a network of Keras's.

    Args:
      architecture: with the shape of the inputs.
      inputs: float32 [B, ...].
      num_classes: number of classes; 0 for regression.
      is_training: bool [].
    Returns:
      (logits, head): float32 [B, classes], or [B, 1] for regression; and the network's end.
    Raises:
      UserError: a layer doesn't fit its inputs, or the last one doesn't fit the classes.
    """
    from kit.model.keras import network  # here: no other network needs tf_keras, which takes seconds to import

    _, logits, activation = network.build(architecture, inputs, is_training)
    units = logits.shape[1].value if logits.shape.ndims == 2 else None
    fitting = {0: [1], 2: [1, 2]}.get(num_classes, [num_classes])
    if units not in fitting:
        labels = f"{num_classes} classes" if num_classes else "values"
        end = f"a dense layer of {' or '.join(map(str, fitting))}"
        if units is None:
            end = f"flatten and {end}: without flatten, each place of the image or the row has outputs of its own"
        from kit.data.tables.labels import FOR_VALUES, MANY_NUMBERS  # here: images need none of it

        if_values = f"\n  {FOR_VALUES}" if units == 1 and num_classes > MANY_NUMBERS else ""
        raise UserError(
            f"--architecture: the network ends in outputs of shape {logits.shape}, and the labels are "
            f"{labels}.\n  End it with {end}.{if_values}"
        )
    if num_classes == 2 and units == 1:  # softmax of (0, z) is (1 - sigmoid(z), sigmoid(z))
        logits = tf.concat([tf.zeros_like(logits), logits], axis=1)  # [B, 2]
    return logits, Head(activation, units, ACTIVATIONS[activation])


def write_architecture(settings: TrainingSettings) -> None:
    """Writes --architecture as Keras's JSON to the file --write_architecture.

    Raises:
      UserError: the file exists or can't be written, or its name doesn't end in .json; or the architecture is wrong.
    """
    from kit.model.keras import architectures, network, writing

    target, given = settings.write_architecture, settings.architecture
    assert target and given  # fill_defaults refuses the one without the other
    if Path(target).suffix != ".json":
        raise UserError(f"--write_architecture {target}: expected a name that ends in .json.")
    check_writable(target)
    if Path(target).exists():
        raise UserError(f"--write_architecture {target}: this file exists already. Remove it, or give another name.")
    architecture = architectures.read(given)
    network.check(architecture)
    write_text(target, writing.to_json(architecture))
    console.say(f"Wrote {target}: {console.counted(len(architecture.layers), 'layers')}")
    console.say(f"Train it with --architecture {target}, beside the flags that name your data.")
