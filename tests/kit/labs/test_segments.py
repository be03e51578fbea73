"""Classes of pixels: the area shared with the right ones, and pictures."""

import io

import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import jaccard_score

from kit.labs.segments import COLOURS, painted, segments_sheet, shared_area


def test_intersection_over_union_is_that_of_scikit_learn():
    wanted, found = np.random.default_rng(0).integers(0, 4, [2, 5, 6, 7])
    expected = jaccard_score(wanted.ravel(), found.ravel(), labels=[1, 2, 3], average=None)
    assert shared_area(wanted, found, 3) == pytest.approx(list(expected))


def test_a_class_that_is_nowhere_has_no_score():
    classes = np.array([[[0, 1], [1, 1]]])
    assert shared_area(classes, classes, 2) == pytest.approx([1, np.nan], nan_ok=True)


def test_the_shape_is_in_colour_and_the_rest_is_not():
    image = np.random.default_rng(0).integers(0, 256, [4, 4, 3], dtype=np.uint8)
    classes = np.array([[0, 0, 1, 1]] * 4)
    picture = painted(image, classes)
    assert (picture[:, 2:] == COLOURS[0]).all()
    assert (picture[:, :2] == picture[:, :2, :1]).all()  # red, green and blue are the same: grey


def test_the_worst_are_shown_with_their_scores():
    images = np.zeros([3, 8, 8, 3], np.uint8)
    classes = np.ones([3, 8, 8], int)
    with Image.open(io.BytesIO(segments_sheet(images, classes, classes * 2, 2))) as sheet:
        colours = {colour for _, colour in sheet.getcolors(10_000)}
    assert {COLOURS[0], COLOURS[1]} <= colours
