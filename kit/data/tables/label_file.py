"""A file of labels: its lines, and which of its columns holds the labels."""

import os

from kit.cli.errors import UserError
from kit.data.tables.advice import Advice
from kit.data.tables.columns import field_of
from kit.data.tables.labels import LabelSource
from kit.data.tables.layouts import Layout, layout_of


class LabelFile:
    """The labels' own file. Whether it has a header is told from the table.

    Args:
      source: where the labels are, with a path.
      decimal: --decimal.
      header: --header, of the table.
      advice: what errors say that depends on the script.
    Raises:
      UserError: the file can't be read.
    """

    def __init__(self, source: LabelSource, decimal: str, header: str, advice: Advice):
        self.path, self.column, self.header = source.path or "", source.column, header
        self.advice = advice
        self._decimal = decimal
        is_empty = os.path.isfile(self.path) and not os.path.getsize(self.path)
        lines = [] if is_empty else [bool(line) for _, line in self.layout("no").lines()]
        self.num_lines, self.count = len(lines), sum(lines)  # of all; and of the header and the rows
        self.chosen_name: str | None = None  # of the column that is chosen, once it is known; None without a header

    def layout(self, header: str) -> Layout:
        """The layout: header is "yes" or "no"."""
        return layout_of(self.path, header, "--labels", self._decimal, of_labels=True, advice=self.advice)

    def chosen_field(self, layout: Layout) -> int | None:
        """The place of the column that --label_column names; None without it."""
        return None if self.column is None else field_of(self.column, layout, "--label_column", self.advice)

    def label_field(self, layout: Layout, table: Layout, name_field: int | None = None) -> int:
        """The place of the labels' column: the one that is chosen, or the only one that isn't of names.

        Args:
          layout: of this file.
          table: the table's layout.
          name_field: the place of the names of the rows, in this file; None if it has none that are known.
        Raises:
          UserError: there are several columns, and none was chosen.
        """
        chosen = self.chosen_field(layout)
        if chosen is not None:
            self.chosen_name = layout.name_of(chosen) if layout.names else None
            return chosen
        left_out = {name_field, 0} if layout.has_row_names else {name_field}
        fields = [field for field in range(layout.num_fields) if field not in left_out]
        if len(fields) == 1:
            return fields[0]
        names = ", ".join(f"'{layout.name_of(field)}'" for field in fields[:5]) + " ..." * (len(fields) > 5)
        is_narrow = table.num_fields <= 1 + (name_field is not None)
        raise UserError(
            f"{self.path}: {len(fields)} columns. Choose the one with the labels, with --label_column: {names}."
            + "\n  The table has hardly any: are --data and --labels swapped?" * is_narrow
        )
