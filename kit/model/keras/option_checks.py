"""Checks of the values of options, as they come from a file.

Each check returns the value, always in the same form, or raises Unfit with what it expected.
"""

import math
from collections.abc import Callable
from typing import Any

MOST = 2**31 - 1  # units, pixels, ...: the largest int32, in which TensorFlow counts
FLOAT32_MOST = 3.4e38


class Unfit(ValueError):
    """A wrong value of an option; the message says what was expected."""


class WrongOption(Unfit):
    """An option within an option is wrong; the message says which, what was found and what was expected."""


# ----------------------------------------------------------------------------- plain values


def flag(value: Any) -> bool:
    """True or False."""
    if not isinstance(value, bool):
        raise Unfit("true or false")
    return value


def count(value: Any) -> int:
    """A whole number, 1 or more."""
    if not _is_number(value) or value % 1 or not 1 <= value <= MOST:
        raise Unfit("a whole number, 1 or more")
    return int(value)


def whole(value: Any) -> int:
    """A whole number."""
    if not _is_number(value) or value % 1 or not -MOST <= value <= MOST:
        raise Unfit("a whole number")
    return int(value)


def pair(value: Any) -> tuple[int, int]:
    """(rows, columns), whole numbers from 1; a single number is used for both."""
    values = value if isinstance(value, list | tuple) else [value, value]
    try:
        rows, columns = map(count, values)
    except ValueError:
        raise Unfit("a whole number, 1 or more, or two of them") from None
    return rows, columns


def number(least: float = -math.inf, most: float = math.inf) -> Callable[[Any], float]:
    """A check: a number within bounds, both included."""

    def check(value: Any) -> float:
        if not _is_number(value) or not abs(value) < FLOAT32_MOST or not least <= value <= most:
            bounds = [f"{words} {bound:g}" for words, bound in (("at least", least), ("at most", most))]
            raise Unfit(f"a number {' and '.join(bound for bound in bounds if 'inf' not in bound)}".strip())
        return float(value)

    return check


def one_of(*choices: Any) -> Callable[[Any], Any]:
    """A check: one of these."""

    def check(value: Any) -> Any:
        if value not in choices:
            raise Unfit(" or ".join("nothing (null)" if choice is None else repr(choice) for choice in choices))
        return value

    return check


def maybe(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A check: None, or what `check` accepts."""
    return lambda value: None if value is None else check(value)


def axis(value: Any) -> int:
    """One axis; Keras 2 writes it as a list."""
    return whole(value[0] if isinstance(value, list | tuple) and len(value) == 1 else value)


def target_shape(value: Any) -> tuple[int, ...]:
    """The sizes of Reshape. One may be -1, for all that is left."""
    sizes = tuple(map(whole, value)) if isinstance(value, list | tuple) else ()
    if not sizes or sizes.count(-1) > 1 or any(size < 1 and size != -1 for size in sizes):
        raise Unfit("a list of sizes, 1 or more, of which one may be -1")
    return sizes


def noise_shape(value: Any) -> tuple[int | None, ...]:
    """The sizes of Dropout's mask, batch first; None for a size of the inputs."""
    if not isinstance(value, list | tuple) or not value:
        raise Unfit("a list of sizes or nulls")
    return tuple(map(maybe(count), value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
