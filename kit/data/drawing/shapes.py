"""The shapes, before size, position, rotation and colour.

A shape is a function that returns its corners in order around the outline: three or more (x, y), of any size, anywhere.
`corners_of` scales every shape to area 1 around its centroid, so that drawings differ only in the shape.

To add a shape, write its function and append it to SHAPES: its place there is its default label.
"""

import cmath
import functools
import math
from collections.abc import Sequence

Corners = list[tuple[float, float]]

# Radius of a circle around the centroid into which every shape of area 1 fits. Using one circle for all shapes gives
# them the same distribution of positions.
REACH = 0.90

MOST_SEEN = 12  # corners; with more, a shape looks like a circle


def square() -> Corners:
    return [(0, 0), (1, 0), (1, 1), (0, 1)]


def triangle() -> Corners:
    return _around_a_circle([1] * 3)


def circle() -> Corners:
    return _around_a_circle([1] * 72)  # too many sides to see any


def pentagon() -> Corners:
    return _around_a_circle([1] * 5)


def hexagon() -> Corners:
    return _around_a_circle([1] * 6)


def star() -> Corners:
    return _around_a_circle([1, 0.5] * 5)


def _around_a_circle(radii: Sequence[float]) -> Corners:
    """Corners at equal angles, each at its own distance from the centre; the first points up."""
    angles = [2 * math.pi * i / len(radii) - math.pi / 2 for i in range(len(radii))]
    return [(radius * math.cos(angle), radius * math.sin(angle)) for radius, angle in zip(radii, angles)]


SHAPES = {shape.__name__: shape for shape in (square, triangle, circle, pentagon, hexagon, star)}


def default_label(name: str) -> int:
    """The label of a shape if the user gives none: its place in SHAPES."""
    return list(SHAPES).index(name)


@functools.cache
def corners_of(name: str) -> tuple[tuple[float, float], ...]:
    """The corners of a shape, scaled to area 1, with its centroid at (0, 0).

    Args:
      name: a key of SHAPES.
    Returns:
      (x, y) for each corner; x grows to the right, y downwards.
    Raises:
      ValueError: the shape is so long and thin that it reaches beyond the circle of radius REACH.
    """
    corners = SHAPES[name]()
    sides = list(zip(corners, corners[1:] + corners[:1]))
    cross = [x * next_y - next_x * y for (x, y), (next_x, next_y) in sides]  # the shoelace formula
    area = sum(cross) / 2
    middle_x = sum((x + next_x) * c for ((x, _), (next_x, _)), c in zip(sides, cross)) / (6 * area)
    middle_y = sum((y + next_y) * c for ((_, y), (_, next_y)), c in zip(sides, cross)) / (6 * area)
    scale = 1 / math.sqrt(abs(area))
    scaled = tuple(((x - middle_x) * scale, (y - middle_y) * scale) for x, y in corners)
    if max(math.hypot(x, y) for x, y in scaled) > REACH:
        raise ValueError(f"shape '{name}': at area 1 a corner is further than {REACH} from the centroid")
    return scaled


@functools.cache
def symmetry_of(name: str) -> int:
    """How often a shape looks the same while it turns once around; 0 for a circle, which always does."""
    corners = [complex(x, y) for x, y in corners_of(name)]
    count = len(corners)
    if count > MOST_SEEN:
        return 0
    shifts = [shift for shift in range(1, count + 1) if count % shift == 0]
    for shift in shifts:  # the smallest number of corners by which it can be turned
        turned = [corner * cmath.exp(2j * math.pi * shift / count) for corner in corners]
        if all(abs(a - b) < 1e-9 for a, b in zip(turned, corners[shift:] + corners[:shift])):
            return count // shift
    return 1
