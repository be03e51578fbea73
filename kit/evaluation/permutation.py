"""Permutation importance: how much worse a network predicts when a column's values are shuffled among the rows.

Breiman, Random Forests, 2001, https://doi.org/10.1023/A:1010933404324. The same numbers as those of scikit-learn's
permutation_importance, from the same seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from kit.evaluation.intervals import CONFIDENCE
from kit.evaluation.shuffled_columns import ShuffledColumns

Score = Callable[[np.ndarray], np.ndarray]  # float32 [C, N, K], predictions -> float64 [C]; more is better


class Importance(NamedTuple):
    """The importance of each column: how much its shuffling lowers the score."""

    mean: np.ndarray  # float64 [columns], over the shuffles
    low: np.ndarray  # float64 [columns]; the mean's confidence interval begins here
    high: np.ndarray  # float64 [columns]; and ends here


def orders(num_rows: int, repeats: int, seed: int) -> list[np.ndarray]:
    """The orders in which scikit-learn shuffles each column: `repeats` arrays of int64 [num_rows].

    It draws them anew for each column, from the same seed; so they are the same for all. Each shuffle is of the column
    as the last one left it.
    """
    random = np.random.RandomState(np.random.RandomState(seed).randint(np.iinfo(np.int32).max + 1))
    shuffled, order, found = np.arange(num_rows), np.arange(num_rows), []
    for _ in range(repeats):
        random.shuffle(shuffled)
        order = order[shuffled]
        found.append(order)
    return found


def permutation_importance(
    columns: ShuffledColumns,
    num_columns: int,
    scores: Mapping[str, Score],
    orders: list[np.ndarray],
    advance: Callable[[int], object] = lambda count: None,
) -> dict[str, Importance]:
    """Shuffles each column in each order, and compares the scores with those of the rows as they are.

    Args:
      columns: of the table, to shuffle.
      num_columns: how many there are.
      scores: {name: function}.
      orders: two or more; see the function `orders`.
      advance: called with the number of columns that have been done.
    Returns:
      {name of the score: Importance}.
    """
    baseline = {name: score(columns.unshuffled()[np.newaxis])[0] for name, score in scores.items()}
    lost = {name: np.empty([len(orders), num_columns]) for name in scores}
    for first in range(0, num_columns, columns.at_once):
        last = min(first + columns.at_once, num_columns)
        for repeat, order in enumerate(orders):
            found = columns.predictions(first, last, order)
            for name, score in scores.items():
                lost[name][repeat, first:last] = baseline[name] - score(found)
        advance(last - first)
    return {name: _with_interval(values) for name, values in lost.items()}


def _with_interval(lost: np.ndarray) -> Importance:
    """Importance from the score that each shuffle lost, float64 [repeats, columns]: Student's interval of the mean."""
    from scipy.special import stdtrit

    repeats, mean = len(lost), lost.mean(axis=0)
    reach = stdtrit(repeats - 1, (1 + CONFIDENCE) / 2) * lost.std(axis=0, ddof=1) / np.sqrt(repeats)
    return Importance(mean, mean - reach, mean + reach)


# ----------------------------------------------------------------------------- scores of many predictions at once


def log_loss(labels: np.ndarray) -> Score:
    """Less the log loss, scikit-learn's "neg_log_loss", with labels int64 [N]."""

    def score(probabilities: np.ndarray) -> np.ndarray:
        least = np.finfo(probabilities.dtype).eps
        of_label = np.take_along_axis(probabilities, labels[np.newaxis, :, np.newaxis], axis=2)[:, :, 0]  # [C, N]
        return np.log(of_label.clip(least, 1 - least), dtype=np.float64).mean(axis=1)

    return score


def accuracy(labels: np.ndarray) -> Score:
    """The share of rows whose most probable class is their label, int64 [N]."""
    return lambda probabilities: (probabilities.argmax(axis=2) == labels).mean(axis=1)


def r2(labels: np.ndarray) -> Score:
    """The share of the variance of the labels, float32 [N], that is explained. They must differ."""
    labels = labels.astype(np.float64)

    def score(values: np.ndarray) -> np.ndarray:
        return 1 - np.square(values[:, :, 0] - labels).mean(axis=1) / labels.var()

    return score
