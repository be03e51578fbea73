"""The names of a table's columns: in its first line, if that is a header, or in a comment above."""

from collections.abc import Sequence
from typing import NamedTuple

from kit.cli.console import counted
from kit.cli.errors import UserError
from kit.data.tables.cells import is_missing, is_number, text_of
from kit.data.tables.delimited import BLANK, QUOTED, LineProblem, cells_of
from kit.data.tables.delimiters import filled
from kit.data.tables.first_lines import COMMENT, FirstLines
from kit.data.tables.headers import header_of

ROW_NAMES = "row_names"  # the name of a column that names the rows and has no name itself
CELLS_SHOWN = 3


class Header(NamedTuple):
    """The header of a table; without one, the defaults."""

    names: tuple[str, ...] | None = None  # of all columns
    header_line: int = 0  # its number in the file, from 1
    header_text: bytes = b""  # as it stands there
    has_row_names: bool = False  # the first column names the rows, as R and pandas write it


def header_in(first: FirstLines, wanted: str) -> Header:
    """The header in the first lines of a table.

    Args:
      first: the lines.
      wanted: "yes", "no", or "auto": see kit.data.tables.headers.
    Raises:
      UserError: it is doubtful whether there is one, or it has names for more or fewer columns than the rows.
    """
    if wanted == "no":
        return Header()
    in_comment = _names_in_comment(first) if first.comments else None
    if in_comment and any(map(is_number, first.rows[0])):
        number, text = first.comments[-1]
        return _header(in_comment, number, text, first.num_fields)
    if not _is_header(first, wanted):
        return _header(in_comment, *first.comments[-1], first.num_fields) if in_comment else Header()
    if len(first.rows) == 1:
        raise UserError(f"{first.path}: a header, but no rows below it.\n  If its line is a row: --header no")
    return _header(first.cells[0], first.number, first.lines[0], first.num_fields)


def _header(cells: Sequence[bytes], number: int, text: bytes, num_fields: int) -> Header:
    names = [cell.decode().strip() for cell in cells[:num_fields]]
    is_short = len(names) < num_fields
    has_row_names = is_short or (not names[0] and len(names) > 1)
    names = [ROW_NAMES, *(names if is_short else names[1:])] if has_row_names else names
    return Header(tuple(name or str(i) for i, name in enumerate(names, 1)), number, text, has_row_names)


def _names_in_comment(first: FirstLines) -> list[bytes] | None:
    """The names in the last comment, as numpy.savetxt writes them; None if its words are fewer or more."""
    text = first.comments[-1][1]
    if not text.startswith(COMMENT):  # sep=;
        return None
    try:
        names = cells_of(text[1:].strip() if text.startswith(COMMENT + b" ") else text, first.delimiter)
    except LineProblem:
        return None
    return names if len(names) == first.num_fields else None


def _is_header(first: FirstLines, wanted: str) -> bool:
    """Whether the first line is a header; a UserError if that is doubtful, or its cells are too many or too few."""
    names, num_fields = first.rows[0], first.num_fields
    others = [cells for cells in first.rows[1:] if len(cells) >= num_fields]
    if filled(names) > num_fields or (others and len(names) < num_fields - 1):
        if wanted == "yes" or not all(is_number(cell) or is_missing(cell) for cell in names):
            raise first.error(
                f"{counted(len(names), 'cells')}, but the rows below have {num_fields}",
                "If it is a title, delete it. If it is the header, give each column one name; a name that contains a "
                "delimiter needs quotes.",
            )
        return False
    names = names[:num_fields]
    is_short = bool(others) and len(names) == num_fields - 1
    may_have_row_names = _may_name_rows([cells[0] for cells in others])
    if wanted == "auto":
        below = [cells[int(is_short) : num_fields] for cells in others]
        answer, doubt = header_of(names, below, _is_quoted_alone(first.lines))
        if answer is None and not (is_short and may_have_row_names):
            raise _doubt(first, doubt)
        if answer is False and not (is_short and all(not is_number(cells[0]) for cells in others)):
            return False
    if is_short and not may_have_row_names:
        raise first.error(
            f"{counted(len(names), 'names')} for {num_fields} columns; and the first column, {text_of(others[0][0])} "
            "and so on, doesn't name the rows",
            "Write the missing name.",
        )
    is_last_empty = len(names) == num_fields > 1 and names[0].strip() and not names[-1].strip()
    if is_last_empty and may_have_row_names and any(cells[-1].strip() for cells in others):
        raise first.error("a column has no name: the last, or the first", "Write the missing name.")
    return True


def _doubt(first: FirstLines, doubt: str) -> UserError:
    """The UserError that asks for --header."""
    cells = first.cells[0]
    shown = ", ".join(cell.decode().strip() for cell in cells[:CELLS_SHOWN]) + " ..." * (len(cells) > CELLS_SHOWN)
    return first.error(
        f"{shown} may name the columns or be a row: {doubt}",
        f"If it names the {'columns' if first.line_word == 'line' else 'rows'}: --header yes",
        "If it is a row: --header no",
    )


def _is_quoted_alone(lines: Sequence[bytes]) -> bool:
    """Whether all cells of the first line are in quotes, and not all of any other."""
    are_quoted = [b'"' in line and not QUOTED.sub(b"", line).strip(BLANK) for line in lines]
    return are_quoted[0] and not any(are_quoted[1:])


def _may_name_rows(cells: Sequence[bytes]) -> bool:
    """Whether cells may be the names of rows: words or whole numbers, all different."""
    return len(set(cells)) == len(cells) and not any(is_number(cell) and not cell.strip().isdigit() for cell in cells)
