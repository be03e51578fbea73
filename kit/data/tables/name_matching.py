"""Matches the names of rows in two files, also where they are written a little differently."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from kit.cli.errors import UserError
from kit.data.tables.cells import is_number, text_of
from kit.data.tables.row_names import Names, is_word
from kit.data.tables.spelling import CASE, SPACES_AND_QUOTES, lower, tidy


def match(table: Names, labels: Names) -> tuple[list[int], str] | None:
    """Finds the label of each row by its name. Where the names differ in how they are written, that is overlooked.

    Args:
      table: the names of the table's rows, N of them.
      labels: the names in the file of the labels.
    Returns:
      (places, difference): for each row of the table, its place among the labels, from 0; and in what the names
      differ, "" if they are the same. None if the names of one file only count its rows, and don't fit the other's.
    Raises:
      UserError: a name is missing in the labels, or stands twice.
    """
    if table.cells == labels.cells:
        return list(range(len(table.cells))), ""
    problem, fewest = UserError(), len(table.cells) + 1
    for difference, form in FORMS.items():
        wanted, there = ([form(cell.decode()) for cell in names.cells] for names in (table, labels))
        twice = _first_twice(wanted) or _first_twice(there, {*wanted})
        place_of = {name: place for place, name in enumerate(there)}
        missing = [row for row, name in enumerate(wanted) if name not in place_of]
        if not missing and not twice:
            return [place_of[name] for name in wanted], difference
        if twice and not difference:
            problem = _twice(table, labels, twice)
            break
        if not twice and len(missing) < fewest:  # a form that makes one of two names helps nobody
            problem, fewest = _missing(table, labels, len(missing), missing[0]), len(missing)
    if _one_only_counts(table, labels):
        return None
    raise problem


def loosest(name: bytes) -> str:
    """A name without all that `match` overlooks."""
    return _as_in_r(name.decode())


def _one_only_counts(table: Names, labels: Names) -> bool:
    """Whether the names of one file only count its rows, and those of the other do, too, or are words."""
    counting = [names.only_count for names in (table, labels)]
    return all(counting) or (any(counting) and any(map(is_word, (table.cells[0], labels.cells[0]))))


def _as_number(name: str) -> str:
    text = lower(name)
    return f"{float(text):.17g}" if is_number(text.encode()) else text


def _as_in_r(name: str) -> str:
    """As make.names of R changes a name: other characters are dots, and an X stands before a digit."""
    text = re.sub(r"[\W_]", ".", _as_number(name))
    return re.sub(r"^x(?=[0-9.])", "", text)


FORMS: dict[str, Callable[[str], str]] = {  # {in what names differ that are the same in this form: the form}
    "": str,
    SPACES_AND_QUOTES: tidy,
    CASE: lower,
    "how numbers are written": _as_number,
    "the characters that R replaces by dots": _as_in_r,
}


def _first_twice(names: Sequence[str], among: set[str] | None = None) -> str:
    """The first of the names that stands twice, among some of them; "" if none does."""
    return next((n for n, count in Counter(names).items() if count > 1 and (among is None or n in among)), "")


def _twice(table: Names, labels: Names, name: str) -> UserError:
    path, cells = (table.path, table.cells) if table.cells.count(name.encode()) > 1 else (labels.path, labels.cells)
    return UserError(
        f"{path}: {cells.count(name.encode())} rows have the name '{name}', so labels can't be matched by name.\n"
        f"  Both files name their rows: give each row another name.\n  {_IF_IN_ORDER}"
    )


def _missing(table: Names, labels: Names, num_missing: int, row: int) -> UserError:
    if num_missing == len(table.cells):
        what = f"names other rows than {table.path}: {_some(labels)}; expected {_some(table)}, as in the table"
        way_out = "Check that both files are of the same rows."
    else:
        others = f"; {num_missing - 1:,} more have none" if num_missing > 1 else ""
        what = f"no label for row {row + 1:,} of {table.path}, {text_of(table.cells[row])}{others}"
        way_out = "Add the label, or remove the row from the table."
    return UserError(
        f"{labels.path}: {what}.\n  Both files name their rows, so labels are matched by name. {way_out}\n"
        f"  {_IF_IN_ORDER}"
    )


_IF_IN_ORDER = "Only if the labels are in the rows' order: remove the column of names from one of the two files."


def _some(names: Names) -> str:
    return ", ".join(map(text_of, names.cells[:2])) + (" ..." if len(names.cells) > 2 else "")
