"""Names of files that are made of other texts, and that aren't taken yet."""

import itertools
import re
from collections.abc import Callable


def in_file_name(text: str) -> str:
    """A text with nothing in it that a system doesn't allow in a file's name."""
    return re.sub(r"[^\w .,-]", "_", text)


def unused(name: str, is_taken: Callable[[str], bool], numbered: str = "{}_{}") -> str:
    """A name if it isn't taken; else the first of name_2, name_3, ... that isn't.

    Args:
      name: that is wanted.
      is_taken: whether a name is.
      numbered: how a number is added.
    """
    names = itertools.chain([name], (numbered.format(name, number) for number in itertools.count(2)))
    return next(each for each in names if not is_taken(each))
