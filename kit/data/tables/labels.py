"""The labels of a table: numbers or words, in a file of their own or in a column of the table; classes or values."""

from array import array
from dataclasses import dataclass

import numpy as np

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.tables.cells import is_missing, number_of, text_of
from kit.data.tables.columns import field_of
from kit.data.tables.delimited import compression_of, is_blank, numbered_lines
from kit.data.tables.layouts import layout_of

MOST_CLASSES = 10_000
MANY_CLASSES = 10  # from here on, more classes than half of the rows are a mistake
WORDS_THAT_LOOK_MISSING = (b"none", b"null")  # but may well be a class: none, mild, severe


@dataclass(frozen=True)
class LabelSource:
    """Where the labels are: in the file `path`, in a column of the table itself, or, with neither, nowhere."""

    path: str | None = None
    column: str | None = None  # a name, or a number from 1; of the file, where one is given


class Labels:
    """The labels of a table, taken in row by row.

    Args:
      path: the file that holds them, for errors.
      class_names: the classes that a network knows; () if it knows values; None takes them from the labels.
      prefer_values: whole numbers are values, not classes.
    """

    def __init__(self, path, class_names=None, prefer_values=False):
        self._path, self._known, self._prefers_values = path, class_names, prefer_values
        self._values = array("d")  # of each row; NaN for a word
        self._codes = array("q")  # of each row: which of the names it is; unused once they are values
        self._names = {}  # key -> (code, as written first)
        self._word, self._fraction = None, None  # the first (line number, cell) of each
        if class_names:
            for name in class_names:
                key = _key(name.encode())[0]
                self._names[key] = len(self._names), name

    def add(self, number, cell):
        """Takes in the label of a row: the line's number in the file and the cell."""
        cell = cell.strip()
        if is_missing(cell) and cell.lower() not in WORDS_THAT_LOOK_MISSING:
            raise UserError(
                f"{self._path}:{number}: no label here, but {text_of(cell)}.\n  Each row needs one: leave the row out."
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

    def _code(self, number, key, cell):
        code_and_name = self._names.get(key)
        if code_and_name is None:
            if self._known:
                raise UserError(
                    f"{self._path}:{number}: label {text_of(cell)}, but the network was trained on "
                    f"{console.listed(self._known)} alone."
                )
            if len(self._names) > MOST_CLASSES:
                return -1  # an error, unless they turn out to be values
            code_and_name = self._names[key] = len(self._names), cell.decode()
        return code_and_name[0]

    def _check_mixture(self):
        if self._word and (self._fraction or self._known == ()):
            number, cell = self._word
            raise UserError(
                f"{self._path}:{number}: label {text_of(cell)}, where others are numbers such as "
                f"{self._fraction[1].decode() if self._fraction else '1.5'}.\n"
                "  Labels are classes, as words or whole numbers, or values, all numbers."
            )

    def is_label(self, text):
        """Whether some row has the label `text`; of values, whether it is a number at all."""
        key, value = _key(text.encode())
        return key in self._names or (value is not None and self._word is None)

    def only_first_is_word(self):
        """Whether the first label is a word, and all others are numbers."""
        return len(self._values) > 1 and np.flatnonzero(np.isnan(self._values)).tolist() == [0]

    def result(self):
        """The labels of all rows.

        Returns:
          (labels, class_names): int64 [N], the numbers of the classes, and their names as a tuple of str, sorted, by
          number if all are numbers; or float32 [N], values, and ().
        Raises:
          UserError: all rows have the same label, or next to none do.
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

    def _as_values(self):
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
                f"{self._path}: every row has the label '{names[0]}'; a classifier needs two classes or more."
            )
        if len(names) > MANY_CLASSES and 2 * len(names) > len(self._values):
            raise UserError(
                f"{self._path}: {len(names):,} different labels in {len(self._values):,} rows; {_IS_IT_THE_COLUMN}"
            )
        if self._word and not np.isnan(self._values).all():
            number, cell = self._word
            console.warn(
                f"{self._path}:{number}: the label {text_of(cell)} is a word, others are numbers; all are classes"
            )


_IS_IT_THE_COLUMN = (
    "is this the column of the labels?\n"
    "  Choose it with --label_column. Labels that are values, not classes, take a loss such as mean_squared_error."
)


def of_own_file(source, num_rows, labels):
    """Takes in the labels of a file of their own, which has a header where it has a line more than the table rows.

    Args:
      source: LabelSource with a path.
      num_rows: of the table.
      labels: Labels, which will have taken them in.
    Raises:
      UserError: the file can't be read, holds another number of rows, or several columns and none was chosen.
    """
    path = source.path
    compression = compression_of(path, "--labels")
    count = sum(not is_blank(line) for _, line in numbered_lines(path, compression, "--labels"))
    if count not in (num_rows, num_rows + 1):
        raise UserError(
            f"{path}: {count:,} lines, but the table has {num_rows:,} rows.\n"
            f"  Expected a label a row: {num_rows:,} lines, or {num_rows + 1:,} with a header."
        )
    has_header = count == num_rows + 1
    layout = layout_of(path, "yes" if has_header else "no", "--labels")
    field = _own_field(source, layout)
    blank_line = None
    for number, line in layout.lines():
        if line:
            if blank_line and layout.num_fields == 1:
                raise UserError(f"{path}:{blank_line}: no label here, but a blank line.\n  Each row needs one.")
            labels.add(number, layout.cells(number, line)[field])
        elif number > layout.header_line:
            blank_line = blank_line or number
    if has_header and labels.is_label(layout.names[field]):
        raise UserError(
            f"{path}: {count:,} lines for {num_rows:,} rows, and the first, '{layout.names[field]}', is no header.\n"
            "  Expected a label a row. If it is the header, write a word there; else there is one label too many."
        )
    if not has_header and labels.only_first_is_word():
        raise UserError(
            f"{path}: {count:,} lines for {num_rows:,} rows, and the first looks like a header.\n"
            "  Expected a label a row below it; there is one too few."
        )


def _own_field(source, layout):
    if source.column is not None:
        return field_of(source.column, layout, "--label_column")
    fields = range(int(layout.has_row_names), layout.num_fields)
    if len(fields) > 1:
        names = ", ".join(f"'{layout.name_of(field)}'" for field in fields[:5])
        raise UserError(
            f"{source.path}: {len(fields)} columns; say which holds the labels, with --label_column: {names}"
            f"{' ...' if len(fields) > 5 else ''}."
        )
    return fields[0]


def _key(cell):
    """(what equal labels share, the number or None): 1 and 1.0 are the same label."""
    try:
        value = number_of(cell)
    except (ValueError, OverflowError):
        return cell, None
    return value, value


def _as_number(code_and_name):
    return number_of(code_and_name[1].encode())
