"""Draws a large image with several shapes, each as large as in an image of its own."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kit.data.drawing.draw import BACKGROUNDS, contrasting_colours, coverage, stands_out
from kit.data.drawing.shapes import REACH, corners_of

TRIES = 200  # to find a free place


class Placed(NamedTuple):
    """A shape in a scene."""

    shape: str
    centre: tuple[float, float]  # x and y, in pixels
    radius: float  # of a circle around it, in pixels


def draw_scene(shapes: Sequence[str], size: int, side: int, seed: int) -> tuple[np.ndarray, list[Placed]]:
    """Draws shapes on one `varied` background, none over another.

    Args:
      shapes: keys of kit.data.drawing.shapes.SHAPES, one for each shape.
      size: height and width, in pixels.
      side: of the images whose shapes are as large, in pixels.
      seed: of the drawing.
    Returns:
      (image, placed): uint8 [size, size, 3], and the shapes that found a free place.
    """
    random = np.random.default_rng(seed)
    _, background_colours = contrasting_colours(random)
    draw_background = BACKGROUNDS[random.integers(len(BACKGROUNDS))]
    image = draw_background(random, size, background_colours)
    placed: list[Placed] = []
    for shape in shapes:
        area = random.uniform(0.04, 0.20) * side**2  # pixels
        radius = REACH * math.sqrt(area)
        for _ in range(TRIES):
            x, y = random.uniform(radius, size - radius, 2)
            if all(math.hypot(x - a, y - b) > radius + each.radius for each in placed for a, b in [each.centre]):
                hole = random.uniform(0.35, 0.6) if random.random() < 0.5 else 0.0
                angle = random.uniform(0, 2 * math.pi)
                mask = coverage(corners_of(shape), size, area, np.array([x, y]), angle, hole)
                image.paste(_colour_on(random, background_colours), mask=mask)
                placed.append(Placed(shape, (x, y), radius))
                break
    return np.asarray(image), placed


def _colour_on(random: np.random.Generator, background_colours: np.ndarray) -> tuple[int, ...]:
    """A colour that stands out from a background."""
    while True:
        colour = random.integers(0, 256, 3)
        if stands_out(colour, background_colours):
            return tuple(map(int, colour))
