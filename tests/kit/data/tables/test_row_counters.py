"""Columns that count the rows are found, and genuine ones aren't."""

import numpy as np
import pytest

from kit.data.tables.row_counters import RowCounters

N = 60
RANDOM = np.random.default_rng(0)


def found(columns, chunk=N):
    """The names of the columns that count the rows, and of those that may; columns is {name: values}."""
    rows = np.stack([*columns.values()], axis=1).astype(np.float32)
    counters = RowCounters([*columns], len(rows))
    for start in range(0, len(rows), chunk):
        counters.add(rows[start : start + chunk])
    return tuple([[*columns][place] for place in places] for places in counters.found())


@pytest.mark.parametrize("chunk", [1, 7, N])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("a", np.arange(N)),
        ("a", np.arange(1, N + 1)),
        ("a", np.arange(N)[::-1]),
        ("id", 1000 + 5 * np.arange(N)),
        ("a", 1 + RANDOM.permutation(N)),  # a table that was mixed after it was numbered
        ("index", 7 + RANDOM.permutation(N)),
        ("a", np.where(np.arange(N) % 7 == 0, np.nan, np.arange(N))),  # cells are missing, among them the first
        ("a", np.where(np.arange(N) % 7 == 3, np.nan, N - np.arange(N))),
        ("a", np.where(np.arange(N) % 7 == 3, np.nan, 1 + RANDOM.permutation(N))),
    ],
)
def test_columns_that_count_the_rows(name, values, chunk):
    columns = {"g": RANDOM.normal(size=N), name: values, "h": RANDOM.integers(0, 100, N)}
    assert found(columns, chunk) == ([name], [])


@pytest.mark.parametrize("chunk", [1, 7, N])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("1", np.cumsum(1 + np.arange(N) % 4)),  # sorted ids with gaps
        ("NO", np.cumsum(1 + np.arange(N) % 4)),
        ("Unnamed: 0", 3 * RANDOM.permutation(N)),
        ("patient_id", 7 + 11 * RANDOM.permutation(N)),
        ("1", np.where(np.arange(N) % 7 == 0, np.nan, np.cumsum(1 + np.arange(N) % 4))),
        ("id", np.where(np.arange(N) % 2 == 0, np.nan, RANDOM.permutation(N))),
    ],
)
def test_columns_that_may_number_the_rows(name, values, chunk):
    assert found({"g": RANDOM.normal(size=N), name: values}, chunk) == ([], [name])


@pytest.mark.parametrize("chunk", [1, 7, N])
@pytest.mark.parametrize(
    "values",
    [
        np.zeros(N),
        np.arange(N) % 2,
        np.arange(N) // 2,  # pairs of rows
        RANDOM.integers(0, N, N),
        np.sort(RANDOM.normal(size=N)),
        np.sort(RANDOM.integers(20, 90, N)),  # a table that is sorted by age
        1000 * RANDOM.permutation(N),  # whole, distinct, but no ids by their name
        20 + np.arange(N),  # sorted by age
        np.cumsum(1 + np.arange(N) % 4),
        5 + 0.1 * np.arange(N),  # a time series
        1950 + np.arange(N),
        20 + RANDOM.permutation(N),
        np.where(np.arange(N) == 30, np.nan, np.arange(N) // 2),
        np.where(np.arange(N) % 2 == 0, np.nan, RANDOM.permutation(N)),  # half of the numbers, each once
        np.where(np.arange(N) < 5, np.arange(N), np.nan),
        np.full(N, np.nan),
    ],
)
def test_genuine_columns(values, chunk):
    assert found({"a": values}, chunk) == ([], [])


def test_few_rows_may_count_by_chance():
    assert found({"a": np.arange(5)}) == ([], [])
    assert found({"id": np.array([1, 3, 4, 8, 9, 11, 12])}) == ([], [])
    wide = RANDOM.integers(0, 1000, (12, 7000))
    assert found({str(place): wide[:, place] for place in range(7000)}) == ([], [])


def test_columns_are_dropped_once_they_are_cleared():
    counters = RowCounters(["a", "b"], 4000)
    counters.add(RANDOM.normal(size=(2000, 2)).astype(np.float32))
    counters.add(np.arange(4000, dtype=np.float32).reshape(2000, 2))  # not looked at any more
    assert counters.found() == ([], [])


def test_of_many_suspects_the_first_are_kept(monkeypatch):
    monkeypatch.setattr("kit.data.tables.row_counters.MOST_VALUES", 2 * N)
    assert found({name: np.arange(N) for name in "abc"}, 7) == (["a", "b"], [])
