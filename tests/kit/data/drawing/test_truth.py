"""The truth of a drawing, held against what was drawn."""

import numpy as np
import pytest
from matplotlib.path import Path as Outline

from kit.data.drawing.draw import draw, plan
from kit.data.drawing.shapes import SHAPES, corners_of, symmetry_of
from kit.data.drawing.truth import area_and_centre, turn_of

SYMMETRIES = {"square": 4, "triangle": 3, "circle": 0, "pentagon": 5, "hexagon": 6, "star": 5}
SIZE = 128


def test_every_shape_has_its_symmetry():
    assert {name: symmetry_of(name) for name in SHAPES} == SYMMETRIES


def test_a_shape_without_symmetry_turns_once(monkeypatch):
    monkeypatch.setitem(SHAPES, "house", lambda: [(0, 0), (2, 0), (2, 2), (1, 3), (0, 2)])
    assert symmetry_of("house") == 1
    turned = np.array(corners_of("house")) @ rotation(200)
    assert turn_of(turned, "house") == pytest.approx(200)


def rotation(degrees):
    """Clockwise, where y grows downwards; for corners in rows."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cosine, sine], [-sine, cosine]])


def covered(corners):
    """Which pixels' middles lie within an outline: bool [SIZE, SIZE]."""
    along = np.arange(SIZE) + 0.5
    middles = np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2)
    return Outline(corners).contains_points(middles).reshape(SIZE, SIZE)


@pytest.mark.parametrize("shape", SYMMETRIES)
def test_a_shape_made_from_the_truth_covers_the_mask(shape):
    """Area, centre and turn, put together again: what is inked is inside, and nothing else if it is filled."""
    for index in range(20):
        planned = plan(shape, index, SIZE, 3, "varied")
        _, mask = planned.paint()
        inked = np.asarray(mask) > 127
        area, centre = area_and_centre(planned.corners)
        again = covered(
            np.array(corners_of(shape)) @ rotation(turn_of(planned.corners, shape)) * np.sqrt(area) + centre
        )
        assert (inked & again).sum() > 0.93 * inked.sum()
        if not planned.is_outline:
            assert (inked & again).sum() > 0.93 * again.sum()
            rows, columns = np.nonzero(inked)
            assert [columns.mean() + 0.5, rows.mean() + 0.5] == pytest.approx(centre, abs=0.3)
            assert inked.sum() == pytest.approx(area, rel=0.06)


def test_the_turn_of_an_upright_shape_is_0():
    turns = [turn_of(plan(shape, 0, SIZE, 0, "plain").corners, shape) for shape in SHAPES]
    assert turns == pytest.approx([0] * len(SHAPES), abs=1e-9)


def test_the_centre_is_that_of_the_ink_on_average():
    off = []
    for index in range(200):
        planned = plan("square", index, SIZE, 3, "varied")
        ink = np.asarray(planned.paint()[1], float)
        rows, columns = np.mgrid[:SIZE, :SIZE] + 0.5
        _, centre = area_and_centre(planned.corners)
        off.append([(ink * columns).sum() / ink.sum() - centre[0], (ink * rows).sum() / ink.sum() - centre[1]])
    assert np.mean(off, axis=0) == pytest.approx([0, 0], abs=0.02)


@pytest.mark.parametrize("shape", ["square", "triangle", "star"])
def test_a_sketch_lies_where_its_truth_says(shape):
    """The ink of most sketches lies along the outline that area, centre and turn give."""
    near = []
    for index in range(40):
        planned = plan(shape, index, SIZE, 3, "sketch")
        _, mask = planned.paint()
        rows, columns = np.nonzero(np.asarray(mask) > 127)
        area, centre = area_and_centre(planned.corners)
        again = np.array(corners_of(shape)) @ rotation(turn_of(planned.corners, shape)) * np.sqrt(area) + centre
        points = np.concatenate([np.linspace(a, b, 40) for a, b in zip(again, np.roll(again, -1, axis=0))])
        distances = np.hypot(points[:, None, 0] - columns - 0.5, points[:, None, 1] - rows - 0.5)
        near.append(np.median(distances.min(axis=0)) / np.sqrt(area))
    assert planned.is_outline
    assert np.median(near) < 0.08


@pytest.mark.parametrize("style", ["plain", "varied", "sketch", "mixed"])
def test_an_image_shows_its_mask(style):
    """Where the mask is 0, an image doesn't change with the shape's colour: ink and background differ."""
    planned = plan("square", 5, 64, 0, style)
    image, mask = planned.paint()
    assert (image.size, image.mode, mask.size, mask.mode) == ((64, 64), "RGB", (64, 64), "L")
    assert image.tobytes() == draw("square", 5, 64, 0, style).tobytes()
    luma = np.asarray(image.convert("L"), float)
    inked, free = luma[np.asarray(mask) == 255], luma[np.asarray(mask) == 0]
    assert abs(np.median(inked) - np.median(free)) > 40
