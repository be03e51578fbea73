"""Groups of rows that belong together, such as those of one patient: no group may be in two parts."""

from __future__ import annotations

import numpy as np

from kit.cli.errors import UserError
from kit.data.tables.cells import is_missing
from kit.data.tables.delimited import line_error
from kit.data.tables.layouts import Layout


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
    for number, line in layout.lines():
        if not line:
            continue
        cell = layout.cells(number, line)[field].strip()
        if is_missing(cell):
            raise line_error(
                layout.path,
                number,
                f"no group in column {layout.name_of(field)}, so nothing tells which rows it belongs to",
                "Write one into the cell, or leave out the row.",
            )
        groups.append(numbers.setdefault(cell, len(numbers)))
    if len(numbers) < 2:
        raise UserError(
            f"--group_column {layout.name_of(field)}: all rows of {layout.path} are of one group, and a group can't be "
            "in two parts.\n  Choose another column."
        )
    return np.array(groups, np.int64)
