"""What the settings of a training leave open, filled in: the network, its loss, the size of a step."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.model.keras import architectures
from kit.model.keras import layers as keras_layers
from kit.model.losses import loss_head
from kit.model.optimizers import options_from
from kit.system.files import write_text

MANY_EPOCHS = 1000
IN_A_TABLE = "simple_fc"  # the design for a table, unless the user names one
LOSS_OF_END = {"sigmoid": "binary_crossentropy", "softmax": "categorical_crossentropy"}  # of an architecture
NEEDS = {  # settings that are of use with another one alone
    "write_architecture": "architecture",
    "initial_weights": "architecture",
    "fold": "folds",
    "reduce_factor": "reduce_on_plateau",
}
EXCLUDE = (  # pairs, one too many, and of what they are two
    ("network", "architecture", "two networks"),
    ("validation", "folds", "two ways to hold rows back"),
)
OF_TABLES = ("columns", "without_columns", "header", "scale", "fill_missing", "stratified", "folds")
OF_IMAGES = ("skip_bad",)
NEEDS_VALIDATION = ("patience", "reduce_on_plateau")


class Head(NamedTuple):
    """What a network does to its logits in the end. Nothing, and None, where the loss sees to it."""

    activation: str | None = None
    units: int | None = None
    apply: Callable | None = None  # float32 [B, units] -> the same: the activation's function


def completed(settings, typed):
    """Settings of a training, with what the user left open filled in; a resumed run has its own.

    Args:
      settings: TrainingSettings.
      typed: the names of the settings that the user typed.
    Raises:
      UserError: settings that contradict each other, as far as they show it before the data is read.
    """
    if settings.resume and not settings.write_architecture:
        return settings
    _check_together(settings, typed)
    architecture = architectures.read(settings.architecture) if settings.architecture else None
    changes = {}
    if settings.is_table and not typed & {"network", "architecture"}:
        changes["network"] = IN_A_TABLE
    if settings.loss is None:
        changes["loss"] = _fitting_loss(architecture)
    if settings.explain_time:
        changes["epochs"] = MANY_EPOCHS  # so that a small data set, too, has batches enough to time
    settings = dataclasses.replace(settings, **changes)
    _check_learning(settings, architecture)
    return settings


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
    return logits, Head(activation, units, keras_layers.ACTIVATIONS[activation])


def _check_together(settings, typed):
    if settings.architecture is not None and not settings.architecture.strip():
        raise UserError("--architecture is empty. Give a file of Keras's JSON, or the layers: 'dense 16 elu, dense 1'.")
    for name, other in NEEDS.items():
        if name in typed and not getattr(settings, other):
            raise UserError(f"--{name}: of use with --{other} alone, which is missing.")
    for name, other, what in EXCLUDE:
        if {name, other} <= typed:
            raise UserError(f"--{name} and --{other}: {what}. Leave out one of them.")
    for name in OF_IMAGES if settings.is_table else OF_TABLES:
        if name in typed:
            kind = "images" if settings.is_table else "a table, whose labels are named with --labels or --label_column"
            raise UserError(f"--{name}: for {kind}.")
    if settings.fold and settings.fold > settings.folds:
        raise UserError(f"--fold {settings.fold}: there are only {settings.folds} --folds.")
    for name in NEEDS_VALIDATION:
        if getattr(settings, name) and not settings.validation and not settings.folds:
            raise UserError(f"--{name}: looks at the validation data, and --validation 0 keeps none.")


def _check_learning(settings, architecture):
    """Checks what can be known of the optimiser, the loss and the weights before a large table is looked over."""
    options_from(settings.optimizer, settings.optimizer_options)
    if settings.initial_weights and not Path(settings.initial_weights).is_file():
        raise UserError(f"--initial_weights {settings.initial_weights}: there is no such file.")
    if architecture:
        units, activation = architectures.output_of(architecture)
        if units:  # of one unit it may be two classes, or values; what doesn't suit two classes suits no values either
            loss_head(settings.loss, activation, units, keras_layers.ACTIVATIONS[activation], num_classes=max(units, 2))


def _fitting_loss(architecture):
    if architecture is None:
        return "softmax_cross_entropy"
    units, activation = architectures.output_of(architecture)
    of_bare_outputs = "softmax_cross_entropy" if activation == "linear" and (units or 1) > 1 else "mean_squared_error"
    return LOSS_OF_END.get(activation, of_bare_outputs)
