"""A table of numbers with a label for each row: checked, split and scaled before TensorFlow reads it.

The file is read twice: first its rows and labels, then its numbers. Only two things are kept of a line: its part
(one byte) and its label; and its name, if labels from another file are found by it. In training,
tf.data.TextLineDataset reads the numbers again, line by line.
"""

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.data_spec import TableSpec
from kit.data.interface import Lesson
from kit.data.parts import SKIPPED, TRAINING, VALIDATION
from kit.data.tables.advice import FOR_TRAINING, Advice
from kit.data.tables.cells import is_number
from kit.data.tables.column_numbers import ColumnNumbers, constants_of
from kit.data.tables.columns import choose_fields, field_of, input_fields
from kit.data.tables.delimited import RECORDS
from kit.data.tables.groups import groups_of, warn_of_groups
from kit.data.tables.label_file import LabelFile
from kit.data.tables.labels import FOR_VALUES, MANY_NUMBERS, Labels, LabelSource, with_positive
from kit.data.tables.labels_by_name import add_by_name, name_field_of_table
from kit.data.tables.labels_in_order import add_in_order
from kit.data.tables.layouts import Layout
from kit.data.tables.rows import Rows
from kit.data.tables.splits import Split, SplitRows, everything
from kit.data.tables.suspects import Suspects
from kit.data.tables.table_data import TableData
from kit.data.tables.trained_columns import match_fields, trained_label_field
from kit.data.tables.transposed_layout import open_layout
from kit.data.tables.wrong_cells import check_second_line
from kit.data.tfrecord.sharded_table import ShardedTable
from kit.data.tfrecord.table_lines import LINES

