"""A record as TensorFlow's own reader has it, and what becomes of a damaged one."""

import io

import numpy as np
import pytest
from PIL import Image

import kit.tensorflow1 as tf
from kit.data.drawing import png
from kit.data.image_refusals import NotShown
from kit.data.tfrecord.records import PNG, RAW, encode_record, open_record, read_record

PIXELS = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
OTHER = np.random.default_rng(1).integers(0, 256, (5, 7, 3), np.uint8)


def record_of(pixels, kind, name="ü.png", label=1):
    image = pixels.tobytes() if kind == RAW else png.encode(pixels)
    return encode_record(name, label, pixels, image, kind)


@pytest.fixture(params=[RAW, PNG])
def written(request, tmp_path):
    """A file of two records: (its path, where the second begins)."""
    path = str(tmp_path / "a.tfrecord")
    records = [record_of(pixels, request.param) for pixels in (PIXELS, OTHER)]
    with tf.python_io.TFRecordWriter(path) as writer:
        for record in records:
            writer.write(record)
    return path, 16 + len(records[0])


def test_tensorflows_own_reader_finds_what_is_written(written, graph):
    path, _ = written
    numbers = {name: tf.FixedLenFeature([], tf.int64) for name in ("label", "height", "width")}
    texts = {name: tf.FixedLenFeature([], tf.string) for name in ("name", "format", "image")}
    records = tf.data.TFRecordDataset(path)  # checks TFRecord's own checksums
    examples = records.map(lambda record: tf.parse_single_example(record, {**numbers, **texts}))
    next_element = tf.data.make_one_shot_iterator(examples).get_next()
    with tf.Session() as session:
        for pixels in (PIXELS, OTHER):
            found = session.run(next_element)
            image, kind = found.pop("image"), found.pop("format")
            assert found == {"name": "ü.png".encode(), "label": 1, "height": 5, "width": 7}
            shown = Image.frombytes("RGB", (7, 5), image) if kind == b"raw" else Image.open(io.BytesIO(image))
            np.testing.assert_array_equal(np.asarray(shown), pixels)


def test_a_record_is_read_from_its_place(written):
    path, second = written
    for place, pixels in ((0, PIXELS), (second, OTHER)):
        with open_record(f"{path}:{place}") as file:
            np.testing.assert_array_equal(np.asarray(Image.open(file)), pixels)


@pytest.mark.parametrize("bit", [1, 8, 128])
def test_every_damaged_byte_is_found_or_harms_nothing(written, bit):
    path, second = written
    with open(path, "rb") as file:
        content = file.read()
    for place in range(second):
        with open(path, "wb") as file:
            file.write(content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :])
        try:
            with open_record(f"{path}:0") as file:
                shown = np.asarray(Image.open(file))
        except NotShown as problem:
            assert f"image '{path}:0' is damaged: its record is not what was written\n" in str(problem)
        else:  # TFRecord's own checksums, the name or the label: the CSV has these
            np.testing.assert_array_equal(shown, PIXELS)


@pytest.mark.parametrize("place", [1, 5, 10**6])
def test_a_place_without_a_record(written, place):
    path, _ = written
    with pytest.raises(NotShown, match="is damaged: its record is not what was written"):
        open_record(f"{path}:{place}")


def test_a_file_that_ends_within_a_record(written):
    path, second = written
    with open(path, "r+b") as file:
        file.truncate(second + 20)
    assert read_record(f"{path}:0")
    with pytest.raises(NotShown):
        read_record(f"{path}:{second}")
