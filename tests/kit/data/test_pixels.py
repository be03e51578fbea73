"""Pixels of what a network makes."""

import numpy as np

from kit.data.pixels import pixels_of


def test_pixels_come_back_from_what_they_were_scaled_to():
    pixels = np.arange(256, dtype=np.uint8)
    assert np.array_equal(pixels_of(pixels.astype(np.float32) / 127.5 - 1), pixels)
    assert pixels_of(np.array([-1.5, 1.2])).tolist() == [0, 255]
