"""Confidence intervals, held against values worked by hand with Student's t of a printed table."""

import pytest

from kit.evaluation.intervals import of_folds_mean


def test_the_interval_of_five_folds():
    """Mean 0.8, variance 0.025; times 1 / 5 + 1 / 4; t of 4 degrees of freedom at 0.975 is 2.776445."""
    half = 2.776445 * (0.025 * (1 / 5 + 1 / 4)) ** 0.5
    assert of_folds_mean([0.6, 0.7, 0.8, 0.9, 1.0], 0.2) == pytest.approx((0.8 - half, 0.8 + half), rel=1e-6)


def test_more_repeats_make_it_narrower_but_never_below_what_the_test_rows_allow():
    few, many = (of_folds_mean([0.7, 0.9] * count, 0.5) for count in (2, 1000))
    assert few and many and many[1] - many[0] < few[1] - few[0]
    assert many[1] - many[0] > 2 * 1.96 * 0.1  # 1.96 standard deviations of a fold, as half of the rows are held out


def test_one_fold_has_none():
    assert of_folds_mean([0.5], 0.5) is None
