"""What a cell of a table holds: a number, nothing, or text. Cells are bytes, as read from the file."""

import re
from collections.abc import Sequence

import numpy as np

# Regular expressions for a cell without a value; upper or lower case, with or without spaces around. They are those of
# pandas, Excel's #N/A in German, Italian and Spanish, and the question mark of the UCI repository's tables.
MISSING_VALUES = (
    *("", "na", "n/a", "[-+]?nan", r"\?", "null", "none"),
    *("#n/a", "#n/a n/a", "#na", "#nv", "#n/d", "<na>", r"-?1\.#ind", r"-?1\.#qnan"),
)
LARGEST = 3.4028234663852886e38  # of float32

_AROUND_NUMBERS = re.compile(r"[\s%‰<>≤≥€$£'\u2019]")
_MISSING = re.compile(f"(?i) *(?:{'|'.join(MISSING_VALUES)}) *".encode())


def is_missing(cell: bytes) -> bool:
    """Whether a cell has no value."""
    return _MISSING.fullmatch(cell) is not None


def is_number(cell: bytes) -> bool:
    """Whether a cell holds a number, even if it is too large for float32."""
    try:
        number_of(cell)
    except ValueError:
        return False
    except OverflowError:
        pass
    return True


def is_almost_number(cell: bytes) -> bool:
    """Whether a cell would be a number without its unit, sign or spaces: 12%, <0.5, 1'000, 1 351,50."""
    return is_number(_AROUND_NUMBERS.sub("", cell.decode()).replace(",", ".").replace("\u2212", "-").encode())


def number_of(cell: bytes) -> float:
    """The number in a cell; only what tf.strings.to_number reads as a number too.

    Raises:
      ValueError: not a number: text, an infinity, or grouped digits (1_000), which Python's float would accept.
      OverflowError: too large for float32.
    """
    number = float(cell)
    if b"_" in cell or any(letter in cell for letter in b"nN"):  # an n: nan, inf or infinity
        raise ValueError
    if abs(number) > LARGEST:
        with np.errstate(over="ignore"):
            if np.isinf(np.float32(number)):
                raise OverflowError
    return number


def only_count(cells: Sequence[bytes]) -> bool:
    """Whether cells are 0, 1, 2 ... or 1, 2, 3 ..."""
    return any(all(cell == b"%d" % i for i, cell in enumerate(cells, start)) for start in (0, 1))


def text_of(cell: bytes, longest: int = 40) -> str:
    """A cell as an error shows it: in quotes, cut after `longest` characters."""
    text = cell.decode("utf-8", errors="replace").strip(" \t")
    text = "".join(letter if letter.isprintable() else f"<U+{ord(letter):04X}>" for letter in text[: longest + 1])
    return f"'{text}'" if len(text) <= longest else f"'{text[:longest]}...'"
