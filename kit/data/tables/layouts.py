"""The layout of a table's file: its delimiter, its columns, its header if it has one. Found from the first lines."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from kit.cli.console import counted
from kit.cli.errors import UserError
from kit.data.tables.advice import FOR_TRAINING, Advice
from kit.data.tables.cells import is_number
from kit.data.tables.column_names import header_in
from kit.data.tables.decimals import with_point
from kit.data.tables.delimited import (
    DELIMITERS,
    checked_cells,
    compression_of,
    error_at,
    has_control,
    is_blank,
    numbered_lines,
)
from kit.data.tables.first_lines import read_first_lines


@dataclass(frozen=True)
class Layout:
    """The layout of a file."""

    path: str  # the user's file, which is told of
    flag: str  # the flag that named the file
    file: str  # that is read: the same, unless it is a transposed copy
    compression: str  # "" or "GZIP"
    delimiter: str  # a key of DELIMITERS; spaces may be several, tabs among them
    decimal: str  # "", "." or ","; see kit.data.tables.decimals.decimal_of
    num_fields: int  # cells per row, without those that are empty in all rows, at their end
    names: tuple[str, ...] | None  # of the columns; None without a header
    header_line: int  # the header's line number in the file, from 1; 0 without a header
    header_text: bytes  # the header as it stands in the file; b"" without one
    has_row_names: bool  # the first field is the row's name, as R and pandas write it
    num_comments: int  # lines that start with # before the table
    first_line: int  # the line number of the header or the first row, after the comments
    num_dropped: int  # empty cells at the end of rows

    column_word: ClassVar[str] = "column"  # what a column, and a line of the table are in the user's file
    line_word: ClassVar[str] = "line"

    @property
    def annotations(self) -> range:
        """The fields that are no inputs unless they are chosen: of words that describe the rows."""
        return range(0)

    @property
    def is_transposed(self) -> bool:
        """Whether a copy is read whose lines are columns of the user's file."""
        return self.file != self.path

    def name_of(self, field: int) -> str:
        """The name of a column; without a header, its number from 1."""
        return self.names[field] if self.names else str(field + 1)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The lines of the file: an iterator of (number from 1, line); b"" for a header, comment or blank line."""
        repeated = self.header_text if self.num_fields > 1 else None
        skipped = max(self.header_line, self.first_line - 1)
        for number, line in numbered_lines(self.file, self.compression, self.flag):
            if number <= skipped or is_blank(line):
                yield number, b""
                continue
            if line == repeated:
                raise self.error(
                    number,
                    f"the header of line {self.header_line} once more, as when files are joined",
                    "Delete the line.",
                )
            yield number, line

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """The rows alone: an iterator of (number from 1, line)."""
        return ((number, line) for number, line in self.lines() if line)

    def cells(self, number: int, line: bytes) -> list[bytes]:
        """The cells of a row, numbers with decimal points; a UserError if the line is broken or has too many cells."""
        cells = self.texts(number, line)
        return [*map(self.as_number, cells)] if self.decimal else cells

    def as_number(self, cell: bytes) -> bytes:
        """A cell, with a decimal point if it is a number; see with_point."""
        return with_point(cell, self.decimal)

    def texts(self, number: int, line: bytes) -> list[bytes]:
        """The cells of a row as they stand in the file, as names must; errors are those of `cells`."""
        cells = checked_cells(self.path, number, line, self.delimiter)
        if len(cells) != self.num_fields:
            if len(cells) < self.num_fields or any(cell.strip() for cell in cells[self.num_fields :]):
                raise self._wrong_count(number, cells)
            cells = cells[: self.num_fields]
        return cells

    def check(self, number: int, line: bytes) -> None:
        """Raises the same errors as `cells`, in less time."""
        num_delimiters = len(line.split()) - 1 if self.delimiter == " " else line.count(self.delimiter.encode())
        if b'"' in line or not line.isascii() or has_control(line) or num_delimiters != self.num_fields - 1:
            self.cells(number, line)

    @property
    def has_fixed_sides(self) -> bool:
        """Whether the format of the file says what its rows are."""
        return False

    def described(self, num_rows: int, num_lines: int, names_rows: bool = False) -> str:
        """How the file was read, in one line.

        Args:
          num_rows: its rows.
          num_lines: all its lines: of rows, header, comments and blank ones.
          names_rows: whether the first column names the rows, though it has a name.
        """
        num_headers = int(self.header_line > 0)
        num_blank = num_lines - num_rows - num_headers - self.num_comments
        counts = [
            "1 header" if num_headers else "no header",
            counted(num_rows, "rows") + f" of {counted(self.num_fields, 'columns')}",
            *([counted(self.num_comments, "comments")] if self.num_comments else []),
            *([f"{num_blank:,} blank"] if num_blank > 0 else []),
        ]
        facts = [
            "first column = names of the rows" if names_rows or self.has_row_names else "",
            f"separated by {DELIMITERS[self.delimiter]}" if self.num_fields > 1 else "",
            {"": "", ".": "commas may group thousands", ",": "decimal commas"}[self.decimal],
            f"{counted(self.num_dropped, 'empty last columns')} dropped" if self.num_dropped else "",
            self.repeated,
        ]
        return "; ".join([f"{self.path}: {counted(num_lines, 'lines')}: {', '.join(counts)}", *filter(None, facts)])

    @property
    def repeated(self) -> str:
        """How many names several columns have, in words; "" if none."""
        repeated = [name for name, count in Counter(self.names or ()).items() if count > 1]
        return f"{counted(len(repeated), 'names')} repeated, such as '{repeated[0]}'" if repeated else ""

    def place(self, number: int, field: int | None = None) -> str:
        """Where a line, or one cell of it, stands in the user's file."""
        return f"{self.path}:{number}"

    def decimal_if(self, wanted: str) -> str:
        """The decimal sign of the file's numbers with another --decimal."""
        return read_first_lines(self.path, self.compression, self.flag, wanted).decimal

    def error(self, number: int, problem: str, *ways_out: str, field: int | None = None) -> UserError:
        """The UserError for a line, or one cell of it: the problem, then the ways out, each on a line."""
        return error_at(self.place(number, field), problem, *ways_out)

    def _wrong_count(self, number: int, cells: Sequence[bytes]) -> UserError:
        expected = f"{self.num_fields} as in {'the header' if self.names else 'the first lines'}"
        problem = f"{counted(len(cells), 'cells')}, expected {expected}, separated by {DELIMITERS[self.delimiter]}"
        ways_out = ["Fix the line."]
        if self.delimiter != " ":
            ways_out[0] += f' A cell that contains a delimiter needs quotes: "a{self.delimiter} b"'
        if self.delimiter == "," and self.num_fields == 1 and all(map(is_number, cells)):
            ways_out.append("If commas are decimal signs: --decimal comma")
        if self.names is None and number == self.first_line and len(cells) == self.num_fields - 1:
            ways_out.append("If it names the columns, except for a first one with the names of the rows: --header yes")
        return self.error(number, problem, *ways_out)


def layout_of(
    path: str, header: str, flag: str, decimal: str = "auto", of_labels: bool = False, advice: Advice = FOR_TRAINING
) -> Layout:
    """Finds the layout of a file.

    Args:
      path: the file.
      header: "yes", "no", or "auto": see kit.data.tables.headers.
      flag: the flag that named the file, for errors.
      decimal, of_labels, advice: see kit.data.tables.first_lines.read_first_lines.
    Raises:
      UserError: the file can't be read, isn't text, has no rows, or can be read in two ways.
    """
    compression = compression_of(path, flag)
    first = read_first_lines(path, compression, flag, decimal, of_labels, advice)
    found = header_in(first, header)
    return Layout(
        path=path,
        flag=flag,
        file=path,
        compression=compression,
        delimiter=first.delimiter,
        decimal=first.decimal,
        num_fields=first.num_fields,
        num_dropped=first.num_dropped,
        first_line=found.header_line or first.number,
        num_comments=sum(number != found.header_line for number, _ in first.comments),
        **found._asdict(),
    )
