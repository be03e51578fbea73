"""What a misspelt name may stand for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

ALIKE = 0.7  # of two names; 1 if they are the same. At 0.6, sparsemax would be sparse_sigmoid


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The question, "Did you mean dense?"; "" if no name is close, upper and lower case aside."""
    names = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), names, 1, ALIKE)
    return f"Did you mean {names[close[0]]}?" if close else ""
