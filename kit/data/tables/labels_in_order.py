"""Labels from a file of their own, in the order of the table's rows; and why their number may be wrong."""

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.tables.cells import is_number, text_of
from kit.data.tables.label_file import LabelFile
from kit.data.tables.labels import Labels
from kit.data.tables.layouts import Layout
from kit.data.tables.other_way import turn_hint
from kit.data.tables.row_names import first_column_names_rows, sample_of_first_column
from kit.data.tables.rows import Rows


def add_in_order(file: LabelFile, rows: Rows, labels: Labels) -> list[str]:
    """Adds the labels as they stand. The file has a header if it has one line more than the table has rows.

    Args:
      file: of the labels.
      rows: of the table.
      labels: what they are added to.
    Returns:
      What was found in the file: lines for the user.
    Raises:
      UserError: the file has the wrong number of lines, or several columns of which none was chosen.
    """
    if file.count not in (rows.count, rows.count + 1):
        raise _wrong_count(file, rows)
    has_header = file.count == rows.count + 1
    layout = file.layout("yes" if has_header else "no")
    field = file.label_field(layout, rows.layout)
    _warn_of_names(layout, field, rows)
    if layout.names:
        labels.if_header = ""
    blank_line = None
    for number, line in layout.lines():
        if line:
            if blank_line and layout.num_fields == 1:
                raise layout.error(blank_line, "no label, but a blank line", "Each row needs a label.")
            labels.add(number, layout.cells(number, line)[field])
        elif number > layout.header_line:
            blank_line = blank_line or number
    if layout.names and labels.is_label(layout.names[field]):
        raise UserError(
            f"{file.path}: {file.count:,} lines for {rows.count:,} rows, and the first, '{layout.names[field]}', isn't "
            "a header.\n  Expected one label per row: there is one too many. If the first line is the header, write a "
            f"word there.{_if_no_header(file, rows)}"
        )
    if not has_header and labels.only_first_is_word():
        raise UserError(
            f"{file.path}: {file.count:,} lines for {rows.count:,} rows, and the first looks like a header.\n"
            f"  Expected one label per row below it: there is one too few.{_if_header(file, rows)}"
        )
    if not layout.names and (rows.layout.names or file.header == "auto"):
        labels.check_first()
    return [layout.described(rows.count, file.num_lines)]


def _warn_of_names(layout: Layout, field: int, rows: Rows) -> None:
    """Says it if labels are paired with rows by their order, though a file names its rows."""
    table, has_names = rows.layout.path, first_column_names_rows(layout) and field != 0
    names = rows.names or sample_of_first_column(rows.layout)
    if has_names and names.name_rows:
        what = f"names only count the rows in {table}, or in {layout.path}"
    elif has_names:
        what = f"{layout.path} names its rows, and {table} doesn't"
    elif names.name_rows and not names.only_count:
        what = f"{table} names its rows, and {layout.path} doesn't"
    else:
        return
    console.warn(f"{what}: labels are paired with rows by their order")


def _wrong_count(file: LabelFile, rows: Rows) -> UserError:
    return UserError(
        f"{file.path}: {file.count:,} lines, but the table has {rows.count:,} rows.\n"
        f"  Expected one label per row: {rows.count:,} lines, or {rows.count + 1:,} with a header."
        + (_cause(file, rows) if file.count else "")
    )


def _cause(file: LabelFile, rows: Rows) -> str:
    """What seems to have gone wrong, on a line of its own; "" if nothing does."""
    too_many, num_inputs = file.count - rows.count, rows.layout.num_fields - rows.layout.has_row_names
    layout = file.layout("no")
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
    if file.count in (num_inputs, num_inputs + 1) and num_inputs > 1:
        where = f"The table has {num_inputs:,} columns; if these are the samples"
        if hint := turn_hint(rows.layout, where, file.advice):
            return hint
    if too_many == -1:
        return _if_header(file, rows)
    return _if_no_header(file, rows) if too_many == 2 else ""


def _if_header(file: LabelFile, rows: Rows) -> str:
    if rows.layout.names or file.header != "auto":
        return ""
    return f"\n  The first line of {rows.layout.path} counts as a row. If it names the columns: --header yes."


def _if_no_header(file: LabelFile, rows: Rows) -> str:
    if rows.layout.names is None or rows.layout.has_fixed_sides or file.header != "auto":
        return ""
    return f"\n  The first line of {rows.layout.path} counts as its header. If it is a row: --header no."
