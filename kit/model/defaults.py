"""Defaults of training.py that depend on its other flags, and flags that contradict each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Set
from typing import TYPE_CHECKING

from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.data.kinds import KINDS, kind_of
from kit.model.activations import ACTIVATIONS
from kit.model.losses import loss_head
from kit.model.optimizers import options_from

if TYPE_CHECKING:
    from kit.model.keras.structure import Architecture

EPOCHS_TO_EXPLAIN = 1000  # with --explain_time: enough batches, even of a small data set
LOSS_OF_ACTIVATION = {"sigmoid": "binary_crossentropy", "softmax": "categorical_crossentropy"}
NEEDS = {  # flag: another flag that it needs
    "write_architecture": "architecture",
    "fold": "folds",
    "repeats": "folds",
    "search": "folds",
    "search_space": "search",
    "reduce_factor": "reduce_on_plateau",
}
EXCLUDE = (  # two flags, and why only one of them may be given
    ("network", "architecture", "two networks"),
    ("validation", "folds", "two ways to hold out rows"),
    ("fold", "repeats", "one fold, and all of them again and again"),
    ("fold", "learning_curve", "one fold, and all of them at several sizes"),
    ("training_share", "learning_curve", "one share, and several"),
    ("search", "learning_curve", "two ways to train again and again"),
    ("search", "fold", "a search needs all folds"),
    ("search", "explain_time", "a search doesn't time its steps"),
)
NEEDS_VALIDATION = ("patience", "reduce_on_plateau", "learning_curve")


def fill_defaults(settings: TrainingSettings, given_flags: Set[str]) -> TrainingSettings:
    """Fills in the defaults that depend on other flags: network, loss, epochs.

    Args:
      settings: of a new run. A resumed run keeps its own settings: these are returned as they are.
      given_flags: the names of the flags on the command line.
    Returns:
      TrainingSettings.
    Raises:
      UserError: flags contradict each other, or a wrong optimiser, loss or architecture; as far as that can be seen
        before the data is read.
    """
    if settings.resume and not settings.write_architecture:
        return settings
    check_together(settings, given_flags)
    architecture = _read(settings.architecture) if settings.architecture else None
    network, epochs = settings.network, settings.epochs
    loss = settings.loss or _default_loss(architecture)
    if not given_flags & {"network", "architecture"}:
        network = kind_of(settings).network
    if settings.explain_time:
        epochs = EPOCHS_TO_EXPLAIN
    options_from(settings.optimizer, settings.optimizer_options)
    if architecture:
        _check_end(architecture, loss)
        _check_indices(architecture, settings)
    return dataclasses.replace(settings, network=network, loss=loss, epochs=epochs)


def _read(given: str) -> Architecture:
    from kit.model.keras import architectures  # here, and below: only networks of Keras need it

    return architectures.read(given)


def check_together(settings: TrainingSettings, given_flags: Set[str]) -> None:
    """Checks that no flag contradicts another; otherwise a UserError."""
    if settings.architecture is not None and not settings.architecture.strip():
        raise UserError("--architecture is empty. Give a file in Keras's JSON, or the layers: 'dense 16 elu, dense 1'.")
    for name, other in NEEDS.items():
        if name in given_flags and not getattr(settings, other):
            raise UserError(f"--{name} needs --{other}.")
    for name, other, why in EXCLUDE:
        if {name, other} <= given_flags:
            raise UserError(f"--{name} and --{other}: {why}. Leave out one of them.")
    own = kind_of(settings)
    for kind in KINDS:
        for name in {*kind.flags} - {*own.flags}:
            if name in given_flags:
                raise UserError(f"--{name} is only for {kind.described}.")
    if settings.fold and settings.folds and settings.fold > settings.folds:
        raise UserError(f"--fold {settings.fold}: there are only {settings.folds} --folds.")
    if settings.batch_size % settings.micro_batches:
        raise UserError(
            f"--micro_batches {settings.micro_batches}: a batch of {settings.batch_size} can't be divided into so many "
            f"equal parts.\n  Use a divisor of --batch_size, or --batch_size {_multiple(settings)}."
        )
    for name in NEEDS_VALIDATION:
        if getattr(settings, name) and not settings.validation and not settings.folds:
            raise UserError(f"--{name} needs validation data, and --validation 0 keeps none.")


def _multiple(settings: TrainingSettings) -> int:
    """The smallest batch size, of at least the one given, that the micro-batches divide."""
    return -(-settings.batch_size // settings.micro_batches) * settings.micro_batches


def _check_end(architecture: Architecture, loss: str) -> None:
    """Checks an architecture's last activation against the loss, as far as that goes without knowing the labels."""
    from kit.model.keras import architectures

    units, activation = architectures.output_of(architecture)
    if units:  # a single unit may be for two classes or for regression; what doesn't fit the first fits neither
        loss_head(loss, activation, units, ACTIVATIONS[activation], num_classes=max(units, 2))


def _check_indices(architecture: Architecture, settings: TrainingSettings) -> None:
    from kit.model.keras import architectures

    if settings.scale != "none" and architectures.takes_indices(architecture):
        raise UserError(
            f"--scale {settings.scale}: the network begins with an Embedding, which takes whole numbers as they are.\n"
            "  Leave out --scale."
        )


def _default_loss(architecture: Architecture | None) -> str:
    if architecture is None:
        return "softmax_cross_entropy"
    from kit.model.keras import architectures

    return loss_of_end(*architectures.output_of(architecture))


def loss_of_end(units: int | None, activation: str) -> str:
    """The loss that fits a network's end.

    Args:
      units: how many outputs; None if that isn't known, which counts as one.
      activation: the last one's name.
    """
    if activation == "linear" and (units or 1) > 1:
        return "softmax_cross_entropy"
    return LOSS_OF_ACTIVATION.get(activation, "mean_squared_error")
