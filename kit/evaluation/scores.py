"""Scores: how well predictions agree with labels, by scikit-learn; and scores.tabular, the file of scores.

As a command, it scores two files: see kit.evaluation.two_files.
"""

from __future__ import annotations

import csv
import math
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kit.cli.errors import UserError
from kit.data.interface import Data
from kit.evaluation.result import EvaluationResult
from kit.system.files import write_csv

SHOWN_AS = {"f1": "F1", "roc_auc": "ROC AUC", "rmse": "RMSE", "mae": "MAE", "r2": "R2"}  # other scores: their names
TOLERANCE = 1e-3  # by which the sum of a distribution's probabilities may differ from 1


def scores_of(data: Data, result: EvaluationResult) -> dict:
    """The scores of a result: classification_scores, or regression_scores if the data's labels are values."""
    if data.class_names:
        return classification_scores(result.labels, result.probabilities, data.decide(result.probabilities))
    return regression_scores(result.labels, result.probabilities[:, 0])


def classification_scores(labels: np.ndarray, probabilities: np.ndarray, predicted: np.ndarray | None = None) -> dict:
    """The scores of a classifier, by scikit-learn.

    Of two classes, precision, recall, F1, ROC AUC and average precision are those of class 1, the positive one. Of
    more, each is the mean over the classes, every class against all others; a class for which it is undefined is left
    out, as scikit-learn does with zero_division=nan. Balanced accuracy is the mean of the recalls, likewise.

    Args:
      labels: int64 [N].
      probabilities: float32 [N, classes].
      predicted: int64 [N], classes; None: those with the largest probability.
    Returns:
      A dict of float: accuracy, balanced_accuracy, precision, recall, f1, roc_auc, average_precision, log_loss.
      A score that is undefined is None: precision, if the class is never predicted; recall, if no label is of it; F1,
      if neither; ROC AUC and average precision, if no label, or every label, is of it; log loss, if probabilities
      don't sum to 1 (one sigmoid output per class). kit.evaluation.undefined puts this into words.
    """
    from sklearn import metrics

    num_classes = probabilities.shape[1]
    predicted = probabilities.argmax(axis=1) if predicted is None else predicted
    average = "binary" if num_classes == 2 else "macro"
    counted = {"average": average, "zero_division": np.nan}
    is_distribution = np.allclose(probabilities.sum(axis=1), 1, rtol=0, atol=TOLERANCE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about scores that are undefined: they become None
        scores = {
            "accuracy": metrics.accuracy_score(labels, predicted),
            "balanced_accuracy": metrics.balanced_accuracy_score(labels, predicted),
            "precision": metrics.precision_score(labels, predicted, **counted),
            "recall": metrics.recall_score(labels, predicted, **counted),
            "f1": metrics.f1_score(labels, predicted, **counted),
            "roc_auc": _ranking_score(metrics.roc_auc_score, labels, probabilities),
            "average_precision": _ranking_score(metrics.average_precision_score, labels, probabilities),
            "log_loss": metrics.log_loss(labels, probabilities, labels=range(num_classes)) if is_distribution else None,
        }
    return {name: defined(score) for name, score in scores.items()}


def _ranking_score(score, labels, probabilities):
    """A score of a ranking: of class 1 of two classes; of more, the mean over the classes for which it is defined."""
    num_classes = probabilities.shape[1]
    of_class = {label: labels == label for label in ([1] if num_classes == 2 else range(num_classes))}
    found = [score(is_it, probabilities[:, label]) for label, is_it in of_class.items() if 0 < is_it.sum() < len(is_it)]
    return np.mean(found) if found else None


def regression_scores(labels: np.ndarray, values: np.ndarray) -> dict:
    """The scores of predicted values, by scikit-learn.

    Args:
      labels: float32 [N].
      values: float32 [N], the predictions.
    Returns:
      A dict of float: rmse, the root of the mean squared error; mae, the mean absolute error; r2, the share of the
      labels' variance that the predictions explain, None if all labels are equal.
    """
    from sklearn import metrics

    labels, values = np.asarray(labels, np.float64), np.asarray(values, np.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a single row
        scores = {
            "rmse": metrics.root_mean_squared_error(labels, values),
            "mae": metrics.mean_absolute_error(labels, values),
            "r2": metrics.r2_score(labels, values, force_finite=False),
        }
    return {name: defined(score) for name, score in scores.items()}


def class_scores(
    labels: np.ndarray,
    probabilities: np.ndarray,
    class_names: Sequence[str],
    unit: str = "images",
    predicted: np.ndarray | None = None,
) -> dict:
    """Precision, recall and F1 of each class, and the confusion matrix.

    Args:
      labels: int64 [N].
      probabilities: float32 [N, classes].
      class_names: one per class.
      unit: what the examples are, "images" or "rows".
      predicted: as in classification_scores.
    Returns:
      A dict that json can write: classes, a list of dicts (label, name, precision, recall, f1; and, under the unit's
      name, how many examples there are; what is undefined is None, as in classification_scores); confusion_matrix,
      whose rows are true labels, columns predictions.
    """
    from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

    predicted = probabilities.argmax(axis=1) if predicted is None else predicted
    numbers = np.arange(len(class_names))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about many classes in few rows
        by_class = zip(*precision_recall_fscore_support(labels, predicted, labels=numbers, zero_division=np.nan))
        matrix = confusion_matrix(labels, predicted, labels=numbers).tolist()
    return {
        "classes": [
            {
                "label": number,
                "name": name,
                "precision": defined(precision),
                "recall": defined(recall),
                "f1": defined(f1),
                unit: int(count),
            }
            for number, (name, (precision, recall, f1, count)) in enumerate(zip(class_names, by_class))
        ],
        "confusion_matrix": matrix,
    }


def shown_as(name: str) -> str:
    """What a score is called on the screen."""
    return SHOWN_AS.get(name, name.replace("_", " "))


def defined(score: float | None) -> float | None:
    """A score as a float; None if it is NaN or infinite."""
    return float(score) if score is not None and math.isfinite(score) else None


# ----------------------------------------------------------------------------- scores.tabular


def write_scores(path: str | Path, rows: list[dict]) -> None:
    """Writes scores as a table with tabs.

    Args:
      path: of the file.
      rows: dicts with the same keys. The first names the row, such as {"fold": 1}. Floats are written with six
        significant digits, None as an empty field.
    Raises:
      UserError: the file can't be written.
    """
    names = list(rows[0])
    write_csv(path, names, ([_written(row[name]) for name in names] for row in rows), "\t")


def read_scores(path: str | Path) -> list[dict]:
    """Reads what write_scores wrote.

    Returns:
      A list of dicts: the first column as str, the others as float, an empty field as None.
    Raises:
      UserError: the file can't be read, or isn't such a table.
    """
    try:
        with open(path, newline="", encoding="utf-8") as file:
            lines = list(csv.reader(file, delimiter="\t", strict=True))
        if len(lines) < 2:
            raise ValueError("there are no scores")
        (first, *others), *lines = lines
        return [
            {first: text, **{name: _read(text) for name, text in zip(others, texts, strict=True)}}
            for text, *texts in lines
        ]
    except (OSError, ValueError, csv.Error) as error:
        raise UserError(
            f"{path}: cannot read these scores: {error}.\n"
            "  Expected a header and lines of numbers, separated by tabs. Train the run again."
        ) from error


def _written(value):
    return f"{value:.6g}" if isinstance(value, float) else value


def _read(text):
    return float(text) if text else None


if __name__ == "__main__":
    from kit.cli.errors import run_script
    from kit.evaluation.two_files import main

    run_script(main)
