"""The layout of a table that is read transposed: from a copy, a temporary file. What is told is of the user's file."""

import os
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kit.cli.console import counted
from kit.data.tables.column_names import ROW_NAMES, header_in
from kit.data.tables.copies import write_copy
from kit.data.tables.delimited import cells_of, compression_of, numbered_lines
from kit.data.tables.delimiters import SAMPLE
from kit.data.tables.first_lines import FirstLines, read_first_lines
from kit.data.tables.gct import gct_in
from kit.data.tables.genes_in_rows import GenesInRows, genes_in_rows
from kit.data.tables.layouts import Layout, layout_of
from kit.data.tables.series_matrix import series_matrix_in
from kit.data.tables.transposing import write_transposed
from kit.system.files import file_state

TAB = "\t"


@dataclass(frozen=True)
class TransposedLayout(Layout):
    """The layout of the copy. `path` is the user's file."""

    table: GenesInRows
    line_numbers: Sequence[int]  # of the file, for each column of the copy

    column_word = "row"  # what a column of the copy is in the file
    line_word = "column"

    @property
    def annotations(self) -> range:
        return range(self.num_fields - self.table.num_annotations, self.num_fields)

    def place(self, number: int, field: int | None = None) -> str:
        column = f"column {self.table.column_of(number - 1):,}"
        return f"{self.path}, {column}" if field is None else f"{self.path}:{self.line_numbers[field]}, {column}"

    def decimal_if(self, wanted: str) -> str:
        if self.table.kind:
            return ""
        return read_first_lines(self.path, compression_of(self.path, self.flag), self.flag, wanted).decimal

    @property
    def has_fixed_sides(self) -> bool:
        return self.table.kind != ""

    def described(self, num_rows: int, num_lines: int, names_rows: bool = False) -> str:
        num_columns = self.num_fields - self.has_row_names - self.table.num_annotations
        counts = f"{counted(num_rows, 'rows')} of {counted(num_columns, 'columns')}"
        named = ["rows"] * (self.has_row_names or names_rows) + ["columns"] * (self.names is not None) or ["none"]
        facts = [
            f"{self.path}: {self.table.kind or 'a table'}, transposed: {counts}, names for {' and '.join(named)}",
            *self.table.more,
            self.repeated,
        ]
        return "; ".join(filter(None, facts))


def open_layout(path: str, header: str, flag: str, decimal: str = "auto", transpose: bool = False) -> Layout:
    """The layout of a table, as kit.data.tables.layouts.layout_of gives it; of one with genes in rows, transposed.

    GCT and series matrix files are known by their first lines.

    Args:
      path, header, flag, decimal: as there.
      transpose: whether the user says that genes are in rows.
    Raises:
      UserError: as there; or there is no space for the copy.
    """
    compression = compression_of(path, flag)
    table = gct_in(path, compression, flag) or series_matrix_in(path, compression, flag)
    if not table and not transpose:
        return layout_of(path, header, flag, decimal)
    key = os.path.abspath(path), file_state(path), header, decimal
    if key not in _LAYOUTS:  # the folds of a table share a copy
        _LAYOUTS[key] = _transposed(table or genes_in_rows(path, flag, header, decimal))
    return _LAYOUTS[key]


_LAYOUTS: dict[tuple, TransposedLayout] = {}


def _transposed(table: GenesInRows) -> TransposedLayout:
    numbers = array("q")

    def lines() -> Iterator[Sequence[bytes]]:
        for number, cells in table.lines():
            numbers.append(number)
            yield cells

    copy = write_copy(table.path, lambda path: write_transposed(lines(), table.width, path))
    first = _first_lines(table, copy, len(numbers))
    found = header_in(first, table.header)
    names = found.names
    if names and table.has_samples:
        names = (ROW_NAMES, *names[1:])
    return TransposedLayout(
        path=table.path,
        flag=table.flag,
        file=copy,
        compression="",
        delimiter=TAB,
        decimal="",
        num_fields=len(numbers),
        names=names,
        header_line=found.header_line,
        header_text=b"",  # no line can be it once more
        has_row_names=table.has_samples,
        num_comments=0,
        first_line=1,
        num_dropped=0,
        table=table,
        line_numbers=numbers,
    )


def _first_lines(table: GenesInRows, copy: str, num_fields: int) -> FirstLines:
    """The first lines of the copy, from which its header is told."""
    lines = [line for _, line in islice(numbered_lines(copy, "", table.flag), 2 if table.header == "yes" else SAMPLE)]
    cells = [cells_of(line, TAB) for line in lines]
    return FirstLines(
        path=table.path,
        comments=(),
        number=1,
        lines=lines,
        cells=cells,
        rows=cells,
        delimiter=TAB,
        decimal="",
        num_fields=num_fields,
        num_dropped=0,
        line_word="column",
    )
