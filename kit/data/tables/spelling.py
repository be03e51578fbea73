"""Names that are the same but for how they are written: by spaces, quotes, Unicode's forms, upper and lower case."""

import unicodedata

SPACES_AND_QUOTES = "spaces, quotes or the Unicode form"
CASE = "upper and lower case"


def tidy(text: str) -> str:
    """A text in Unicode's compatible composed form (NFKC), without quotes around it, its spaces single."""
    return " ".join(unicodedata.normalize("NFKC", text).strip(" \t'\"\u200b\ufeff").split())


def lower(text: str) -> str:
    """The same in lower case, as Unicode compares texts."""
    return tidy(text).casefold()


def difference(text: str, other: str) -> str:
    """In what two texts differ that are the same in lower case."""
    return SPACES_AND_QUOTES if tidy(text) == tidy(other) else CASE


def shown(text: str, difference: str) -> str:
    """A text as a message shows it: in ASCII where the difference can't be seen, or hardly."""
    return ascii(text) if difference == SPACES_AND_QUOTES else f"'{text}'"
