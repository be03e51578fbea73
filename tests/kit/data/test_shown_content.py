"""The rule of what is shown, in the graph of the data: for every input, and without a cost for common files."""

import numpy as np
import pytest
from PIL import Image
from support.data_sets import image_data
from support.image_formats import HEIGHT, WIDTH, pictures
from support.scripts import elements

import kit.tensorflow1 as tf
from dlho2018 import parse_line, read_lines
from kit.data.decoded_cache import cached_examples
from kit.data.image_data import UnlabelledImages
from kit.data.image_shown import shown_image
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pipeline import decode, decode_all, in_order
from kit.data.shown_content import decoded_as_shown

LIES = ("orientation 5", "orientation 6", "orientation 7", "orientation 8", "PNG with EXIF")  # on its side
PICTURES = {name: content for name, content in pictures().items() if "JPEG" not in name and not name.startswith(LIES)}


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The pictures of one size, of which each is read bit by bit as Pillow shows it."""
    monkeypatch.chdir(tmp_path)
    lines = []
    for number, content in enumerate(PICTURES.values()):
        (tmp_path / f"{number}").write_bytes(content)
        lines.append(f"{'ab'[number % 2]}_{number},{number},{number % 2}\n")
    (tmp_path / "data.csv").write_text("".join(lines))
    return image_data("data.csv", 0.0, True)


@pytest.fixture
def expected(data):
    """uint8 [N, H, W, 3], as shown."""
    assert data.num_training == len(PICTURES) and data.shape == (HEIGHT, WIDTH, 3)
    return np.stack([np.asarray(shown_image(f"{number}")) for number in range(len(PICTURES))])


def test_every_way_of_input_reads_the_same(graph, data, expected):
    images, _ = decode_all(data, lambda: read_lines(data, TRAINING), data.num_training)
    np.testing.assert_array_equal(images, expected)
    cached = cached_examples(data, decode(data, lambda: read_lines(data, TRAINING), data.num_training))
    np.testing.assert_array_equal(cached["example"], expected)
    streamed = elements(read_lines(data, TRAINING).map(data.parse, num_parallel_calls=2).batch(100))
    np.testing.assert_array_equal(streamed[0][0], expected)


def test_evaluation_and_single_images_read_the_same(graph, data, expected):
    paths = [f"{number}" for number in range(len(PICTURES))]
    for evaluated in (image_data("data.csv", 1.0), UnlabelledImages.of_files(paths, data.spec, data.lesson)):
        iterator, next_element = in_order(evaluated, VALIDATION, 100)
        with tf.Session() as session:
            session.run(iterator.initializer)
            np.testing.assert_array_equal(session.run(next_element)[0], expected)


def test_a_restored_iterator_goes_on_where_python_converts(data, expected):
    def build():
        images = read_lines(data, TRAINING).map(data.parse).batch(1)
        iterator = tf.data.make_initializable_iterator(images)
        place = tf.data.experimental.make_saveable_from_iterator(iterator)
        return iterator, iterator.get_next(), tf.train.Saver([place])

    with tf.Graph().as_default(), tf.Session() as session:
        iterator, next_element, saver = build()
        session.run(iterator.initializer)
        for _ in range(3):
            session.run(next_element)
        path = saver.save(session, "./place")
    with tf.Graph().as_default(), tf.Session() as session:
        iterator, next_element, saver = build()
        session.run(iterator.initializer)
        saver.restore(session, path)
        np.testing.assert_array_equal(session.run(next_element)[0][0], expected[3])


def test_a_line_without_a_file_to_read_is_left_as_it_is(graph):
    with tf.Session() as session:
        assert session.run(decoded_as_shown(lambda: (tf.constant(1), tf.constant(2)))) == (1, 2)


@pytest.mark.parametrize("content", [b"", b"\x89PNG", b"\xff\xd8", b"\xff\xd8\xff\xdb\0C", b"x" * 2000])
def test_any_first_bytes_are_no_error_of_the_test_itself(content, graph, tmp_path):
    (tmp_path / "a").write_bytes(content)
    line = tf.constant(f"n,{tmp_path}/a,0")
    with tf.Session() as session, pytest.raises(tf.errors.OpError, match=r"cannot be read|damaged|is empty"):
        session.run(decoded_as_shown(lambda: parse_line(line)))


def test_the_student_may_decode_in_another_way(graph, tmp_path):
    Image.new("RGBA", (3, 2), (0, 0, 0, 0)).save(tmp_path / "a.png")
    path = tf.constant(f"{tmp_path}/a.png")
    with tf.Session() as session:
        (image,) = session.run(decoded_as_shown(lambda: (tf.image.decode_png(tf.io.read_file(path), 3),)))
    assert image.shape == (2, 3, 3) and (image == 255).all()
