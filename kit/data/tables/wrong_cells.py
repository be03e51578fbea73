"""What is told of the cells that should be numbers and aren't: how many, where, and what to do."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import islice

from kit.cli.errors import UserError
from kit.data.tables.advice import Advice
from kit.data.tables.cells import is_missing, is_number, number_of, text_of
from kit.data.tables.columns import without_flag
from kit.data.tables.decimals import OTHER_SIGN, POINT_AMONG_COMMAS, SIGN_OF_FLAG, with_point
from kit.data.tables.delimited import DELIMITERS
from kit.data.tables.layouts import Layout

MOST_CELLS = 3_000_000  # are looked at, to count the wrong ones
ALMOST_NUMBER = re.compile(rb"[^A-Za-z0-9]{0,4}[0-9]")  # 1'000, 12%, <0.5
AS_NUMBERS = (
    "A number is written like 1000, -1.5 or 2e-3: no unit, percent sign or space in it, and no other minus sign."
)
MEANING = {",": "If commas are decimal signs", ".": "If commas group thousands"}


def wrong_cells_error(layout: Layout, fields: Sequence[int], number: int, advice: Advice) -> UserError:
    """The UserError for cells that aren't numbers, or are too large.

    Args:
      layout: of the table.
      fields: the columns' places that should be numbers.
      number: the first line that has such a cell.
      advice: what depends on the script.
    """
    found = _WrongCells(layout, fields, number)
    field, cell = found.first
    problem = f"{layout.column_word} '{layout.name_of(field)}' holds {text_of(cell)}, "
    problem += "too large for float32 (3.4e38)" if is_number(cell) else "expected a number"
    return layout.error(
        number, problem + found.more(layout.column_word), *_ways_out(layout, found, number, advice), field=field
    )


def check_second_line(layout: Layout, fields: Sequence[int], advice: Advice) -> None:
    """Raises the same error if the first row holds words only, as a second header does, and the next one numbers."""
    rows = [(number, line) for number, line in islice(layout.lines(), layout.first_line + 2) if line][:2]
    cells = [[layout.cells(*row)[field] for field in fields] for row in rows]
    if layout.names and len(rows) == 2 and not any(map(_is_right, cells[0])) and all(map(_is_right, cells[1])):
        raise wrong_cells_error(layout, fields, rows[0][0], advice)


class _WrongCells:
    """The wrong cells of a file: `first`, and how many there are."""

    def __init__(self, layout: Layout, fields: Sequence[int], first_line: int):
        self.by_field: Counter[int] = Counter()  # {field: wrong cells}
        self.filled: Counter[int] = Counter()  # {field: cells that aren't missing}
        self.different: defaultdict[int, dict[bytes, None]] = defaultdict(dict)  # {field: its first wrong cells}
        self.in_line: dict[int, bytes] = {}  # {field: cell}, the wrong ones of the first line
        self.num_same, self.is_whole_file = 0, True
        num_rows = 0
        for number, line in layout.lines():
            if line:
                self._add_row(layout.cells(number, line), fields)
                num_rows += 1
            if number >= first_line and num_rows * len(fields) > MOST_CELLS:
                self.is_whole_file = False
                break

    def _add_row(self, cells: Sequence[bytes], fields: Sequence[int]) -> None:
        is_first = not self.in_line
        for field in fields:
            cell = cells[field]
            if is_missing(cell):
                continue
            self.filled[field] += 1
            if not _is_right(cell):
                self.by_field[field] += 1
                if len(self.different[field]) <= 2:
                    self.different[field][cell] = None
                if is_first:
                    self.in_line[field] = cell
                self.num_same += cell == self.first[1]

    @property
    def first(self) -> tuple[int, bytes]:
        """(field, cell) of the first wrong one."""
        return next(iter(self.in_line.items()))

    @property
    def columns_of_words(self) -> list[int]:
        """The wrong fields of the first line that hold no number in any line, and don't start like one there."""
        return [field for field in self.without_numbers if not ALMOST_NUMBER.match(self.in_line[field])]

    @property
    def without_numbers(self) -> list[int]:
        """The wrong fields of the first line that hold no number in any line: of words, dates, or 30%."""
        return [field for field in self.in_line if self.by_field[field] == self.filled[field] > 1]

    @property
    def two_words(self) -> list[bytes]:
        """The words of the first column that holds only two of them, in three rows or more; [] if there is none."""
        each = ([*self.different[field]] for field in self.columns_of_words if self.filled[field] > 2)
        return next((words for words in each if len(words) == 2), [])

    @property
    def is_line_of_names(self) -> bool:
        """Whether the first line seems to be no row: it has different words, in columns that otherwise hold numbers."""
        are_numbers = all(2 * self.by_field[field] < self.filled[field] for field in self.in_line)
        return are_numbers and len(set(self.in_line.values())) > 1

    def more(self, column_word: str) -> str:
        """How many more there are."""
        count = sum(self.by_field.values()) - 1
        if not count:
            return ""
        cells = f"{'' if self.is_whole_file else 'at least '}{count:,} more cell{'s' * (count > 1)}"
        columns = f" in {len(self.by_field):,} {column_word}s" if len(self.by_field) > 1 else ""
        if self.num_same == count + 1:
            return f"; the same in {cells}{columns and ','}{columns}"
        return f"; {cells}{columns} {'are' if count > 1 else 'is'} no number{'s' * (count > 1)}"


def _is_right(cell: bytes) -> bool:
    try:
        number_of(cell)
    except (ValueError, OverflowError):
        return False
    return True


def _ways_out(layout: Layout, found: _WrongCells, number: int, advice: Advice) -> list[str]:
    """What helps, each a line. Columns are left out only if they hold nothing but words: others may be shifted."""
    field, cell = found.first
    words = found.columns_of_words
    hints = []
    if layout.num_fields == 1 and found.by_field[field] > 1:
        hints.append(f"The table has one column. Separate columns by {', '.join(DELIMITERS.values())}.")
    if cell.endswith(POINT_AMONG_COMMAS):
        hints.append("Other numbers of this file have decimal commas. Write all with the same sign.")
    elif signs := _signs_that_help(layout, cell):
        hints += signs
    elif words and len(words) < len(found.filled):
        hints.append(advice.words.format(flag=without_flag(words, layout)))
    elif found.is_line_of_names:
        hints.append(f"If this {layout.line_word} is no row, but a second header, units or a comment: delete it.")
    elif not is_number(cell) and not words:
        hints += ["Fix the cell. " + AS_NUMBERS, advice.as_missing]
        if len(found.without_numbers) < len(found.filled) and field in found.without_numbers:
            hints.append(advice.no_numbers.format(flag=without_flag(found.without_numbers, layout)))
    if found.two_words:
        words_shown = " and ".join(map(text_of, found.two_words))
        hints.append(advice.two_words.format(words=words_shown))
    if layout.names is None and number == layout.first_line:
        hints.append(f"If this {layout.line_word} names the {layout.column_word}s: --header yes")
    return hints


def _signs_that_help(layout: Layout, cell: bytes) -> list[str]:
    """The values of --decimal that make a cell with a comma a number."""
    if b"," not in cell or not any(is_number(with_point(cell, sign)) for sign in OTHER_SIGN):
        return []
    hints = []
    for flag, sign in [*SIGN_OF_FLAG.items()][1:]:
        if layout.decimal_if(flag) == sign != layout.decimal and is_number(with_point(cell, sign)):
            hints.append(f"{MEANING[sign]}: --decimal {flag}")
    return hints or ["Other numbers of this file have decimal points. Write all with the same sign, none in thousands."]
