"""The data that the settings of a run name: opened to train on it, or to evaluate on it."""

from __future__ import annotations

from kit.cli.errors import UserError
from kit.cli.settings import EvaluatingSettings, TrainingSettings
from kit.data.image_csv import check_is_no_list_of_images
from kit.data.image_data import ImageData, UnlabelledImages
from kit.data.interface import Data, Lesson
from kit.data.kinds import kind_of
from kit.data.parts import TRAINING, VALIDATION
from kit.data.tables import splits
from kit.data.tables.labels import LabelSource
from kit.data.tables.table_data import TableData
from kit.model.keras import architectures
from kit.model.losses import ALIASES, REGRESSION
from kit.runs.run_folder import Run

NOT_FOR_VALUES = ("sigmoid", "softmax", "tanh")  # what a network that gives classes ends in


def open_training_data(run: Run, lesson: Lesson) -> Data:
    """The data of a run, each line with its part.

    Args:
      run: whose architecture, if it has one, gets the shape of the data.
      lesson: dlho2018.py.
    Raises:
      UserError: a line or a setting is wrong, or a part is left without data.
    """
    settings = run.settings
    if kind_of(settings) is ImageData:
        data = ImageData.scan(settings.data, settings.validation, settings.skip_bad, lesson=lesson)
    else:
        data = _table(run, lesson)
    check_parts(data, [TRAINING, VALIDATION] if settings.validation else [TRAINING])
    check_batch_size(data, settings.batch_size)
    if run.architecture:
        run.architecture = architectures.with_input_shape(run.architecture, data.shape)
    return data


def open_evaluation_data(settings: EvaluatingSettings, run: Run, lesson: Lesson) -> Data:
    """What evaluating.py is to evaluate, as the VALIDATION part: the run's own, or all of other data.

    Args:
      settings: of evaluating.py.
      run: which was trained.
      lesson: dlho2018.py.
    Raises:
      UserError: a line or a flag is wrong, or there is nothing to evaluate.
    """
    spec = run.data_spec
    _check_flags(settings, run)
    if settings.images:
        return UnlabelledImages.of_files(settings.images, spec.class_names, lesson)
    if spec.is_of_images:
        own = (run.settings.data, run.settings.validation)
        path, share = own if settings.data is None else (settings.data, 1.0)
        skip_bad = settings.skip_bad or run.settings.skip_bad
        data = ImageData.scan(path, share, skip_bad, spec.class_names, lesson=lesson)
    elif settings.data is None:
        data = open_training_data(run, lesson)
    else:
        data = TableData.scan(
            settings.data,
            LabelSource(settings.labels, settings.label_column),
            header=run.settings.header,
            fill_missing=run.settings.fill_missing,
            split=splits.everything(),
            trained_on=spec,
            lesson=lesson,
        )
    check_parts(data, [VALIDATION])
    return data


def check_parts(data: Data, parts: list[int]) -> None:
    """Checks that each of some parts of the data, TRAINING and VALIDATION, holds an example.

    Raises:
      UserError: one is empty.
    """
    for part, name in ((TRAINING, "training"), (VALIDATION, "validation")):
        if part in parts and data.count(part) == 0:
            total = data.num_training + data.num_validation
            raise UserError(
                f"{data.path}: of its {total} {data.unit}, the split left none for {name}.\n"
                f"  Choose another --validation, or {data.more}."
            )


def check_batch_size(data: Data, batch_size: int) -> None:
    """Checks that there are enough examples for a batch.

    Raises:
      UserError: a batch is larger than the training data.
    """
    if batch_size > data.num_training:
        raise UserError(
            f"--batch_size {batch_size}: more than the {data.num_training} training {data.unit} of "
            f"{data.path}.\n  Use {data.num_training} or less, or get more {data.unit}."
        )


def _table(run: Run, lesson: Lesson) -> TableData:
    settings = run.settings
    check_is_no_list_of_images(settings.data)
    return TableData.scan(
        settings.data,
        LabelSource(settings.labels, settings.label_column),
        settings.columns,
        settings.without_columns,
        settings.header,
        settings.scale,
        settings.fill_missing,
        _split(settings),
        prefer_values=_gives_values(run),
        lesson=lesson,
    )


def _split(settings: TrainingSettings) -> splits.Split:
    if settings.folds and settings.fold:
        return splits.fold(settings.fold, settings.folds, settings.seed, settings.stratified)
    split = splits.stratified if settings.stratified else splits.simple
    return split(settings.validation, settings.seed)


def _gives_values(run: Run) -> bool:
    """Whether a run's network and loss suit a value for each row, where its label may be a class as well."""
    loss = run.settings.loss or ""
    if ALIASES.get(loss, loss) not in REGRESSION:
        return False
    if run.architecture is None:
        return True
    units, activation = architectures.output_of(run.architecture)
    return units == 1 and activation not in NOT_FOR_VALUES


def _check_flags(settings: EvaluatingSettings, run: Run) -> None:
    has_labels = settings.labels or settings.label_column
    if settings.images:
        if not run.data_spec.is_of_images:
            raise UserError(f"--images: run '{run.name}' was trained on a table. Name a table with --data.")
        return
    if settings.data is None and has_labels:
        raise UserError("--labels, --label_column: of use with --data alone; leave them out, or name the table.")
    if settings.data is None and not run.data_spec.num_validation:
        raise UserError(f"Run '{run.name}' kept no data for validation. Name data to evaluate: --data.")
    if has_labels and run.data_spec.is_of_images:
        raise UserError(f"--labels, --label_column: for a table, and run '{run.name}' was trained on images.")
    if settings.skip_bad and not run.data_spec.is_of_images:
        raise UserError(f"--skip_bad: for images, and run '{run.name}' was trained on a table.")
