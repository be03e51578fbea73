"""What pushed one row of a table to its prediction: integrated gradients, written in the graph.

Sundararajan, Taly and Yan, Axiomatic attribution for deep networks, 2017, https://arxiv.org/abs/1703.01365. On the
straight way from a baseline to the row, the mean of the prediction's gradient is taken. A column's share is this mean
times how far the row is from the baseline. The shares add up to the difference of the two predictions: completeness.

They do within 0.001 of a lead, or a thousandth of a value. Of leads of thousands, as of columns that aren't scaled,
float32 has no thousandths: there, it is within 2 millionths of the largest lead on the way.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

import kit.tensorflow1 as tf
from kit.model.explanation import lead_of

TOLERANCE = 1e-3  # by which the sum of the shares may differ from the difference
REACHABLE = 2e-6  # of the largest prediction: closer, float32's rounding doesn't let a sum over thousands of columns be
FIRST_STEPS = 64
MOST_STEPS = 1 << 14
VALUES_AT_ONCE = 1 << 22  # fed: 16 MiB
ROUNDING = 2.0**-24  # float32's, of a prediction


class Attribution(NamedTuple):
    """What each column adds to a prediction."""

    shares: np.ndarray  # float64 [columns]
    difference: float  # of the predictions for the row and for the baseline
    tolerance: float  # by which the shares' sum may differ from it
    steps: int  # at which the gradient was computed

    @property
    def gap(self) -> float:
        """By how much the sum of the shares differs from the difference."""
        return abs(float(self.shares.sum()) - self.difference)

    @property
    def is_complete(self) -> bool:
        return self.gap <= self.tolerance


class IntegratedGradients:
    """The tensors that explain rows: of classes, the predicted one's lead; of values, the value."""

    def __init__(self, inputs: tf.Tensor, logits: tf.Tensor, values: tf.Tensor | None = None) -> None:
        """
        Args:
          inputs: the placeholder of a batch: float32 [B, columns].
          logits: float32 [B, classes]. What is explained is a class's logit less the mean of the others': of two
            classes, the difference of their logits.
          values: float32 [B, 1], predictions, which are then explained instead; None for classes.
        """
        self._inputs = inputs
        self._label_ph = tf.placeholder(tf.int64, [], "label_to_explain")
        self._outputs = lead_of(logits, self._label_ph) if values is None else values[:, 0]  # [B]
        self._gradients = tf.gradients(self._outputs, inputs)[0]  # [B, columns]
        self._is_relative = values is not None

    def explain(self, session: tf.Session, row: np.ndarray, baseline: np.ndarray, label: int = 0) -> Attribution:
        """Explains one row.

        The way is cut into steps. Where a step's gradient doesn't explain what the prediction gains on it, because the
        network bends there, it is halved, until all is explained or there are MOST_STEPS.

        Args:
          session: with the weights in place.
          row: float32 [columns], without missing values.
          baseline: float32 [columns], what it is compared with.
          label: the class to explain.
        """
        way = row.astype(np.float64) - baseline  # [columns]

        most = max(1, VALUES_AT_ONCE // len(row))  # rows to feed at once

        def at(places: np.ndarray) -> np.ndarray:
            return (baseline + places[:, np.newaxis] * way).astype(np.float32)

        edges = np.linspace(0, 1, FIRST_STEPS + 1)
        pieces = np.array_split(edges, -(-len(edges) // most))
        heights = np.concatenate([self._run(session, self._outputs, at(places), label) for places in pieces])
        heights = heights.astype(np.float64)  # [steps + 1], the predictions at the edges
        difference, scale = float(heights[-1] - heights[0]), float(np.abs(heights).max())
        tolerance = TOLERANCE * scale if self._is_relative else max(TOLERANCE, REACHABLE * scale)
        steps = np.stack([edges[:-1], edges[1:], heights[:-1], heights[1:]], axis=1)  # from, to, and what is there
        total, done = np.zeros(len(row)), 0
        while len(steps):
            is_last = done + 2 * len(steps) > MOST_STEPS
            halves = []
            for some in np.array_split(steps, -(-len(steps) // most)):
                begin, end, low, high = some.T
                middle, width = (begin + end) / 2, end - begin
                height, slopes = self._run(session, (self._outputs, self._gradients), at(middle), label)
                gaps = np.abs(high - low - width * (slopes @ way))
                allowed = tolerance * np.maximum(width, 1 / FIRST_STEPS) / 2 + ROUNDING * scale
                is_fine = (gaps <= allowed) | is_last
                total += width[is_fine] @ slopes[is_fine]
                for half in ((begin, middle, low, height), (middle, end, height, high)):
                    halves.append(np.stack(half, axis=1)[~is_fine])
            done += len(steps)
            steps = np.concatenate(halves)
        return Attribution(total * way, difference, tolerance, done)

    def _run(self, session, tensors, rows, label):
        return session.run(tensors, {self._inputs: rows, self._label_ph: label})
