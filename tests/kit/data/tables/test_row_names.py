"""Columns that name the rows."""

import pytest

from kit.data.tables.row_names import Names, is_id

IDS = [
    "id",
    "ID",
    "patient_id",
    "Sample",
    "samples",
    "sample.name",
    "gene index",
    "No",
    "Lfd. Nr.",
    "N\u00b0",
    "Proben",
]


@pytest.mark.parametrize("column", IDS)
def test_columns_that_are_called_as_if_they_named_the_rows(column):
    assert is_id(column)


@pytest.mark.parametrize("column", ["age", "acid", "covid", "dose", "node", "1", "grid", "humid", "indexed"])
def test_columns_that_are_not(column):
    assert not is_id(column)


@pytest.mark.parametrize(
    ("column", "cells", "are_names"),
    [
        ("", ["5", "3"], True),
        ("sample", ["p", "q", "p"], True),
        ("sex", ["f", "m", "f", "m"], False),
        ("age", ["31", "45"], False),
        ("id", ["31", "45"], True),
        ("id", ["3", "1", "2"], True),
        ("NO", ["31", "12", "45"], False),
        ("a", ["mm", "3.5", "4.5", "5"], False),  # a line of units
        ("cases", ["3", "3", "4"], False),
        ("body_mass_index", ["21.5", "22.5", "23.5"], False),
        ("1", ["p", "q"], True),
    ],
)
def test_whether_a_column_names_the_rows(column, cells, are_names):
    assert Names("X", column, [cell.encode() for cell in cells]).name_rows == are_names
