"""The delimiter of a table, told from its first lines."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from kit.data.tables.cells import is_missing, is_number, only_count
from kit.data.tables.decimals import Doubt
from kit.data.tables.delimited import DELIMITERS, LineProblem, cells_of

SAMPLE = 20  # lines from which the delimiter is told
MOST_CELLS = 500  # of a row, from which it is told
RARE_IN_CELLS = ("\t", ";", "|")  # unlike commas and spaces


class _Score(NamedTuple):
    """How well a delimiter splits the lines; the more to the left, the more it counts."""

    share: float = 0.0  # of the lines that have the usual number of cells
    splits_first: bool = False
    numbers: float = 0.0  # share of a line's cells
    is_even: bool = False  # no line is too short or too long


BEST = _Score(1.0, True, 1.0, True)

_ONE_NUMBER = re.compile(rb" *[-+]?(?:[0-9]*(?:,[0-9]+)?(?:[eE][-+]?[0-9]+)?|[0-9]{1,3}(?:,[0-9]{3})+) *")
_ONE_PART = re.compile(rb"-0*,|,0[0-9]")  # what stands in 1,05, and hardly ever at the start of a cell
_GROUPED_BY_SPACES = re.compile(rb" *[-+]?[0-9]{1,3}(?: [0-9]{3})+ *")


def delimiter_of(lines: Sequence[tuple[int, bytes]], wanted_decimal: str, of_labels: bool) -> str:
    """The delimiter that splits the lines most evenly, the first too; among equals, the one with the most numbers.

    Args:
      lines: (number, line) of the first lines that aren't blank; of some more than the delimiter is told from.
      wanted_decimal: "auto", or "point" or "comma", the decimal sign where the file leaves it open.
      of_labels: whether the file holds labels: then one column is likelier than several.
    Returns:
      One of DELIMITERS; for a file of one column, one that is in none of the lines.
    Raises:
      Doubt: 82,0 may be one cell or two, and `wanted_decimal` is "auto".
    """
    start, best, best_score = lines[:SAMPLE], "", _Score()
    for delimiter in DELIMITERS:
        if best_score == BEST:
            break
        try:
            rows = [cells_of(line, delimiter) for _, line in start]
        except LineProblem:
            continue
        others = rows[1:] or rows
        width = Counter(map(len, others)).most_common(1)[0][0]
        count = sum(len(cells) == width or filled(cells) <= width < len(cells) for cells in others)
        if width == 1:
            continue
        num_empty = min(len(cells) - filled(cells) for cells in others)  # at the end of every line
        is_even = all(len(cells) >= width - num_empty and filled(cells) <= width for cells in rows)
        if delimiter == " ":
            is_split = best in RARE_IN_CELLS and best_score.share == 1 and best_score.is_even
            if is_split or best_score.is_even > is_even or not _are_columns(others, width, start, of_labels):
                continue
        cells = [cell for cell in others[-1][:MOST_CELLS] if cell.strip()]
        num_numbers = sum(is_number(cell.replace(b",", b".")) for cell in cells)
        score = _Score(count / len(others), len(rows[0]) > 1, num_numbers / max(1, len(cells)), is_even)
        if score > best_score:
            best, best_score = delimiter, score
    if best in ("", ",") and _are_decimals(lines, wanted_decimal, of_labels, is_split=best == ","):
        return "\t"
    return best or ","


def filled(cells: Sequence[bytes]) -> int:
    """The number of cells up to the last that isn't empty."""
    return next((i for i in range(len(cells), 0, -1) if cells[i - 1].strip()), 0)


def _are_columns(
    others: Sequence[list[bytes]], width: int, lines: Sequence[tuple[int, bytes]], of_labels: bool
) -> bool:
    """Whether spaces separate columns, and not the words of a cell, or thousands."""
    if any(b'"' in line for _, line in lines):
        return True
    rows = [cells for cells in others if len(cells) == width]
    columns = [
        all(is_missing(cell) or is_number(cell.replace(b",", b".")) for cell in cells)
        for cells in islice(zip(*rows), MOST_CELLS)
    ]
    if not of_labels:
        return any(columns) and 3 * len(rows) >= 2 * len(others)
    are_thousands = all(_GROUPED_BY_SPACES.fullmatch(line) for _, line in lines[1:])
    return all(columns) and len(rows) == len(others) and not are_thousands


def _are_decimals(lines: Sequence[tuple[int, bytes]], wanted_decimal: str, of_labels: bool, is_split: bool) -> bool:
    """Whether all lines are numbers such as 82,0, in a single column."""
    (number, first), *others = lines
    numbers = [line for _, line in others if not is_missing(line)]
    if not all(map(_ONE_NUMBER.fullmatch, numbers)) or not any(b"," in line for line in numbers):
        return False
    is_header = not _ONE_NUMBER.fullmatch(first)
    try:
        if is_header and len(cells_of(first, ",")) > 1:
            return False
    except LineProblem:  # is told when the line is read
        return False
    starts = [line.split(b",")[0].strip() for line in numbers]
    if len(starts) > 2 and only_count(starts):
        return False  # the names of rows: 1, 2, 3 ...
    are_uneven = not all(b"," in line for line in numbers) and (of_labels or not is_split)
    if is_header or are_uneven or any(map(_ONE_PART.search, numbers)):
        return True
    if wanted_decimal == "auto" and of_labels:
        raise Doubt(
            number,
            f"'{first.decode().strip()}' may be one number or two columns",
            "If commas are decimal signs: --decimal comma",
            "If they separate columns: --decimal point",
        )
    return wanted_decimal == "comma"
