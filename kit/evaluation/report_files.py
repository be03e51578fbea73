"""The files that evaluating.py writes: scores, predictions, pictures."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.data.interface import Data, Predictions
from kit.data.parts import VALIDATION
from kit.evaluation import plots
from kit.evaluation.findings import Findings
from kit.evaluation.pictures import picture
from kit.evaluation.result import EvaluationResult
from kit.evaluation.scores import class_scores, defined, scores_of, shown_as, write_scores
from kit.system.files import cannot_write, make_folder, write_csv, write_json, write_whole

if TYPE_CHECKING:
    from kit.evaluation.report_page import About

REPORT, SCORES = "report.json", "scores.tabular"
PREDICTIONS = ("predictions.tabular", "predictions.csv")
FOR_TENSORBOARD = ("confusion_matrix.png", "roc.png", "precision_recall.png", "values.png", "mistakes.png")
MOST_CLASSES, CLASSES_SHOWN = 40, 20  # on the console: of more than 40 classes, 20 are shown
EVENT_FILES = "events.out.tfevents.*"  # of version 1.0: TensorBoard took the folder for a run of its own
OF_FINDINGS = ("importance.tabular", "importance.png", "explanations.tabular", "explanations.png")
EVERY_FILE = (REPORT, SCORES, *PREDICTIONS, *FOR_TENSORBOARD, "learning_curves.png", "report.html", *OF_FINDINGS)
NOTHING_FOUND = Findings()

File = bytes | Callable[[str], object]  # a content, or what writes it to a path


def write_all(
    folder: Path,
    source: dict,
    data: Data,
    result: EvaluationResult,
    epochs: Sequence,
    findings: Findings = NOTHING_FOUND,
    about: About | None = None,
) -> dict:
    """Writes all files of an evaluation; they replace those of the last one.

    All data:   report.json, report.html, scores.tabular, learning_curves.png
    of images:  predictions.csv, mistakes.png; of a table: predictions.tabular
    of classes: confusion_matrix.png, roc.png, precision_recall.png; of values: values.png

    Args:
      folder: made if it is missing.
      source: the report's first entries, which say what was evaluated: "data" and others.
      data: whose VALIDATION part was evaluated, in its order.
      result: of the evaluation.
      epochs: of kit.runs.history.Epoch; if it is empty, there are no learning curves.
      findings: what else was found out; its files are written, too.
      about: the run, for report.html; None for no such page.
    Returns:
      The content of report.json: null where a score is undefined, and "undefined", lines that say why.
    Raises:
      UserError: a prediction isn't a finite number, or a file can't be written; the last evaluation's files stay.
    """
    from kit.evaluation.undefined import classes_left_out, of_evaluation  # here: `--help` needs none

    _check_finite(data, result.probabilities)
    make_folder(folder)
    scores = scores_of(data, result)
    left_out: dict[str, list[int]] = {}
    report = {**source, "loss": defined(result.loss), data.unit: len(result.labels), **scores}
    if data.class_names:
        predicted = data.decide(result.probabilities)
        report |= class_scores(result.labels, result.probabilities, data.class_names, data.unit, predicted)
        left_out = classes_left_out(result.labels, result.probabilities, predicted)
    if undefined := of_evaluation(scores, left_out, data.class_names, data.unit):
        report["undefined"] = undefined
    report |= findings.report
    pictures = _pictures(data, result, epochs, report)
    predictions = data.predictions(result.probabilities, result.labels)
    pages = _pages(report, pictures | findings.files, about)
    files = {
        REPORT: partial(write_json, content=report),
        **pages,
        SCORES: partial(write_scores, rows=[{data.unit: len(result.labels), **scores}]),
        predictions.name: _written(predictions),
        **pictures,
        **findings.files,
    }
    write_together(folder, files, _of_evaluations(folder))
    return report


def write_predictions_only(
    folder: Path,
    source: dict,
    data: Data,
    probabilities: np.ndarray,
    findings: Findings = NOTHING_FOUND,
    about: About | None = None,
) -> None:
    """Writes the predictions and report.json for data without labels; they replace the last evaluation's files.

    Args:
      folder: made if it is missing.
      source: the report's first entries, which say what was predicted.
      data: whose VALIDATION part was predicted, in its order.
      probabilities: float32 [N, classes]; of values, [N, 1].
      findings, about: as in write_all.
    Raises:
      UserError: a prediction isn't a finite number, or a file can't be written.
    """
    _check_finite(data, probabilities)
    make_folder(folder)
    predictions = data.predictions(probabilities, labels=None)
    report = {**source, data.unit: len(probabilities), **findings.report}
    pages = _pages(report, findings.files, about)
    files = {
        REPORT: partial(write_json, content=report),
        **pages,
        predictions.name: _written(predictions),
        **findings.files,
    }
    write_together(folder, files, _of_evaluations(folder))


def say_scores(report: dict) -> None:
    """Prints a report: its scores and loss; of classes, a row per class."""
    unit = "rows" if "rows" in report else "images"
    loss = f"loss {_shown(report['loss'])} " if "loss" in report else ""
    on = f"{loss}on {console.counted(report[unit], unit)} of {report['data']}"
    if "rmse" in report:
        console.say(f"{_listed(report, 'r2', 'rmse', 'mae')}, {on}")
        _say_undefined(report)
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
    if len(classes) > MOST_CLASSES:
        classes = sorted(classes, key=lambda row: (row[unit] == 0, row["f1"] or 0.0))[:CLASSES_SHOWN]
        console.say(f"{CLASSES_SHOWN} of {len(report['classes']):,} classes, the lowest F1 first; all are in {REPORT}:")
    columns = ["name", "label", "precision", "recall", "f1", unit]
    console.say_table(["class", *columns[1:]], [[row[name] for name in columns] for row in classes])
    if any(row[name] is None for row in classes for name in columns):
        example = f"the precision of a class never predicted, the recall of one without {unit}"
        console.say(f"{console.NO_NUMBER}: undefined, as {example}")
    _say_undefined(report)


def pictures_summary(folder: Path) -> tf.Summary:
    """An evaluation's pictures for TensorBoard, with tags such as evaluation/roc. It draws the learning curves itself.

    Args:
      folder: as in write_all.
    """
    merged = tf.Summary()
    for path in (folder / name for name in FOR_TENSORBOARD):
        if path.exists():
            merged.MergeFrom(picture(f"evaluation/{path.stem}", path.read_bytes()))
    return merged


def _listed(report, *names):
    return ", ".join(f"{shown_as(name)} {_shown(report[name])}" for name in names)


def _say_undefined(report):
    for line in report.get("undefined", []):
        console.say(line)


def _shown(score):
    if score is None:
        return "undefined"
    return f"{score:.4f}" if abs(score) < 1000 else f"{score:.4e}"


def _check_finite(data, probabilities):
    """Checks that predictions are finite numbers; a UserError says how many aren't, and the first."""
    bad = np.flatnonzero(~np.isfinite(probabilities).all(axis=1))
    if len(bad):
        raise UserError(
            f"{data.source}: the network's outputs for {len(bad):,} of {len(probabilities):,} {data.unit} are "
            f"not finite, first for number {data.numbers(VALIDATION)[bad[0]]:,}.\n"
            "  The causes are values much larger than in training, or weights that grew too large: "
            "train with --scale standard, or with a lower --learning_rate."
        )


