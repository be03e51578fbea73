"""Decision thresholds, held against trying every threshold with scikit-learn's scores."""

import numpy as np
import pytest
from sklearn import metrics

from kit.evaluation.thresholds import CHOOSE_BY, best_threshold

SCORES = {
    "accuracy": metrics.accuracy_score,
    "balanced_accuracy": metrics.balanced_accuracy_score,
    "f1": metrics.f1_score,
}


@pytest.mark.parametrize("score", CHOOSE_BY)
@pytest.mark.parametrize("seed", range(5))
def test_no_threshold_is_better(score, seed):
    random = np.random.default_rng(seed)
    labels = (random.random(60) < 0.2).astype(np.int64)
    chances = np.clip(0.3 * labels + 0.5 * random.random(60), 0, 1).astype(np.float32).round(2)
    threshold, reached = best_threshold(labels, chances, score)
    assert SCORES[score](labels, chances >= threshold) == pytest.approx(reached)
    every = np.unique(np.concatenate([chances, chances + np.float32(0.005), [0.001]]))
    assert reached == pytest.approx(max(SCORES[score](labels, chances >= each) for each in every))


def test_between_equals_the_nearest_to_a_half():
    assert best_threshold(np.array([0, 0, 1, 1]), np.float32([0.1, 0.2, 0.8, 0.9]), "accuracy") == (0.5, 1.0)
    threshold, _ = best_threshold(np.array([0, 1]), np.float32([0.1, 0.3]), "f1")
    assert threshold == pytest.approx(0.2)
