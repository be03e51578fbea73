"""Columns that a network should not learn from: those that repeat the label, as it is or in other words or units."""

import math

import numpy as np

FEWEST_VALUES = 8  # rows, for a column that lies on a straight line over the labels
BY_CHANCE = 0.01  # how many of a table's columns may be expected to repeat its classes by chance
CORRELATION = 0.99999  # of a column with labels that are values, from which on it is the same
LARGEST = 10_000_000  # values that are kept, one per class and column


class LabelCopies:
    """Finds columns that have one value for each class, another for another class; or that are a line over the labels.

    Args:
      labels: int64 [N] of classes, or float32 [N] of values: of all rows.
      num_columns: of the table.
    """

    def __init__(self, labels: np.ndarray, num_columns: int):
        self._labels, self._num_columns = labels, num_columns
        self._columns = np.arange(num_columns)  # those that are still suspected
        self._done = 0  # rows
        self._value_of: dict[int, np.ndarray] = {}  # class -> its value in each suspected column: [columns]
        self._origin = np.zeros(num_columns), 0.0  # the first row and its label: sums are of differences from it
        self._x, self._xx, self._xy = np.zeros((3, num_columns))  # sums of the values, their squares, their products
        self._y = self._yy = 0.0  # with the labels, and of these

    def add(self, rows: np.ndarray) -> None:
        """Adds rows, in the file's order: float32 [N, columns], NaN where a value is missing."""
        labels = self._labels[self._done : self._done + len(rows)]
        self._done += len(rows)
        if len(self._columns) and len(rows):
            add = self._add_values if labels.dtype.kind == "f" else self._add_classes
            add(rows[:, self._columns], labels)

    def found(self) -> list[int]:
        """The places of the columns that repeat the label, among the columns."""
        if self._labels.dtype.kind == "f":
            return self._columns[self._is_line()].tolist() if self._done >= FEWEST_VALUES else []
        counts = np.unique(self._labels, return_counts=True)[1]
        orders = math.lgamma(self._done + 1) - sum(math.lgamma(count + 1) for count in counts)  # log of how many
        is_chance = math.log(max(1, self._num_columns)) - orders > math.log(BY_CHANCE)
        return [] if is_chance or len(counts) < 2 else self._columns.tolist()

    def _add_classes(self, values: np.ndarray, labels: np.ndarray) -> None:
        order = np.argsort(labels, kind="stable")
        labels, values = labels[order], values[order]
        is_next = labels[1:] == labels[:-1]  # of the same class
        keep = np.asarray(~np.isnan(values).any(axis=0) & ((values[1:] == values[:-1]) | ~is_next[:, None]).all(axis=0))
        for row in np.flatnonzero(np.concatenate([[True], ~is_next])):
            known = self._value_of.setdefault(int(labels[row]), values[row])
            keep &= known == values[row]
        if len(self._value_of) * keep.sum() > LARGEST:
            keep[:] = False
        self._keep(keep)
        each = np.sort(np.array([*self._value_of.values()]), axis=0)
        self._keep(np.asarray((each[1:] > each[:-1]).all(axis=0)))

    def _add_values(self, values: np.ndarray, labels: np.ndarray) -> None:
        if self._done == len(labels):
            self._origin = values[0].astype(np.float64), float(labels[0])
        x, y = values.astype(np.float64) - self._origin[0], labels.astype(np.float64) - self._origin[1]
        self._x, self._xx, self._xy = self._x + x.sum(axis=0), self._xx + (x * x).sum(axis=0), self._xy + y @ x
        self._y, self._yy = self._y + y.sum(), self._yy + y @ y
        if self._done >= FEWEST_VALUES and self._yy:
            self._keep(self._is_line())

    def _is_line(self) -> np.ndarray:
        """Whether each suspected column's correlation with the labels is 1 or -1, so far: bool [columns]."""
        n = self._done
        x, y = self._xx - self._x**2 / n, self._yy - self._y**2 / n
        together = self._xy - self._x * self._y / n
        return (x > 0) & (y > 0) & (together**2 >= CORRELATION**2 * x * y)

    def _keep(self, keep: np.ndarray) -> None:
        if not keep.all():
            self._columns, self._origin = self._columns[keep], (self._origin[0][keep], self._origin[1])
            self._x, self._xx, self._xy = self._x[keep], self._xx[keep], self._xy[keep]
            self._value_of = {label: values[keep] for label, values in self._value_of.items()}
