"""Noise, and a covered square."""

import numpy as np

from kit.labs.spoiling import GREY, NOISE, spoilt


def test_a_square_of_each_image_is_covered_and_the_rest_is_noisy():
    images = np.full([4, 32, 48, 3], 100, np.uint8)
    result = spoilt(images, np.random.default_rng(1))
    assert result.shape == images.shape and result.dtype == np.uint8 and (images == 100).all()
    corners = set()
    for image in result:
        rows, columns = np.nonzero((image == GREY).all(axis=2))
        corners.add((rows.min(), columns.min()))
        assert len(rows) == 8 * 8 and np.ptp(rows) == np.ptp(columns) == 7  # a quarter of the shorter side
    assert len(corners) == 4
    noise = result[(result != GREY).any(axis=3)] - 100.0
    assert abs(noise.mean()) < 2 and abs(noise.std() - NOISE) < 4  # less a little, where it is cut at 0


def test_pixels_stay_between_0_and_255():
    for value in (0, 255):
        result = spoilt(np.full([1, 16, 16, 3], value, np.uint8), np.random.default_rng(0))
        assert np.mean(result == value) > 0.4  # noise of one sign is cut off
