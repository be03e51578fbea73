"""Groups of rows that belong together, such as those of one patient: no group may be in two parts."""

from __future__ import annotations

import numpy as np

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.tables.cells import is_missing
from kit.data.tables.layouts import Layout
from kit.data.tables.row_names import is_id

FEWEST = 3  # values that a column of groups has
MOST_ROWS = 20  # of a group, on average


def groups_of(layout: Layout, field: int) -> np.ndarray:
    """The group of each row: int64 [N], numbers from 0; rows whose cells are the same text have the same.

    Args:
      layout: of the table.
      field: the column that names the groups.
    Raises:
      UserError: a cell is empty, or all rows are of one group.
    """
    numbers: dict[bytes, int] = {}
    groups = []
    for number, line in layout.rows():
        cell = layout.texts(number, line)[field].strip()
        if is_missing(cell):
            where = f"{layout.column_word} '{layout.name_of(field)}'"
            raise layout.error(
                number,
                f"no group in {where}, so nothing tells which samples it belongs to",
                f"Write one into the cell, or leave out the {layout.line_word}.",
                field=field,
            )
        groups.append(numbers.setdefault(cell, len(numbers)))
    if len(numbers) < 2:
        raise UserError(
            f"--group_column {layout.name_of(field)}: all rows of {layout.path} are of one group, and a group can't be "
            "in two parts.\n  Choose another column."
        )
    return np.array(groups, np.int64)


def warn_of_groups(layout: Layout, label_field: int | None) -> None:
    """Warns of columns that seem to name samples, and name some of them in several rows: these may be in two parts.

    Args:
      layout: of a table that is split without regard to groups.
      label_field: the column of the labels, which isn't meant.
    """
    fields = [field for field, name in enumerate(layout.names or ()) if is_id(name) and field != label_field]
    if not fields:
        return
    rows = [[layout.cells(number, line)[field].strip() for field in fields] for number, line in layout.rows()]
    for field, cells in zip(fields, zip(*rows)):
        count = len({*cells})
        if FEWEST <= count < len(cells) <= count * MOST_ROWS and not any(b"." in cell for cell in cells):
            name = layout.name_of(field)
            console.warn(
                f"{layout.path}: column '{name}' has {count:,} values in {len(cells):,} rows, so rows of one may be "
                f"in the training and in the validation.\n  To keep them together: --group_column {name}"
            )
