"""Which columns of a table go into the network: all, or those chosen by name, number or range of numbers.

A "field" is a column's place in a line, from 0.
"""

import difflib
import re
from collections import Counter
from collections.abc import Sequence

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.data_spec import TableSpec
from kit.data.tables.layouts import Layout
from kit.data.tables.row_names import first_column_names_rows, loosest

NAMES_SHOWN = 5


def field_of(word: str, layout: Layout, flag: str) -> int:
    """The field of one column.

    Args:
      word: the column's name, or its number from 1. If both fit, the name counts.
      layout: the table's layout.
      flag: the flag that `word` was given with, for the error.
    Raises:
      UserError: there is no such column, or several have this name.
    """
    names = layout.names or ()
    if names.count(word) > 1:
        numbers = " and ".join(str(i) for i, name in enumerate(names, 1) if name == word)
        raise UserError(f"{flag} {word}: columns {numbers} of {layout.path} have this name. Choose one by its number.")
    if word in names:
        return names.index(word)
    if re.fullmatch(r"[0-9]{1,9}", word) and 1 <= int(word) <= layout.num_fields:
        return int(word) - 1
    raise _no_such_column(word, layout, flag)


def fields_of(words: Sequence[str], layout: Layout, flag: str) -> list[int]:
    """The fields of several columns, without repetition, in the order of the words; a word may be a range: 3-20."""
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


def without_flag(fields: Sequence[int], layout: Layout, already: Sequence[str] = ()) -> str:
    """The flag that leaves out some columns, as it is typed.

    Args:
      fields: of the columns.
      layout: the table's layout.
      already: the words that --without_columns has now; they stay.
    """
    words = [_word_for(field, layout) for field in fields[:NAMES_SHOWN]]
    quoted = [word if re.fullmatch(r"[\w.+:-]+", word) else f'"{word}"' for word in [*already, *words]]
    return f"--without_columns {' '.join(quoted)}{' ...' if len(fields) > NAMES_SHOWN else ''}"


def _word_for(field: int, layout: Layout) -> str:
    """A word that stands for one column alone: its name; where a shell or `field_of` would misread it, its number."""
    names = layout.names or ()
    if names and names.count(names[field]) == 1 and re.fullmatch(r"(?!-)[^\"$`\\!%]+", names[field]):
        return names[field]
    number = str(field + 1)
    return number if number not in names else f"{number}-{number}"


def choose_fields(
    layout: Layout, columns: Sequence[str], without_columns: Sequence[str], label_field: int | None
) -> tuple[int, ...]:
    """The fields that go into a new network, as the user chooses.

    Args:
      layout: the table's layout.
      columns: names, numbers or ranges of the columns to use; () for all.
      without_columns: those of the columns to leave out.
      label_field: the field of the labels, which is never an input; or None.
    Returns:
      The fields.
    Raises:
      UserError: there is no such column, or none is left.
    """
    left_out = {label_field, *fields_of(without_columns, layout, "--without_columns")}
    if columns:
        fields = fields_of(columns, layout, "--columns")
    else:
        fields = _all_inputs(layout)
        if 0 not in (*fields, *left_out) and not layout.has_row_names:  # which is told with the file's layout
            console.warn(
                f"{layout.path}: left out the first column: each row has another word in '{layout.name_of(0)}', so it "
                "seems to name the rows"
            )
    fields = tuple(field for field in fields if field not in left_out)
    if not fields:
        raise UserError(
            f"{layout.path}: none of its {_columns(layout.num_fields)} is left as an input.\n"
            "  Check --columns, --without_columns and --label_column. Columns are separated by tabs, commas or "
            "semicolons."
        )
    return fields


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
    inputs = [field for field in _all_inputs(layout) if field != label_field]
    if layout.num_fields == trained_on.num_fields and set(trained_on.fields) <= {*inputs}:
        fields = tuple(trained_on.fields)
    elif len(inputs) == len(trained_on.columns):
        fields = tuple(inputs)
    else:
        raise UserError(
            f"{layout.path}: {_columns(layout.num_fields)}, but the network was trained on "
            f"{len(trained_on.columns)} of a table's {trained_on.num_fields}.\n"
            + (
                "  Is it the file of the labels?"
                if layout.num_fields == 1
                else "  Unless both tables have a header, they must have the same columns in the same order."
            )
        )
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
    has_same_places = layout.num_fields == trained_on.num_fields and {*trained_on.fields} <= {*_all_inputs(layout)}
    return None if trained_on.has_header or not has_same_places else int(word) - 1


