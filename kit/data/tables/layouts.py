"""How a table's file is laid out: its delimiter, its columns, whether it has a header. Found from its first lines."""

from collections import Counter
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

SAMPLE = 20  # lines that the layout is found from
LIKE_A_COUNT = 5  # cells of 0, 1, 2 ... in a row
ROW_NAMES = "row_names"  # what a column without a name of its own is called, where it names the rows


@dataclass(frozen=True)
class Layout:
    """How a file is laid out."""

    path: str
    flag: str  # that names the file
    compression: str  # "" or "GZIP"
    delimiter: str
    num_fields: int  # in every row
    names: tuple | None  # of str, one a field; None without a header
    header_line: int  # its number in the file; 0 without a header
    has_row_names: bool  # the first field is the row's name, as R and pandas write it

    def name_of(self, field):
        """What a column is called: its name, or its number from 1."""
        return self.names[field] if self.names else str(field + 1)

    def lines(self):
        """The lines of the file: an iterator of (number from 1, line); the line is b"" where it is no row."""
        for number, line in numbered_lines(self.path, self.compression, self.flag):
            yield number, b"" if number == self.header_line or is_blank(line) else line

    def cells(self, number, line):
        """The cells of a row, a list of bytes; a UserError where they are wrong or not as many as in the others."""
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
                f'Mend the line. A cell with a delimiter in it stands in quotes: "a{self.delimiter} b"',
            )
        return cells

    def check(self, number, line):
        """Raises the same errors as `cells`, in less time."""
        num_delimiters = line.count(self.delimiter.encode())
        if b'"' in line or not line.isascii() or has_control(line) or num_delimiters != self.num_fields - 1:
            self.cells(number, line)

    def error(self, number, problem, *ways_out):
        """The UserError for a line."""
        return UserError("\n  ".join([f"{self.path}:{number}: {problem}.", *ways_out]))


def layout_of(path, header, flag):
    """Finds out how a file is laid out.

    Args:
      path: the file.
      header: "yes", "no", or "auto": the first line is one where it has words above numbers.
      flag: the flag that named the file, for errors.
    Returns:
      Layout.
    Raises:
      UserError: it can't be read, is no text, or holds no row.
    """
    compression = compression_of(path, flag)
    lines = (pair for pair in numbered_lines(path, compression, flag) if not is_blank(pair[1]))
    sample = list(islice(lines, SAMPLE))
    if not sample:
        raise UserError(f"{path}: empty.\n  Expected a table: a row a line, separated by tabs or commas; see {flag}.")
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
        raise UserError(f"{path}: a header and no row below it.\n  If it is a row, say --header no.")
    names = [name.decode().strip() for name in first]
    has_row_names = is_short or (not names[0] and len(names) > 1)
    names = [ROW_NAMES, *(names if is_short else names[1:])] if has_row_names else names
    names = tuple(name or str(number) for number, name in enumerate(names, 1))
    if header == "auto" and sum(map(is_number, first)) > len(first) / 2:
        console.warn(f"{path}:{first_number}: taken for the header, for the words in it; if it is a row: --header no")
    return Layout(path, flag, compression, delimiter, len(names), names, first_number, has_row_names)


def _delimiter(sample):
    """The delimiter that splits the lines most evenly; between equals, the one that leaves most numbers."""
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


def _cells(path, number, line, delimiter):
    try:
        check_text(line)
        return cells_of(line, delimiter)
    except LineProblem as problem:
        raise UserError(f"{path}:{number}: {problem}.") from None


def _is_header(first, others, shift):
    """Whether a word in the first line stands above a number; its cells are `shift` to the left of theirs."""
    words = [i for i, cell in enumerate(first) if not is_missing(cell) and not is_number(cell)]
    return any(is_number(cells[i + shift]) for i in words for cells in others if i + shift < len(cells))


def _warn_of_numbers(path, first):
    """Warns of a first line 0, 1, 2 ...: the header that programs write for columns without names."""
    for start in (0, 1):
        if len(first) >= LIKE_A_COUNT and first == [b"%d" % number for number in range(start, start + len(first))]:
            console.warn(f"{path}:1: the numbers from {start}, taken for a row; if they name the columns: --header yes")
