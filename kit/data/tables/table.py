"""A table of numbers with a label for each row: checked, split and scaled before TensorFlow reads it.

The file is read twice: first its rows and labels, then its numbers. Only two things are kept of a line: its part
(one byte) and its label. In training, tf.data.TextLineDataset reads the numbers again, line by line.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.data_spec import TableSpec
from kit.data.parts import SKIPPED, TRAINING, VALIDATION
from kit.data.tables.columns import choose_fields, field_of, match_fields, trained_label_field
from kit.data.tables.labels import Labels, LabelSource, add_from_file
from kit.data.tables.layouts import Layout, layout_of
from kit.data.tables.number_reader import NumberReader
from kit.data.tables.splits import Split, everything
from kit.data.tables.standardization import Moments, Scaling

NO_LABELS = LabelSource()
LONG_FILE = 50_000_000  # bytes; from here on, progress is shown


class TableScan(NamedTuple):
    """What a scan of a table found."""

    path: str
    split_of_line: bytes  # each line's part; SKIPPED if it isn't a row
    labels: np.ndarray | None  # int64 or float32 [lines], 0 if not a row; None if unknown
    num_training: int  # rows
    num_validation: int  # rows
    class_names: tuple[str, ...]  # as written, sorted; () if the labels are values
    columns: tuple[str, ...]  # the inputs' names in order; without a header, their numbers from 1
    fields: tuple[int, ...]  # their places in a line, from 0
    num_fields: int  # per row
    has_header: bool
    label_column: str | None  # name or number; None if the labels have a file of their own
    name_field: int | None  # of the rows' names: the first column, unless it is an input or the label
    delimiter: str  # a key of kit.data.tables.delimited.DELIMITERS
    decimal: str  # "", "." or ","; see kit.data.tables.decimals.decimal_of
    compression: str  # "" or "GZIP", as TextLineDataset calls it
    has_quotes: bool  # in any row
    has_missing: bool  # values, in the chosen columns
    scaling: Scaling | None  # fitted on the training rows; None for a trained network, which has its own
    bytes_per_line: int  # mean length of a row, decompressed


def scan_table(
    path: str,
    labels: LabelSource = NO_LABELS,
    columns: Sequence[str] = (),
    without_columns: Sequence[str] = (),
    header: str = "auto",
    decimal: str = "auto",
    scale: str = "none",
    fill_missing: bool = False,
    split: Split | None = None,
    prefer_values: bool = False,
    trained_on: TableSpec | None = None,
) -> TableScan:
    """Reads a table, checks every row and number, splits the rows and fits the scaling.

    Args:
      path: text file, plain or gzip; one row per line, cells separated by one of
        kit.data.tables.delimited.DELIMITERS.
      labels: where the labels are.
      columns: columns to use: names, numbers from 1, or ranges such as "3-20"; () for all.
      without_columns: columns to leave out, in the same form.
      header: "yes", "no", or "auto": see kit.data.tables.headers.
      decimal: "point" or "comma", the decimal sign where a file leaves it open; or "auto".
      scale: "none", "standard" or "minmax"; see kit.data.tables.standardization.
      fill_missing: replace missing values by the mean of their column's training rows; else they are an error.
      split: (labels [N] or None, N) -> uint8 [N] of TRAINING and VALIDATION; see kit.data.tables.splits.
        None: all rows are VALIDATION.
      prefer_values: treat labels that are whole numbers as values, not as classes.
      trained_on: for a trained network, what is known of its training table. Its columns are used, and `columns`,
        `without_columns` and `scale` are ignored. Without `labels`, labels are looked for where they were then.
    Returns:
      TableScan.
    Raises:
      UserError: a file or a setting is wrong.
    """
    layout = layout_of(path, header, "--data", decimal)
    label_field = _label_field(layout, labels, trained_on)
    if trained_on:
        fields = match_fields(layout, trained_on, label_field)
    else:
        fields = choose_fields(layout, columns, without_columns, label_field)
    names = trained_on.columns if trained_on else tuple(map(layout.name_of, fields))

    class_names = trained_on.class_names if trained_on else None
    collected = Labels(labels.path or path, class_names, prefer_values)
    rows = _Rows(layout, label_field, collected)
    if labels.path:
        add_from_file(labels, rows.count, collected, decimal)
    has_labels = labels.path is not None or label_field is not None
    row_labels, class_names = collected.result() if has_labels else (None, class_names or ())

    split_of_line = np.frombuffer(rows.split_of_line, np.uint8).copy()
    is_row = split_of_line != SKIPPED
    split_of_line[is_row] = (split or everything())(row_labels, rows.count)
    numbers = _Numbers(layout, fields, names, split_of_line, rows.count)
    if numbers.num_missing and not fill_missing:
        raise numbers.missing_error()
    line_labels = None
    if row_labels is not None:
        line_labels = np.zeros(len(split_of_line), row_labels.dtype)
        line_labels[is_row] = row_labels
    return TableScan(
        path=path,
        split_of_line=split_of_line.tobytes(),
        labels=line_labels,
        num_training=int((split_of_line == TRAINING).sum()),
        num_validation=int((split_of_line == VALIDATION).sum()),
        class_names=class_names,
        columns=names,
        fields=fields,
        num_fields=layout.num_fields,
        has_header=layout.names is not None,
        label_column=None if label_field is None else layout.name_of(label_field),
        name_field=None if 0 in (*fields, label_field) else 0,
        delimiter=layout.delimiter,
        decimal=layout.decimal,
        compression=layout.compression,
        has_quotes=rows.has_quotes,
        has_missing=numbers.num_missing > 0,
        scaling=None if trained_on else numbers.scaling(scale),
        bytes_per_line=rows.num_bytes // rows.count,
    )


def _label_field(layout: Layout, labels: LabelSource, trained_on: TableSpec | None) -> int | None:
    """The field of the table that holds the labels, from 0; None if they are in a file of their own, or unknown."""
    if labels.path is not None:
        return None
    if labels.column is not None:
        return field_of(labels.column, layout, "--label_column")
    if trained_on is None:
        raise UserError(
            f"{layout.path}: a table needs labels to train on.\n"
            "  Name their file with --labels, or their column in the table with --label_column."
        )
    return trained_label_field(layout, trained_on)


class _Rows:
    """First reading: finds the rows, checks that all have the same number of cells, and collects their labels."""

    def __init__(self, layout: Layout, label_field: int | None, labels: Labels):
        self._layout, self._field, self._labels = layout, label_field, labels
        self.split_of_line = bytearray()  # SKIPPED, or VALIDATION for every row
        self.count, self.num_bytes, self.has_quotes = 0, 0, False
        for number, line in layout.lines():
            self.split_of_line.append(VALIDATION if line else SKIPPED)
            if line:
                self._add(number, line)

    def _add(self, number, line):
        self.count += 1
        self.num_bytes += len(line)
        if self._field is None:
            self._layout.check(number, line)
        else:
            self._labels.add(number, self._layout.cells(number, line)[self._field])
        if b'"' in line:
            self.has_quotes = True


class _Numbers:
    """Second reading: checks every number of the chosen columns and collects their statistics for the scaling."""

    def __init__(
        self, layout: Layout, fields: Sequence[int], names: Sequence[str], split_of_line: np.ndarray, num_rows: int
    ):
        self._layout, self._names = layout, names
        self.num_missing = 0
        self._first_missing: tuple[int, str] | None = None  # line number, column's name
        self._moments = Moments(len(fields))
        with self._progress(num_rows) as advance:
            for numbers, values in NumberReader(layout, fields).chunks():  # [N], float32 [N, columns]
                self._note_missing(numbers, values)
                is_training = split_of_line[np.array(numbers) - 1] == TRAINING
                self._moments.add(values[is_training])
                advance(len(numbers))
        self._has_training = bool((split_of_line == TRAINING).any())

    @contextlib.contextmanager
    def _progress(self, num_rows: int) -> Iterator[Callable[[int], None]]:
        if os.path.getsize(self._layout.path) < LONG_FILE:
            yield lambda count: None
        else:
            with console.progress(f"reading {self._layout.path}", num_rows, "rows") as bar:
                yield bar.advance

    def _note_missing(self, numbers: list[int], values: np.ndarray) -> None:
        is_missing = np.isnan(values)
        count = int(is_missing.sum())
        if count and not self.num_missing:
            row, column = (int(place) for place in np.argwhere(is_missing)[0])
            self._first_missing = numbers[row], self._names[column]
        self.num_missing += count

    def missing_error(self) -> UserError:
        assert self._first_missing is not None
        number, name = self._first_missing
        count = f"{self.num_missing:,} value{'s are' if self.num_missing > 1 else ' is'} missing in all"
        return UserError(
            f"{self._layout.path}:{number}: no value in column '{name}'; {count}.\n"
            "  Fill with the mean of the column's training rows: --fill_missing. Or remove the row, or leave out the "
            "column: --without_columns."
        )

    def scaling(self, kind: str) -> Scaling:
        """The Scaling of a kind ("none", "standard", "minmax"); a UserError if a column has no training value."""
        empty = np.flatnonzero(self._moments.counts == 0)
        if len(empty) and self._has_training:
            name = self._names[empty[0]]
            raise UserError(
                f"{self._layout.path}: column '{name}' has no value in any training row"
                + (f"; the same in {len(empty) - 1:,} more" if len(empty) > 1 else "")
                + f".\n  Leave it out: --without_columns {name}"
            )
        return self._moments.scaling(kind)
