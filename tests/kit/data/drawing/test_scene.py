"""Large images with several shapes."""

import math

import numpy as np

from kit.data.drawing.scene import draw_scene


def test_every_shape_stands_apart_and_out():
    shapes = ["square", "triangle"] * 3
    for seed in range(5):
        image, placed = draw_scene(shapes, 256, 64, seed)
        assert image.shape == (256, 256, 3) and image.dtype == np.uint8
        assert [each.shape for each in placed] == shapes
        for number, one in enumerate(placed):
            assert all(math.dist(one.centre, other.centre) > one.radius + other.radius for other in placed[:number])
            x, y = map(int, one.centre)
            reach = int(one.radius)
            luma = image[max(y - reach, 0) : y + reach, max(x - reach, 0) : x + reach] @ (0.299, 0.587, 0.114)
            assert np.ptp(luma) > 50


def test_a_seed_gives_one_scene():
    first, other = (draw_scene(["square"], 64, 32, seed)[0] for seed in (1, 2))
    assert (first == draw_scene(["square"], 64, 32, 1)[0]).all() and (first != other).any()


def test_what_finds_no_place_is_left_out():
    _, placed = draw_scene(["square"] * 50, 64, 64, 0)
    assert 0 < len(placed) < 10
