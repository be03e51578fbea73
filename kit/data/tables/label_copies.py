"""Columns that a network should not learn from: those that repeat the label, as it is or in other words or units.

Cells may be missing: what counts is what the others hold.
"""

import math

import numpy as np

FEWEST_VALUES = 8  # cells, for a column that lies on a straight line over the labels
BY_CHANCE = 0.01  # how many of a table's columns, or sets of columns, may be expected to repeat its classes by chance
CORRELATION = 0.99999  # of a column with labels that are values, from which on it is the same
LARGEST = 10_000_000  # values that are kept, one per class and column


def label_copies(labels: np.ndarray, num_columns: int) -> "ClassCopies | ValueCopies":
    """What finds them: for labels int64 [N] of classes, or float32 [N] of values, of all rows."""
    return (ValueCopies if labels.dtype.kind == "f" else ClassCopies)(labels, num_columns)


class ClassCopies:
    """Finds columns that have one value for each class, another for another class; and one-hot ones.

    Args:
      labels: int64 [N], of all rows.
      num_columns: of the table.
    """

    def __init__(self, labels: np.ndarray, num_columns: int):
        self._labels, self._num_columns = labels, num_columns
        self._num_classes = int(labels.max(initial=0)) + 1
        self._columns = np.arange(num_columns)  # those that have one value in each class
        self._done = 0  # rows
        self._values: np.ndarray | None = None  # these values: [classes, columns], NaN where none is known
        self._counts = np.zeros((0, 0), int)  # and in how many rows they stand: [classes, columns]

    def add(self, rows: np.ndarray) -> None:
        """Adds rows, in the file's order: float32 [N, columns], NaN where a value is missing."""
        labels = self._labels[self._done : self._done + len(rows)]
        self._done += len(rows)
        if not len(self._columns):
            return
        order = np.argsort(labels, kind="stable")
        classes, starts = np.unique(labels[order], return_index=True)
        rows = rows[:, self._columns][order]
        low, high = np.fmin.reduceat(rows, starts), np.fmax.reduceat(rows, starts)  # [classes, columns]
        keep = ~(low < high).any(axis=0)
        if self._values is None:  # few columns are kept from the first rows on
            keep &= self._num_classes * keep.sum() <= LARGEST
            self._columns, rows, low, high = self._columns[keep], rows[:, keep], low[:, keep], high[:, keep]
            keep = keep[keep]
            shape = self._num_classes, len(self._columns)
            self._values, self._counts = np.full(shape, np.nan, np.float32), np.zeros(shape, int)
        known = self._values[classes]
        keep &= ~((known < low) | (known > low)).any(axis=0)
        self._values[classes] = np.fmin(known, low)
        self._counts[classes] += np.add.reduceat(~np.isnan(rows), starts, dtype=int)
        if not keep.all():
            self._columns = self._columns[keep]
            self._values, self._counts = self._values[:, keep], self._counts[:, keep]

    def found(self) -> tuple[list[int], list[int]]:
        """The places of the columns that repeat the label, among the columns; and of those that do so together.

        Together they are the one-hot label: each marks another class, and all classes are marked, or all but one.
        """
        if self._values is None:
            return [], []
        differs = ~(np.diff(np.sort(self._values, axis=0), axis=0) <= 0).any(axis=0)
        is_copy = differs & ((self._counts > 0).sum(axis=0) > 1)
        is_copy[is_copy] = [not self._is_chance(counts) for counts in self._counts.T[is_copy]]
        return self._columns[is_copy].tolist(), self._one_hot(self._values)

    def _one_hot(self, values: np.ndarray) -> list[int]:
        is_low, is_high = values == values.min(axis=0), values == values.max(axis=0)
        marks = np.where(is_low.sum(axis=0) == 1, is_low, is_high)  # [classes, columns]
        places = np.flatnonzero((is_low ^ is_high).all(axis=0) & (marks.sum(axis=0) == 1))
        marked = {*marks[:, places].argmax(axis=0).tolist()}
        if self._num_classes < 3 or len(marked) < max(self._num_classes - 1, len(places)):
            return []
        is_chance = self._is_chance(self._counts[:, places].min(axis=1), len(places))
        return [] if is_chance else self._columns[places].tolist()

    def _is_chance(self, counts: np.ndarray, num_together: int = 1) -> bool:
        """Whether so many columns may repeat the classes by chance; counts: rows per class, [classes]."""
        orders = math.lgamma(counts.sum() + 1) - sum(math.lgamma(count + 1) for count in counts)  # log of how many
        return num_together * math.log(self._num_columns) - orders > math.log(BY_CHANCE)


class ValueCopies:
    """Finds columns that are a straight line over the labels.

    Args:
      labels: float32 [N], of all rows.
      num_columns: of the table.
    """

    def __init__(self, labels: np.ndarray, num_columns: int):
        self._labels = labels.astype(np.float64)
        self._columns = np.arange(num_columns)  # those that are still suspected
        self._done = 0  # rows
        self._origin = np.zeros(num_columns)  # a value of each suspected column: sums are of differences from it
        self._sums = np.zeros((6, num_columns))  # of 1, x, y, x * x, y * y, x * y: x the column's values, y the labels

    def add(self, rows: np.ndarray) -> None:
        """Adds rows, in the file's order: float32 [N, columns], NaN where a value is missing."""
        labels = self._labels[self._done : self._done + len(rows), None] - self._labels[0]  # [N, 1]
        if not len(self._columns):
            return
        x = rows[:, self._columns].astype(np.float64)
        if not self._done:
            self._origin = np.nan_to_num(np.fmin.reduce(x))
        self._done += len(rows)
        is_there = ~np.isnan(x)
        x, y = np.where(is_there, x - self._origin, 0.0), is_there * labels  # [N, columns]
        self._sums += [each.sum(axis=0) for each in (is_there, x, y, x * x, y * y, x * y)]
        keep = self._is_line() | (self._sums[0] < FEWEST_VALUES) | (self._sums[4] == 0)
        self._columns, self._origin, self._sums = self._columns[keep], self._origin[keep], self._sums[:, keep]

    def found(self) -> tuple[list[int], list[int]]:
        """The places of the columns that repeat the label, among the columns; and [], as ClassCopies."""
        return self._columns[self._is_line()].tolist(), []

    def _is_line(self) -> np.ndarray:
        """Whether each suspected column's correlation with the labels is 1 or -1, so far: bool [columns]."""
        n, x, y, xx, yy, xy = self._sums
        xx, yy, xy = n * xx - x**2, n * yy - y**2, n * xy - x * y
        return (n >= FEWEST_VALUES) & (xx > 0) & (yy > 0) & (xy**2 >= CORRELATION**2 * xx * yy)
