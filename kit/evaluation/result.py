"""The result of an evaluation."""

from typing import NamedTuple

import numpy as np


class EvaluationResult(NamedTuple):
    """A network's predictions for N examples, and how good they are."""

    loss: float  # mean over the examples
    score: float  # accuracy, the share of examples whose most probable class is their label; of values, R2, or NaN
    labels: np.ndarray  # int64 [N]; of values, float32 [N]
    probabilities: np.ndarray  # float32 [N, classes]; of values, the predictions [N, 1]
