"""Reads the numbers of a table's columns once: checks each, notes those that are missing, and fits the scaling."""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import nullcontext

import numpy as np

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.data_spec import TableSpec
from kit.data.parts import TRAINING
from kit.data.tables.advice import FOR_TRAINING, Advice
from kit.data.tables.columns import without_flag
from kit.data.tables.layouts import Layout
from kit.data.tables.number_reader import NumberReader
from kit.data.tables.standardization import Moments, Ranges, Scaling
from kit.data.tables.suspects import Suspects

LONG_FILE = 50_000_000  # bytes; from here on, progress is shown


class ColumnNumbers:
    """The numbers of the chosen columns, in the training rows and in all others.

    Args:
      layout: of the table.
      fields: the places of the chosen columns.
      names: of these, as the network knows them.
      split_of_line: uint8 [lines], the part of each.
      num_rows: of the table.
      suspects: looks at the rows, too; or None.
      advice: what errors say that depends on the script.
    Raises:
      UserError: a cell isn't a number.
    """

    def __init__(
        self,
        layout: Layout,
        fields: Sequence[int],
        names: Sequence[str],
        split_of_line: np.ndarray,
        num_rows: int,
        suspects: Suspects | None,
        advice: Advice = FOR_TRAINING,
    ):
        self._layout, self._fields, self._names, self._advice = layout, fields, names, advice
        self._missing = np.zeros(len(fields), np.int64)  # of each column
        self._first_missing = 0, 0  # line number, place of the column
        self._moments, self._others = Moments(len(fields)), Ranges(len(fields))  # of training rows, and of all others
        is_long = os.path.getsize(layout.path) >= LONG_FILE
        with console.progress(f"reading {layout.path}", num_rows, "rows") if is_long else nullcontext() as bar:
            for numbers, values in NumberReader(layout, fields, advice).chunks():  # [N], float32 [N, columns]
                self._note_missing(numbers, values)
                is_training = split_of_line[np.array(numbers) - 1] == TRAINING
                self._moments.add(values[is_training])
                self._others.add(values[~is_training])
                if suspects:
                    suspects.add(values)
                if bar:
                    bar.advance(len(numbers))
        self._has_training = bool((split_of_line == TRAINING).any())

    def _note_missing(self, numbers: list[int], values: np.ndarray) -> None:
        is_missing = np.isnan(values)
        if is_missing.any() and not self.num_missing:
            row, column = (int(place) for place in np.argwhere(is_missing)[0])
            self._first_missing = numbers[row], column
        self._missing += is_missing.sum(axis=0)

    @property
    def num_missing(self) -> int:
        return int(self._missing.sum())

    def say_filled(self) -> None:
        """Says how many values are missing, which training replaces: once, if any is."""
        if self.num_missing:
            where = console.counted(int((self._missing > 0).sum()), "columns")
            console.say(
                f"{self._layout.path}: {console.counted(self.num_missing, 'missing values')} in {where}, filled with "
                "the column's mean over the training rows"
            )

    def check_complete(self) -> None:
        """Checks that no value is missing; otherwise a UserError."""
        if self.num_missing:
            number, place = self._first_missing
            count = f"{self.num_missing:,} value{'s are' if self.num_missing > 1 else ' is'} missing in all"
            raise self._layout.error(
                number,
                f"no value in {self._layout.column_word} '{self._names[place]}'; {count}",
                self._advice.no_value,
                field=self._fields[place],
            )

    @property
    def constants(self) -> dict[int, float]:
        """The places of the columns that have one value in all training rows, and this value."""
        low, high = self._moments.range.low, self._moments.range.high
        return {place: float(low[place]) for place in np.flatnonzero(low == high).tolist()}

    def warn_of_changes(self, constants: Mapping[int, float]) -> None:
        """Warns of columns that had one value in all training rows, {place: value}, and have another one elsewhere."""
        low, high = self._others.low, self._others.high
        changed = [
            f"'{self._names[place]}' (always {value:g})"
            for place, value in constants.items()
            if low[place] < value or high[place] > value
        ]
        if changed:
            count = f"{len(changed):,} columns have" if len(changed) > 1 else "1 column has"
            console.warn(
                f"{self._layout.path}: {count} one value in all training rows and others in the rows to evaluate, so "
                f"the network hasn't learnt from {'them' if len(changed) > 1 else 'it'}: "
                f"{console.listed(changed, 5)}"
            )

    def scaling(self, kind: str) -> Scaling:
        """The Scaling of a kind ("none", "standard", "minmax"); a UserError if a column has no training value."""
        empty = np.flatnonzero(self._moments.counts == 0)
        if len(empty) and self._has_training:
            it = "them" if len(empty) > 1 else "it"
            raise UserError(
                f"{self._layout.path}: column '{self._names[empty[0]]}' has no value in any training row"
                + (f"; the same in {len(empty) - 1:,} more" if len(empty) > 1 else "")
                + f".\n  Leave {it} out: {without_flag([self._fields[place] for place in empty], self._layout)}"
            )
        return self._moments.scaling(kind)


def constants_of(trained_on: TableSpec) -> dict[int, float]:
    """The places of the columns that had one value in all training rows, and this value.

    Of columns with the same name it is known only if all had one value, because a run keeps their names.
    """
    values: defaultdict[str, list[float]] = defaultdict(list)
    for name, value in zip(trained_on.constant_columns, trained_on.constants):
        values[name].append(value)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(trained_on.columns):
        places[name].append(place)
    known = [name for name in values if len(values[name]) == len(places[name])]
    return {place: value for name in known for place, value in zip(places[name], values[name])}
