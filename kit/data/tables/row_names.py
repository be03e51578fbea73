"""Names of rows: what a column must hold to name them, and whether the first one does."""

import re
from dataclasses import dataclass
from itertools import islice

import numpy as np

from kit.data.tables.cells import is_almost_number, is_missing, is_number, only_count
from kit.data.tables.layouts import Layout

SAMPLE = 20  # rows that are looked at to tell whether a column names the rows
FEWEST = 3  # of them that must be there
ID = re.compile(
    r"(?i)(.*[\W_])?(row|sample|patient|subject|case|barcode)?[\W_]?(ids?|no|nr|n[°º]|nummer|num[eé]ro|names?|index)\.?"
)
SAMPLES = re.compile(r"(?i)(samples?|proben?|patients?|subjects?|cases?|barcodes?|accessions?|rows?|row_?names)")


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
        numbers = np.array(self.cells, np.float64)
        ordered = np.unique(numbers)
        is_range = len(ordered) == len(numbers) == ordered[-1] - ordered[0] + 1
        return bool((numbers % 1 == 0).all()) and (is_range or np.array_equal(numbers, ordered))

    @property
    def has_words(self) -> bool:
        """Whether most of them are words."""
        return 2 * sum(map(is_word, self.cells)) > len(self.cells)

    @property
    def differ(self) -> bool:
        """Whether each row has another one."""
        return len({*self.cells}) == len(self.cells)

    @property
    def only_count(self) -> bool:
        """Whether they are 0, 1, 2 ... or 1, 2, 3 ..., as programs write them for rows that have no names."""
        return only_count(self.cells)


def is_id(name: str) -> bool:
    """Whether a column of this name holds names or numbers of the rows, by its name."""
    return bool(ID.fullmatch(name) or SAMPLES.fullmatch(name))


def names_in(layout: Layout, field: int, cells: list[bytes]) -> Names:
    """A column of a file as the names of its rows; `cells` are its cells, or will be."""
    return Names(layout.path, "" if layout.has_row_names and field == 0 else layout.name_of(field), cells)


def sample_of_first_column(layout: Layout) -> Names:
    """The same of the first rows only."""
    return names_in(layout, 0, [layout.texts(*row)[0].strip() for row in islice(layout.rows(), SAMPLE)])


def first_column_names_rows(layout: Layout) -> bool:
    """Whether the first column of a file names its rows: it has no name, or holds words, each another one."""
    if layout.has_row_names or layout.num_fields == 1:
        return layout.has_row_names
    cells = sample_of_first_column(layout).cells
    return len(cells) >= FEWEST and len({*cells}) == len(cells) and all(map(is_word, cells))


def is_word(cell: bytes) -> bool:
    """Whether a cell holds a word: something, and not a number, even one that is written wrongly."""
    return not is_missing(cell) and not is_almost_number(cell)
