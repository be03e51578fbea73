"""Names of rows in two files: matched however they are written, or refused with the first difference."""

import unicodedata

import pytest

from kit.cli.errors import UserError
from kit.data.tables.name_matching import match
from kit.data.tables.row_names import Names


def names(path, *cells):
    return Names(path, "", [cell.encode() for cell in cells])


def matched(table, labels):
    return match(names("X", *table), names("y", *labels))


@pytest.mark.parametrize(
    ("table", "labels", "places", "difference"),
    [
        (["a", "b", "c"], ["a", "b", "c"], [0, 1, 2], ""),
        (["a", "b", "c"], ["c", "a", "b"], [1, 2, 0], ""),
        (["a", "b"], ["x", "b", "y", "a"], [3, 1], ""),  # labels of more rows
        (["a", "A"], ["A", "a"], [1, 0], ""),  # as they are, before anything is overlooked
        (["a", "b", "b"], ["a", "b", "b"], [0, 1, 2], ""),  # the same names in the same order
        (["S1", "S2"], ["s2", "s1"], [1, 0], "upper and lower case"),
        (["S1", "S 2"], ["'S  2'", "S1\u00a0"], [1, 0], "spaces, quotes or the Unicode form"),
        (["\u00e9", "b"], ["b", unicodedata.normalize("NFD", "\u00e9")], [1, 0], "spaces, quotes or the Unicode form"),
        (["7", "12"], ["12.0", "007"], [1, 0], "how numbers are written"),
        (["TCGA-1a", "TCGA-2b"], ["TCGA.2b", "TCGA.1a"], [1, 0], "the characters that R replaces by dots"),
        (["1a", "2-b"], ["X2.b", "X1a"], [1, 0], "the characters that R replaces by dots"),
    ],
)
def test_names_that_match(table, labels, places, difference):
    assert matched(table, labels) == (places, difference)


@pytest.mark.parametrize(
    ("table", "labels", "said"),
    [
        (["a", "b", "c"], ["c", "a"], "y: no label for row 2 of X, 'b'."),
        (["a", "b", "c", "d"], ["c", "a"], "y: no label for row 2 of X, 'b'; 1 more have none."),
        (["A", "b", "c"], ["c", "a"], "y: no label for row 2 of X, 'b'."),  # the case of A is not the cause
        (["a", "b"], ["p", "q", "r"], "y: names other rows than X: 'p', 'q' ...; expected 'a', 'b', as in the table."),
        (["a", "b", "a"], ["b", "a", "c"], "X: 2 rows have the name 'a', so labels can't be matched by name."),
        (["a", "b"], ["b", "a", "b"], "y: 2 rows have the name 'b', so"),
        (["a-1", "a.1"], ["a_1", "a 1"], "y: names other rows than X"),  # R would make one name of both
        (["0", "1", "2"], ["100", "101", "102"], "y: names other rows than X: '100', '101' ...; expected '0', '1' ..."),
    ],
)
def test_names_that_do_not(table, labels, said):
    with pytest.raises(UserError) as caught:
        matched(table, labels)
    assert str(caught.value).startswith(said)
    assert "Only if the labels are in the rows' order: remove the column of names" in str(caught.value)


@pytest.mark.parametrize(
    ("table", "labels"),
    [(["0", "1", "2"], ["1", "2", "3"]), (["1", "2"], ["S1", "S2"]), (["Ann", "Bob"], ["0", "1"])],
)
def test_names_that_only_count_the_rows(table, labels):
    assert matched(table, labels) is None
