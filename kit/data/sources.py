"""The data that the settings of a script mean: the images of a CSV, or the rows of a table."""

from kit.cli.errors import UserError
from kit.data import image_csv as records
from kit.data.tables import splits
from kit.data.tables import table as tables
from kit.model.keras import architectures
from kit.model.losses import ALIASES, REGRESSION
from kit.runs.run_folder import TableFacts

NOT_FOR_VALUES = ("sigmoid", "softmax", "tanh")  # what a network that gives classes ends in


def look_over_for_training(run):
    """The data of a run, each line with its part: kit.data.image_csv.Records or kit.data.tables.table.Table.

    Raises:
      UserError: a line or a setting is wrong, or a part is left without data.
    """
    settings = run.settings
    if settings.is_table:
        records.check_is_no_list_of_images(settings.data)
        data = tables.scan_table(
            settings.data,
            tables.LabelSource(settings.labels, settings.label_column),
            settings.columns,
            settings.without_columns,
            settings.header,
            settings.scale,
            settings.fill_missing,
            _split(settings),
            prefer_values=_gives_values(run),
        )
    else:
        data = records.look_over(settings.data, settings.validation, settings.skip_bad)
    check_parts(data, [records.TRAINING, records.VALIDATION] if settings.validation else [records.TRAINING])
    check_batch_size(data, settings.batch_size)
    if run.architecture:
        run.architecture = architectures.with_input_shape(run.architecture, data.input_shape)
    return data


def look_over_for_evaluation(settings, run):
    """What evaluating.py is to evaluate, as the VALIDATION part: the run's own, or all of other data.

    Args:
      settings: EvaluatingSettings.
      run: kit.runs.run_folder.Run.
    Returns:
      kit.data.image_csv.Records or kit.data.tables.table.Table.
    """
    has_labels = settings.labels or settings.label_column
    if settings.data is None and has_labels:
        raise UserError("--labels, --label_column: of use with --data alone; leave them out, or name the table.")
    if settings.data is None and not run.facts.num_validation:
        raise UserError(f"Run '{run.name}' kept no data for validation. Name data to evaluate: --data.")
    is_table = isinstance(run.facts, TableFacts)
    if has_labels and not is_table:
        raise UserError(f"--labels, --label_column: for a table, and run '{run.name}' was trained on images.")
    if settings.skip_bad and is_table:
        raise UserError(f"--skip_bad: for images, and run '{run.name}' was trained on a table.")
    if is_table and settings.data is None:
        data = look_over_for_training(run)
    elif is_table:
        data = tables.scan_table(
            settings.data,
            tables.LabelSource(settings.labels, settings.label_column),
            header=run.settings.header,
            fill_missing=run.settings.fill_missing,
            split=splits.everything(),
            trained_on=run.facts,
        )
    else:
        csv_path, share = (
            (run.settings.data, run.settings.validation) if settings.data is None else (settings.data, 1.0)
        )
        skip_bad = settings.skip_bad or run.settings.skip_bad
        data = records.look_over(csv_path, share, skip_bad, run.facts.class_names)
    check_parts(data, [records.VALIDATION])
    return data


def check_is_of_images(run):
    """Checks that a run was trained on images; a UserError tells a table's."""
    if isinstance(run.facts, TableFacts):
        raise UserError(f"--images: run '{run.name}' was trained on a table. Name a table with --data.")


def _split(settings):
    if settings.folds:
        return splits.fold(settings.fold, settings.folds, settings.seed, settings.stratified)
    split = splits.stratified if settings.stratified else splits.simple
    return split(settings.validation, settings.seed)


def _gives_values(run):
    """Whether a run's network and loss suit a value for each row, where its label may be a class as well."""
    if ALIASES.get(run.settings.loss, run.settings.loss) not in REGRESSION:
        return False
    if run.architecture is None:
        return True
    units, activation = architectures.output_of(run.architecture)
    return units == 1 and activation not in NOT_FOR_VALUES


def check_parts(data, parts):
    """Checks that each of some parts of the data, TRAINING and VALIDATION, holds an image, or a row.

    Raises:
      UserError: one is empty.
    """
    for part, name, count in (
        (records.TRAINING, "training", data.num_training),
        (records.VALIDATION, "validation", data.num_validation),
    ):
        if part in parts and count == 0:
            total = data.num_training + data.num_validation
            raise UserError(
                f"{data.csv_path}: of its {total} {data.unit}, the split left none for {name}.\n"
                f"  Choose another --validation, or {_more(data)}."
            )


def check_batch_size(data, batch_size):
    """Checks that there are enough images, or rows, for a batch.

    Raises:
      UserError: a batch is larger than the training data.
    """
    if batch_size > data.num_training:
        raise UserError(
            f"--batch_size {batch_size}: more than the {data.num_training} training {data.unit} of "
            f"{data.csv_path}.\n  Use {data.num_training} or less, or get more {data.unit}."
        )


def _more(data):
    return "get more rows" if data.is_table else "draw more images; it goes by image_name, so each needs its own"
