"""The scaling of columns, against scikit-learn's."""

import numpy as np
import pytest
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from kit.data.tables.standardization import Moments


@pytest.fixture
def rows():
    """float32 [300, 7]: plain, far from 0, tiny, huge, sometimes missing, constant, constant and far from 0."""
    random = np.random.default_rng(3)
    rows = random.normal(size=(300, 7))
    rows *= [1.0, 0.1, 1e-10, 1e30, 5.0, 0.0, 0.0]
    rows += [0.5, 1e4, 0.0, 0.0, -3.0, 0.1, 1e9]
    rows[random.random(300) < 0.3, 4] = np.nan
    return rows.astype(np.float32)


def fitted(rows, kind, chunk=300):
    moments = Moments(rows.shape[1])
    for start in range(0, len(rows), chunk):
        moments.add(rows[start : start + chunk])
    return moments.scaling(kind)


@pytest.mark.parametrize("chunk", [1, 7, 64, 300])
def test_standard(rows, chunk):
    scaling, wanted = fitted(rows, "standard", chunk), StandardScaler().fit(rows.astype(np.float64))
    np.testing.assert_allclose(scaling.offset, wanted.mean_, rtol=1e-6)
    np.testing.assert_allclose(scaling.spread, wanted.scale_, rtol=1e-6)
    np.testing.assert_array_equal(scaling.spread[5:], 1.0)


@pytest.mark.parametrize("chunk", [1, 64])
def test_minmax(rows, chunk):
    scaling, wanted = fitted(rows, "minmax", chunk), MinMaxScaler().fit(rows.astype(np.float64))
    np.testing.assert_array_equal(scaling.offset, wanted.data_min_.astype(np.float32))
    np.testing.assert_allclose(scaling.spread, wanted.scale_**-1, rtol=1e-6)
    scaled = (rows - scaling.offset) / scaling.spread
    np.testing.assert_allclose(scaled, wanted.transform(rows.astype(np.float64)), atol=2e-6)


def test_none_leaves_values_and_knows_their_means(rows):
    scaling = fitted(rows, "none", 50)
    np.testing.assert_array_equal(scaling.offset, np.zeros(7))
    np.testing.assert_array_equal(scaling.spread, np.ones(7))
    np.testing.assert_allclose(scaling.fill, np.nanmean(rows.astype(np.float64), axis=0), rtol=1e-6)


def test_by_hand():
    rows = np.array([[1, 10], [np.nan, 10], [3, 10], [8, np.nan]], np.float32)
    scaling = fitted(rows, "standard", 2)
    np.testing.assert_allclose(scaling.offset, [4, 10])
    np.testing.assert_allclose(scaling.spread, [np.sqrt(26 / 3), 1], rtol=1e-6)
    np.testing.assert_array_equal(scaling.fill, [4, 10])
    assert {scaling.offset.dtype, scaling.spread.dtype, scaling.fill.dtype} == {np.dtype(np.float32)}


def test_chunks_that_begin_with_missing_values():
    rows = np.array([[np.nan], [np.nan], [2.0], [4.0], [np.nan]], np.float32)
    for chunk in (1, 2, 5):
        scaling = fitted(rows, "standard", chunk)
        assert (scaling.offset[0], scaling.spread[0]) == (3.0, 1.0)


def test_columns_without_a_value_and_no_rows_stay_finite():
    for rows in (np.full((3, 2), np.nan, np.float32), np.zeros((0, 2), np.float32)):
        for kind in ("none", "standard", "minmax"):
            scaling = fitted(rows, kind)
            np.testing.assert_array_equal(
                np.stack([scaling.offset, scaling.spread, scaling.fill]), [[0, 0], [1, 1], [0, 0]]
            )


def test_ranges_at_the_ends_of_float32_stay_usable():
    widest = np.array([[-3e38, 0.0], [3e38, 1e-44]], np.float32)
    spread = fitted(widest, "minmax").spread
    assert np.isfinite(spread).all() and spread[1] == 1.0
