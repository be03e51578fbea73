"""Columns that a network should not learn from: those that count or number the rows.

A table is looked at chunk by chunk, and in each chunk only the columns that are still suspected: after the first chunk
hardly ever more than a few.
"""

import re
from collections.abc import Sequence

import numpy as np

from kit.data.tables.row_names import is_id

FEWEST_EVEN = 6  # rows, for values in steps of one size
FEWEST_RISING = 12  # for whole numbers that rise, or fall, from row to row
FEWEST_MIXED = 20  # for the whole numbers from a to b, each once, in any order
UNNAMED = re.compile(r"Unnamed: [0-9]+|X|\.\.\.[0-9]+")  # what pandas and R call a column without a name
ROUNDING = 4 * np.finfo(np.float32).eps


class RowCounters:
    """Finds columns of whole numbers that count the rows: in steps of one size, rising, or mixed.

    Args:
      names: of the columns.
      num_rows: of the table.
    """

    def __init__(self, names: Sequence[str], num_rows: int):
        count = len(names)
        self._num_rows, self._columns = num_rows, np.arange(count)  # those that are still suspected, and what they are:
        self._has_id_name = np.array([is_id(name) or UNNAMED.fullmatch(name) is not None for name in names], bool)
        self._has_no_name = np.array([name.isdigit() for name in names], bool)
        self._is_even, self._is_rising, self._is_mixed = np.ones((3, count), bool)
        self._low, self._high, self._total = np.full(count, np.inf), np.full(count, -np.inf), np.zeros(count)
        self._step, self._last = np.full(count, np.nan, np.float32), np.zeros((0, count), np.float32)

    def add(self, rows: np.ndarray) -> None:
        """Adds rows, in the file's order: float32 [N, columns], NaN where a value is missing."""
        if not len(self._columns) or not len(rows):
            return
        values = rows[:, self._columns]
        steps = np.diff(np.concatenate([self._last, values]), axis=0)
        self._last = values[-1:]
        is_whole = (values == np.rint(values)).all(axis=0)
        if len(steps):
            self._step = np.where(np.isnan(self._step), steps[0], self._step)
            rounding = ROUNDING * np.abs(values).max(axis=0)  # of numbers that float32 rounds
            is_small = rounding < np.abs(self._step) / 4
            self._is_even &= is_whole & is_small & (np.abs(steps - self._step) <= rounding).all(axis=0)
        self._is_rising &= is_whole & (steps * np.sign(self._step) > 0).all(axis=0) if len(steps) else is_whole
        self._low, self._high = np.fmin(self._low, values.min(axis=0)), np.fmax(self._high, values.max(axis=0))
        self._total += values.sum(axis=0, dtype=np.float64)
        self._is_mixed &= is_whole & (self._has_id_name | (self._high - self._low < self._num_rows))
        mixed = np.flatnonzero(self._is_mixed)
        self._is_mixed[mixed] = (np.diff(np.sort(values[:, mixed], axis=0), axis=0) > 0).all(axis=0)
        self._keep(self._is_even | self._is_rising | self._is_mixed)

    def found(self) -> tuple[list[int], list[int]]:
        """The places of the columns that count the rows, among the columns; and of those that only may number them."""
        num_rows = self._num_rows
        is_each_once = (self._high - self._low == num_rows - 1) & np.isclose(
            self._total, num_rows * (self._low + self._high) / 2, rtol=1e-12
        )
        is_sure = (np.isin(self._low, (0, 1)) | self._has_id_name) & (
            (self._is_even & (num_rows >= FEWEST_EVEN)) | (self._is_mixed & is_each_once & (num_rows >= FEWEST_MIXED))
        )
        may_be = self._has_id_name & (self._is_rising | self._is_mixed) | self._has_no_name & self._is_rising
        may_be &= num_rows >= FEWEST_RISING
        return self._columns[is_sure].tolist(), self._columns[may_be & ~is_sure].tolist()

    def _keep(self, is_suspected: np.ndarray) -> None:
        if not is_suspected.all():
            for name, values in vars(self).items():
                if isinstance(values, np.ndarray):
                    setattr(self, name, values[..., is_suspected])
