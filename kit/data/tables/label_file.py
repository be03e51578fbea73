"""Labels in a file of their own: which of its lines belongs to which row of the table."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.tables import row_names
from kit.data.tables.cells import is_number, text_of
from kit.data.tables.columns import field_of
from kit.data.tables.labels import Labels, LabelSource
from kit.data.tables.layouts import Layout, layout_of
from kit.data.tables.row_names import Names
from kit.data.tables.spelling import lower, shown

SAMPLE = 200  # lines in which the column of the names is looked for
MOST_FIELDS = 50  # among which it is looked for


@dataclass(frozen=True)
class Rows:
    """What must be known of a table to pair its rows with their labels."""

    layout: Layout
    count: int
    num_blank: int  # blank lines, which aren't rows
    names: Names | None  # the cells of the column that may name the rows; None if the labels' file has no names
    header: str  # --header; "" where there is no such flag
    decimal: str  # --decimal


def add_from_file(source: LabelSource, rows: Rows, labels: Labels) -> list[str]:
    """Adds the labels of a file of their own: by the rows' names if both files have them, else in the file's order.

    Args:
      source: where the labels are, with a path.
      rows: of the table.
      labels: what they are added to, in the order of the rows.
    Returns:
      What was found in the file, and how it was paired: lines for the user.
    Raises:
      UserError: the file can't be read, has the wrong number of lines or other names, or several columns of which none
        was chosen.
    """
    lines = _lines_of(source.path or "", rows.decimal)
    count = sum(lines)
    return _add_by_name(source, rows, labels, count, len(lines)) or _add_in_order(
        source, rows, labels, count, len(lines)
    )


def _lines_of(path: str, decimal: str) -> list[bool]:
    """Whether each line of the file is one of the header or of a row; [] if it is empty."""
    if _is_empty(path):
        return []
    return [bool(line) for _, line in layout_of(path, "no", "--labels", decimal).lines()]


def table_name_field(source: LabelSource, table: Layout, decimal: str) -> int | None:
    """The field of a table that may name its rows as the file of the labels does.

    Args:
      source: where the labels are, with a path.
      table: the table's layout.
      decimal: --decimal.
    Returns:
      The field of the column that has the name of one in the labels' file, where each row has another value; else 0.
      None if the labels' file has no second column.
    """
    path = source.path or ""
    if _is_empty(path) or layout_of(path, "no", "--labels", decimal).num_fields == 1:
        return None
    if table.names is None or sum(_lines_of(path, decimal)) < 2:
        return 0
    layout = layout_of(path, "yes", "--labels", decimal)
    label_field = None if source.column is None else field_of(source.column, layout, "--label_column")
    field_of_name = {lower(name): field for field, name in reversed([*enumerate(table.names)])}
    shared = [
        field
        for field in range(min(layout.num_fields, MOST_FIELDS))
        if field != label_field and lower(layout.name_of(field)) in field_of_name
    ]
    found = []
    for field in shared:
        names = row_names.names_in(layout, field, [layout.cells(*row)[field].strip() for row in _rows_of(layout)])
        is_label = source.column is None and field and not row_names.is_id(names.column) and not names.has_words
        if names.differ and not is_label:
            found.append((names.only_count, field_of_name[lower(layout.name_of(field))]))
    return min(found, key=lambda pair: pair[0])[1] if found else 0


def _is_empty(path: str) -> bool:
    return os.path.isfile(path) and not os.path.getsize(path)


# ----------------------------------------------------------------------------- by name


def _add_by_name(source: LabelSource, rows: Rows, labels: Labels, count: int, num_lines: int) -> list[str]:
    """Adds the label of each row by its name; [], and adds nothing, if not both files have names."""
    if rows.names is None or count < 2:
        return []
    layout = layout_of(source.path or "", "yes", "--labels", rows.decimal)
    sample = [layout.cells(number, line) for number, line in islice(_rows_of(layout), SAMPLE)]
    name_field = _name_field(source, layout, rows.names, sample)
    if name_field is None:
        return []
    if not _has_header(layout, name_field, rows, count, sample):
        layout = replace(layout, names=None, header_line=0, header_text=b"")
    field = _label_field(source, layout, rows, name_field)
    names, cells = [], []
    for number, line in _rows_of(layout):
        row = layout.cells(number, line)
        names.append(row[name_field].strip())
        cells.append((number, row[field]))
    there = Names(layout.path, layout.name_of(name_field), names)
    found = row_names.match(rows.names, there)
    if found is None:
        return []
    places, difference = found
    if difference:
        _warn_of_difference(rows.names, there, places, difference)
    labels.if_header = ""
    for place in places:
        labels.add(*cells[place])
    is_other_order = any(later < place for place, later in pairwise(places))
    left_out = len(cells) - len(places)
    return [
        layout.described(len(cells), num_lines),
        f"{layout.path}: matched by name to the rows of {rows.layout.path}"
        + (", which are in another order" if is_other_order else "")
        + (f"; left out {left_out:,} label{'s' * (left_out > 1)} of other rows" if left_out else ""),
    ]


def _rows_of(layout: Layout) -> Iterator[tuple[int, bytes]]:
    return ((number, line) for number, line in layout.lines() if line)


def _name_field(source: LabelSource, layout: Layout, names: Names, sample: Sequence[Sequence[bytes]]) -> int | None:
    """The field of the labels' file that names its rows as the table does; None if there is none.

    It is the one whose column has the same name; else the one that holds most of the table's names, or, if these are
    numbers, the first one if it holds them all; else the first one if it has no name or holds words.
    """
    label_field = None if source.column is None else field_of(source.column, layout, "--label_column")
    known, form = _known(names, sample)
    hits = {  # how many names of rows a column has
        field: len({form(row[field].strip()) for row in sample} & known)
        for field in range(min(layout.num_fields, MOST_FIELDS))
    }
    most = min(len(sample), len(known))
    if label_field is not None and names.name_rows and 2 * hits.pop(label_field, 0) > most:
        raise UserError(
            f"--label_column {source.column}: this column of {layout.path} holds names of the rows, such as "
            f"{text_of(sample[0][label_field])}. Choose the column of the labels."
        )
    fields = [*hits]
    if layout.num_fields == 1 or not fields:
        return None
    best = max(fields, key=lambda field: hits[field])
    same = [field for field in fields if names.column and lower(layout.name_of(field)) == lower(names.column)]
    if same:
        return same[0]
    if not names.name_rows:
        if names.differ and row_names.is_id(names.column) and 2 * hits[best] > most:
            return best
        is_same = names.differ and hits.get(0) == most >= row_names.FEWEST
        return 0 if is_same else None
    if 2 * hits[best] > most:
        return best
    return 0 if 0 in fields and row_names.first_column_names_rows(layout) else None


def _known(names: Names, sample: Sequence[Sequence[bytes]]) -> tuple[set, Callable[[bytes], bytes | str]]:
    """The names as they are, if a line has one; else without what may differ; and the form in which they are."""
    exact = {*names.cells}
    if any(cell.strip() in exact for row in sample for cell in row):
        return exact, bytes
    return {row_names.loosest(cell) for cell in exact}, row_names.loosest


def _has_header(layout: Layout, name_field: int, rows: Rows, count: int, sample: Sequence[Sequence[bytes]]) -> bool:
    """Whether the first line is a header: it is, unless it names a row."""
    assert layout.names and rows.names
    if layout.has_row_names or lower(layout.names[name_field]) == lower(rows.names.column):
        return True
    known, form = _known(rows.names, sample)
    if not any(form(row[name_field].strip()) in known for row in sample):
        return count != rows.count
    others = {(field, cell.strip()) for row in sample for field, cell in enumerate(row)}
    repeats = any((field, name.encode()) in others for field, name in enumerate(layout.names))
    return form(layout.names[name_field].encode()) not in known and not repeats


def _warn_of_difference(wanted: Names, there: Names, places: Sequence[int], difference: str) -> None:
    pairs = [(name, there.cells[place]) for name, place in zip(wanted.cells, places) if name != there.cells[place]]
    count = f"{len(pairs):,} names of rows differ" if len(pairs) > 1 else "1 name of a row differs"
    console.warn(
        f"{there.path}: {count} from {wanted.path} in {difference}, such as "
        f"{shown(pairs[0][1].decode(), difference)} for {shown(pairs[0][0].decode(), difference)}; taken as the same"
    )


# ----------------------------------------------------------------------------- in the file's order


def _add_in_order(source: LabelSource, rows: Rows, labels: Labels, count: int, num_lines: int) -> list[str]:
    """Adds the labels as they stand. The file has a header if it has one line more than the table has rows."""
    path = source.path or ""
    if count not in (rows.count, rows.count + 1):
        raise _wrong_count(path, rows, count)
    has_header = count == rows.count + 1
    layout = layout_of(path, "yes" if has_header else "no", "--labels", rows.decimal)
    field = _label_field(source, layout, rows, None)
    _warn_of_names(layout, field, rows)
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
            f"{path}: {count:,} lines for {rows.count:,} rows, and the first, '{layout.names[field]}', isn't a header."
            "\n  Expected one label per row: there is one too many. If the first line is the header, write a word "
            f"there.{_if_no_header(rows)}"
        )
    if not has_header and labels.only_first_is_word():
        raise UserError(
            f"{path}: {count:,} lines for {rows.count:,} rows, and the first looks like a header.\n"
            f"  Expected one label per row below it: there is one too few.{_if_header(rows)}"
        )
    if not layout.names and (rows.layout.names or rows.header == "auto"):
        labels.check_first()
    return [layout.described(rows.count, num_lines)]


def _label_field(source: LabelSource, layout: Layout, rows: Rows, name_field: int | None) -> int:
    """The field of the labels in a file of their own."""
    if source.column is not None:
        return field_of(source.column, layout, "--label_column")
    left_out = {name_field, 0} if layout.has_row_names else {name_field}
    fields = [field for field in range(layout.num_fields) if field not in left_out]
    if len(fields) == 1:
        return fields[0]
    names = ", ".join(f"'{layout.name_of(field)}'" for field in fields[:5])
    raise UserError(
        f"{source.path}: {len(fields)} columns. Choose the one with the labels, with --label_column: {names}"
        f"{' ...' if len(fields) > 5 else ''}."
        + (
            "\n  The table has hardly any: are --data and --labels swapped?"
            if rows.layout.num_fields <= 1 + (name_field is not None)
            else ""
        )
    )


def _warn_of_names(layout: Layout, field: int, rows: Rows) -> None:
    """Says it if labels are paired with rows by their order, though a file names its rows."""
    table, has_names = rows.layout.path, row_names.first_column_names_rows(layout) and field != 0
    names = rows.names or row_names.sample_of_first_column(rows.layout)
    if has_names and names.name_rows:
        what = f"names only count the rows in {table}, or in {layout.path}"
    elif has_names:
        what = f"{layout.path} names its rows, and {table} doesn't"
    elif names.name_rows and not names.only_count:
        what = f"{table} names its rows, and {layout.path} doesn't"
    else:
        return
    console.warn(f"{what}: labels are paired with rows by their order")


# ----------------------------------------------------------------------------- why the count is wrong


def _wrong_count(path: str, rows: Rows, count: int) -> UserError:
    return UserError(
        f"{path}: {count:,} lines, but the table has {rows.count:,} rows.\n"
        f"  Expected one label per row: {rows.count:,} lines, or {rows.count + 1:,} with a header."
        + _cause(path, rows, count)
    )


def _cause(path: str, rows: Rows, count: int) -> str:
    """What seems to have gone wrong, on a line of its own; "" if nothing does."""
    too_many, num_inputs = count - rows.count, rows.layout.num_fields - rows.layout.has_row_names
    if not count:
        return ""
    layout = layout_of(path, "no", "--labels", rows.decimal)
    all_lines = [(number, line.strip()) for number, line in layout.lines() if number >= layout.first_line]
    lines = [(number, line) for number, line in all_lines if line]
    first, (last_number, _) = lines[0][1], lines[-1]
    blank = [number for number, line in all_lines if not line and number < last_number]
    if too_many <= 0 and blank:
        return f"\n  Line {blank[0]:,} is blank: a label is missing there."
    again = [number for number, line in lines[1:] if line == first]
    if again and not is_number(first) and too_many == 1 + len(again):
        return f"\n  The first line, {text_of(first)}, is there again: line {again[0]:,}. Is it a second header?"
    if too_many == 2 and not any(line in (first, lines[1][1]) for _, line in lines[2:]):
        return f"\n  Does it have two headers, {text_of(first)} and {text_of(lines[1][1])}? Remove one."
    if rows.num_blank and too_many in (rows.num_blank, rows.num_blank + 1):
        return f"\n  {rows.layout.path} has {rows.num_blank:,} blank lines, which don't count as rows."
    if count in (num_inputs, num_inputs + 1) and num_inputs > 1:
        return f"\n  The table has {num_inputs:,} columns: if these are the samples, transpose it (docs/tables.md)."
    return {-1: _if_header, 2: _if_no_header}.get(too_many, lambda rows: "")(rows)


def _if_header(rows: Rows) -> str:
    if rows.layout.names or rows.header != "auto":
        return ""
    return f"\n  The first line of {rows.layout.path} counts as a row. If it names the columns: --header yes."


def _if_no_header(rows: Rows) -> str:
    if rows.layout.names is None or rows.header != "auto":
        return ""
    return f"\n  The first line of {rows.layout.path} counts as its header. If it is a row: --header no."
