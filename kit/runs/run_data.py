"""Opens the data that the flags name: to train on, or to evaluate."""

from __future__ import annotations

from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.settings import EvaluatingSettings
from kit.data.data_spec import ImageSpec, TableSpec
from kit.data.image_data import ImageData, UnlabelledImages
from kit.data.interface import Data, Lesson
from kit.data.kinds import kind_of
from kit.data.parts import SKIPPED, TRAINING, VALIDATION
from kit.data.sequences.sequence_data import SequenceData
from kit.data.shares import parsed_later
from kit.data.tables.table_data import TableData
from kit.runs.run_folder import Run

TEST_PART = "test"


def open_training_data(run: Run, lesson: Lesson) -> Data:
    """Opens a run's data, split into training and validation.

    Args:
      run: its architecture, if it has one, is given the data's shape.
      lesson: dlho2018.py.
    Returns:
      The data; with --micro_batches, its `parse` leaves the lines to the processes that share a batch.
    Raises:
      UserError: a line or a setting is wrong, or a part is empty.
    """
    data = _open_own_data(run, lesson)
    return parsed_later(data) if run.settings.micro_batches > 1 else data


def _open_own_data(run: Run, lesson: Lesson) -> Data:
    settings = run.settings
    if kind_of(settings) is ImageData:
        initial = None
        if settings.initial_weights:
            from kit.runs.initial_weights import initial_classes  # here: `--help` needs none

            initial = initial_classes(run)
        data = ImageData.scan(
            settings.data, settings.validation, settings.skip_bad, initial_classes=initial, lesson=lesson
        )
    elif kind_of(settings) is SequenceData:
        from kit.runs.sequences_of_run import open_sequence_data  # here: only sequences need it

        data = open_sequence_data(run, lesson)
    else:
        from kit.runs.table_of_run import open_table  # here: only tables need it

        data = open_table(run, lesson)
    parts = [TRAINING, VALIDATION] if settings.validation or run.inner else [TRAINING]
    check_parts(data, parts, has_share=True)
    check_batch_size(data, settings.batch_size)
    if run.architecture:
        from kit.model.keras import architectures  # here: only networks of Keras need it

        run.architecture = architectures.with_input_shape(run.architecture, data.network_shape)
    return data


def open_evaluation_data(settings: EvaluatingSettings, run: Run, lesson: Lesson) -> Data:
    """Opens the data to evaluate, as the VALIDATION part: the run's own, or all of what --data or --images name.

    Args:
      settings: of evaluating.py.
      run: that was trained.
      lesson: dlho2018.py.
    Raises:
      UserError: a line or a flag is wrong, or there is nothing to evaluate.
    """
    spec = run.data_spec
    _check_flags(settings, run)
    if settings.images and isinstance(spec, ImageSpec):
        return UnlabelledImages.of_files(settings.images, spec, lesson)
    if spec.is_of_images:
        own = (run.settings.data, run.settings.validation)
        path, share = own if settings.data is None else (settings.data, 1.0)
        skip_bad = settings.skip_bad or run.settings.skip_bad
        data = ImageData.scan(path, share, skip_bad, spec.class_names, lesson=lesson)
        if isinstance(spec, ImageSpec) and spec.has_words and not data.spec.has_words:
            classes = console.listed([f"{number} as {name}" for number, name in enumerate(spec.class_names)])
            console.warn(f"{path}: labels are numbers, and run '{run.name}' learnt words: {classes}")
    elif settings.data is None:
        data = _open_own_data(run, lesson)
        if settings.part == TEST_PART and isinstance(data, TableData):
            data = data.with_test_rows()
    elif isinstance(spec, TableSpec) and spec.alphabet:
        from kit.runs.sequences_of_run import open_other_sequences  # here: only sequences need it

        data = open_other_sequences(settings, run, lesson)
    else:
        from kit.runs.table_of_run import open_other_table  # here: only tables need it

        data = open_other_table(settings, run, lesson)
    check_parts(data, [VALIDATION])
    if settings.data is None and spec.digest not in ("", data.spec.digest):
        console.warn(
            f"{data.source}: not as it was when run '{run.name}' began; some of the {data.unit} that are evaluated may "
            "be among those that it learnt from"
        )
    return data


def check_parts(data: Data, parts: list[int], has_share: bool = False) -> None:
    """Checks that no part of the data is empty.

    Args:
      data: images or a table.
      parts: which to check: TRAINING, VALIDATION.
      has_share: whether the script has the flag --validation.
    Raises:
      UserError: one is empty.
    """
    for part, name in ((TRAINING, "training"), (VALIDATION, "validation")):
        if part in parts and data.count(part) == 0:
            way_out = f"choose another --validation, or {data.more}" if has_share else data.more
            total = len(data.split_of_line) - data.split_of_line.count(SKIPPED)
            raise UserError(
                f"{data.source}: of its {total} {data.unit}, the split left none for {name}.\n"
                f"  {way_out[:1].upper()}{way_out[1:]}."
            )


def check_batch_size(data: Data, batch_size: int) -> None:
    """Checks that a batch isn't larger than the training data; otherwise a UserError."""
    if batch_size > data.num_training:
        raise UserError(
            f"--batch_size {batch_size}: more than the {data.num_training} training {data.unit} of "
            f"{data.source}.\n  Use {data.num_training} or less, or get more {data.unit}."
        )


def _check_flags(settings: EvaluatingSettings, run: Run) -> None:
    has_images = run.data_spec.is_of_images
    for_tables = ("labels", "label_column", "transpose", "header", "decimal")
    table_flag = next((f"--{name}" for name in for_tables if getattr(settings, name)), None)
    if settings.images:
        if not has_images:
            raise UserError(f"--images: run '{run.name}' was trained on a table. Name a table with --data.")
        return
    if table_flag and has_images:
        raise UserError(f"{table_flag} is only for tables, but run '{run.name}' was trained on images.")
    if settings.skip_bad and not has_images:
        raise UserError(f"--skip_bad is only for images, but run '{run.name}' was trained on a table.")
    if table_flag and settings.data is None:
        raise UserError(f"{table_flag} needs --data.")
    if settings.part == TEST_PART:
        if settings.data is not None:
            raise UserError("--part test and --data: all of the other data is evaluated. Leave out one of them.")
        if not run.settings.test:
            raise UserError(
                f"--part test: run '{run.name}' kept no rows for a test.\n  Train one that does: training.py --test 0.2"
            )
        return
    if settings.data is None and not run.data_spec.num_validation:
        raise UserError(f"Run '{run.name}' has no validation data. Name data to evaluate: --data.")
