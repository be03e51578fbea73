"""The picture of settings that were tried."""

import io

import numpy as np
from PIL import Image

from kit.labs.tries import tries_png

TRIED = {"learning_rate": 0.00123, "batch_size": 64, "layers": 3, "filters": 8}


def test_a_dot_for_each_try():
    tries = [{**TRIED, "learning_rate": rate, "layers": layers} for rate, layers in ((1e-4, 2), (1e-3, 2), (1e-2, 3))]
    pictures = [
        np.asarray(Image.open(io.BytesIO(tries_png(tries[:count], [0.5, 0.9, 0.7][:count], 0))).convert("RGB"))
        for count in (2, 3)
    ]
    purple, yellow = (68, 1, 84), (223, 227, 24)  # the first of viridis, and one near its end
    near = [
        [(abs(picture - np.array(colour)).max(axis=2) < 45).sum() for colour in (purple, yellow)]
        for picture in pictures
    ]
    assert near[0][0] > 300 and near[1][0] > 300 and near[0][1] < 50 and near[1][1] > 150
