"""Scales the columns of a table to about the same size; offsets and divisors come from the training rows only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import kit.tensorflow1 as tf

SMALLEST = np.finfo(np.float32).tiny  # a graph may treat smaller numbers as 0


@dataclass(frozen=True, eq=False)
class Scaling:
    """value -> (value - offset) / spread, after missing values are replaced by `fill`; float32 [columns] each."""

    offset: np.ndarray
    spread: np.ndarray
    fill: np.ndarray


def scale_columns(rows: tf.Tensor, scaling: Scaling | None = None) -> tf.Tensor:
    """Columns of a table as a network likes them: none missing, of about the same size.

    Args:
      rows: float32 [B, columns], NaN where a value is missing.
      scaling: fitted on the training rows; None where a checkpoint will have it.
    Returns:
      float32 [B, columns].
    """

    def kept_with_the_weights(name):
        values = tf.zeros(rows.shape[1:]) if scaling is None else tf.constant(getattr(scaling, name))
        return tf.get_variable(name, initializer=values, trainable=False)

    with tf.variable_scope("scale_columns"):
        fill, offset, spread = map(kept_with_the_weights, ("fill", "offset", "spread"))  # [columns] each
        present = tf.where(tf.is_nan(rows), tf.ones_like(rows) * fill, rows)
        return (present - offset) / spread


class Ranges:
    """Minimum and maximum of each column, updated chunk by chunk; infinite for a column without values."""

    def __init__(self, num_columns: int):
        self.low, self.high = np.full(num_columns, np.inf), np.full(num_columns, -np.inf)

    def add(self, rows: np.ndarray) -> None:
        """Adds rows: float32 [N, columns], NaN where a value is missing."""
        if len(rows):
            self.low = np.fmin(self.low, np.fmin.reduce(rows, axis=0))
            self.high = np.fmax(self.high, np.fmax.reduce(rows, axis=0))


class Moments:
    """Count, mean, variance, minimum and maximum of each column, updated chunk by chunk.

    Chunks are merged as in Chan, Golub and LeVeque, Updating formulae and a pairwise algorithm for computing sample
    variances (1979), which avoids subtracting large sums from each other.
    """

    def __init__(self, num_columns: int):
        self.counts = np.zeros(num_columns)
        self._mean, self._squares = np.zeros(num_columns), np.zeros(num_columns)
        self.range = Ranges(num_columns)

    def add(self, rows: np.ndarray) -> None:
        """Adds rows: float32 [N, columns], NaN where a value is missing."""
        if not len(rows):
            return
        self.range.add(rows)
        present = ~np.isnan(rows)
        is_whole = present.all()
        counts = np.full(rows.shape[1], float(len(rows))) if is_whole else present.sum(axis=0, dtype=np.float64)
        rows = rows.astype(np.float64)
        present = True if is_whole else present
        mean = rows.sum(axis=0, where=present) / np.maximum(counts, 1.0)
        rows -= mean
        squares = np.square(rows, out=rows).sum(axis=0, where=present)

        total = self.counts + counts
        share = counts / np.maximum(total, 1.0)
        difference = mean - self._mean
        self._mean += difference * share
        self._squares += squares + np.square(difference) * self.counts * share
        self.counts = total

    def scaling(self, kind: str) -> Scaling:
        """The Scaling for the rows added so far.

        Args:
          kind: "none"; "standard": to mean 0 and (population) standard deviation 1; "minmax": to [0, 1].
            A constant column is only shifted.
        Returns:
          Scaling; its `fill` is the mean, or 0 for a column without values.
        """
        low, high = self.range.low, self.range.high
        offset, spread = np.zeros_like(self._mean), np.ones_like(self._mean)
        if kind == "standard":
            offset, spread = self._mean, np.sqrt(self._squares / np.maximum(self.counts, 1.0))
        elif kind == "minmax":
            offset, spread = np.where(self.counts, low, 0.0), high - low
        is_constant = ~(low < high) | (spread < SMALLEST)
        spread = np.where(is_constant, 1.0, np.minimum(spread, np.finfo(np.float32).max))
        return Scaling(*(values.astype(np.float32) for values in (offset, spread, self._mean)))
