"""The table that the settings of a run name: with its labels, its columns, its split."""

from __future__ import annotations

import dataclasses
import os

from kit.cli.settings import EvaluatingSettings, TrainingSettings
from kit.data.data_spec import TableSpec
from kit.data.image_lines import check_is_no_list_of_images
from kit.data.interface import Lesson
from kit.data.tables import splits
from kit.data.tables.labels import LabelSource
from kit.data.tables.table import scan_table
from kit.data.tables.table_data import TableData
from kit.model.keras import architectures
from kit.model.losses import ALIASES, REGRESSION
from kit.runs.run_folder import Run

NOT_FOR_VALUES = ("sigmoid", "softmax", "tanh")  # last activations of networks that predict classes


def open_table(run: Run, lesson: Lesson) -> TableData:
    """Opens the table that a run learns from.

    Raises:
      UserError: a line or a setting is wrong.
    """
    settings = run.settings
    check_is_no_list_of_images(settings.data)
    return scan_table(
        settings.data,
        LabelSource(settings.labels, settings.label_column),
        settings.columns,
        settings.without_columns,
        settings.header,
        settings.decimal,
        settings.scale,
        settings.fill_missing,
        split_of(settings),
        prefer_values=gives_values(run),
        transpose=settings.transpose,
        tells=not run.is_resumed and is_new(settings),
        lesson=lesson,
    )


def open_other_table(settings: EvaluatingSettings, run: Run, lesson: Lesson) -> TableData:
    """Opens another table for the network of a run: all of its rows as the VALIDATION part.

    Args:
      settings: of evaluating.py: they name the table, and its labels if it has any.
      run: that was trained on a table.
      lesson: dlho2018.py.
    Raises:
      UserError: a line or a flag is wrong, or the columns aren't those of the training.
    """
    assert settings.data and isinstance(run.data_spec, TableSpec)
    return scan_table(
        settings.data,
        LabelSource(settings.labels, settings.label_column),
        header=settings.header or run.settings.header,
        decimal=settings.decimal or run.settings.decimal,
        fill_missing=run.settings.fill_missing,
        split=splits.everything(),
        transpose=run.settings.transpose if settings.transpose is None else settings.transpose == "yes",
        trained_on=run.data_spec,
        lesson=lesson,
    )


def is_new(settings: TrainingSettings) -> bool:
    """Whether this process opens a table with these settings for the first time: the folds of a table share them."""
    key = os.getcwd(), dataclasses.replace(settings, run=None, fold=None)
    is_new = key not in _OPENED
    _OPENED.add(key)
    return is_new


_OPENED: set[tuple[str, TrainingSettings]] = set()


def split_of(settings: TrainingSettings) -> splits.Split:
    """How the rows are split into training and validation."""
    if settings.folds and settings.fold:
        return splits.fold(settings.fold, settings.folds, settings.seed, settings.stratified)
    return splits.hold_out(settings.validation, settings.seed, settings.stratified)


def gives_values(run: Run) -> bool:
    """Whether a run's network and loss are for values: decides where the labels could be classes, too."""
    loss = run.settings.loss or ""
    if ALIASES.get(loss, loss) not in REGRESSION:
        return False
    if run.architecture is None:
        return True
    units, activation = architectures.output_of(run.architecture)
    return units == 1 and activation not in NOT_FOR_VALUES
