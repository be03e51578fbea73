"""Which columns of a table go into the network: all, or those chosen by name, number or range of numbers.

A "field" is a column's place in a line, from 0.
"""

import difflib
import re
from collections.abc import Sequence, Set

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.tables.advice import FOR_TRAINING, Advice
from kit.data.tables.layouts import Layout
from kit.data.tables.other_way import are_rows, turn_hint
from kit.data.tables.row_names import first_column_names_rows

NAMES_SHOWN = 5


def field_of(word: str, layout: Layout, flag: str, advice: Advice = FOR_TRAINING) -> int:
    """The field of one column.

    Args:
      word: the column's name, or its number from 1. If both fit, the name counts.
      layout: the table's layout.
      flag: the flag that `word` was given with, for the error.
      advice: what the error says that depends on the script.
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
    raise _no_such_column(word, layout, flag, advice)


def fields_of(words: Sequence[str], layout: Layout, flag: str) -> list[int]:
    """The fields of several columns, without repetition, in the order of the words; a word may be a range: 3-20."""
    fields = {}
    for word in words:
        ends = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,9})", word)
        if ends and word not in (layout.names or ()):
            first, last = int(ends[1]), int(ends[2])
            if not 1 <= first <= last <= layout.num_fields:
                raise UserError(
                    f"{flag} {word}: {layout.path} has {console.counted(layout.num_fields, 'columns')}; "
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
    layout: Layout, columns: Sequence[str], without_columns: Sequence[str], never: Set[int | None]
) -> tuple[int, ...]:
    """The fields that go into a new network, as the user chooses.

    Args:
      layout: the table's layout.
      columns: names, numbers or ranges of the columns to use; () for all.
      without_columns: those of the columns to leave out.
      never: fields that are no inputs: of the labels, of groups; None for those that there aren't.
    Returns:
      The fields.
    Raises:
      UserError: there is no such column, or none is left.
    """
    left_out = {*never, *fields_of(without_columns, layout, "--without_columns")}
    fields = fields_of(columns, layout, "--columns") if columns else input_fields(layout)
    fields = tuple(field for field in fields if field not in left_out)
    if not fields:
        raise UserError(
            f"{layout.path}: none of its {console.counted(layout.num_fields, 'columns')} is left as an input.\n"
            "  Check --columns, --without_columns, --label_column and --group_column. Columns are separated by tabs, "
            "commas or semicolons."
        )
    return fields


def input_fields(layout: Layout) -> list[int]:
    """The fields that may be inputs: all, without a first one that names the rows, and without annotations."""
    names_rows = layout.has_row_names or (layout.names is not None and first_column_names_rows(layout))
    return [field for field in range(int(names_rows), layout.num_fields) if field not in layout.annotations]


def _no_such_column(word: str, layout: Layout, flag: str, advice: Advice) -> UserError:
    path, names = layout.path, layout.names
    if names is None:
        return UserError(
            f"{flag} {word}: {path} has no header; choose from its "
            f"{console.counted(layout.num_fields, 'columns')} by number, from 1.\n"
            "  If its first line is a header: --header yes"
        )
    known = [names[field] for field in layout.annotations if flag == "--label_column"] or names
    close = difflib.get_close_matches(word, known, n=3)
    hint = f"Did you mean {' or '.join(repr(name) for name in close)}?" if close else f"It has {quoted(known)}."
    if "," in word:
        hint = "Columns are separated by spaces: 1 2 7-9."
    elif re.fullmatch(r"[0-9]+", word):
        hint = f"Column numbers go from 1 to {layout.num_fields:,}."
    elif flag == "--label_column" and are_rows([word.encode()], layout):
        hint = f"It has a row of this name.{turn_hint(layout, 'To make columns of its rows', advice)}"
    return UserError(f"{flag} {word}: no such column among the {layout.num_fields:,} of {path}. {hint}")


def quoted(names: Sequence[str]) -> str:
    """Names in quotes, the first few of them: "'a', 'b' and 7 more"."""
    return console.listed([f"'{name}'" for name in names], NAMES_SHOWN)
