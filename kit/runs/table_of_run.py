"""The table that the settings of a run name: with its labels, its columns, its split."""

from __future__ import annotations

import os

from kit.cli.settings import EvaluatingSettings
from kit.data.data_spec import TableSpec
from kit.data.image_lines import check_is_no_list_of_images
from kit.data.interface import Lesson
from kit.data.parts import TRAINING
from kit.data.tables import splits
from kit.data.tables.advice import for_evaluating
from kit.data.tables.labels import LabelSource
from kit.data.tables.table import scan_table
from kit.data.tables.table_data import TableData
from kit.model.keras import architectures
from kit.model.losses import ALIASES, REGRESSION
from kit.runs.run_folder import Run

OF_TABLE = (  # settings by which a table is read
    *("data", "labels", "label_column", "columns", "without_columns", "header", "decimal", "scale", "fill_missing"),
    *("transpose", "encoding", "group_column", "positive_class", "loss"),
)
NOT_FOR_VALUES = ("sigmoid", "softmax", "tanh")  # last activations of networks that predict classes


def open_table(run: Run, lesson: Lesson) -> TableData:
    """Opens the table that a run learns from.

    Raises:
      UserError: a line or a setting is wrong.
    """
    settings = run.settings
    check_is_no_list_of_images(settings.data)
    data = scan_table(
        settings.data,
        LabelSource(settings.labels, settings.label_column, settings.positive_class),
        settings.columns,
        settings.without_columns,
        settings.header,
        settings.decimal,
        settings.scale,
        settings.fill_missing,
        split_of(run),
        settings.group_column,
        prefer_values=gives_values(run),
        transpose=settings.transpose,
        tells=is_new(run),
        lesson=lesson,
    )
    weigh_classes(run, data)
    return data


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
        advice=for_evaluating(run.is_finished_model, run.settings.fill_missing),
        lesson=lesson,
    )


def is_new(run: Run) -> bool:
    """Whether this process opens a new run's table for the first time: folds share it, tries of a search are silent."""
    if run.is_resumed or run.inner:
        return False
    key = os.getcwd(), *(getattr(run.settings, name) for name in OF_TABLE)
    is_first = key not in _OPENED
    _OPENED.add(key)
    return is_first


def weigh_classes(run: Run, data: TableData) -> None:
    """Gives a run its class weights, if --class_weights asks for them."""
    if run.settings.class_weights:
        from kit.model.class_weights import class_weights  # here: `--help` needs none

        labels, tells = data.labels_of(TRAINING), not run.is_resumed and not run.inner
        run.class_weights = class_weights(run.settings.class_weights, labels, data.class_names, tells)


_OPENED: set[tuple] = set()


def split_of(run: Run) -> splits.Split:
    """How the rows are split into training, validation and test rows."""
    settings = run.settings
    if settings.folds and settings.fold:
        split = splits.fold(settings.fold, settings.folds, settings.seed, settings.stratified)
    else:
        split = splits.hold_out(settings.validation, settings.seed, settings.stratified, test=settings.test or 0)
    if settings.test:
        split = splits.with_test(split, settings.test, settings.stratified)
    if settings.training_share:
        split = splits.with_share(split, settings.training_share, settings.seed)
    return splits.within(split, splits.fold(*run.inner, settings.seed, settings.stratified)) if run.inner else split


def gives_values(run: Run) -> bool:
    """Whether a run's network and loss are for values: decides where the labels could be classes, too."""
    loss = run.settings.loss or ""
    if ALIASES.get(loss, loss) not in REGRESSION:
        return False
    if run.architecture is None:
        return True
    units, activation = architectures.output_of(run.architecture)
    return units == 1 and activation not in NOT_FOR_VALUES