def _pages(report: dict, pictures: dict[str, bytes], about: About | None) -> dict[str, bytes]:
    """{report.html: its content}; {} if nothing is known about the run."""
    if about is None:
        return {}
    from kit.evaluation import report_page  # here: `--help` needs none

    return {report_page.NAME: report_page.page_of(report, pictures, about)}


def _pictures(data, result, epochs, report):
    """The pictures of an evaluation: {file name: PNG as bytes}."""
    matrix = report.get("confusion_matrix", ())
    pictures = plots.result_pictures(result.labels, result.probabilities, data.class_names, matrix)
    if data.has_images:
        pictures["mistakes.png"] = plots.mistakes_png(data, result)
    if epochs:
        pictures["learning_curves.png"] = plots.learning_curves_png(epochs, data.score_name)
    return pictures


# ----------------------------------------------------------------------------- files


def write_together(folder: Path, files: Mapping[str, File], outdated: Iterable[Path]) -> None:
    """Writes files, all or none, removes those that they replace, and prints their names.

    Args:
      folder: of the files; it exists.
      files: {name: the content, or what writes it to a path}.
      outdated: files of the last time; they stay if they are written again.
    Raises:
      UserError: a file can't be written or removed.
    """
    with contextlib.ExitStack() as stack:
        temporary = {name: stack.enter_context(write_whole(folder / name)) for name in files}
        try:
            for name, file in files.items():
                Path(temporary[name]).write_bytes(file) if isinstance(file, bytes) else file(temporary[name])
        except OSError as error:
            raise cannot_write(folder, error) from error
    for path in outdated:
        try:
            if path.name not in files:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(path, error) from error
    console.say(f"{folder}: {', '.join(files)}")


def _written(predictions: Predictions) -> File:
    return partial(write_csv, header=predictions.header, rows=predictions.lines, delimiter=predictions.delimiter)


def _of_evaluations(folder: Path) -> list[Path]:
    """The files that an evaluation may have left in a folder."""
    return [*(folder / name for name in EVERY_FILE), *folder.glob(EVENT_FILES)]
