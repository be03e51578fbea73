"""Covered images and occlusion maps, against loops."""

import numpy as np
import pytest

from kit.evaluation.occlusion import cover_side, covered, occlusion_map


def test_each_copy_has_one_square_in_the_colour_of_the_border():
    image = np.random.default_rng(0).integers(0, 255, (26, 31, 3)).astype(np.uint8)
    image[[0, -1]] = image[:, [0, -1]] = (10, 200, 30)
    side = cover_side(image)
    assert side == 26 // 6
    copies, corners = covered(image, side)
    assert len(copies) == len(corners) == (26 - side + 1) * (31 - side + 1)  # it moves by 1 pixel
    for copy, (top, left) in zip(copies, corners):
        expected = image.copy()
        for row in range(top, top + side):
            for column in range(left, left + side):
                expected[row, column] = (10, 200, 30)
        np.testing.assert_array_equal(copy, expected)


@pytest.mark.parametrize("size", [(30, 26), (3, 5), (12, 12)])
def test_a_pixels_heat_is_the_mean_fall_over_the_squares_that_cover_it(size):
    image = np.zeros((*size, 3), np.uint8)
    side = cover_side(image)
    _, corners = covered(image, side)
    falls = np.random.default_rng(1).normal(0, 3, len(corners)).astype(np.float32)
    expected = np.zeros(size)
    for row in range(size[0]):
        for column in range(size[1]):
            over = [
                fall
                for fall, (top, left) in zip(falls, corners)
                if top <= row < top + side and left <= column < left + side
            ]
            assert over  # no pixel is left out
            expected[row, column] = max(0, np.mean(over))
    found = occlusion_map(falls, corners, side, size)
    np.testing.assert_allclose(found, expected / expected.max(), atol=1e-5)


def test_where_nothing_falls_there_is_no_heat():
    _, corners = covered(np.zeros((12, 12, 3), np.uint8), 2)
    assert not occlusion_map(-np.ones(len(corners)), corners, 2, (12, 12)).any()
