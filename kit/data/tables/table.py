"""A table of numbers with a label for each row: checked, split and scaled before TensorFlow reads it.

The file is read twice: first its rows and labels, then its numbers. Only two things are kept of a line: its part
(one byte) and its label; and its name, if labels from another file are found by it. In training,
tf.data.TextLineDataset reads the numbers again, line by line.
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
from kit.data.tables.columns import choose_fields, field_of, match_fields, trained_label_field, without_flag
from kit.data.tables.label_copies import LabelCopies
from kit.data.tables.label_file import Rows, add_from_file, table_name_field
from kit.data.tables.labels import Labels, LabelSource
from kit.data.tables.layouts import Layout, layout_of
from kit.data.tables.number_reader import NumberReader
from kit.data.tables.row_counters import RowCounters
from kit.data.tables.row_names import names_in
from kit.data.tables.splits import Split, everything
from kit.data.tables.standardization import Moments, Ranges, Scaling
from kit.data.tables.wrong_cells import check_second_line

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
    labels_path: str | None  # the labels' own file
    constant_columns: tuple[str, ...]  # that have one value in all training rows
    constants: tuple[float, ...]  # these values


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
    tells: bool = True,
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
      tells: whether to say what was found in the files, and to advise against columns.
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
    flag = "" if trained_on else header  # evaluating.py has no such flag
    collected = Labels(labels.path or path, class_names, prefer_values, _if_header(layout, flag, labels.path))
    name_field = table_name_field(labels, layout, decimal) if labels.path else None
    rows = _Rows(layout, label_field, collected, name_field)
    told = [layout.described(rows.count, len(rows.split_of_line))]
    if labels.path:
        num_blank = len(rows.split_of_line) - rows.count - (layout.header_line > 0) - layout.num_comments
        try:
            told += add_from_file(labels, Rows(layout, rows.count, num_blank, rows.names, flag, decimal), collected)
        except UserError:
            check_second_line(layout, fields)  # a line of units, which counts as a row, is the cause
            raise
    elif label_field is not None and flag == "auto" and not layout.names:
        collected.check_first()
    has_labels = labels.path is not None or label_field is not None
    row_labels, class_names = collected.result() if has_labels else (None, class_names or ())

    split_of_line = np.frombuffer(rows.split_of_line, np.uint8).copy()
    is_row = split_of_line != SKIPPED
    split_of_line[is_row] = (split or everything())(row_labels, rows.count)
    watching: tuple[RowCounters, LabelCopies] | tuple[()] = ()
    if tells and not trained_on and row_labels is not None:
        watching = RowCounters(names, rows.count), LabelCopies(row_labels, len(names))
    numbers = _Numbers(layout, fields, names, split_of_line, rows.count, watching)
    if numbers.num_missing and not fill_missing:
        raise numbers.missing_error()
    numbers.warn_of_constants(trained_on)
    if tells:
        for line in told:
            console.say(line)
    if watching:
        (counters, numbering), copies = watching[0].found(), watching[1].found()
        copies += [place for place, name in enumerate(names) if layout.names and labels.path and name == labels.column]
        _warn_of_suspects(layout, fields, counters, copies, without_columns)
        _warn_of_numbering(layout, [fields[place] for place in numbering if place not in copies], without_columns)
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
        labels_path=labels.path,
        constant_columns=tuple(numbers.constants),
        constants=tuple(numbers.constants.values()),
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


def _if_header(layout: Layout, header: str, labels_path: str | None) -> str:
    """What an error says of a first label that may be a header.

    Args:
      layout: the table's.
      header: --header; "" where there is no such flag.
      labels_path: the labels' own file, or None.
    """
    is_asked = header == "auto" and not layout.names
    if labels_path is None:
        return "If this line is the header: --header yes. If it is a row: --header no." if is_asked else ""
    if is_asked:
        return "If both files begin with a header: --header yes. If neither does: --header no."
    way_out = "" if header == "" else " If it is a label, write a header above it."
    return f"If this line is a header, there is one label too few.{way_out}"


def _warn_of_suspects(
    layout: Layout, fields: Sequence[int], counters: Sequence[int], copies: Sequence[int], already: Sequence[str]
) -> None:
    """Warns of columns that a network had better not learn from; `already` are the words of --without_columns."""
    found = {"counts the rows": counters, "repeats the labels": sorted({*copies} - {*counters})}
    parts = [f"column '{layout.name_of(fields[place])}' {what}" for what, places in found.items() for place in places]
    if parts:
        suspects = sorted({fields[place] for places in found.values() for place in places})
        console.warn(
            f"{layout.path}: {console.listed(parts, 5)}: what is learnt from it is of no use for other rows.\n"
            f"  Leave {'them' if len(suspects) > 1 else 'it'} out: {without_flag(suspects, layout, already)}"
        )


def _warn_of_numbering(layout: Layout, fields: Sequence[int], already: Sequence[str]) -> None:
    """Warns of columns that may number the rows; `already` are the words of --without_columns."""
    if fields:
        names = console.listed([f"'{layout.name_of(field)}'" for field in fields], 5)
        console.warn(
            f"{layout.path}: another whole number in each row of {names}. If they only number the rows, leave them "
            f"out: {without_flag(fields, layout, already)}"
        )


class _Rows:
    """First reading: finds the rows, checks that all have the same number of cells, and collects labels and names."""

    def __init__(self, layout: Layout, label_field: int | None, labels: Labels, name_field: int | None):
        self._layout, self._field, self._labels = layout, label_field, labels
        self._name_field = name_field or 0
        self.split_of_line = bytearray()  # SKIPPED, or VALIDATION for every row
        self.count, self.num_bytes, self.has_quotes = 0, 0, False
        self.names = None if name_field is None else names_in(layout, name_field, [])
        for number, line in layout.lines():
            self.split_of_line.append(VALIDATION if line else SKIPPED)
            if line:
                self._add(number, line)

    def _add(self, number, line):
        self.count += 1
        self.num_bytes += len(line)
        if self.names:
            self.names.cells.append(self._layout.cells(number, line)[self._name_field].strip())
        elif self._field is None:
            self._layout.check(number, line)
        else:
            self._labels.add(number, self._layout.cells(number, line)[self._field])
        if b'"' in line:
            self.has_quotes = True


class _Numbers:
    """Second reading: checks every number of the chosen columns and collects their statistics for the scaling.

    Args:
      layout, fields, names: the table's, and of its chosen columns.
      split_of_line: uint8 [lines], the part of each.
      num_rows: of the table.
      watching: what else looks at the rows; each has a method `add`.
    """

    def __init__(
        self,
        layout: Layout,
        fields: Sequence[int],
        names: Sequence[str],
        split_of_line: np.ndarray,
        num_rows: int,
        watching: Sequence[RowCounters | LabelCopies],
    ):
        self._layout, self._fields, self._names = layout, fields, names
        self.num_missing = 0
        self._first_missing: tuple[int, str] | None = None  # line number, column's name
        self._moments, self._others = Moments(len(fields)), Ranges(len(fields))  # of training rows, and of all others
        with self._progress(num_rows) as advance:
            for numbers, values in NumberReader(layout, fields).chunks():  # [N], float32 [N, columns]
                self._note_missing(numbers, values)
                is_training = split_of_line[np.array(numbers) - 1] == TRAINING
                self._moments.add(values[is_training])
                self._others.add(values[~is_training])
                for each in watching:
                    each.add(values)
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

    @property
    def constants(self) -> dict[str, float]:
        """The columns that have one value in all training rows, and this value."""
        low, high = self._moments.range.low, self._moments.range.high
        return {str(self._names[place]): float(low[place]) for place in np.flatnonzero(low == high)}

    def warn_of_constants(self, trained_on: TableSpec | None) -> None:
        """Warns of columns that had one value in all training rows, and have another one in rows to evaluate."""
        before = self.constants
        if trained_on:
            before = dict(zip(trained_on.constant_columns, trained_on.constants))
        low, high = self._others.low, self._others.high
        changed = [
            f"'{name}' (always {before[name]:g})"
            for place, name in enumerate(self._names)
            if name in before and (low[place] < before[name] or high[place] > before[name])
        ]
        if changed:
            count = f"{len(changed):,} columns have" if len(changed) > 1 else "1 column has"
            console.warn(
                f"{self._layout.path}: {count} one value in all training rows and others in the rows to evaluate, so "
                f"the network hasn't learnt from {'them' if len(changed) > 1 else 'it'}: "
                f"{console.listed(changed, 5)}"
            )

    def scaling(self, kind: str) -> Scaling:
        """The Scaling of a kind ("none", "standard", "minmax"); a UserError if a column has no training value."""
        empty = np.flatnonzero(self._moments.counts == 0)
        if len(empty) and self._has_training:
            name = self._names[empty[0]]
            raise UserError(
                f"{self._layout.path}: column '{name}' has no value in any training row"
                + (f"; the same in {len(empty) - 1:,} more" if len(empty) > 1 else "")
                + f".\n  Leave {'them' if len(empty) > 1 else 'it'} out: "
                + without_flag([self._fields[place] for place in empty], self._layout)
            )
        return self._moments.scaling(kind)
