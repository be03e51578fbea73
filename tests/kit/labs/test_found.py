"""What labs/fully_convolutional.py draws, and what it finds."""

from types import SimpleNamespace

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.drawing.draw import plan
from kit.data.drawing.scene import Placed
from kit.data.drawing.truth import area_and_centre
from kit.data.truth_file import Truth
from kit.labs.found import Found, drawn_images, empty_part, matched, peaks, shapes_of

SIDE = 64


@pytest.mark.parametrize(
    ("names", "shapes"),
    [(("0", "1"), ["square", "triangle"]), (("circle", "square"), ["circle", "square"])],
    ids=["numbers", "names"],
)
def test_each_class_has_its_shape(names, shapes):
    assert shapes_of(SimpleNamespace(class_names=names, num_classes=len(names), path="d.csv")) == shapes


def test_classes_that_are_no_shapes_are_refused():
    names = [str(number) for number in range(7)]
    with pytest.raises(UserError, match=r"d.csv: has 7 classes, expected shapes"):
        shapes_of(SimpleNamespace(class_names=names, num_classes=7, path="d.csv"))


def test_as_many_images_of_each_shape():
    images, labels = drawn_images(["square", "triangle"], 6, 32, seed=0)
    assert images.shape == (6, 32, 32, 3) and labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert len({image.tobytes() for image in images}) == 6


def test_the_empty_part_has_no_shape():
    """In a picture of masks, where only the shape is white, it is black."""
    with tf.Graph().as_default(), tf.Session() as session:
        image = tf.placeholder(tf.uint8, [SIDE, SIDE, 3])
        centre, area = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.float32, [])
        part = empty_part(image, Truth("", centre, area, 0.0, 4.0, 0.0))
        for index in range(60):
            planned = plan("square", index, SIDE, 0, "varied")
            _, mask = planned.paint()
            size, middle = area_and_centre(planned.corners)
            white = np.repeat(np.asarray(mask)[..., None], 3, axis=2)
            empty = session.run(part, feed_dict={image: white, centre: middle, area: size})
            assert empty.shape == (SIDE, SIDE, 3) and empty.max() == 0
        spot = np.zeros([SIDE, SIDE, 3], np.uint8)
        spot[48:, 48:] = 255  # a shape in the upper left: the lower right is what is left
        empty = session.run(part, feed_dict={image: spot, centre: [12, 12], area: 100})
    assert (empty[-8:, -8:] == 255).all() and (empty[:8, :8] == 0).all()


def test_peaks_are_where_a_class_leads_and_apart():
    scores = np.zeros([16, 16, 3], np.float32)
    scores[:, :, 2] = 1  # nothing
    scores[3, 4, 0], scores[3, 5, 0], scores[12, 10, 1] = 5, 4, 3
    found = peaks(scores, side=32, size=128, least=1.0)
    assert [(each.label, each.centre, each.lead) for each in found] == [
        (0, (4.5 * 8, 3.5 * 8), 4.0),
        (1, (10.5 * 8, 12.5 * 8), 2.0),
    ]


def test_a_shape_is_found_where_it_is_and_as_what_it_is():
    placed = [Placed("square", (20, 20), 10), Placed("triangle", (80, 80), 10)]
    shapes = ["square", "triangle"]
    assert matched([Found(0, (22, 20), 1.0), Found(1, (79, 85), 1.0)], placed, shapes) == 2
    assert matched([Found(1, (22, 20), 1.0), Found(1, (79, 95), 1.0)], placed, shapes) == 0
