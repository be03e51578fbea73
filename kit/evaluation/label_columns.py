"""Columns of a file with labels or predictions: cells as text, compared as classes or read as numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.tables.advice import FOR_SCORING
from kit.data.tables.cells import only_count, text_of
from kit.data.tables.columns import field_of
from kit.data.tables.label_rules import is_no_label, key_of
from kit.data.tables.layouts import Layout, layout_of
from kit.data.tables.row_names import is_id, names_in


@dataclass(frozen=True)
class Column:
    """A column of a file."""

    path: str
    name: str  # "" without a header
    cells: list[str]
    lines: list[int]  # the numbers of the cells' lines, from 1
    has_header: bool

    @property
    def keys(self) -> list[bytes | float]:
        """What equal cells share: kit.data.tables.label_rules.key_of."""
        return [key_of(cell.encode()) for cell in self.cells]

    def numbers(self, what: str, least: float = -math.inf, most: float = math.inf) -> np.ndarray:
        """The cells as numbers: float32 [N].

        Args:
          what: they are, for the error.
          least, most: their bounds.
        Raises:
          UserError: one isn't a number, or out of bounds.
        """
        found = []
        for key, cell, line in zip(self.keys, self.cells, self.lines):
            if isinstance(key, bytes) or not least <= key <= most:
                bounds = f" from {least:g} to {most:g}" if math.isfinite(least) else ""
                raise UserError(f"{self.path}:{line}: found {text_of(cell.encode())}, expected {what}{bounds}.")
            found.append(key)
        return np.array(found, np.float32)

    def places_in(self, names: tuple[str, ...]) -> np.ndarray:
        """The class of each cell, its place among the names: int64 [N]; a UserError for one that is none of them."""
        places = {key_of(name.encode()): place for place, name in enumerate(names)}
        for key, cell, line in zip(self.keys, self.cells, self.lines):
            if key not in places:
                found, known = text_of(cell.encode()), console.listed(names)
                raise UserError(
                    f"{self.path}:{line}: label {found} is none of the classes {known}.\n"
                    "  Fix the line. If it is a class of its own, name all of them: --classes A B C."
                )
        return np.array([places[key] for key in self.keys], np.int64)


@dataclass(frozen=True)
class Columns:
    """The columns of a file, without one that names the rows."""

    path: str
    layout: Layout
    columns: list[Column]
    has_header: bool
    row_names: list[str] | None = None  # if a column names the rows, each by another name

    def __len__(self) -> int:
        return len(self.columns[0].cells)

    @property
    def names(self) -> list[str]:
        return [column.name or str(number) for number, column in enumerate(self.columns, 1)]

    def chosen(self, wanted: str | None, usual: str) -> Column:
        """One column.

        Args:
          wanted: its name or number from 1; None for the only one, or the one of the usual name.
          usual: a name.
        Raises:
          UserError: there is no such column, or there are several and none is wanted.
        """
        if wanted is not None:
            place = field_of(wanted, self.layout, "--label_column", FOR_SCORING) - self.layout.has_row_names
            if place < 0:
                raise UserError(
                    f"--label_column {wanted}: this column of {self.path} names the rows. Choose the column of the "
                    f"labels: {console.listed(self.names)}."
                )
            return self.columns[place]
        if len(self.columns) == 1:
            return self.columns[0]
        if usual in self.names:
            return self.columns[self.names.index(usual)]
        way_out = " Choose the one with the labels: --label_column NAME." if usual == "label" else ""
        raise UserError(
            f"{self.path}: {len(self.columns)} columns, {console.listed(self.names)}; expected one.{way_out}"
        )


def read_columns(path: str, flag: str, header: str) -> Columns:
    """Reads a file of a few columns.

    Args:
      path: text, plain or gzip, in any of the forms that tables have.
      flag: that named it, for errors.
      header: "yes", "no" or "auto". The first line is a header if it would be one of a table; or if in some column only
        it is no number, or is a word that doesn't come again, though others do.
    Raises:
      UserError: the file can't be read, or a cell is missing.
    """
    layout = _layout(path, flag, header)
    if header == "auto" and (layout.num_fields == 1 or not layout.names):
        layout = _layout(path, flag, "no")
        if any(map(_begins_with_header, zip(*(cells for _, cells in _rows(layout))))):
            layout = _layout(path, flag, "yes")
    rows, names = _rows(layout), layout.names
    if not rows:
        raise UserError(f"{path}: no rows.")
    for number, cells in rows:
        for cell in cells:
            if is_no_label(cell.encode()):
                raise UserError(f"{path}:{number}: found {text_of(cell.encode())}, expected a label or a number.")
    lines = [number for number, _ in rows]
    columns = [
        Column(path, names[field] if names else "", [cells[field] for _, cells in rows], lines, bool(names))
        for field in range(int(layout.has_row_names), layout.num_fields)
    ]
    return Columns(path, layout, columns, bool(names), _row_names(layout, [cells for _, cells in rows]))


def _layout(path: str, flag: str, header: str) -> Layout:
    return layout_of(path, header, flag, of_labels=True, advice=FOR_SCORING)


def _rows(layout: Layout) -> list[tuple[int, list[str]]]:
    """The rows of a file: (number of the line, its cells)."""
    return [
        (number, [cell.decode("utf-8").strip() for cell in layout.cells(number, line)])
        for number, line in layout.rows()
    ]


def paired_by_name(labels: Column, names: list[str] | None, others: Columns) -> Column:
    """The labels in the order of another file's rows, if both files name these; else as they are.

    Args:
      labels: one per row.
      names: of these rows, or None.
      others: as many rows.
    Raises:
      UserError: the files name other rows.
    """
    if names is None or others.row_names in (None, names) or (_only_count(names) and _only_count(others.row_names)):
        return labels
    place_of = {name: place for place, name in enumerate(names)}
    for name, line in zip(others.row_names or [], others.columns[0].lines):
        if name not in place_of:
            raise UserError(
                f"{others.path}:{line}: no row of {labels.path} is named {text_of(name.encode())}.\n"
                "  Expected the same rows in both files. To pair them in their order: leave the names out of one file."
            )
    console.say(f"{labels.path}: its rows are in another order than those of {others.path}: paired by their names")
    order = [place_of[name] for name in others.row_names or []]
    return replace(labels, cells=[labels.cells[i] for i in order], lines=[labels.lines[i] for i in order])


def _row_names(layout: Layout, rows: list[list[str]]) -> list[str] | None:
    """The names of a file's rows, if a column names them; rather than one that only counts."""
    found = []
    for field in range(layout.num_fields):
        if is_id(layout.name_of(field)) or (layout.has_row_names and not field):
            cells = [row[field] for row in rows]
            names = names_in(layout, field, [cell.encode() for cell in cells])
            if names.name_rows and names.differ:
                found.append(cells)
    return min(found, key=_only_count, default=None)


def _only_count(names: list[str]) -> bool:
    return only_count([name.encode() for name in names])


def _begins_with_header(cells: tuple[str, ...]) -> bool:
    first, others = cells[0], cells[1:]
    if not others or isinstance(key_of(first.encode()), float):
        return False
    if all(isinstance(key_of(cell.encode()), float) for cell in others):
        return True
    return first not in others and len({*others}) < len(others)
