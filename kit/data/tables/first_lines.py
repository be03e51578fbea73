"""The first lines of a table's file, and what they tell of it: delimiter, decimal sign, number of columns."""

import contextlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from kit.cli.errors import UserError
from kit.data.tables.advice import FOR_TRAINING, Advice
from kit.data.tables.decimals import Doubt, decimal_of, with_point
from kit.data.tables.delimited import (
    DELIMITERS,
    LineProblem,
    cells_of,
    check_text,
    checked_cells,
    error_at,
    is_blank,
    line_error,
    numbered_lines,
)
from kit.data.tables.delimiters import SAMPLE, delimiter_of, filled

LONG_SAMPLE, LONG_SAMPLE_BYTES = 1000, 500_000  # lines, and about as many bytes, from which the decimal sign is told
COMMENT = b"#"
NO_COMMENT = re.compile(rb"(?i)#(n/?[adv]\b|[a-z0-9/]+[!?])")  # #N/A, #DIV/0!, #NAME?: what Excel writes into a cell
NAMED_DELIMITER = re.compile(rb'(?i)"?sep=([^\w"])"?\1*')  # the line for Excel, sep=;

Lines = Sequence[tuple[int, bytes]]  # (number from 1, line)


@dataclass(frozen=True)
class FirstLines:
    """The first lines of a file that aren't blank."""

    path: str
    comments: Lines  # that start with #, or name the delimiter; above all others
    number: int  # of the first line below them
    lines: Sequence[bytes]  # a few, below the comments
    cells: Sequence[list[bytes]]  # theirs, as they stand in the file
    rows: Sequence[list[bytes]]  # the same, numbers with decimal points
    delimiter: str
    decimal: str
    num_fields: int  # without cells at the end that are empty in all rows and have no name
    num_dropped: int  # such cells
    line_word: str = "line"  # what a line is in the user's file

    def error(self, problem: str, *ways_out: str) -> UserError:
        """The UserError for the first line below the comments."""
        place = f"{self.path}:{self.number}" if self.line_word == "line" else f"{self.path}, {self.line_word} 1"
        return error_at(place, problem, *ways_out)


def read_first_lines(
    path: str, compression: str, flag: str, decimal: str, of_labels: bool = False, advice: Advice = FOR_TRAINING
) -> FirstLines:
    """Reads the first lines of a file.

    Args:
      path: the file.
      compression: "" or "GZIP".
      flag: the flag that named the file, for errors.
      decimal: "point" or "comma", the decimal sign where the file leaves it open; or "auto".
      of_labels: whether the file holds labels: then one column is likelier than several.
      advice: what errors say that depends on the script.
    Raises:
      UserError: there are none, they aren't text, or can be read in two ways.
    """
    lines = _text_lines(path, compression, flag)
    num_comments = len(list(takewhile(lambda pair: _is_comment(pair[1]), lines)))
    num_comments %= len(lines)  # if all start so, none is a comment
    comments, lines = lines[:num_comments], lines[num_comments:]
    try:
        delimiter = _named_delimiter(path, comments, lines) or delimiter_of(lines, decimal, of_labels)
        cells = [checked_cells(path, number, line, delimiter) for number, line in lines[:SAMPLE]]
        sign = _decimal(lines, delimiter, decimal)
    except Doubt as doubt:
        ways_out = [advice.decimal] if advice.decimal else doubt.ways_out
        raise line_error(path, doubt.number, doubt.problem, *ways_out) from None
    num_fields, num_dropped = _num_fields(cells, lines, delimiter)
    return FirstLines(
        path=path,
        comments=comments,
        number=lines[0][0],
        lines=[line for _, line in lines[:SAMPLE]],
        cells=cells,
        rows=[[with_point(cell, sign) for cell in row] for row in cells] if sign else cells,
        delimiter=delimiter,
        decimal=sign,
        num_fields=num_fields,
        num_dropped=num_dropped,
    )


def _is_comment(line: bytes) -> bool:
    """Whether a line starts with #, or names the delimiter for Excel: sep=;"""
    if line.startswith(COMMENT):
        return not NO_COMMENT.match(line)
    return NAMED_DELIMITER.fullmatch(line) is not None


def _named_delimiter(path: str, comments: Lines, lines: Lines) -> str:
    """The delimiter that a line for Excel names; "" if there is no such line."""
    named = [(number, line, match) for number, line in comments if (match := NAMED_DELIMITER.fullmatch(line))]
    if not named:
        return ""
    number, line, match = named[0]
    name = match[1].decode("latin-1")
    if name not in DELIMITERS:
        *others, last = DELIMITERS.values()
        problem = f"'{line.decode(errors='replace')}' names a delimiter that isn't read"
        raise line_error(path, number, problem, f"Separate the cells by {', '.join(others)} or {last}.")
    if not any(name.encode() in line for _, line in lines):
        found = delimiter_of(lines, "comma", False)  # the sign that takes 1,5 for one cell
        if found.encode() in lines[0][1]:
            problem = f"names {DELIMITERS[name]}, but the cells are separated by {DELIMITERS[found]}"
            raise line_error(path, number, problem, "Delete this line, or write the right delimiter there.")
    return name


def _text_lines(path: str, compression: str, flag: str) -> list[tuple[int, bytes]]:
    lines, num_rows, num_bytes = [], 0, 0
    for number, line in numbered_lines(path, compression, flag):
        if is_blank(line):
            continue
        if num_rows < SAMPLE:
            try:
                check_text(line)
            except LineProblem as problem:
                raise problem.in_file(path, number) from None
        lines.append((number, line))
        if num_rows or not _is_comment(line):
            num_rows, num_bytes = num_rows + 1, num_bytes + len(line)
        if num_rows >= SAMPLE and (num_rows >= LONG_SAMPLE or num_bytes > LONG_SAMPLE_BYTES):
            break
    if not lines:
        raise UserError(
            f"{path}: empty.\n  {flag} expects a table: one row per line, cells separated by tabs or commas."
        )
    return lines


def _decimal(lines: Lines, delimiter: str, wanted: str) -> str:
    """The decimal sign, as kit.data.tables.decimals.decimal_of gives it."""
    has_commas = any(b"," in line and (delimiter != "," or b'"' in line) for _, line in lines)
    return decimal_of(_readable_rows(lines, delimiter), delimiter, wanted, has_commas)


def _readable_rows(lines: Lines, delimiter: str) -> Iterator[tuple[int, list[bytes]]]:
    """(number, cells) of the lines whose quotes are right; the others are told of when they are read as rows."""
    for number, line in lines:
        with contextlib.suppress(LineProblem):
            yield number, cells_of(line, delimiter)


def _num_fields(rows: Sequence[list[bytes]], lines: Lines, delimiter: str) -> tuple[int, int]:
    """(columns, cells at the end of rows that are empty in all of them and have no name)."""
    first, others = rows[0], rows[1:] or rows
    usual = Counter(map(len, others)).most_common(1)[0][0]
    if max(map(filled, [first, *others])) >= usual:
        return usual, 0
    num_fields = max(1, *(filled(cells) for _, cells in _readable_rows(lines, delimiter)))
    return min(usual, num_fields), usual - min(usual, num_fields)