def _all_inputs(layout: Layout) -> list[int]:
    """The fields that may be inputs: all, without a first one that names the rows."""
    names_rows = layout.has_row_names or (layout.names is not None and first_column_names_rows(layout))
    return list(range(int(names_rows), layout.num_fields))


def _by_name(layout: Layout, trained_on: TableSpec, label_field: int | None) -> tuple[int, ...]:
    """match_fields for two tables with headers."""
    assert layout.names
    there, wanted = Counter(layout.names), Counter(trained_on.columns)
    missing = [name for name in trained_on.columns if not there[name]]
    if missing:
        known = {*trained_on.columns, trained_on.label_column}
        instead = [name for name in layout.names if name not in known]
        text = (
            f"{layout.path}: {len(missing):,} of the {_columns(len(trained_on.columns))} that the network was trained "
            f"on {'is' if len(missing) == 1 else 'are'} missing: {_quoted(missing)}."
        )
        there_as = {loosest(other.encode()): other for other in instead}
        pairs = [(there_as.get(loosest(name.encode())), name) for name in missing]
        alike = [f"'{other}' seems to be '{name}'" for other, name in pairs if other]
        if alike:
            it = "them" if len(alike) > 1 else "it"
            text += f"\n  Its {console.listed(alike, NAMES_SHOWN)}, written otherwise: rename {it}."
        elif instead:
            text += f"\n  In this table, but not in training: {_quoted(instead)}."
        raise UserError(text)
    fields_by_name = {}
    for field, name in enumerate(layout.names):
        fields_by_name.setdefault(name, []).append(field)
    for name, count in wanted.items():
        if there[name] != count:
            raise UserError(f"{layout.path}: {there[name]} columns have the name '{name}'; in training it was {count}.")
    left_over = set(layout.names) - set(wanted) - {trained_on.label_column}
    unused = [
        name
        for field, name in enumerate(layout.names)
        if name in left_over and field != label_field and not (layout.has_row_names and field == 0)
    ]
    if unused and layout.num_fields != trained_on.num_fields:
        console.warn(f"{layout.path}: left out, since the network was trained without: {_quoted(unused)}")
    return tuple(fields_by_name[name].pop(0) for name in trained_on.columns)


def _no_such_column(word: str, layout: Layout, flag: str) -> UserError:
    path, names = layout.path, layout.names
    if names is None:
        return UserError(
            f"{flag} {word}: {path} has no header; choose from its {_columns(layout.num_fields)} by number, from 1.\n"
            "  If its first line is a header: --header yes"
        )
    close = difflib.get_close_matches(word, names, n=3)
    hint = f"Did you mean {' or '.join(repr(name) for name in close)}?" if close else f"It has {_quoted(names)}."
    if "," in word:
        hint = "Columns are separated by spaces: 1 2 7-9."
    elif re.fullmatch(r"[0-9]+", word):
        hint = f"Column numbers go from 1 to {layout.num_fields:,}."
    return UserError(f"{flag} {word}: no such column among the {layout.num_fields:,} of {path}. {hint}")


def _columns(count: int) -> str:
    return f"{count:,} column{'s' * (count != 1)}"


def _quoted(names: Sequence[str]) -> str:
    """Names in quotes, the first few of them: "'a', 'b' and 7 more"."""
    text = ", ".join(f"'{name}'" for name in names[:NAMES_SHOWN])
    return text + (f" and {len(names) - NAMES_SHOWN:,} more" if len(names) > NAMES_SHOWN else "")
