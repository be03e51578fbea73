"""The data that the settings of a script mean: the images of a CSV, or the rows of a table."""

from kit import records
from kit.errors import UserError
from kit.keras import architectures
from kit.losses import REGRESSION
from kit.runs import TableFacts
from kit.tables import splits
from kit.tables import table as tables

NOT_FOR_VALUES = ("sigmoid", "softmax", "tanh")  # what a network that gives classes ends in
OF_TABLES = ("columns", "without_columns", "fill_missing", "stratified", "folds")  # settings of no use with images


def look_over_for_training(run):
    """The data of a run, each line with its part: kit.records.Records or kit.tables.table.Table.

    Raises:
      UserError: a line or a setting is wrong, or a part is left without data.
    """
    settings = run.settings
    if settings.is_table:
        data = tables.look_over(
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
        for name in OF_TABLES:
            if getattr(settings, name):
                raise UserError(f"--{name}: for a table, whose labels are named with --labels or --label_column.")
        data = records.look_over(settings.data, settings.validation, settings.skip_bad)
    records.check_parts(data, [records.TRAINING, records.VALIDATION] if settings.validation else [records.TRAINING])
    records.check_batch_size(data, settings.batch_size)
    if run.architecture:
        run.architecture = architectures.with_input_shape(run.architecture, data.input_shape)
    return data


def look_over_for_evaluation(settings, run):
    """What evaluating.py is to evaluate, as the VALIDATION part: the run's own, or all of other data.

    Args:
      settings: EvaluatingSettings.
      run: kit.runs.Run.
    Returns:
      kit.records.Records or kit.tables.table.Table.
    """
    if settings.data is None:
        if settings.labels or settings.label_column:
            raise UserError("--labels, --label_column: of use with --data alone; leave them out, or name the table.")
        data = look_over_for_training(run)
    elif isinstance(run.facts, TableFacts):
        data = tables.look_over(
            settings.data,
            tables.LabelSource(settings.labels, settings.label_column),
            header=run.settings.header,
            fill_missing=run.settings.fill_missing,
            split=splits.everything(),
            trained_on=run.facts,
        )
    else:
        skip_bad = settings.skip_bad or run.settings.skip_bad
        data = records.look_over(settings.data, 1.0, skip_bad, run.facts.class_names)
    records.check_parts(data, [records.VALIDATION])
    return data


def _split(settings):
    if settings.folds:
        return splits.fold(settings.fold, settings.folds, settings.seed, settings.stratified)
    split = splits.stratified if settings.stratified else splits.simple
    return split(settings.validation, settings.seed)


def _gives_values(run):
    """Whether a run's network and loss suit a value for each row, where its label may be a class as well."""
    if run.settings.loss not in REGRESSION or run.architecture is None:
        return False
    units, activation = architectures.output_of(run.architecture)
    return units == 1 and activation not in NOT_FOR_VALUES
