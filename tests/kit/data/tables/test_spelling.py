"""Texts that are the same but for how they are written."""

import unicodedata

import pytest

from kit.data.tables.spelling import CASE, SPACES_AND_QUOTES, difference, lower, shown

NFD = unicodedata.normalize("NFD", "Zo\u00eb")


@pytest.mark.parametrize(
    ("text", "other", "found"),
    [
        ("ALL", "all", CASE),
        ("Stra\u00dfe", "STRASSE", CASE),
        ("ALL", " 'ALL'\u200b", SPACES_AND_QUOTES),
        ("a b", "a \u00a0 b", SPACES_AND_QUOTES),
        ("Zo\u00eb", NFD, SPACES_AND_QUOTES),
        ("1", "\uff11", SPACES_AND_QUOTES),
    ],
)
def test_what_differs(text, other, found):
    assert (lower(text), difference(text, other)) == (lower(other), found)


def test_other_texts_stay_others():
    assert len({lower(text) for text in ("a", "\u00e1", "ab", "a b", "a-b", "a.b")}) == 6


def test_what_cannot_be_seen_is_shown():
    assert shown(NFD, SPACES_AND_QUOTES) == r"'Zoe\u0308'"
    assert shown("all", CASE) == "'all'"
