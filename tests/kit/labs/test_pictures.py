"""Outlines on images, held against the drawing they come from."""

import numpy as np
import pytest

from kit.data.drawing.draw import plan
from kit.data.drawing.truth import area_and_centre, turn_of
from kit.labs.pictures import FINE, outlined, shape_corners


@pytest.mark.parametrize(("shape", "symmetry"), [("square", 4), ("triangle", 3), ("hexagon", 6)])
def test_corners_are_those_that_were_drawn(shape, symmetry):
    drawn = plan(shape, 2, 64, 0, "varied").corners
    area, centre = area_and_centre(drawn)
    corners = shape_corners(symmetry, centre, area, turn_of(drawn, shape))
    assert sorted(np.round(corners.ravel(), 6)) == sorted(np.round(drawn.ravel(), 6))


def test_an_outline_lies_around_the_pixels():
    image = np.full([16, 16, 3], 255, np.uint8)
    picture = outlined(image, [(np.array([(4, 4), (12, 4), (12, 12), (4, 12)]), "red")])
    assert picture.shape == (16 * FINE, 16 * FINE, 3)
    rows, columns = np.nonzero((picture == [255, 0, 0]).all(axis=2))
    assert (
        abs(np.array([rows.min(), rows.max(), columns.min(), columns.max()]) - FINE * np.array([4, 12] * 2)).max() <= 2
    )
