"""What evaluating.py writes of a run: scores, predictions, pictures."""

import contextlib
import csv
from pathlib import Path

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.data.image_csv import SKIPPED, VALIDATION, records_of
from kit.data.tables.table import names_of_rows
from kit.evaluation import plots
from kit.evaluation.plots import confusion_matrix_png
from kit.evaluation.scores import class_scores, scores_of, write_scores
from kit.runs.tensorboard import picture
from kit.system.files import cannot_write, make_folder, write_json, write_whole

REPORT, SCORES = "report.json", "scores.tabular"
PREDICTIONS, IMAGE_PREDICTIONS = "predictions.tabular", "predictions.csv"
FOR_TENSORBOARD = ("confusion_matrix.png", "roc.png", "precision_recall.png", "values.png", "learning_curves.png")
SAID = {"f1": "F1", "roc_auc": "ROC AUC", "rmse": "RMSE", "mae": "MAE", "r2": "R2"}  # others by their name
MOST_SAID, CLASSES_SAID = 40, 20  # classes on the console: of more than so many, so many
EVENT_FILES = "events.out.tfevents.*"  # TensorBoard's, with the pictures
EVERY_FILE = (REPORT, SCORES, PREDICTIONS, IMAGE_PREDICTIONS, *FOR_TENSORBOARD, "mistakes.png")


def write_all(folder, source, records, outcome, epochs):
    """Writes report.json, scores.tabular, the predictions and the pictures, in place of the last evaluation's.

    Of images: predictions.csv and mistakes.png; of a table: predictions.tabular. Of classes: confusion_matrix.png,
    roc.png and precision_recall.png; of values: values.png. And learning_curves.png, of the training.

    Args:
      folder: Path, made if need be.
      source: a dict of what was evaluated, the report's first entries; `data` is one.
      records: kit.data.image_csv.Records or kit.data.tables.table.Table, whose VALIDATION part was evaluated, in order.
      outcome: dlho2018.Outcome.
      epochs: of kit.runs.history.Epoch; without one there are no learning curves.
    Returns:
      The report, as it was written to report.json.
    Raises:
      UserError: a prediction is no finite number, or a file can't be written; then the last evaluation's stay.
    """
    _check_finite(records, outcome.probabilities)
    make_folder(folder)
    scores = scores_of(records, outcome)
    report = {**source, "loss": outcome.loss, records.unit: len(outcome.labels), **scores}
    if not records.is_regression:
        report |= class_scores(outcome.labels, outcome.probabilities, records.class_names, records.unit)
    pictures = _pictures(records, outcome, epochs, report)
    predictions = PREDICTIONS if records.is_table else IMAGE_PREDICTIONS
    names = [REPORT, SCORES, predictions, *pictures]
    with _write_together(folder, names) as partial:
        write_json(partial[REPORT], report)
        write_scores(partial[SCORES], [{records.unit: len(outcome.labels), **scores}])
        if records.is_table:
            _write_table_predictions(partial[predictions], records, outcome.probabilities, outcome.labels)
        else:
            _write_image_predictions(partial[predictions], records, outcome)
        for name, png in pictures.items():
            Path(partial[name]).write_bytes(png)
    _tidy(folder, names)
    return report


def write_predictions_only(folder, source, records, probabilities):
    """Writes predictions.tabular and report.json of a table without labels, in place of the last evaluation.

    Args:
      folder: Path, made if need be.
      source: a dict of what was predicted, the report's first entries.
      records: kit.data.tables.table.Table, whose VALIDATION part was predicted, in its order.
      probabilities: float32 [N, classes]; of values, [N, 1].
    Raises:
      UserError: a prediction is no finite number, or a file can't be written.
    """
    _check_finite(records, probabilities)
    make_folder(folder)
    names = [REPORT, PREDICTIONS]
    with _write_together(folder, names) as partial:
        write_json(partial[REPORT], {**source, records.unit: len(probabilities)})
        _write_table_predictions(partial[PREDICTIONS], records, probabilities, labels=None)
    _tidy(folder, names)


def say_scores(report):
    """Prints a report: its scores and loss; of classes, a line for each."""
    unit = "rows" if "rows" in report else "images"
    on = f"loss {_said(report['loss'])} on {report[unit]:,} {unit} of {report['data']}"
    if "rmse" in report:
        console.say(f"{_listed(report, 'r2', 'rmse', 'mae')}, {on}")
        return
    console.say(f"accuracy {report['accuracy']:.4f}, {on}")
    names = [row["name"] for row in report["classes"]]
    if unit == "rows":
        console.say(_listed(report, "balanced_accuracy", "log_loss"))
        if len(names) == 2:
            console.say(f"positive class {names[1]}: {_listed(report, 'roc_auc', 'average_precision')}")
        else:
            means = _listed(report, "precision", "recall", "f1", "roc_auc", "average_precision")
            console.say(f"means over the classes: {means}")
    classes = report["classes"]
    if len(classes) > MOST_SAID:
        classes = sorted(classes, key=lambda row: (row[unit] == 0, row["f1"]))[:CLASSES_SAID]
        console.say(f"{CLASSES_SAID} of {len(report['classes']):,} classes, the lowest F1 first; all are in {REPORT}:")
    columns = ["name", "label", "precision", "recall", "f1", unit]
    console.say_table(["class", *columns[1:]], [[row[name] for name in columns] for row in classes])


