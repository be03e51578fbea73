"""Checks of the values that options can have, as they come out of a file: each returns the value in one form.

A check raises Unfit with what it expected.
"""

import math
import numbers

MOST = 2**31 - 1  # units, pixels, ...: what TensorFlow counts with
FLOAT32_MOST = 3.4e38


class Unfit(ValueError):
    """A value that an option can't have; the text says what it can have."""


class WrongOption(Unfit):
    """An option within an option is wrong; the text says which, what was found and what it can have."""


# ----------------------------------------------------------------------------- plain values


def flag(value):
    """True or False."""
    if not isinstance(value, bool):
        raise Unfit("true or false")
    return value


def count(value):
    """A whole number from 1."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or value % 1 or not 1 <= value <= MOST:
        raise Unfit("a whole number, 1 or more")
    return int(value)


def whole(value):
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or value % 1 or not -MOST <= value <= MOST:
        raise Unfit("a whole number")
    return int(value)


def pair(value):
    """Two whole numbers from 1, (rows, columns); one number stands for both."""
    values = value if isinstance(value, list | tuple) else [value, value]
    try:
        rows, columns = map(count, values)
    except ValueError:
        raise Unfit("a whole number, 1 or more, or two of them") from None
    return rows, columns


def number(least=-math.inf, most=math.inf):
    """A check: a number within bounds, both included."""

    def check(value):
        is_number = isinstance(value, numbers.Real) and not isinstance(value, bool) and abs(value) < FLOAT32_MOST
        if not is_number or not least <= value <= most:
            bounds = [f"{words} {bound:g}" for words, bound in (("at least", least), ("at most", most))]
            raise Unfit(f"a number {' and '.join(bound for bound in bounds if 'inf' not in bound)}".strip())
        return float(value)

    return check


def one_of(*choices):
    """A check: one of these."""

    def check(value):
        if value not in choices:
            raise Unfit(" or ".join("nothing (null)" if choice is None else repr(choice) for choice in choices))
        return value

    return check


def maybe(check):
    """A check that lets None through."""
    return lambda value: None if value is None else check(value)


def axis(value):
    """One axis; Keras 2 writes it as a list."""
    return whole(value[0] if isinstance(value, list | tuple) and len(value) == 1 else value)


def target_shape(value):
    """The sizes of Reshape, one of which may be -1: whatever is left."""
    sizes = tuple(map(whole, value)) if isinstance(value, list | tuple) else ()
    if not sizes or sizes.count(-1) > 1 or any(size < 1 and size != -1 for size in sizes):
        raise Unfit("a list of sizes, 1 or more, of which one may be -1")
    return sizes


def noise_shape(value):
    """The sizes of Dropout's mask, batch first, null for the inputs' own."""
    if not isinstance(value, list | tuple) or not value:
        raise Unfit("a list of sizes or nulls")
    return tuple(map(maybe(count), value))
