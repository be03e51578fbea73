"""What stands in a cell of a table: a number, nothing, or words. Cells are bytes, as they come from the file."""

import re

import numpy as np

# Each a regular expression for a cell without a value, in any case, with any spaces around.
MISSING_VALUES = ("", "na", "n/a", "nan", r"\?", "null", "none")
LARGEST = 3.4028234663852886e38  # of float32

_MISSING = re.compile(f"(?i) *(?:{'|'.join(MISSING_VALUES)}) *".encode())


def is_missing(cell):
    """Whether a cell has no value."""
    return _MISSING.fullmatch(cell) is not None


def is_number(cell):
    """Whether a cell holds a number, be it too large for float32."""
    try:
        number_of(cell)
    except ValueError:
        return False
    except OverflowError:
        pass
    return True


def number_of(cell):
    """The number in a cell, as float64, where tf.strings.to_number would read one too.

    Raises:
      ValueError: it is none: words, an infinity, or digits in groups (1_000), which Python's float would take.
      OverflowError: it is too large for float32.
    """
    number = float(cell)
    if b"_" in cell or any(letter in cell for letter in b"nN"):  # no number has an n: nan, inf, infinity
        raise ValueError
    if abs(number) > LARGEST:
        with np.errstate(over="ignore"):
            if np.isinf(np.float32(number)):
                raise OverflowError
    return number


def text_of(cell, longest=40):
    """A cell as an error shows it: 'its text', cut short."""
    text = cell.decode("utf-8", errors="replace").strip()
    return f"'{text}'" if len(text) <= longest else f"'{text[:longest]}...'"
