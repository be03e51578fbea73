"""Columns that a network should not learn from: those that count or number the rows. Cells may be missing."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kit.data.tables.row_names import is_id

FEWEST_EVEN = 6  # cells, for values in steps of one size
FEWEST_RISING = 12  # for whole numbers that rise, or fall, from row to row
FEWEST_MIXED = 20  # for the whole numbers from a to b, each once, in any order
FEWEST_THERE = 0.8  # of the cells, for these
UNNAMED = re.compile(r"Unnamed: [0-9]+|X|\.\.\.[0-9]+")  # what pandas and R call a column without a name
ROUNDING = 4 * np.finfo(np.float32).eps
MOST_VALUES = 10_000_000  # that are kept, unless a single column has more


class RowCounters:
    """Finds columns of whole numbers that count the rows: in steps of one size, rising, or mixed.

    Only columns that are still suspected are kept: after a few rows hardly ever more than one.

    Args:
      names: of the columns.
      num_rows: of the table.
    """

    def __init__(self, names: Sequence[str], num_rows: int):
        self._num_rows, self._columns = num_rows, np.arange(len(names))  # those that are still suspected
        self._is_id = np.array([is_id(name) or UNNAMED.fullmatch(name) is not None for name in names], bool)
        self._has_no_name = np.array([name.isdigit() for name in names], bool)
        self._chunks: list[np.ndarray] = []  # the suspected columns: float32 [N, columns] each
        self._num_seen = self._next_look = 0  # rows

    def add(self, rows: np.ndarray) -> None:
        """Adds rows, in the file's order: float32 [N, columns], NaN where a value is missing."""
        self._chunks.append(rows[:, self._columns])
        self._num_seen += len(rows)
        if self._num_seen >= self._next_look:
            self._look()
            self._next_look = 2 * self._num_seen

    def found(self) -> tuple[list[int], list[int]]:
        """The places of the columns that count the rows, among the columns; and of those that only may number them."""
        is_even, is_rising, is_mixed, count, low, high = self._look()
        has_low_start = np.isin(low, (0, 1)) & is_even | (low >= 0) & (high <= self._num_rows) & is_mixed
        is_each_once = is_mixed & (high - low < self._num_rows) & (count >= FEWEST_THERE * self._num_rows)
        is_sure = (has_low_start | self._is_id) & (
            (is_even & (count >= FEWEST_EVEN)) | (is_each_once & (count >= FEWEST_MIXED))
        )
        may_be = self._is_id & (is_rising | is_mixed) | self._has_no_name & is_rising
        may_be &= count >= FEWEST_RISING
        return self._columns[is_sure].tolist(), self._columns[may_be & ~is_sure].tolist()

    def _look(self) -> "_Order":
        """The order of the suspected columns; clears those that have none."""
        values = np.concatenate(self._chunks)  # [N, columns]
        order = _order_of(values, self._is_id, self._num_rows)
        places = np.flatnonzero(order.is_rising | order.is_mixed)
        if len(places) * len(values) > MOST_VALUES:
            places = places[: max(1, MOST_VALUES // self._num_rows)]
        self._chunks, self._columns = [values[:, places]], self._columns[places]
        self._is_id, self._has_no_name = self._is_id[places], self._has_no_name[places]
        return _Order(*(each[places] for each in order))


class _Order(NamedTuple):
    """How the numbers of columns follow each other: [columns] each."""

    is_even: np.ndarray  # in steps of one size
    is_rising: np.ndarray  # or falling
    is_mixed: np.ndarray  # all different, in any order
    count: np.ndarray  # cells that are there
    low: np.ndarray  # the lowest; of even ones, also where the cell is missing
    high: np.ndarray


def _order_of(values: np.ndarray, is_id: np.ndarray, num_rows: int) -> _Order:
    """The order of columns, float32 [N, columns]; is_id [columns] says which are ids by their names."""
    is_there = ~np.isnan(values)
    is_whole = ~(is_there & (values != np.rint(values))).any(axis=0)
    low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)

    before = np.fmax.accumulate(values)[:-1], np.fmin.accumulate(values)[:-1]
    is_rising = ~(values[1:] <= before[0]).any(axis=0) | ~(values[1:] >= before[1]).any(axis=0)
    is_rising &= is_whole

    columns = np.arange(values.shape[1])
    first, last = is_there.argmax(axis=0), len(values) - 1 - is_there[::-1].argmax(axis=0)
    start = values[first, columns].astype(np.float64)
    step = (values[last, columns] - start) / np.maximum(last - first, 1)
    start -= step * first  # in the first row
    rounding = ROUNDING * np.maximum(np.abs(low), np.abs(high))  # of numbers that float32 rounds
    is_even = is_rising & (rounding < np.abs(step) / 4)
    for place in np.flatnonzero(is_even):
        line = start[place] + step[place] * np.arange(len(values))
        is_even[place] = not (np.abs(values[:, place] - line) > rounding[place]).any()
    ends = np.rint([start, start + step * (len(values) - 1)])

    is_mixed = is_whole & (is_id | (high - low < num_rows))
    places = np.flatnonzero(is_mixed)
    is_mixed[places] = ~(np.diff(np.sort(values[:, places], axis=0), axis=0) <= 0).any(axis=0)
    low = np.where(is_even, ends.min(axis=0), low)
    return _Order(is_even, is_rising, is_mixed, is_there.sum(axis=0), low, high)
