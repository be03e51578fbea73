"""Whether the first line of a table names its columns. Where that is doubtful, what makes it so."""

import re
from collections.abc import Sequence

import numpy as np

from kit.data.tables.cells import is_missing, is_number, number_of, only_count, text_of

MOST_COLUMNS = 200  # of a wide table are looked at: the first, and some of the last
LAST_COLUMNS = 10
LONG_RUN = 7  # numbers that hardly ever increase by chance: 1 in 5,040 times
MANY = 10  # numbers that hardly ever differ by chance where those of other rows repeat
FEW_ROWS = 5  # with less below, chance decides
FAR = 10.0  # times as large as any number below

_WHOLE = re.compile(rb" *[0-9]+ *")
_FRACTION = re.compile(rb"[.eE]")


def header_of(first: Sequence[bytes], others: Sequence[Sequence[bytes]], is_quoted: bool) -> tuple[bool | None, str]:
    """Whether the first line is a header.

    Args:
      first: its cells, without quotes, and with decimal points.
      others: the cells of the rows below; at least as many in each.
      is_quoted: whether all cells of the first line are in quotes, and not all of the others.
    Returns:
      (answer, what makes it doubtful). The answer is None if both readings are possible.
    """
    places = [*range(len(first))][:MOST_COLUMNS] + [*range(MOST_COLUMNS, len(first))][-LAST_COLUMNS:]
    places = [place for place in places if _has_numbers([row[place] for row in others])]
    words = [first[i] for i in places if not is_missing(first[i]) and not is_number(first[i])]
    places = [i for i in places if is_number(first[i])]
    if words and len(words) >= len(places):
        return True, ""
    if not places:
        return False, ""
    if is_quoted:
        return True, ""
    likeness = _likeness_to_names([first[i] for i in places], [[row[i] for i in places] for row in others])
    if words:
        return (True, "") if likeness else (None, f"a word above numbers, {text_of(words[0])}, beside numbers")
    is_first_empty = not first[0].strip() and not any(is_missing(row[0]) for row in others)
    if is_first_empty and not any(is_missing(cell) for cell in first[1:]):
        return (
            (True, "")
            if likeness or only_count(first[1:])
            else (None, "an empty first cell, as above names of rows, and numbers")
        )
    return (None, likeness) if likeness else (False, "")


def _has_numbers(column: Sequence[bytes]) -> bool:
    """Whether at least half of the cells with a value are numbers; or none has a value."""
    cells = [cell for cell in column if not is_missing(cell)]
    return bool(column) and 2 * sum(map(is_number, cells)) >= len(cells)


def _likeness_to_names(first: Sequence[bytes], others: Sequence[Sequence[bytes]]) -> str:
    """What makes some numbers look like names, compared with the rows below; "" if nothing does."""
    names, rows = _numbers(first), np.array([_numbers(row) for row in others])  # [N], [rows, N]
    if len(names) < 2 or len(set(names)) < len(names):
        return ""
    is_whole = all(map(_WHOLE.fullmatch, first))
    if is_whole and len(others) > 1:
        have_fractions = [all(_FRACTION.search(cell) for cell in column) for column in zip(*others)]
        if np.mean(have_fractions) >= 0.8:
            return "whole numbers above fractions"
        if min(names) > max(100, FAR * np.nanmax(np.abs(rows), initial=0)):
            return "far larger than the numbers below"
    if _differ(names, rows, is_whole):
        return "all different, above numbers that repeat"
    return _order_of(names, rows, is_whole)


def _order_of(names: np.ndarray, rows: np.ndarray, is_whole: bool) -> str:
    """The order of the names, if the rows below have no such order; else ""."""
    steps = np.diff(names)
    sign = np.sign(steps[0])
    if (np.sign(steps) != sign).any():
        return ""
    share = (np.sign(np.diff(rows)) == sign).all(axis=1).mean()  # of rows in the same order
    if share > 0.1:
        return ""
    way = "increasing" if sign > 0 else "decreasing"
    if np.abs(steps - steps.mean()).max() <= 0.02 * abs(steps.mean()):
        fewest = 5 if sign < 0 else 3 if _count_columns(names, rows, is_whole) else 4
        if len(names) >= fewest:
            return f"evenly {way} numbers, above others"
    return f"{way} numbers, above others" if len(names) >= LONG_RUN and len(rows) >= FEW_ROWS else ""


def _count_columns(names: np.ndarray, rows: np.ndarray, is_whole: bool) -> bool:
    """Whether names are 0, 1, 2 or the like, and not the first row of sorted columns."""
    is_sorted = (np.diff(np.vstack([names, rows]), axis=0) >= 0).all()
    return is_whole and names[0] in (0, 1) and names[1] == names[0] + 1 and len(rows) >= 3 and not is_sorted


def _differ(names: np.ndarray, rows: np.ndarray, is_whole: bool) -> bool:
    """Whether the names are many whole numbers, and at least a fifth of the numbers in each row repeat."""
    if not is_whole or min(names) < 1 or len(names) < MANY or len(rows) < FEW_ROWS:
        return False
    return all(len(set(row)) <= 0.8 * len(row) for row in np.nan_to_num(rows).tolist())


def _numbers(cells: Sequence[bytes]) -> np.ndarray:
    """The numbers in cells, float64 [N]; NaN for anything else, and for what is too large."""

    def number(cell):
        try:
            return number_of(cell)
        except (ValueError, OverflowError):
            return np.nan

    return np.array([number(cell) for cell in cells])
