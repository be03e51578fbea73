"""Labels from a file of their own, found by the names of the rows: which columns hold these, and is there a header."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.tables.cells import text_of
from kit.data.tables.label_file import LabelFile
from kit.data.tables.labels import Labels
from kit.data.tables.layouts import Layout
from kit.data.tables.name_matching import loosest, match
from kit.data.tables.other_way import are_columns, turn_hint
from kit.data.tables.row_names import FEWEST, Names, first_column_names_rows, is_id, names_in
from kit.data.tables.rows import Rows
from kit.data.tables.spelling import lower, shown

SAMPLE = 200  # lines in which the column of the names is looked for
MOST_FIELDS = 50  # among which it is looked for


def name_field_of_table(file: LabelFile, table: Layout) -> int | None:
    """The field of a table that may name its rows as the file of the labels does.

    Returns:
      The field of the column that has the name of one in the labels' file, where each row has another value; else 0.
      None if the labels' file has no second column.
    """
    if not file.num_lines or file.layout("no").num_fields == 1:
        return None
    if table.names is None or file.count < 2:
        return 0
    layout = replace(file.layout("yes"), header_text=b"")  # which may be a row that stands there again
    label_field = file.chosen_field(layout)
    field_of_name = {lower(name): field for field, name in reversed([*enumerate(table.names)])}
    found = []
    for field in range(min(layout.num_fields, MOST_FIELDS)):
        same = field_of_name.get(lower(layout.name_of(field)))
        if field == label_field or same is None:
            continue
        names = names_in(layout, field, [layout.texts(*row)[field].strip() for row in layout.rows()])
        is_label = file.column is None and field and not is_id(names.column) and not names.has_words
        if names.differ and not is_label:
            found.append((names.only_count, same))
    return min(found, key=lambda pair: pair[0])[1] if found else 0


def add_by_name(file: LabelFile, rows: Rows, labels: Labels) -> list[str]:
    """Adds the label of each row by its name.

    Args:
      file: of the labels.
      rows: of the table.
      labels: what they are added to, in the order of the rows.
    Returns:
      What was found in the file, and how it was paired: lines for the user. [], and nothing is added, if not both files
      have names.
    Raises:
      UserError: the file has other names, or several columns of which none was chosen.
    """
    if rows.names is None or file.count < 2:
        return []
    layout = file.layout("yes")
    may_be_row = replace(layout, header_text=b"")
    sample = [layout.texts(*row) for row in islice(may_be_row.rows(), SAMPLE)]
    name_field = _name_field(file, layout, rows, sample)
    if name_field is None:
        return []
    if not _has_header(file, layout, name_field, rows, sample):
        layout = replace(layout, names=None, header_line=0, header_text=b"")
    field = file.label_field(layout, rows.layout, name_field)
    names, cells = [], []
    for number, line in layout.rows():
        row = layout.texts(number, line)
        names.append(row[name_field].strip())
        cells.append((number, layout.as_number(row[field])))
    there = Names(layout.path, layout.name_of(name_field), names)
    try:
        found = match(rows.names, there)
    except UserError as error:
        if not are_columns(names, rows.layout):
            raise
        where = f"In {rows.layout.path} these are the names of columns"
        raise UserError(f"{error}{turn_hint(rows.layout, where, file.advice)}") from error
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
        layout.described(len(cells), file.num_lines),
        f"{layout.path}: matched by name to the rows of {rows.layout.path}"
        + (", which are in another order" if is_other_order else "")
        + (f"; left out {console.counted(left_out, 'labels')} of other rows" if left_out else ""),
    ]


def _name_field(file: LabelFile, layout: Layout, rows: Rows, sample: Sequence[Sequence[bytes]]) -> int | None:
    """The field of the labels' file that names its rows as the table does; None if there is none.

    It is the one whose column has the same name; else the one that holds most of the table's names, or, if these are
    numbers, the first one if it holds them all; else the first one if it has no name or holds words.
    """
    names, label_field = rows.names, file.chosen_field(layout)
    assert names
    known, form = _known(names, sample)
    hits = {  # how many names of rows a column has
        field: len({form(row[field].strip()) for row in sample} & known)
        for field in range(min(layout.num_fields, MOST_FIELDS))
    }
    most = min(len(sample), len(known))
    if label_field is not None and names.name_rows and 2 * hits.pop(label_field, 0) > most:
        raise UserError(
            f"--label_column {file.column}: this column of {layout.path} holds names of the rows, such as "
            f"{text_of(sample[0][label_field])}. Choose the column of the labels."
        )
    if layout.num_fields == 1 or not hits:
        return None
    same = next((field for field in hits if _has_same_name(layout, field, rows)), None)
    if same is not None:
        return same
    best = max(hits, key=lambda field: hits[field])
    if 2 * hits[best] > most and (names.name_rows or (names.differ and is_id(names.column))):
        return best
    if names.name_rows:
        return 0 if 0 in hits and first_column_names_rows(layout) else None
    return 0 if names.differ and hits.get(0) == most >= FEWEST else None


def _known(names: Names, sample: Sequence[Sequence[bytes]]) -> tuple[set, Callable[[bytes], bytes | str]]:
    """The names as they are, if a line has one; else without what may differ; and the form in which they are."""
    exact = {*names.cells}
    if any(cell.strip() in exact for row in sample for cell in row):
        return exact, bytes
    return {loosest(cell) for cell in exact}, loosest


def _has_same_name(layout: Layout, field: int, rows: Rows) -> bool:
    """Whether a column of the labels' file is called like the table's column of names."""
    assert rows.names
    return rows.layout.names is not None and lower(layout.name_of(field)) == lower(rows.names.column)


def _has_header(
    file: LabelFile, layout: Layout, name_field: int, rows: Rows, sample: Sequence[Sequence[bytes]]
) -> bool:
    """Whether the first line, which `layout` has as a header, is one: it is, unless it names a row."""
    assert layout.names and rows.names
    if layout.has_row_names or _has_same_name(layout, name_field, rows):
        return True
    known, form = _known(rows.names, sample)
    if not any(form(row[name_field].strip()) in known for row in sample):
        return file.count != rows.count
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
