"""The checks, one a blank. Each is a generator that builds a small stage, runs the student's lines on it and looks
at what they made: it yields after each part that holds, and raises a Finding at the first that doesn't."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """The check of a blank."""

    function: Callable  # StudentsLines -> a generator: None after each part, a str for a medal
    parts: tuple  # what the check looks at, in order


CHECKS = {}  # {number of a blank: Check}


def check_of(number, *parts):
    """Makes a generator function the check of a blank."""

    def register(function):
        CHECKS[number] = Check(function, parts)
        return function

    return register
