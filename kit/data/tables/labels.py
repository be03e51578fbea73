"""The labels of a table: classes (words or whole numbers) or values, in a column of the table or their own file."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.tables.cells import is_missing, number_of, text_of
from kit.data.tables.columns import field_of
from kit.data.tables.delimited import compression_of, is_blank, numbered_lines
from kit.data.tables.layouts import Layout, layout_of

MOST_CLASSES = 10_000
MANY_CLASSES = 10  # with more classes than this, there must be two rows or more per class
WORDS_THAT_LOOK_MISSING = (b"none", b"null")  # but may be a class: none, mild, severe


@dataclass(frozen=True)
class LabelSource:
    """Where the labels are: in the file `path`, or in a column of the table; neither if there are none."""

    path: str | None = None
    column: str | None = None  # its name or number from 1; a column of the file, if there is one


class Labels:
    """Collects the labels of a table row by row.

    Args:
      path: the file that holds them, for errors.
      class_names: the classes of a trained network; () if it predicts values; None: found from the labels.
      prefer_values: treat whole numbers as values, not as classes.
    """

    def __init__(self, path: str, class_names: Sequence[str] | None = None, prefer_values: bool = False):
        self._path, self._known, self._prefers_values = path, class_names, prefer_values
        self._values = array("d")  # each row's number; NaN for a word
        self._codes = array("q")  # each row's class, in the order of appearance; unused once labels are values
        self._names: dict[bytes | float, tuple[int, str]] = {}  # key -> (code, first spelling)
        self._word: tuple[int, bytes] | None = None  # line number and cell of the first word
        self._fraction: tuple[int, bytes] | None = None  # and of the first number that isn't whole
        if class_names:
            for name in class_names:
                key = _key(name.encode())[0]
                self._names[key] = len(self._names), name

    def add(self, number: int, cell: bytes) -> None:
        """Adds the label of a row.

        Args:
          number: the line's number in the file, from 1.
          cell: the label.
        """
        cell = cell.strip()
        if is_missing(cell) and cell.lower() not in WORDS_THAT_LOOK_MISSING:
            raise UserError(
                f"{self._path}:{number}: no label, found {text_of(cell)}.\n  Each row needs a label. Remove the row."
            )
        key, value = _key(cell)
        if value is None:
            self._word = self._word or (number, cell)
        elif not value.is_integer():
            self._fraction = self._fraction or (number, cell)
        self._values.append(np.nan if value is None else value)
        if self._known or (self._known is None and self._fraction is None):
            self._codes.append(self._code(number, key, cell))
        self._check_mixture()

    def _code(self, number: int, key: bytes | float, cell: bytes) -> int:
        code_and_name = self._names.get(key)
        if code_and_name is None:
            if self._known:
                raise UserError(
                    f"{self._path}:{number}: label {text_of(cell)}, but the network only knows "
                    f"{console.listed(self._known)}."
                )
            if len(self._names) > MOST_CLASSES:
                return -1  # too many classes; an error, unless they turn out to be values
            code_and_name = self._names[key] = len(self._names), cell.decode()
        return code_and_name[0]

    def _check_mixture(self):
        if self._word and (self._fraction or self._known == ()):
            number, cell = self._word
            raise UserError(
                f"{self._path}:{number}: label {text_of(cell)}, but other labels are numbers such as "
                f"{self._fraction[1].decode() if self._fraction else '1.5'}.\n"
                "  Labels are either classes (words or whole numbers) or values (all numbers)."
            )

    def is_label(self, text: str) -> bool:
        """Whether some row has the label `text`; if the labels are values, whether it is a number."""
        key, value = _key(text.encode())
        return key in self._names or (value is not None and self._word is None)

    def only_first_is_word(self) -> bool:
        """Whether the first label is a word and all others are numbers."""
        return len(self._values) > 1 and np.flatnonzero(np.isnan(self._values)).tolist() == [0]

    def result(self) -> tuple[np.ndarray, tuple[str, ...]]:
        """The labels of all rows.

        Returns:
          (labels, class_names). Classes: int64 [N], indices into class_names, which are sorted (by number if all are
          numbers). Values: float32 [N], and ().
        Raises:
          UserError: all rows have the same label, or nearly every row has its own.
        """
        if self._known:
            return np.array(self._codes, np.int64), tuple(self._known)
        is_values = self._known == () or (self._word is None and (self._fraction or self._prefers_values))
        if is_values:
            return self._as_values(), ()
        self._check_classes()
        order = sorted(self._names.values(), key=_as_number if self._word is None else lambda pair: pair[1])
        class_of_code = np.empty(len(order), np.int64)
        class_of_code[[code for code, _ in order]] = np.arange(len(order))
        return class_of_code[np.array(self._codes, np.int64)], tuple(name for _, name in order)

    def _as_values(self) -> np.ndarray:
        values = np.array(self._values)
        if self._known is None and values.min() == values.max():
            raise UserError(f"{self._path}: every row has the label {values[0]:g}; there is nothing to learn.")
        return values.astype(np.float32)

    def _check_classes(self):
        names = [name for _, name in self._names.values()]
        if len(names) > MOST_CLASSES:
            raise UserError(f"{self._path}: more than {MOST_CLASSES:,} different labels; {_IS_IT_THE_COLUMN}")
        if len(names) == 1:
            raise UserError(
                f"{self._path}: every row has the label '{names[0]}'; a classifier needs at least two classes."
            )
        if len(names) > MANY_CLASSES and 2 * len(names) > len(self._values):
            raise UserError(
                f"{self._path}: {len(names):,} different labels in {len(self._values):,} rows; {_IS_IT_THE_COLUMN}"
            )
        if self._word and not np.isnan(self._values).all():
            number, cell = self._word
            console.warn(
                f"{self._path}:{number}: label {text_of(cell)} is a word, others are numbers; all count as classes"
            )


_IS_IT_THE_COLUMN = (
    "are these the labels?\n"
    "  Choose their column with --label_column. For values instead of classes, use a loss such as mean_squared_error."
)


def add_from_file(source: LabelSource, num_rows: int, labels: Labels, decimal: str = "auto") -> None:
    """Adds the labels of a file of their own. It has a header if it has one line more than the table has rows.

    Args:
      source: where the labels are, with a path.
      num_rows: the table's number of rows.
      labels: what they are added to.
      decimal: "point" or "comma", the decimal sign where the file leaves it open; or "auto".
    Raises:
      UserError: the file can't be read, has the wrong number of lines, or several columns of which none was chosen.
    """
    path = source.path
    assert path is not None
    compression = compression_of(path, "--labels")
    count = sum(not is_blank(line) for _, line in numbered_lines(path, compression, "--labels"))
    if count not in (num_rows, num_rows + 1):
        raise UserError(
            f"{path}: {count:,} lines, but the table has {num_rows:,} rows.\n"
            f"  Expected one label per row: {num_rows:,} lines, or {num_rows + 1:,} with a header."
        )
    has_header = count == num_rows + 1
    layout = layout_of(path, "yes" if has_header else "no", "--labels", decimal)
    field = _own_field(source, layout)
    blank_line = None
    for number, line in layout.lines():
        if line:
            if blank_line and layout.num_fields == 1:
                raise UserError(f"{path}:{blank_line}: no label, but a blank line.\n  Each row needs a label.")
            labels.add(number, layout.cells(number, line)[field])
        elif number > layout.header_line:
            blank_line = blank_line or number
    if layout.names and labels.is_label(layout.names[field]):
        raise UserError(
            f"{path}: {count:,} lines for {num_rows:,} rows, and the first, '{layout.names[field]}', isn't a header.\n"
            "  Expected one label per row: there is one too many. If the first line is the header, write a word there."
        )
    if not has_header and labels.only_first_is_word():
        raise UserError(
            f"{path}: {count:,} lines for {num_rows:,} rows, and the first looks like a header.\n"
            "  Expected one label per row below it: there is one too few."
        )


def _own_field(source: LabelSource, layout: Layout) -> int:
    """The field of the labels in a file of their own."""
    if source.column is not None:
        return field_of(source.column, layout, "--label_column")
    fields = range(int(layout.has_row_names), layout.num_fields)
    if len(fields) > 1:
        names = ", ".join(f"'{layout.name_of(field)}'" for field in fields[:5])
        raise UserError(
            f"{source.path}: {len(fields)} columns. Choose the one with the labels, with --label_column: {names}"
            f"{' ...' if len(fields) > 5 else ''}."
        )
    return fields[0]


def _key(cell: bytes) -> tuple[bytes | float, float | None]:
    """(what equal labels share, the number or None): 1 and 1.0 are the same label."""
    try:
        value = number_of(cell)
    except (ValueError, OverflowError):
        return cell, None
    return value, value


def _as_number(code_and_name: tuple[int, str]) -> float:
    return number_of(code_and_name[1].encode())
