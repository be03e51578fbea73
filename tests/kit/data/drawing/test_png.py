"""The PNG files of drawings: Pillow and TensorFlow read back the pixels that were written."""

import io

import numpy as np
import pytest
from PIL import Image

import kit.tensorflow1 as tf
from kit.data.drawing import png
from kit.data.drawing.draw import draw


@pytest.mark.parametrize("size", [(1, 1), (16, 16), (7, 33), (130, 64)])
def test_every_pixel_is_read_back(size, graph):
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    content = png.encode(Image.fromarray(pixels))
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        np.testing.assert_array_equal(np.asarray(image), pixels)
    with tf.Session() as session:
        np.testing.assert_array_equal(session.run(tf.image.decode_png(content)), pixels)


def test_drawings_are_smaller_than_pillow_makes_them_at_the_same_effort():
    ours = theirs = 0
    for index in range(30):
        image, file = draw("square", index, 128, seed=0, style="varied"), io.BytesIO()
        image.save(file, "PNG", compress_level=png.EFFORT)
        ours, theirs = ours + len(png.encode(image)), theirs + len(file.getvalue())
    assert ours < theirs


def test_a_damaged_byte_is_noticed():
    content = bytearray(png.encode(Image.new("RGB", (16, 16), "red")))
    content[50] ^= 1
    with pytest.raises(Exception, match=r"(?i)broken|corrupt|crc|truncated|decoder"):
        Image.open(io.BytesIO(bytes(content))).load()
