"""Names of rows: which column holds them, and how the names of two files are matched."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from kit.cli.errors import UserError
from kit.data.tables.cells import is_missing, is_number, text_of
from kit.data.tables.layouts import Layout
from kit.data.tables.spelling import CASE, SPACES_AND_QUOTES, lower, tidy

SAMPLE = 20  # rows that are looked at to tell whether a column names the rows
FEWEST = 3  # of them that must be there
ID = re.compile(r"(?i)(.*[\W_])?(row|sample|patient|subject|case|barcode)?[\W_]?(id|ids|no|nr|name|names|index)")
SAMPLES = re.compile(r"(?i)(samples?|patients?|subjects?|cases?|barcodes?|accessions?|rows?|row_names|rownames)")


@dataclass(frozen=True)
class Names:
    """The names of a file's rows."""

    path: str
    column: str  # the name of their column; "" if it has none
    cells: list[bytes]  # one per row, in the file's order

    @property
    def name_rows(self) -> bool:
        """Whether they seem to be names: of a column without a name, words that hardly repeat, or numbers in order."""
        if not self.column or self.has_words:
            return not self.column or 2 * len({*self.cells}) > len(self.cells)
        return is_id(self.column) and self._number_rows

    @property
    def _number_rows(self) -> bool:
        """Whether they are whole numbers that rise from row to row; or all from a to b, in any order."""
        if not all(map(is_number, self.cells)):
            return False
        numbers = [float(cell) for cell in self.cells]
        ordered = sorted({*numbers})
        is_range = ordered[-1:] == [ordered[0] + len(numbers) - 1] if ordered else False
        return all(number.is_integer() for number in numbers) and (
            numbers == ordered or (len(ordered) == len(numbers) and is_range)
        )

    @property
    def has_words(self) -> bool:
        """Whether most of them are words."""
        return 2 * sum(map(_is_word, self.cells)) > len(self.cells)

    @property
    def differ(self) -> bool:
        """Whether each row has another one."""
        return len({*self.cells}) == len(self.cells)

    @property
    def only_count(self) -> bool:
        """Whether they are 0, 1, 2 ... or 1, 2, 3 ..., as programs write them for rows that have no names."""
        first = self.cells[0] if self.cells else b""
        return first in (b"0", b"1") and all(cell == b"%d" % i for i, cell in enumerate(self.cells, int(first)))


def is_id(name: str) -> bool:
    """Whether a column of this name holds names or numbers of the rows, by its name."""
    return bool(ID.fullmatch(name) or SAMPLES.fullmatch(name))


def names_in(layout: Layout, field: int, cells: list[bytes]) -> Names:
    """A column of a file as the names of its rows; `cells` are its cells, or will be."""
    return Names(layout.path, "" if layout.has_row_names and field == 0 else layout.name_of(field), cells)


def sample_of_first_column(layout: Layout) -> Names:
    """The same of the first rows only."""
    rows = islice(((number, line) for number, line in layout.lines() if line), SAMPLE)
    return names_in(layout, 0, [layout.cells(number, line)[0].strip() for number, line in rows])


def first_column_names_rows(layout: Layout) -> bool:
    """Whether the first column of a file names its rows: it has no name, or holds words, each another one."""
    if layout.has_row_names or layout.num_fields == 1:
        return layout.has_row_names
    cells = sample_of_first_column(layout).cells
    return len(cells) >= FEWEST and len({*cells}) == len(cells) and all(map(_is_word, cells))


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
    return all(counting) or (any(counting) and any(map(_is_word, (table.cells[0], labels.cells[0]))))


def _is_word(cell: bytes) -> bool:
    return not is_missing(cell) and not is_number(cell)


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
