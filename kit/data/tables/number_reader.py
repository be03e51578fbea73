"""The numbers of a table, read and checked by chunks of rows: what TensorFlow will read, without TensorFlow."""

import re

import numpy as np

from kit.cli.errors import UserError
from kit.data.tables.cells import MISSING_VALUES, is_missing, number_of, text_of
from kit.data.tables.delimited import DELIMITERS

VALUES_PER_CHUNK = 1 << 17
TEXTS_SHOWN = 3
NAN = float("nan")
SIGNED_NAN = re.compile(rb"(?i)[-+]nan")  # which NumPy takes for no value, and the kit for words


class NumberReader:
    """Reads the chosen columns of a table, row by row.

    Args:
      layout: kit.data.tables.layouts.Layout.
      fields: of the columns, from 0.
    """

    def __init__(self, layout, fields):
        self._layout, self._fields = layout, fields
        self._delimiter = layout.delimiter.encode()
        missing = "|".join(MISSING_VALUES).encode()
        self._missing = re.compile(
            b"(?i)%b(?![-+.0-9]) *(?:%b) *(?=%b|$)" % (self._delimiter, missing, self._delimiter)
        )  # with the delimiter before it; what begins as a number is passed over at once

    def chunks(self):
        """Reads the file: an iterator of (line numbers [N], float32 [N, columns], NaN where a value is missing).

        Raises:
          UserError: a cell holds no number that TensorFlow would read, with its line and column.
        """
        rows_per_chunk = max(1, VALUES_PER_CHUNK // len(self._fields))
        numbers, lines = [], []
        for number, line in self._layout.lines():
            if line:
                numbers.append(number)
                lines.append(line)
                if len(lines) == rows_per_chunk:
                    yield numbers, self._values(numbers, lines)
                    numbers, lines = [], []
        if lines:
            yield numbers, self._values(numbers, lines)

    def _values(self, numbers, lines):
        """float32 [N, columns] of N lines: all at once, and only where that fails cell by cell."""
        values = self._all_at_once(lines)
        if values is None and not any(b'"' in line for line in lines):
            values = self._all_at_once([self._with_nan(line) for line in lines])
        if values is None:
            rows = [self._row(number, line) for number, line in zip(numbers, lines)]
            values = np.array(rows, np.float64).astype(np.float32)
        return values

    def _with_nan(self, line):
        """A line without quotes, with nan for every missing value."""
        return self._missing.sub(self._delimiter + b"nan", self._delimiter + line)[1:]

    def _all_at_once(self, lines):
        """The same by NumPy's own reader; None where it finds words, or numbers that need a second look."""
        try:
            values = np.loadtxt(
                lines,
                np.float32,
                delimiter=self._layout.delimiter,
                usecols=self._fields,
                ndmin=2,
                comments=None,
                quotechar='"',
                encoding="latin-1",  # bytes as they are; letters mean nothing here
            )
        except ValueError:
            return None
        if len(values) != len(lines):  # it passes over a line that is empty but for quotes
            return None
        if np.isfinite(values).all():
            return values
        is_doubtful = np.isinf(values).any() or any(SIGNED_NAN.search(line) for line in lines)
        return None if is_doubtful else values

    def _row(self, number, line):
        """The values of one row, a list of float."""
        all_cells = self._layout.cells(number, line)
        cells = [all_cells[field] for field in self._fields]
        return [NAN if is_missing(cell) else self._number(number, cells, cell) for cell in cells]

    def _number(self, number, cells, cell):
        try:
            return number_of(cell)
        except OverflowError:
            name = self._layout.name_of(self._fields[cells.index(cell)])
            raise self._layout.error(
                number, f"column '{name}' holds {text_of(cell)}, too large for float32 (3.4e38)"
            ) from None
        except ValueError:
            raise self._no_numbers(number, cells) from None

    def _no_numbers(self, number, cells):
        """The UserError for a row with words in it: which, and how to leave these columns out."""
        found = []
        for field, cell in zip(self._fields, cells):
            try:
                is_missing(cell) or number_of(cell)
            except ValueError:
                found.append((self._layout.name_of(field), cell))
            except OverflowError:
                pass
        name, cell = found[0]
        text = f"column '{name}' holds {text_of(cell)}, expected a number"
        if len(found) > 1:
            text += f"; {len(found) - 1:,} more in this line hold none"
        names = " ".join(f'"{name}"' if " " in name else name for name, _ in found[:TEXTS_SHOWN])
        names += " ..." if len(found) > TEXTS_SHOWN else ""
        hints = [f"Mend the cell, or leave the column out: --without_columns {names}"]
        if self._layout.names is None and number == 1:
            hints.append("If this line names the columns: --header yes")
        if b"," in cell and self._layout.delimiter != ",":
            hints.append("Numbers are written with a point: 1.5, not 1,5, and without commas between thousands.")
        if self._layout.num_fields == 1:
            hints.append(f"Columns are separated by {', '.join(DELIMITERS.values())}; here there is one column.")
        return UserError(str(self._layout.error(number, text)) + "".join(f"\n  {hint}" for hint in hints))
