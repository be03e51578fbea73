"""Columns that repeat the label are found, and genuine ones aren't."""

import numpy as np
import pytest

from kit.data.tables.label_copies import LabelCopies

N = 60
RANDOM = np.random.default_rng(0)
CLASSES = RANDOM.integers(0, 3, N)
VALUES = RANDOM.normal(20.0, 5.0, N).astype(np.float32)


def found(labels, *columns, chunk=N):
    rows = np.stack(columns, axis=1).astype(np.float32)
    copies = LabelCopies(labels, rows.shape[1])
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
    gap = np.where(np.arange(N) == 40, np.nan, VALUES)
    columns = (noisy, VALUES, fahrenheit, -VALUES, VALUES**2, np.ones(N), gap, 1e4 + VALUES)
    assert found(VALUES, *columns, chunk=chunk) == [1, 2, 3, 7]


def test_few_rows_agree_by_chance():
    two = np.array([0, 1])
    assert found(two, two) == []
    assert found(two.astype(np.float32), two) == []
    one_of_40 = (np.arange(40) == 3).astype(int)  # a rare class, and a marker that one patient has
    assert found(one_of_40, one_of_40) == []
    ten = np.arange(10) % 2
    assert found(ten, ten) == [0]
    assert found(ten, *np.eye(10), ten) == []  # one of eleven columns
