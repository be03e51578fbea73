"""A network's predictions for a table in which one column is shuffled: for each column in turn, in batches.

A shuffled column of a fully connected first layer changes only its own share of the layer's sums,
(shuffled - column) x its weights. So the sums are computed once and changed for each column, and a copy of the rest of
the network, in the same graph, says what follows from them. On 200 rows of 20,000 columns that is hundreds of times
faster than predicting all rows again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model.first_layer import FirstLayer, first_layer
from kit.model.graph_copy import copied

ROWS_AT_ONCE = 1 << 13
VALUES_AT_ONCE = 1 << 20  # 4 MiB: more don't fit into a processor's cache, and take longer
TRIED = 3  # columns whose predictions are computed both ways
ROWS_TRIED = 8
SAME = 1e-4  # of the largest prediction: by how much these may differ


class _Rest(NamedTuple):
    """The network behind its first layer, once more, for changed sums."""

    sums: tf.Tensor  # placeholder, float32 [N, units]
    change: tf.Tensor  # placeholder, float32 [C, N], of each column
    weights: tf.Tensor  # placeholder, float32 [C, units], of each column
    outputs: tf.Tensor  # float32 [C * N, K]


class ShuffledColumns:
    """Predictions for rows of which one column is shuffled."""

    def __init__(self, session: tf.Session, rows: np.ndarray, inputs: tf.Tensor, outputs: tf.Tensor) -> None:
        """
        Args:
          session: with the weights in place.
          rows: float32 [N, columns], as they are fed.
          inputs: their placeholder.
          outputs: float32 [N, K], the predictions.
        """
        self._session, self._rows, self._inputs, self._outputs = session, rows, inputs, outputs
        self._rest, width = None, rows.shape[1]
        self.layer = self._usable_layer()  # the first layer, if the sums can be changed instead of the rows
        if self.layer:
            self._columns, self._weights, self._sums = session.run(self.layer, {inputs: rows})
            self._rest = self._rest_of_network(self.layer)
            if not self._rest or not self._agrees():
                self.layer = self._rest = None
            else:
                width = self._sums.shape[1]
        at_once = min(ROWS_AT_ONCE, VALUES_AT_ONCE // width) // len(rows)
        self.at_once = max(1, at_once)  # how many columns to ask for at once

    def unshuffled(self) -> np.ndarray:
        """The predictions for the rows as they are: float32 [N, K]."""
        return self._session.run(self._outputs, {self._inputs: self._rows})

    def predictions(self, first: int, last: int, order: np.ndarray) -> np.ndarray:
        """The predictions with one column shuffled, for each of some columns.

        Args:
          first, last: the columns, from `first` to before `last`; at most `at_once` of them.
          order: int64 [N], the row from which each row takes its value.
        Returns:
          float32 [columns asked for, N, K].
        """
        found = self._from_sums(first, last, order) if self._rest else self._from_rows(first, last, order)
        return found.reshape(last - first, len(order), -1)

    def _from_sums(self, first, last, order):
        columns = self._columns[:, first:last]  # [N, C]
        fed = {
            self._rest.sums: self._sums,
            self._rest.change: (columns[order] - columns).T,
            self._rest.weights: self._weights[first:last],
        }
        return self._session.run(self._rest.outputs, fed)  # [C * N, K]

    def _from_rows(self, first, last, order):
        shuffled = np.repeat(self._rows[np.newaxis], last - first, axis=0)  # [C, N, columns]
        for place, column in enumerate(range(first, last)):
            shuffled[place, :, column] = self._rows[order, column]
        return self._session.run(self._outputs, {self._inputs: shuffled.reshape(-1, self._rows.shape[1])})

    def _usable_layer(self) -> FirstLayer | None:
        """The first layer, if each of its columns is made of one column of the rows, and of the same row, alone."""
        layer = first_layer(self._inputs, self._outputs)
        if layer is None:
            return None
        rows = self._rows[:ROWS_TRIED]
        in_order = np.broadcast_to(np.arange(len(rows))[:, np.newaxis], rows.shape)
        order = np.random.default_rng(0).permuted(in_order, axis=0)  # each column in an order of its own
        before, after = (
            self._session.run(layer.columns, {self._inputs: each})
            for each in (rows, np.take_along_axis(rows, order, axis=0))
        )
        return layer if np.array_equal(np.take_along_axis(before, order, axis=0), after) else None

    def _rest_of_network(self, layer: FirstLayer) -> _Rest | None:
        """The copy; None of a network with a loop, which can't be copied."""
        units = layer.sums.shape[1].value
        sums, change, weights = (
            tf.placeholder(tf.float32, shape) for shape in ((None, units), (None, None), (None, units))
        )
        changed = sums + change[:, :, tf.newaxis] * weights[:, tf.newaxis]  # [C, N, units]
        changed = tf.reshape(changed, [-1, units])  # [C * N, units]
        try:
            copy_of = copied([self._outputs], [(layer.sums, changed)], "shuffled_columns")
        except UserError:
            return None
        return _Rest(sums, change, weights, copy_of(self._outputs))

    def _agrees(self):
        """Whether both ways give the same, tried on the first columns."""
        order, tried = np.roll(np.arange(len(self._rows)), 1), min(TRIED, self._rows.shape[1])
        quick = self._from_sums(0, tried, order)
        slow = np.concatenate([self._from_rows(column, column + 1, order) for column in range(tried)])
        return np.allclose(quick, slow, rtol=0, atol=SAME * np.abs(slow).max())
