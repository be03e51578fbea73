"""Half characters: where Python puts bytes of a name that isn't UTF-8, and what "\\ud800" is. No file can hold them."""

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def has_surrogates(text: str) -> bool:
    """Whether there are any in a text."""
    return bool(_SURROGATE.search(text))


def without_surrogates(text: str) -> str:
    """A text with the sign for an unknown character in their place."""
    return _SURROGATE.sub("\ufffd", text)
