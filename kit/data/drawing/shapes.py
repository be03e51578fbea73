"""The shapes: what each looks like, before size, place, rotation and colour.

A shape is a function that returns its corners, a list of (x, y), three or more, in order around the
outline, of any size and at any place. `corners_of` brings every shape to area 1 around its centroid, so
that drawings of different shapes with one area are alike in everything but the shape.

A new shape is one function here and its name in SHAPES, at the end: a shape's place in SHAPES is its
default label.
"""

import functools
import math

# Every shape of area 1 fits in a circle of this radius around its centroid. Placing by this circle,
# rather than each shape's own, keeps the distribution of positions the same for all of them.
REACH = 0.90


def square():
    return [(0, 0), (1, 0), (1, 1), (0, 1)]


def triangle():
    return _around_a_circle([1] * 3)


def circle():
    return _around_a_circle([1] * 72)  # so many sides that none is seen


def pentagon():
    return _around_a_circle([1] * 5)


def hexagon():
    return _around_a_circle([1] * 6)


def star():
    return _around_a_circle([1, 0.5] * 5)


def _around_a_circle(radii):
    """Corners at equal angles, each at its own distance from the middle; the first points up."""
    angles = [2 * math.pi * i / len(radii) - math.pi / 2 for i in range(len(radii))]
    return [(radius * math.cos(angle), radius * math.sin(angle)) for radius, angle in zip(radii, angles)]


SHAPES = {shape.__name__: shape for shape in (square, triangle, circle, pentagon, hexagon, star)}


def default_label(name):
    """The label of a shape when the user gives none: its place in SHAPES."""
    return list(SHAPES).index(name)


@functools.cache
def corners_of(name):
    """The corners of a shape, scaled to area 1, its centroid at (0, 0).

    Args:
      name: a key of SHAPES.
    Returns:
      A tuple of (x, y); x grows to the right, y downwards.
    Raises:
      ValueError: the shape is so long and thin that it reaches out of the circle of radius REACH.
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
        raise ValueError(f"shape '{name}': at area 1 a corner lies further than {REACH} from the centroid")
    return scaled
