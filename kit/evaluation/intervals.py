"""How sure a score is: confidence intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

CONFIDENCE = 0.95


def of_folds_mean(values: Sequence[float], test_share: float) -> tuple[float, float] | None:
    """The confidence interval of the mean score of a cross-validation, at CONFIDENCE.

    The folds share training rows, so their scores vary less than those of independent trainings would; the variance
    is corrected for it. Nadeau and Bengio 2003, https://doi.org/10.1023/A:1024068626366; for repeated folds: Bouckaert
    and Frank 2004, https://doi.org/10.1007/978-3-540-24775-3_3.

    Args:
      values: of each fold.
      test_share: share of the rows that a fold holds out.
    Returns:
      (low, high); None of fewer than two values.
    """
    count = len(values)
    if count < 2:
        return None
    from scipy.stats import t  # here: `--help` needs none

    variance = np.var(values, ddof=1) * (1 / count + test_share / (1 - test_share))
    half = float(t.ppf((1 + CONFIDENCE) / 2, count - 1) * math.sqrt(variance))
    mean = float(np.mean(values))
    return mean - half, mean + half
