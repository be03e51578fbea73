"""Which columns of a table go into the network: all, or chosen by name, by number or by a range of numbers."""

import difflib
import re
from collections import Counter

from kit.cli import console
from kit.cli.errors import UserError

NAMES_SHOWN = 5


def field_of(word, layout, flag):
    """The field of one column, from 0.

    Args:
      word: its name, or its number from 1; a name of the header goes before a number.
      layout: kit.data.tables.layouts.Layout.
      flag: the flag that the word was given with, for the error.
    Raises:
      UserError: there is no such column, or there are two.
    """
    names = layout.names or ()
    if names.count(word) > 1:
        numbers = " and ".join(str(i) for i, name in enumerate(names, 1) if name == word)
        raise UserError(f"{flag} {word}: {layout.path} has columns {numbers} of this name. Choose one by its number.")
    if word in names:
        return names.index(word)
    if re.fullmatch(r"[0-9]{1,9}", word) and 1 <= int(word) <= layout.num_fields:
        return int(word) - 1
    raise _no_such_column(word, layout, flag)


def fields_of(words, layout, flag):
    """The fields of columns, from 0, each once, in the order of the words; a word may be a range: 3-20."""
    fields = {}
    for word in words:
        ends = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,9})", word)
        if ends and word not in (layout.names or ()):
            first, last = int(ends[1]), int(ends[2])
            if not 1 <= first <= last <= layout.num_fields:
                raise UserError(
                    f"{flag} {word}: {layout.path} has {_columns(layout.num_fields)}; "
                    f"expected a range within 1-{layout.num_fields}."
                )
            fields.update(dict.fromkeys(range(first - 1, last)))
        else:
            fields[field_of(word, layout, flag)] = None
    return list(fields)


def choose(layout, columns, without_columns, label_field):
    """The fields that go into the network, where the user chooses.

    Args:
      layout: kit.data.tables.layouts.Layout.
      columns: words for the columns; () for all.
      without_columns: words for the columns to leave out.
      label_field: the field of the labels, which is never an input; or None.
    Returns:
      A tuple of fields, from 0.
    Raises:
      UserError: there is no such column, or none is left.
    """
    left_out = {label_field, *fields_of(without_columns, layout, "--without_columns")}
    if columns:
        fields = fields_of(columns, layout, "--columns")
    else:
        fields = _all_inputs(layout)
        if layout.has_row_names and 0 not in left_out:
            console.warn(f"{layout.path}: the first column has no name: taken for the rows' names, and left out")
    fields = tuple(field for field in fields if field not in left_out)
    if not fields:
        raise UserError(
            f"{layout.path}: no columns are left of its {layout.num_fields}, without the labels.\n"
            f"  See --columns, --without_columns and --label_column; separated by tabs, commas or semicolons."
        )
    return fields


def as_trained(layout, trained_on, label_field):
    """The fields that hold what a network was trained on.

    They are found by name, in whatever order, where both files have names; else by their places.

    Args:
      layout: kit.data.tables.layouts.Layout.
      trained_on: what is known of the table of the training: columns, has_header, num_fields, fields, label_column.
      label_field: the field of the labels here, or None.
    Returns:
      A tuple of fields, from 0, one for each of trained_on.columns.
    Raises:
      UserError: columns are missing, or their number is another.
    """
    if layout.names and trained_on.has_header:
        return _by_name(layout, trained_on, label_field)
    inputs = [field for field in _all_inputs(layout) if field != label_field]
    if layout.num_fields == trained_on.num_fields:
        fields = tuple(trained_on.fields)
    elif len(inputs) == len(trained_on.columns):
        fields = tuple(inputs)
    else:
        raise UserError(
            f"{layout.path}: {_columns(layout.num_fields)}, but the network was trained on "
            f"{len(trained_on.columns)} of a table with {trained_on.num_fields}.\n"
            "  Without a header in both tables, their columns must be the same, in the same order."
        )
    if layout.names or trained_on.has_header:
        console.warn(f"{layout.path}: only one of training's table and this has a header: columns are taken in order")
    return fields


def trained_label_field(layout, trained_on):
    """The field of the labels in a table like that of the training; None where it holds none."""
    word = trained_on.label_column
    if word is None:
        return None
    if layout.names and trained_on.has_header:
        return layout.names.index(word) if layout.names.count(word) == 1 else None
    if trained_on.has_header or layout.num_fields != trained_on.num_fields:
        return None
    return int(word) - 1


def _all_inputs(layout):
    return list(range(int(layout.has_row_names), layout.num_fields))


def _by_name(layout, trained_on, label_field):
    there, wanted = Counter(layout.names), Counter(trained_on.columns)
    missing = [name for name in trained_on.columns if not there[name]]
    if missing:
        known = {*trained_on.columns, trained_on.label_column}
        instead = [name for name in layout.names if name not in known]
        text = (
            f"{layout.path}: {len(missing):,} of the {_columns(len(trained_on.columns))} that the network was trained "
            f"on {'is' if len(missing) == 1 else 'are'} missing: {_listed(missing)}."
        )
        raise UserError(text + (f"\n  In this table, but not in training: {_listed(instead)}." if instead else ""))
    fields_by_name = {}
    for field, name in enumerate(layout.names):
        fields_by_name.setdefault(name, []).append(field)
    for name, count in wanted.items():
        if there[name] != count:
            raise UserError(
                f"{layout.path}: {there[name]} columns are called '{name}'; in training there were {count}."
            )
    left_over = set(layout.names) - set(wanted) - {trained_on.label_column}
    unused = [
        name
        for field, name in enumerate(layout.names)
        if name in left_over and field != label_field and not (layout.has_row_names and field == 0)
    ]
    if unused and layout.num_fields != trained_on.num_fields:
        console.warn(f"{layout.path}: of no use to this network, and left out: {_listed(unused)}")
    return tuple(fields_by_name[name].pop(0) for name in trained_on.columns)


def _no_such_column(word, layout, flag):
    path, names = layout.path, layout.names
    if names is None:
        return UserError(
            f"{flag} {word}: {path} has no header; choose from its {_columns(layout.num_fields)} by number, from 1.\n"
            "  If its first line is a header: --header yes"
        )
    close = difflib.get_close_matches(word, names, n=3)
    hint = f"Did you mean {' or '.join(repr(name) for name in close)}?" if close else f"It has {_listed(names)}."
    if "," in word:
        hint = "Columns are separated by spaces: 1 2 7-9."
    elif re.fullmatch(r"[0-9]+", word):
        hint = f"Numbers go from 1 to {layout.num_fields:,}."
    return UserError(f"{flag} {word}: no such column in {path}, of {_columns(layout.num_fields)}. {hint}")


def _columns(count):
    return f"{count:,} column{'s' * (count != 1)}"


def _listed(names):
    text = ", ".join(f"'{name}'" for name in names[:NAMES_SHOWN])
    return text + (f" and {len(names) - NAMES_SHOWN:,} more" if len(names) > NAMES_SHOWN else "")
