"""The columns of a table that a trained network needs: found by their names, or else by their places."""

from collections import Counter

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.data_spec import TableSpec
from kit.data.tables.advice import FOR_RUN
from kit.data.tables.columns import NAMES_SHOWN, input_fields, quoted
from kit.data.tables.layouts import Layout
from kit.data.tables.name_matching import loosest
from kit.data.tables.other_way import are_rows, turn_hint


def match_fields(layout: Layout, trained_on: TableSpec, label_field: int | None) -> tuple[int, ...]:
    """The fields that a trained network needs.

    If both tables have headers, columns are matched by name, in any order; else by their places.

    Args:
      layout: the layout of the table to evaluate.
      trained_on: the table of the training.
      label_field: the field of the labels in the table to evaluate, or None.
    Returns:
      The fields, one for each of trained_on.columns.
    Raises:
      UserError: a column is missing, or the number of columns differs.
    """
    if layout.names and trained_on.has_header:
        return _by_name(layout, trained_on, label_field)
    inputs = [field for field in input_fields(layout) if field != label_field]
    if layout.num_fields == trained_on.num_fields and set(trained_on.fields) <= {*inputs}:
        fields = tuple(trained_on.fields)
    elif len(inputs) == len(trained_on.columns):
        fields = tuple(inputs)
    else:
        raise _wrong_number(layout, trained_on)
    if layout.names or trained_on.has_header:
        console.warn(f"{layout.path}: not both the training table and this one have a header; columns taken in order")
    return fields


def trained_label_field(layout: Layout, trained_on: TableSpec) -> int | None:
    """The field of the labels, found as in the table of the training; None if this table has none."""
    word = trained_on.label_column
    if word is None:
        return None
    if layout.names and trained_on.has_header:
        return layout.names.index(word) if layout.names.count(word) == 1 else None
    has_same_places = layout.num_fields == trained_on.num_fields and {*trained_on.fields} <= {*input_fields(layout)}
    return None if trained_on.has_header or not has_same_places else int(word) - 1


def _wrong_number(layout: Layout, trained_on: TableSpec) -> UserError:
    wanted = f"{len(trained_on.columns)} of a table's {trained_on.num_fields}"
    text = f"{layout.path}: {console.counted(layout.num_fields, 'columns')}, but the network was trained on {wanted}."
    if layout.num_fields == 1:
        return UserError(f"{text}\n  Is it the file of the labels?")
    text += "\n  Unless both tables have a header, they must have the same columns in the same order."
    if {*trained_on.columns} & {*(layout.names or ())}:  # it lies as the table of the training
        return UserError(text)
    num_rows = sum(1 for _ in layout.rows()) + (layout.names is not None)
    if layout.is_transposed or num_rows in (len(trained_on.columns), trained_on.num_fields):
        where = (
            "It is read transposed. If its rows are samples"
            if layout.is_transposed
            else (f"It has {num_rows:,} lines. If these are the columns of the training")
        )
        text += turn_hint(layout, where, FOR_RUN)
    return UserError(text)


def _by_name(layout: Layout, trained_on: TableSpec, label_field: int | None) -> tuple[int, ...]:
    """match_fields for two tables with headers."""
    assert layout.names
    there, wanted = Counter(layout.names), Counter(trained_on.columns)
    missing = [name for name in trained_on.columns if not there[name]]
    if missing:
        known = {*trained_on.columns, trained_on.label_column}
        instead = [name for name in layout.names if name not in known]
        text = (
            f"{layout.path}: {len(missing):,} of the {console.counted(len(trained_on.columns), 'columns')} that the "
            f"network was trained on {'is' if len(missing) == 1 else 'are'} missing: {quoted(missing)}."
        )
        there_as = {loosest(other.encode()): other for other in instead}
        pairs = [(there_as.get(loosest(name.encode())), name) for name in missing]
        alike = [f"'{other}' seems to be '{name}'" for other, name in pairs if other]
        if are_rows([name.encode() for name in trained_on.columns], layout):
            text += turn_hint(layout, "They are the names of its rows", FOR_RUN)
        elif alike:
            it = "them" if len(alike) > 1 else "it"
            text += f"\n  Its {console.listed(alike, NAMES_SHOWN)}, written otherwise: rename {it}."
        elif instead:
            text += f"\n  In this table, but not in training: {quoted(instead)}."
        raise UserError(text)
    fields_by_name = {}
    for field, name in enumerate(layout.names):
        fields_by_name.setdefault(name, []).append(field)
    for name, count in wanted.items():
        if there[name] != count:
            raise UserError(f"{layout.path}: {there[name]} columns have the name '{name}'; in training it was {count}.")
    left_over = set(layout.names) - set(wanted) - {trained_on.label_column}
    no_inputs = {label_field, *layout.annotations, *([0] if layout.has_row_names else [])}
    unused = [name for field, name in enumerate(layout.names) if name in left_over and field not in no_inputs]
    if unused and layout.num_fields != trained_on.num_fields:
        console.warn(f"{layout.path}: left out, since the network was trained without: {quoted(unused)}")
    return tuple(fields_by_name[name].pop(0) for name in trained_on.columns)
