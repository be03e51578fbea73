"""The decision threshold of a classifier of two classes: from which probability on it says the positive class."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

CHOOSE_BY = ("accuracy", "balanced_accuracy", "f1")  # scores that a threshold may be chosen by
DEFAULT = 0.5  # the larger probability wins


def best_threshold(labels: np.ndarray, chances: np.ndarray, score: str) -> tuple[float, float]:
    """The threshold with the highest score; of several, the one nearest to 0.5.

    Args:
      labels: int64 [N], 0 or 1.
      chances: float32 [N], the probability of class 1.
      score: one of CHOOSE_BY.
    Returns:
      (threshold, its score). It lies half-way between two probabilities that occur, so that small changes of either
      don't matter.
    """
    ordered = np.unique(np.append(np.asarray(chances, np.float64), [0.0, 1.0]))
    candidates = np.unique(np.append((ordered[1:] + ordered[:-1]) / 2, DEFAULT))
    positives, negatives = (np.sort(chances[labels == label].astype(np.float64)) for label in (1, 0))
    found = len(positives) - np.searchsorted(positives, candidates)  # true positives at each candidate
    wrong = len(negatives) - np.searchsorted(negatives, candidates)  # false positives
    scores = FORMULAS[score](found, wrong, len(positives), len(negatives))
    best = np.flatnonzero(np.isclose(scores, scores.max(), rtol=0, atol=1e-12))
    chosen = best[np.abs(candidates[best] - DEFAULT).argmin()]
    return float(candidates[chosen]), float(scores[chosen])


FORMULAS: dict[str, Callable] = {  # (true positives, false positives, positives, negatives) -> score
    "accuracy": lambda found, wrong, positives, negatives: (found + negatives - wrong) / (positives + negatives),
    "balanced_accuracy": lambda found, wrong, positives, negatives: (found / positives + 1 - wrong / negatives) / 2,
    "f1": lambda found, wrong, positives, negatives: 2 * found / (found + wrong + positives),
}
