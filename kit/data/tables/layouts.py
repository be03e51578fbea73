"""The layout of a table's file: its delimiter, its columns, its header if it has one. Found from the first lines."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.tables.cells import is_missing, is_number
from kit.data.tables.delimited import (
    DELIMITERS,
    LineProblem,
    cells_of,
    check_text,
    compression_of,
    has_control,
    is_blank,
    numbered_lines,
)

SAMPLE = 20  # lines from which the layout is found
SHORTEST_COUNT = 5  # cells 0, 1, 2 ... that may be numbered columns
ROW_NAMES = "row_names"  # the name of a column that names the rows and has no name itself


@dataclass(frozen=True)
class Layout:
    """The layout of a file."""

    path: str
    flag: str  # the flag that named the file
    compression: str  # "" or "GZIP"
    delimiter: str  # "\t", "," or ";"
    num_fields: int  # cells per row
    names: tuple[str, ...] | None  # of the columns; None without a header
    header_line: int  # the header's line number in the file, from 1; 0 without a header
    has_row_names: bool  # the first field is the row's name, as R and pandas write it

    def name_of(self, field: int) -> str:
        """The name of a column; without a header, its number from 1."""
        return self.names[field] if self.names else str(field + 1)

    def described(self, num_rows: int, num_lines: int) -> str:
        """What was found in the file, in a line for the user."""
        header = "1 header" if self.names else "no header"
        text = f"{self.path}: {num_lines:,} lines: {header}, {num_rows:,} rows of {self.num_fields:,} columns"
        text += "; first column = names of the rows" * self.has_row_names
        return text + f"; separated by {DELIMITERS[self.delimiter]}" * (self.num_fields > 1)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The lines of the file: an iterator of (number from 1, line); b"" for a header or blank line."""
        for number, line in numbered_lines(self.path, self.compression, self.flag):
            yield number, b"" if number == self.header_line or is_blank(line) else line

    def cells(self, number: int, line: bytes) -> list[bytes]:
        """The cells of a row; a UserError if the line is broken or has another number of cells."""
        try:
            check_text(line)
            cells = cells_of(line, self.delimiter)
        except LineProblem as problem:
            raise self.error(number, str(problem)) from None
        if len(cells) != self.num_fields:
            raise self.error(
                number,
                f"{len(cells)} cell{'s' * (len(cells) != 1)}, expected {self.num_fields} as in "
                f"{'the header' if self.names else 'the first lines'}, separated by {DELIMITERS[self.delimiter]}",
                f'Fix the line. A cell that contains a delimiter needs quotes: "a{self.delimiter} b"',
            )
        return cells

    def check(self, number: int, line: bytes) -> None:
        """Raises the same errors as `cells`, in less time."""
        num_delimiters = line.count(self.delimiter.encode())
        if b'"' in line or not line.isascii() or has_control(line) or num_delimiters != self.num_fields - 1:
            self.cells(number, line)

    def error(self, number: int, problem: str, *ways_out: str) -> UserError:
        """The UserError for a line: the problem, then the ways out, each on a line."""
        return UserError("\n  ".join([f"{self.path}:{number}: {problem}.", *ways_out]))


def layout_of(path: str, header: str, flag: str) -> Layout:
    """Finds the layout of a file.

    Args:
      path: the file.
      header: "yes", "no", or "auto": the first line is a header if it has words above numbers.
      flag: the flag that named the file, for errors.
    Raises:
      UserError: the file can't be read, isn't text, or has no rows.
    """
    compression = compression_of(path, flag)
    lines = (pair for pair in numbered_lines(path, compression, flag) if not is_blank(pair[1]))
    sample = list(islice(lines, SAMPLE))
    if not sample:
        raise UserError(
            f"{path}: empty.\n  {flag} expects a table: one row per line, cells separated by tabs or commas."
        )
    delimiter = _delimiter(sample)
    (first_number, first), *others = [(number, _cells(path, number, line, delimiter)) for number, line in sample]
    others = [cells for _, cells in others]
    width = Counter(map(len, others)).most_common(1)[0][0] if others else len(first)
    is_short = bool(others) and len(first) == width - 1
    has_header = header == "yes" or (header == "auto" and _is_header(first, others, shift=int(is_short)))
    if not has_header:
        if header == "auto":
            _warn_of_numbers(path, first)
        return Layout(path, flag, compression, delimiter, width, None, 0, has_row_names=False)
    if not others:
        raise UserError(f"{path}: a header, but no rows below it.\n  If its line is a row: --header no")
    names = [name.decode().strip() for name in first]
    has_row_names = is_short or (not names[0] and len(names) > 1)
    names = [ROW_NAMES, *(names if is_short else names[1:])] if has_row_names else names
    names = tuple(name or str(number) for number, name in enumerate(names, 1))
    if header == "auto" and sum(map(is_number, first)) > len(first) / 2:
        console.warn(f"{path}:{first_number}: has words, so it counts as the header; if it is a row: --header no")
    return Layout(path, flag, compression, delimiter, len(names), names, first_number, has_row_names)


def _delimiter(sample: Sequence[tuple[int, bytes]]) -> str:
    """The delimiter that splits the lines most evenly; among equals, the one that yields the most numbers."""
    best, best_score = ",", (0.0, 0.0)
    for delimiter in DELIMITERS:
        try:
            rows = [cells_of(line, delimiter) for _, line in sample]
        except LineProblem:
            continue
        width, count = Counter(map(len, rows)).most_common(1)[0]
        if width == 1:
            continue
        cells = rows[-1]
        score = count / len(rows), sum(is_number(cell.replace(b",", b".")) for cell in cells) / len(cells)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _cells(path: str, number: int, line: bytes, delimiter: str) -> list[bytes]:
    try:
        check_text(line)
        return cells_of(line, delimiter)
    except LineProblem as problem:
        raise UserError(f"{path}:{number}: {problem}.") from None


def _is_header(first: Sequence[bytes], others: Sequence[Sequence[bytes]], shift: int) -> bool:
    """Whether the first line has a word above a number, if its cells belong `shift` places further right."""
    words = [i for i, cell in enumerate(first) if not is_missing(cell) and not is_number(cell)]
    return any(is_number(cells[i + shift]) for i in words for cells in others if i + shift < len(cells))


def _warn_of_numbers(path: str, first: Sequence[bytes]) -> None:
    """Warns if the first line is 0, 1, 2 ...: the header that programs write for columns without names."""
    for start in (0, 1):
        if len(first) >= SHORTEST_COUNT and first == [b"%d" % number for number in range(start, start + len(first))]:
            console.warn(
                f"{path}:1: {start}, {start + 1}, {start + 2} ... counts as a row; if it is the header: --header yes"
            )