def pictures_summary(folder):
    """The pictures of an evaluation for TensorBoard: a tf.Summary with tags such as pictures/roc.

    Args:
      folder: Path, as it was given to write_all.
    """
    merged = tf.Summary()
    for path in (folder / name for name in FOR_TENSORBOARD):
        if path.exists():
            merged.MergeFrom(picture(path.stem, path.read_bytes()))
    return merged


def _listed(report, *names):
    return ", ".join(f"{SAID.get(name, name.replace('_', ' '))} {_said(report[name])}" for name in names)


def _said(score):
    if score is None:
        return "none"
    return f"{score:.4f}" if abs(score) < 1000 else f"{score:.4e}"


def _numbers(records):
    """Which of the images or rows of a file were evaluated: int64 [N], from 1."""
    parts = np.frombuffer(records.parts, np.uint8)
    return np.flatnonzero(parts[parts != SKIPPED] == VALIDATION) + 1


def _check_finite(records, probabilities):
    """Checks that predictions are numbers; a UserError tells of those that aren't."""
    bad = np.flatnonzero(~np.isfinite(probabilities).all(axis=1))
    if len(bad):
        raise UserError(
            f"{records.csv_path}: the network's outputs for {len(bad):,} of {len(probabilities):,} {records.unit} are "
            f"no finite numbers, first for number {_numbers(records)[bad[0]]:,}.\n"
            "  Values much larger than in training do that, and weights that grew too large: "
            "train with --scale standard, or with a lower --learning_rate."
        )


def _pictures(records, outcome, epochs, report):
    """{file's name: its PNG, bytes}."""
    labels, probabilities, class_names = outcome.labels, outcome.probabilities, records.class_names
    if records.is_regression:
        pictures = {"values.png": plots.values_png(labels, probabilities[:, 0])}
    else:
        pictures = {
            "confusion_matrix.png": confusion_matrix_png(report["confusion_matrix"], class_names),
            "roc.png": plots.roc_png(labels, probabilities, class_names),
            "precision_recall.png": plots.precision_recall_png(labels, probabilities, class_names),
        }
    if not records.is_table:
        pictures["mistakes.png"] = plots.mistakes_png(records, outcome)
    if epochs:
        pictures["learning_curves.png"] = plots.learning_curves_png(epochs, records.score_name)
    return pictures


# ----------------------------------------------------------------------------- predictions


def _write_image_predictions(path, records, outcome):
    """Writes predictions.csv: image_name, label, predicted, and a probability for each class."""
    columns = [f"probability_{label}" for label in range(outcome.probabilities.shape[1])]
    names = (name for _, name, _, _ in records_of(records, VALIDATION))
    rows = zip(names, outcome.labels, outcome.probabilities.argmax(axis=1), outcome.probabilities, strict=True)
    lines = ([name, label, predicted, *map(_chance, chances)] for name, label, predicted, chances in rows)
    _write_lines(path, ["image_name", "label", "predicted", *columns], lines, ",")


def _write_table_predictions(path, records, probabilities, labels):
    """Writes predictions.tabular: row, its name, label, predicted, a probability for each class; all in words.

    Args:
      path: the file.
      records: kit.data.tables.table.Table.
      probabilities: float32 [N, classes]; of values, [N, 1].
      labels: [N], or None: no such column.
    """
    class_names = records.class_names
    if class_names:
        predicted = (class_names[label] for label in probabilities.argmax(axis=1))
        true = None if labels is None else (class_names[label] for label in labels)
    else:
        predicted = map(_value, probabilities[:, 0])
        true = None if labels is None else map(_value, labels)
    names = None if records.name_field is None else names_of_rows(records, VALIDATION)
    columns = {"row": _numbers(records), "name": names, "label": true, "predicted": predicted}
    columns = {name: values for name, values in columns.items() if values is not None}
    header = [*columns, *(f"probability_{name}" for name in class_names)]
    chances = (map(_chance, each[: len(class_names)]) for each in probabilities)
    lines = ([*first, *last] for *first, last in zip(*columns.values(), chances, strict=True))
    _write_lines(path, header, lines, "\t")


def _chance(probability):
    return f"{probability:.6f}"


def _value(value):
    """A float32 in as few digits as tell it from all others."""
    return f"{float(str(value)):.9g}"


def _write_lines(path, header, lines, delimiter):
    """Writes a table, line by line; a field with the delimiter in it is put between quotes."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


# ----------------------------------------------------------------------------- files


@contextlib.contextmanager
def _write_together(folder, names):
    """Yields {name: the path of a file beside it}; all are renamed once the block has ended well, or none."""
    with contextlib.ExitStack() as stack:
        partial = {name: stack.enter_context(write_whole(folder / name)) for name in names}
        try:
            yield partial
        except OSError as error:
            raise cannot_write(folder, error) from error


def _tidy(folder, written):
    """Removes what the last evaluation wrote and this one did not, and says what there is now."""
    outdated = [folder / name for name in EVERY_FILE if name not in written]
    for path in [*outdated, *folder.glob(EVENT_FILES)]:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(path, error) from error
    console.say(f"{folder}: {', '.join(written)}")