NO_LABELS = LabelSource()


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
    group_column: str | None = None,
    prefer_values: bool = False,
    transpose: bool = False,
    trained_on: TableSpec | None = None,
    tells: bool = True,
    advice: Advice = FOR_TRAINING,
    *,
    layout: Layout | None = None,
    kind: Callable[..., TableData] = TableData,
    lesson: Lesson,
) -> TableData:
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
      split: SplitRows of N rows -> uint8 [N] of TRAINING, VALIDATION and TEST; see kit.data.tables.splits.
        None: all rows are VALIDATION.
      group_column: the column whose rows of one value may not be in two parts: its name or number from 1.
      prefer_values: treat labels that are whole numbers as values, not as classes.
      transpose: the file has samples in columns, and its first line becomes the first column. Files of a known format
        with genes in rows are transposed anyway.
      trained_on: for a trained network, what is known of its training table. Its columns are used, and `columns`,
        `without_columns` and `scale` are ignored. Without `labels`, labels are looked for where they were then.
      tells: whether to say what was found in the files, and to advise against columns.
      advice: what errors say that depends on the script.
      layout: of the file, if it is known already: of sequences.
      kind: what is returned; for other than rows of a table, no advice on columns is given.
      lesson: dlho2018.py.
    Returns:
      TableData.
    Raises:
      UserError: a file or a setting is wrong.
    """
    layout = layout or open_layout(path, header, "--data", decimal, transpose)
    fields = _choose(layout, labels, columns, without_columns, group_column, trained_on, advice)
    names = trained_on.columns if trained_on else tuple(map(layout.name_of, fields.inputs))
    known = trained_on.class_names if trained_on else None
    label_file = LabelFile(labels, decimal, header, advice) if labels.path else None
    rows, row_labels, class_names, told = _read_rows(
        layout, fields, labels, label_file, header, known, prefer_values, advice
    )
    groups = None
    if fields.group is not None:
        groups = groups_of(layout, fields.group)
        count = f"{groups.max() + 1:,} groups of rows"
        told.append(f"{path}: {count} by column {layout.name_of(fields.group)}, each in one part")
    split_of_line = np.frombuffer(rows.split_of_line, np.uint8).copy()
    is_row = split_of_line != SKIPPED
    split_of_line[is_row] = parts = (split or everything())(SplitRows(rows.count, row_labels, groups))

    has_columns = kind is TableData  # else letters of sequences, of which nothing can be left out
    suspects = None
    if tells and not trained_on and row_labels is not None:
        if class_names:
            _warn_of_unlearnt_classes(path, row_labels[parts == TRAINING], class_names)
            _warn_of_values(labels.path or path, class_names)
        if has_columns:
            suspects = Suspects(layout, fields.inputs, row_labels)
            if groups is None and len({*parts}) > 1:
                warn_of_groups(layout, fields.label)
    numbers = ColumnNumbers(layout, fields.inputs, names, split_of_line, rows.count, suspects, advice)
    if not fill_missing:
        numbers.check_complete()
    if has_columns:
        numbers.warn_of_changes(constants_of(trained_on) if trained_on else numbers.constants)
    if tells:
        for line in told:
            console.say(line)
        numbers.say_filled()
    if suspects:
        suspects.warn(label_file.chosen_name if label_file else None, without_columns)
    line_labels = None
    if row_labels is not None:
        line_labels = np.zeros(len(split_of_line), row_labels.dtype)
        line_labels[is_row] = row_labels
    is_in_records = layout.compression == RECORDS
    own_file = os.path.join(path, LINES) if os.path.isdir(path) else path  # of the user, if a copy is read
    return (ShardedTable if is_in_records else kind)(
        path=layout.file if layout.is_transposed else own_file,
        own_file=own_file,
        split_of_line=split_of_line.tobytes(),
        labels=line_labels,
        num_training=int((split_of_line == TRAINING).sum()),
        num_validation=int((split_of_line == VALIDATION).sum()),
        class_names=class_names,
        columns=names,
        fields=fields.inputs,
        num_fields=layout.num_fields,
        has_header=layout.names is not None,
        label_column=None if fields.label is None else layout.name_of(fields.label),
        name_field=fields.name,
        delimiter=layout.delimiter,
        decimal=layout.decimal,
        compression="" if is_in_records else layout.compression,
        has_quotes=rows.has_quotes,
        has_missing=numbers.num_missing > 0,
        scaling=None if trained_on else numbers.scaling(scale),
        bytes_per_line=rows.num_bytes // rows.count,
        labels_path=labels.path,
        constant_columns=tuple(names[place] for place in numbers.constants),
        constants=tuple(numbers.constants.values()),
        lesson=lesson,
    )


class _Fields(NamedTuple):
    """The places of a table's columns, from 0."""

    inputs: tuple[int, ...]
    label: int | None
    group: int | None

    @property
    def name(self) -> int | None:
        """The first one, which may name the rows, unless it is an input or the label."""
        return None if 0 in (*self.inputs, self.label) else 0


def _choose(
    layout: Layout,
    labels: LabelSource,
    columns: Sequence[str],
    without_columns: Sequence[str],
    group_column: str | None,
    trained_on: TableSpec | None,
    advice: Advice,
) -> _Fields:
    """The columns that are used; a UserError if there is no such column. For the arguments, see scan_table."""
    label = _label_field(layout, labels, trained_on, advice)
    group = None if group_column is None else _group_field(layout, group_column, label)
    if trained_on:
        return _Fields(match_fields(layout, trained_on, label), label, group)
    return _Fields(choose_fields(layout, columns, without_columns, {label, group}), label, group)


