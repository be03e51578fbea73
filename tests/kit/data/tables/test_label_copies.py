"""Columns that repeat the label are found, and genuine ones aren't."""

import numpy as np
import pytest

from kit.data.tables.label_copies import label_copies

N = 60
RANDOM = np.random.default_rng(0)
CLASSES = RANDOM.integers(0, 3, N)
VALUES = RANDOM.normal(20.0, 5.0, N).astype(np.float32)


def found(labels, *columns, chunk=N):
    """The places of the columns that repeat the labels."""
    return found_together(labels, *columns, chunk=chunk)[0]


def found_together(labels, *columns, chunk=N):
    """The same; and the places of those that repeat them together."""
    rows = np.stack(columns, axis=1).astype(np.float32)
    copies = label_copies(labels, rows.shape[1])
    for start in range(0, len(rows), chunk):
        copies.add(rows[start : start + chunk])
    return copies.found()


@pytest.mark.parametrize("chunk", [1, 7, N])
@pytest.mark.parametrize("order", [np.arange(N), np.argsort(CLASSES, kind="stable")], ids=["mixed", "sorted"])
def test_classes(chunk, order):
    labels = CLASSES[order]
    noise, constant, one_of_three = RANDOM.normal(size=N), np.ones(N), labels == 1
    recoded = np.array([7.5, -1.0, 3.0])[labels]
    nearly = np.where(np.arange(N) == N - 1, 5, labels)
    assert found(labels, noise, labels, constant, recoded, nearly, one_of_three, chunk=chunk) == [1, 3]


@pytest.mark.parametrize("chunk", [1, 7, N])
def test_values(chunk):
    noisy = VALUES + RANDOM.normal(size=N)
    fahrenheit = np.round(1.8 * VALUES + 32, 2)
    gaps = np.where(np.arange(N) % 9 == 0, np.nan, VALUES)
    columns = (noisy, VALUES, fahrenheit, -VALUES, VALUES**2, np.ones(N), gaps, 1e4 + VALUES)
    assert found(VALUES, *columns, chunk=chunk) == [1, 2, 3, 6, 7]


@pytest.mark.parametrize("chunk", [1, 7, N])
@pytest.mark.parametrize("order", [np.arange(N), np.argsort(CLASSES, kind="stable")], ids=["mixed", "sorted"])
def test_classes_with_missing_cells(chunk, order):
    labels = CLASSES[order]
    gaps = np.where(np.arange(N) % 9 == 0, np.nan, labels)
    one_class_missing, nearly_all = np.where(labels == 2, np.nan, labels), np.where(np.arange(N) % 30, np.nan, labels)
    wrong = np.where(np.arange(N) == N - 1, 1 - labels, gaps)
    columns = gaps, one_class_missing, nearly_all, wrong, np.full(N, np.nan)
    assert found(labels, *columns, chunk=chunk) == [0, 1]


@pytest.mark.parametrize("chunk", [1, 7, N])
@pytest.mark.parametrize("order", [np.arange(N), np.argsort(CLASSES, kind="stable")], ids=["mixed", "sorted"])
def test_one_hot(chunk, order):
    labels = CLASSES[order]
    noise, constant = RANDOM.integers(0, 2, N), np.ones(N)
    first, second, third = (np.asarray(labels == label) for label in range(3))
    gaps = np.where(np.arange(N) % 9 == 0, np.nan, first)

    def together(*columns):
        return found_together(labels, *columns, chunk=chunk)

    assert together(noise, first, second, constant, third) == ([], [1, 2, 4])
    assert together(third, noise, 1 - first) == ([], [0, 2])  # as get_dummies(drop_first=True) writes them
    assert together(gaps, second, third) == ([], [0, 1, 2])
    assert together(first, noise, constant) == ([], [])  # a sign of one class
    assert together(first, first, second, second) == ([], [])  # signs of two classes, as genes may be
    assert together(labels, first, second) == ([0], [1, 2])
    two = np.minimum(labels, 1)
    assert found_together(two, noise, two == 0, two == 1, chunk=chunk) == ([1, 2], [])


def test_too_many_to_keep(monkeypatch):
    columns = CLASSES, CLASSES * 2, RANDOM.normal(size=N)
    monkeypatch.setattr("kit.data.tables.label_copies.LARGEST", 6)  # three classes
    assert found(CLASSES, *columns) == [0, 1]
    monkeypatch.setattr("kit.data.tables.label_copies.LARGEST", 5)
    assert found(CLASSES, *columns) == []


def test_few_rows_agree_by_chance():
    two = np.array([0, 1])
    assert found(two, two) == []
    assert found(two.astype(np.float32), two) == []
    one_of_40 = (np.arange(40) == 3).astype(int)  # a rare class, and a marker that one patient has
    assert found(one_of_40, one_of_40) == []
    ten = np.arange(10) % 2
    assert found(ten, ten) == [0]
    assert found(ten, *np.eye(10), ten) == []  # one of eleven columns
    assert found_together(np.arange(3), *np.eye(3)) == ([], [])
