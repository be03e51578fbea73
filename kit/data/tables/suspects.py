"""Tells of columns that a network had better not learn from, with the flag that leaves them out."""

from collections.abc import Sequence

import numpy as np

from kit.cli import console
from kit.data.tables.cells import is_number
from kit.data.tables.columns import without_flag
from kit.data.tables.label_copies import label_copies
from kit.data.tables.layouts import Layout
from kit.data.tables.row_counters import RowCounters

MOST_NAMED = 5


class Suspects:
    """Looks for columns that count the rows, and for those that repeat the label.

    Args:
      layout: of the table.
      fields: the places of its chosen columns.
      labels: int64 [N] of classes, or float32 [N] of values: of all rows.
    """

    def __init__(self, layout: Layout, fields: Sequence[int], labels: np.ndarray):
        self._layout, self._fields = layout, fields
        self._counters = RowCounters([*map(layout.name_of, fields)], len(labels))
        self._copies = label_copies(labels, len(fields))

    def add(self, rows: np.ndarray) -> None:
        """Adds rows, in the file's order: float32 [N, columns], NaN where a value is missing."""
        self._counters.add(rows)
        self._copies.add(rows)

    def warn(self, label_name: str | None, already: Sequence[str]) -> None:
        """Warns of the columns found.

        Args:
          label_name: of the column that was chosen in the labels' own file, or None: the table's own repeats it.
          already: the words of --without_columns, which stay.
        """
        found = *self._counters.found(), *self._copies.found()
        counters, numbering, copies, together = ([self._fields[place] for place in places] for places in found)
        if self._layout.names and label_name in self._layout.names and not is_number(label_name.encode()):
            copies += [field for field in self._fields if self._layout.names[field] == label_name]
        copies = sorted({*copies} - {*counters})
        kinds = ("count", "rows", counters), ("repeat", "labels", copies), ("together repeat", "labels", together)
        facts = [
            f"column{'s' * (len(fields) > 1)} {self._named(fields)} {verb}{'s' * (len(fields) == 1)} the {what}"
            for verb, what, fields in kinds
            if fields
        ]
        if facts:
            suspects = sorted({*counters, *copies, *together})
            it = "them" if len(suspects) > 1 else "it"
            console.warn(
                f"{self._layout.path}: {', '.join(facts)}: what is learnt from {it} is of no use for "
                f"other rows.\n  Leave {it} out: {without_flag(suspects, self._layout, already)}"
            )
        numbering = [field for field in numbering if field not in copies]
        if numbering:
            console.warn(
                f"{self._layout.path}: another whole number in each row of {self._named(numbering)}. If they only "
                f"number the rows, leave them out: {without_flag(numbering, self._layout, already)}"
            )

    def _named(self, fields: Sequence[int]) -> str:
        return console.listed([f"'{self._layout.name_of(field)}'" for field in fields], MOST_NAMED)