def _read_rows(
    layout: Layout,
    fields: _Fields,
    source: LabelSource,
    label_file: LabelFile | None,
    header: str,
    known: Sequence[str] | None,
    prefer_values: bool,
    advice: Advice,
) -> tuple[Rows, np.ndarray | None, tuple[str, ...], list[str]]:
    """Reads the rows and their labels.

    Args:
      layout: of the table.
      fields: its columns.
      source: where the labels are.
      label_file: this file, if it isn't the table.
      header, prefer_values, advice: see scan_table.
      known: the class names of a trained network.
    Returns:
      The rows; their labels, int64 or float32 [N], or None; the class names; and what was found, as lines for the user.
    Raises:
      UserError: a row or a label is wrong.
    """
    path = source.path or layout.path
    place = None if fields.label is None else partial(layout.place, field=fields.label)
    if_header = _if_header(layout, header, source.path, known is None)
    labels = Labels(path, known, prefer_values, if_header, place, advice.labels)
    rows = Rows(layout, labels, fields.label, name_field_of_table(label_file, layout) if label_file else None)
    told = [layout.described(rows.count, len(rows.split_of_line), fields.name == 0 and 0 not in input_fields(layout))]
    if not label_file and fields.label is None:
        return rows, None, tuple(known or ()), told
    try:
        if label_file:
            told += add_by_name(label_file, rows, labels) or add_in_order(label_file, rows, labels)
        elif header == "auto" and not layout.names:
            labels.check_first()
        row_labels, class_names = labels.result()
        if source.positive:
            row_labels, class_names = with_positive(row_labels, class_names, source.positive, path)
    except UserError:
        check_second_line(layout, fields.inputs, advice)  # a line of units, which counts as a row, is the cause
        raise
    return rows, row_labels, class_names, told


def _label_field(layout: Layout, labels: LabelSource, trained_on: TableSpec | None, advice: Advice) -> int | None:
    """The field of the table that holds the labels, from 0; None if they are in a file of their own, or unknown."""
    if labels.path is not None:
        return None
    if labels.column is not None:
        return field_of(labels.column, layout, "--label_column", advice)
    if trained_on is None:
        raise UserError(
            f"{layout.path}: a table needs labels to train on.\n"
            "  Name their file with --labels, or their column in the table with --label_column."
        )
    return trained_label_field(layout, trained_on)


def _group_field(layout: Layout, group_column: str, label_field: int | None) -> int:
    """The field of --group_column; a UserError if it is that of the labels."""
    field = field_of(group_column, layout, "--group_column")
    if field == label_field:
        raise UserError(
            f"--group_column {group_column}: this is the column of the labels, so all rows of a label would be in one "
            "part.\n  Name the column that tells which rows belong together, such as a patient's number; or leave out "
            "--group_column."
        )
    return field


def _warn_of_unlearnt_classes(path: str, labels: np.ndarray, class_names: Sequence[str]) -> None:
    """Warns of classes without a row for training; labels: int64 [N], of the training rows."""
    counts = np.bincount(labels, minlength=len(class_names))
    unlearnt = [f"'{name}'" for name, count in zip(class_names, counts) if not count]
    if unlearnt:
        console.warn(
            f"{path}: no row for training has the label {console.listed(unlearnt)}, so the network can't learn it.\n"
            "  Get more rows of it; with two or more, --stratified gives both parts some."
        )


def _warn_of_values(path: str, class_names: Sequence[str]) -> None:
    """Warns of many classes that are whole numbers, but no numbering: they may be meant as values."""
    numbers = sorted(int(float(name)) for name in class_names if is_number(name.encode()))
    count = len(class_names)
    if count > MANY_NUMBERS and len(numbers) == count and numbers not in ([*range(count)], [*range(1, count + 1)]):
        console.warn(f"{path}: {count} different whole numbers are taken as classes.\n  {FOR_VALUES}")


def _if_header(layout: Layout, header: str, labels_path: str | None, may_be_class: bool) -> str:
    """What an error says of a first label that may be a header.

    Args:
      layout: the table's.
      header: --header.
      labels_path: the labels' own file, or None.
      may_be_class: whether it may be a label instead: not if it is none of a trained network's.
    """
    if header == "auto" and not layout.names:
        where = "this line is the" if labels_path is None else "both files begin with a"
        no_header = "it is a row" if labels_path is None else "neither does"
        return f"If {where} header: --header yes." + f" If {no_header}: --header no." * may_be_class
    if labels_path is None:
        return ""
    way_out = " If it is a label, write a header above it." * may_be_class
    return f"If this line is a header, there is one label too few.{way_out}"
