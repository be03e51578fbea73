"""Which scores are undefined, in words. Undefined is not 0: such a score is left out of means, and that is said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kit.cli.console import listed
from kit.evaluation.scores import shown_as

MOST_NAMED = 3  # classes in a line
SUMS = "outputs that don't add up to 1"
OF_FOLDS = {  # why a fold has no such score
    "precision": "no predicted positives",
    "recall": "no positives",
    "f1": "no positives, true or predicted",
    "roc_auc": "labels of one class only",
    "average_precision": "labels of one class only",
    "log_loss": SUMS,
    "r2": "labels that are all equal",
}


def classes_left_out(
    labels: np.ndarray, probabilities: np.ndarray, predicted: np.ndarray | None = None
) -> dict[str, list[int]]:
    """The classes for which a score of kit.evaluation.scores.classification_scores is undefined.

    Args:
      labels: int64 [N].
      probabilities: float32 [N, classes].
      predicted: int64 [N], classes; None: those with the largest probability.
    Returns:
      {score: classes}; of two classes, precision, recall and F1 are those of class 1 alone.
    """
    count = probabilities.shape[1]
    predicted = probabilities.argmax(axis=1) if predicted is None else predicted
    has_labels, is_predicted = (np.bincount(classes, minlength=count) > 0 for classes in (labels, predicted))
    asked = np.arange(count) == 1 if count == 2 else np.full(count, True)
    missing = {
        "balanced_accuracy": ~has_labels,
        "precision": ~is_predicted & asked,
        "recall": ~has_labels & asked,
        "f1": ~has_labels & ~is_predicted & asked,
        "roc_auc": ~has_labels,
        "average_precision": ~has_labels,
    }
    return {name: np.flatnonzero(classes).tolist() for name, classes in missing.items()}


def of_evaluation(scores: dict, left_out: dict[str, list[int]], class_names: Sequence[str], unit: str) -> list[str]:
    """What is undefined in one evaluation.

    Args:
      scores: of it, None where undefined.
      left_out: classes_left_out of it; {} if the labels are values.
      class_names: one per class; () if the labels are values.
      unit: what the examples are, "images" or "rows".
    Returns:
      Lines of text; none if all scores are defined, for all classes.
    """
    reasons = {"precision": "never predicted", "f1": f"no {unit}, and never predicted"}
    groups: dict[tuple, tuple[list, list]] = {}  # {(why, classes): (undefined, means over the other classes)}
    for name, classes in left_out.items():
        if classes:
            undefined, means = groups.setdefault((reasons.get(name, f"no {unit}"), tuple(classes)), ([], []))
            (undefined if scores[name] is None else means).append(shown_as(name))
    lines, total = [], len(class_names)
    for (why, classes), (undefined, means) in groups.items():
        outcomes = [f"{', '.join(undefined)} undefined"] if undefined else []
        outcomes += [f"{', '.join(means)} over {total - len(classes)} of {total} classes"] if means else []
        lines.append(f"{listed([class_names[label] for label in classes], MOST_NAMED)}: {why}; {'; '.join(outcomes)}")
    if class_names and scores["log_loss"] is None:
        lines.append(f"{SUMS}: log loss undefined")
    if not class_names and scores["r2"] is None:
        lines.append(f"{OF_FOLDS['r2']}: R2 undefined")
    return lines


def of_folds(folds: Sequence[dict], left_out: Sequence[dict[str, list[int]]]) -> list[str]:
    """What is undefined in a cross-validation, as "2 of 5 folds have no positives: recall, ROC AUC over 3".

    Args:
      folds: the scores of each, None where undefined.
      left_out: classes_left_out of each.
    Returns:
      Lines of text; none if all scores are defined, for all classes.
    """
    total, lines = len(folds), []
    undefined: dict[tuple, list[str]] = {}  # {(why, numbers of folds): scores}
    partial: dict[tuple, list[str]] = {}
    for name in folds[0]:
        without = tuple(i for i, scores in enumerate(folds) if scores[name] is None)
        if without:
            no_positives = all(folds[i].get("recall", 0) is None for i in without)
            why = OF_FOLDS["recall" if name in ("roc_auc", "average_precision") and no_positives else name]
            undefined.setdefault((why, without), []).append(shown_as(name))
        some = tuple(i for i, scores in enumerate(folds) if scores[name] is not None and left_out[i].get(name))
        if some:
            why = {"precision": "that is never predicted", "f1": "without labels and predictions"}.get(name)
            partial.setdefault((why or "without labels", some), []).append(shown_as(name))
    for (why, without), names in undefined.items():
        outcome = f"over {total - len(without)}" if len(without) < total else "undefined"
        lines.append(f"{_folds(without, total)} {why}: {', '.join(names)} {outcome}")
    for (why, some), names in partial.items():
        lines.append(f"{_folds(some, total)} a class {why}: {', '.join(names)} there over the others")
    return lines


def _folds(numbers: Sequence[int], total: int) -> str:
    return f"{len(numbers)} of {total} folds {'has' if len(numbers) == 1 else 'have'}"
