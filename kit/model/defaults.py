"""The defaults of a training that depend on its other flags: the network, the loss; and flags that contradict."""

import dataclasses
from pathlib import Path

from kit.cli.errors import UserError
from kit.model.activations import ACTIVATIONS
from kit.model.keras import architectures
from kit.model.losses import loss_head
from kit.model.optimizers import options_from

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


def fill_defaults(settings, given_flags):
    """Settings of a training, with what the user left open filled in; a resumed run has its own.

    Args:
      settings: TrainingSettings.
      given_flags: the names of the flags on the command line.
    Raises:
      UserError: settings that contradict each other, as far as they show it before the data is read.
    """
    if settings.resume and not settings.write_architecture:
        return settings
    _check_together(settings, given_flags)
    architecture = architectures.read(settings.architecture) if settings.architecture else None
    changes = {}
    if settings.is_table and not given_flags & {"network", "architecture"}:
        changes["network"] = IN_A_TABLE
    if settings.loss is None:
        changes["loss"] = _fitting_loss(architecture)
    if settings.explain_time:
        changes["epochs"] = MANY_EPOCHS  # so that a small data set, too, has batches enough to time
    settings = dataclasses.replace(settings, **changes)
    _check_learning(settings, architecture)
    return settings


def _check_together(settings, given_flags):
    if settings.architecture is not None and not settings.architecture.strip():
        raise UserError("--architecture is empty. Give a file of Keras's JSON, or the layers: 'dense 16 elu, dense 1'.")
    for name, other in NEEDS.items():
        if name in given_flags and not getattr(settings, other):
            raise UserError(f"--{name}: of use with --{other} alone, which is missing.")
    for name, other, what in EXCLUDE:
        if {name, other} <= given_flags:
            raise UserError(f"--{name} and --{other}: {what}. Leave out one of them.")
    for name in OF_IMAGES if settings.is_table else OF_TABLES:
        if name in given_flags:
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
            loss_head(settings.loss, activation, units, ACTIVATIONS[activation], num_classes=max(units, 2))


def _fitting_loss(architecture):
    if architecture is None:
        return "softmax_cross_entropy"
    units, activation = architectures.output_of(architecture)
    of_bare_outputs = "softmax_cross_entropy" if activation == "linear" and (units or 1) > 1 else "mean_squared_error"
    return LOSS_OF_END.get(activation, of_bare_outputs)
