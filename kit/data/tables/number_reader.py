"""Reads and checks the numbers of a table in chunks of rows: the same numbers as TensorFlow, without TensorFlow."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from kit.data.tables.advice import FOR_TRAINING, Advice
from kit.data.tables.cells import MISSING_VALUES, is_missing, number_of
from kit.data.tables.layouts import Layout
from kit.data.tables.wrong_cells import wrong_cells_error

VALUES_PER_CHUNK = 1 << 17
NAN = float("nan")


class NumberReader:
    """Reads the chosen columns of a table.

    Args:
      layout: the table's layout.
      fields: the columns' places in a line, from 0.
      advice: what errors say that depends on the script.
    """

    def __init__(self, layout: Layout, fields: Sequence[int], advice: Advice = FOR_TRAINING):
        self._layout, self._fields, self._advice = layout, fields, advice
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
        values, plain = None, self._as_numpy_reads(lines)
        if plain is not None:
            values = self._all_at_once(plain)
            if values is None and not any(b'"' in line for line in plain):
                values = self._all_at_once([self._with_nan(line) for line in plain])
        if values is None:
            rows = [self._row(number, line) for number, line in zip(numbers, lines)]
            values = np.array(rows, np.float64).astype(np.float32)
        return values

    def _as_numpy_reads(self, lines: Sequence[bytes]) -> Sequence[bytes] | None:
        """The lines, with decimal points; None if NumPy would split them or read their numbers differently."""
        if self._layout.delimiter == " " and not all(line.isascii() for line in lines):
            return None  # to NumPy, a byte of a letter may be a space
        if self._layout.decimal != ",":
            return lines
        if self._layout.delimiter == "," or any(b"." in line for line in lines):
            return None
        return [line.replace(b",", b".") for line in lines]

    def _with_nan(self, line: bytes) -> bytes:
        """A line (without quotes) with nan for every missing value."""
        if self._layout.delimiter == " ":
            line = b" ".join(line.split())
        return self._missing.sub(self._delimiter + b"nan", self._delimiter + line)[1:]

    def _all_at_once(self, lines: Sequence[bytes]) -> np.ndarray | None:
        """The numbers, read by NumPy; None if it finds words, or numbers that need a second look."""
        try:
            values = np.loadtxt(
                lines,
                np.float32,
                delimiter=None if self._layout.delimiter == " " else self._layout.delimiter,
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
        return None if np.isinf(values).any() else values

    def _row(self, number: int, line: bytes) -> list[float]:
        """The values of one row."""
        all_cells = self._layout.cells(number, line)
        cells = [all_cells[field] for field in self._fields]
        try:
            return [NAN if is_missing(cell) else number_of(cell) for cell in cells]
        except (ValueError, OverflowError):
            raise wrong_cells_error(self._layout, self._fields, number, self._advice) from None
