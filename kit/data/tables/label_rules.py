"""What labels are: which cells hold none, which are the same, in which order the classes stand. Cells are bytes."""

import re
from collections.abc import Iterable, Sequence

from kit.cli.errors import UserError
from kit.data.tables.cells import is_missing, number_of

WORDS_THAT_LOOK_MISSING = (b"none", b"null")  # but may be a class: none, mild, severe
ERROR_CELL = re.compile(rb"#\S+[!?]")  # as spreadsheets write it, in any language: #VALUE!, #WERT!, #NAME?


def is_no_label(cell: bytes) -> bool:
    """Whether a cell without spaces around holds no label."""
    is_empty = is_missing(cell) and cell.lower() not in WORDS_THAT_LOOK_MISSING
    return is_empty or ERROR_CELL.fullmatch(cell) is not None


def key_of(cell: bytes) -> bytes | float:
    """What equal labels share: the number of one, so that 1 and 1.0 are the same, or the word."""
    try:
        return number_of(cell)
    except (ValueError, OverflowError):
        return cell


def class_name(cell: bytes) -> str:
    """What a class is called: as its label is written, but a number without an exponent, which numpy.savetxt writes."""
    key, label = key_of(cell), cell.decode()
    is_whole = isinstance(key, float) and key.is_integer()
    return f"{key:.0f}" if is_whole and "e" in label.lower() else label


def in_order(names: Iterable[str]) -> list[str]:
    """The names of classes, sorted: by number if all are numbers."""
    key_of_name = {name: key_of(name.encode()) for name in names}
    if all(isinstance(key, float) for key in key_of_name.values()):
        return sorted(key_of_name, key=lambda name: key_of_name[name])
    return sorted(key_of_name)


def place_of(name: str, names: Sequence[str]) -> int | None:
    """The place of a class among the names of all, where 1 and 1.0 are the same; None if there is no such class."""
    keys = [key_of(each.encode()) for each in names]
    key = key_of(name.encode())
    return keys.index(key) if key in keys else None


def check_names(flag: str, names: Sequence[str], what: str, count: int | None = None) -> None:
    """Checks that a flag names each class once.

    Args:
      flag: such as --classes.
      names: what it is given.
      what: they should be, for the error.
      count: of the classes; None: two or more.
    Raises:
      UserError: they are too few or too many, or one stands twice.
    """
    is_right = len(names) > 1 if count is None else len(names) == count
    if not is_right or len({key_of(name.encode()) for name in names}) < len(names):
        expected = "two or more" if count is None else count
        raise UserError(f"{flag} {' '.join(names)}: expected {expected} different names, {what}.")
