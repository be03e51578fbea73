"""Reads and checks the numbers of a table in chunks of rows: the same numbers as TensorFlow, without TensorFlow."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from kit.cli.errors import UserError
from kit.data.tables.cells import MISSING_VALUES, is_missing, number_of, text_of
from kit.data.tables.delimited import DELIMITERS
from kit.data.tables.layouts import Layout

VALUES_PER_CHUNK = 1 << 17
TEXTS_SHOWN = 3
NAN = float("nan")
SIGNED_NAN = re.compile(rb"(?i)[-+]nan")  # missing for NumPy, a word for the kit


class NumberReader:
    """Reads the chosen columns of a table.

    Args:
      layout: the table's layout.
      fields: the columns' places in a line, from 0.
    """

    def __init__(self, layout: Layout, fields: Sequence[int]):
        self._layout, self._fields = layout, fields
        self._delimiter = layout.delimiter.encode()
        missing = "|".join(MISSING_VALUES).encode()
        self._missing = re.compile(
            b"(?i)%b(?![-+.0-9]) *(?:%b) *(?=%b|$)" % (self._delimiter, missing, self._delimiter)
        )  # with the delimiter before it; the lookahead skips numbers quickly

    def chunks(self) -> Iterator[tuple[list[int], np.ndarray]]:
        """Reads the file: an iterator of (line numbers [N], float32 [N, columns], NaN where a value is missing).

        Raises:
          UserError: a cell isn't a number that TensorFlow would read; gives its line and column.
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

    def _values(self, numbers: Sequence[int], lines: Sequence[bytes]) -> np.ndarray:
        """The numbers of N lines, float32 [N, columns]: all at once, or cell by cell if that fails."""
        values = self._all_at_once(lines)
        if values is None and not any(b'"' in line for line in lines):
            values = self._all_at_once([self._with_nan(line) for line in lines])
        if values is None:
            rows = [self._row(number, line) for number, line in zip(numbers, lines)]
            values = np.array(rows, np.float64).astype(np.float32)
        return values

    def _with_nan(self, line: bytes) -> bytes:
        """A line (without quotes) with nan for every missing value."""
        return self._missing.sub(self._delimiter + b"nan", self._delimiter + line)[1:]

    def _all_at_once(self, lines: Sequence[bytes]) -> np.ndarray | None:
        """The numbers, read by NumPy; None if it finds words, or numbers that need a second look."""
        try:
            values = np.loadtxt(
                lines,
                np.float32,
                delimiter=self._layout.delimiter,
                usecols=self._fields,
                ndmin=2,
                comments=None,
                quotechar='"',
                encoding="latin-1",  # maps every byte to a character: never fails
            )
        except ValueError:
            return None
        if len(values) != len(lines):  # NumPy skips a line that has only quotes
            return None
        if np.isfinite(values).all():
            return values
        is_doubtful = np.isinf(values).any() or any(SIGNED_NAN.search(line) for line in lines)
        return None if is_doubtful else values

    def _row(self, number: int, line: bytes) -> list[float]:
        """The values of one row."""
        all_cells = self._layout.cells(number, line)
        cells = [all_cells[field] for field in self._fields]
        return [NAN if is_missing(cell) else self._number(number, cells, cell) for cell in cells]

    def _number(self, number: int, cells: Sequence[bytes], cell: bytes) -> float:
        try:
            return number_of(cell)
        except OverflowError:
            name = self._layout.name_of(self._fields[cells.index(cell)])
            raise self._layout.error(
                number, f"column '{name}' holds {text_of(cell)}, too large for float32 (3.4e38)"
            ) from None
        except ValueError:
            raise self._not_numbers(number, cells) from None

    def _not_numbers(self, number: int, cells: Sequence[bytes]) -> UserError:
        """The UserError for a row with words in it: which, and how to leave out these columns."""
        found = []
        for field, cell in zip(self._fields, cells):
            try:
                if not is_missing(cell):
                    number_of(cell)
            except ValueError:
                found.append((self._layout.name_of(field), cell))
            except OverflowError:
                pass
        name, cell = found[0]
        text = f"column '{name}' holds {text_of(cell)}, expected a number"
        if len(found) > 1:
            text += f"; {len(found) - 1:,} more in this line aren't numbers"
        names = " ".join(f'"{name}"' if " " in name else name for name, _ in found[:TEXTS_SHOWN])
        names += " ..." if len(found) > TEXTS_SHOWN else ""
        hints = [f"Fix the cell, or leave out the column: --without_columns {names}"]
        if self._layout.names is None and number == 1:
            hints.append("If this line names the columns: --header yes")
        if b"," in cell and self._layout.delimiter != ",":
            hints.append("Write decimals with a point (1.5, not 1,5) and thousands without commas.")
        if self._layout.num_fields == 1:
            hints.append(f"The table has one column. Separate columns by {', '.join(DELIMITERS.values())}.")
        return UserError(str(self._layout.error(number, text)) + "".join(f"\n  {hint}" for hint in hints))
