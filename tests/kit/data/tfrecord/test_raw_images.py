"""Raw images read a batch at once: what is read again is what was written, and what is damaged since is found."""

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.data.image_refusals import NotShown
from kit.data.tfrecord import raw_images
from kit.data.tfrecord.raw_images import IMAGE, RawImages
from kit.data.tfrecord.records import RAW, encode_record

SHAPE = (5, 7, 3)
PIXELS = np.concatenate(
    [
        np.random.default_rng(0).integers(0, 256, (3, *SHAPE), np.uint8),
        np.full((1, *SHAPE), 18, np.uint8),  # bytes that also stand before the pixels, as a record has a 18, too
    ]
)
NAMES = ("a.png", "ü.png", "a" * 300 + ".png", "b.png")  # of several lengths: pixels begin at several bytes


@pytest.fixture
def images(tmp_path):
    """Four images in a file, and the file's path."""
    path, places = str(tmp_path / "a.tfrecord"), []
    with tf.python_io.TFRecordWriter(path) as writer:
        for number, (name, pixels) in enumerate(zip(NAMES, PIXELS)):
            writer.flush()
            places.append((0, (tmp_path / "a.tfrecord").stat().st_size, number % 2, 0, 0))
            writer.write(encode_record(name, number % 2, pixels, pixels.tobytes(), RAW))
    return RawImages([path], np.array(places, IMAGE), SHAPE, lambda stored: stored), tmp_path / "a.tfrecord"


def test_a_batch_is_what_was_written_and_its_records_are_taken_apart_once(images, monkeypatch):
    reader, _ = images
    read_record_at, calls = raw_images.read_record_at, []
    monkeypatch.setattr(raw_images, "read_record_at", lambda *place: calls.append(place) or read_record_at(*place))
    for batch in ([0, 3], [2, 1, 0], [1, 3, 2, 0]):
        pixels, labels = reader.read(np.array(batch))
        np.testing.assert_array_equal(pixels, PIXELS[batch])
        assert labels.tolist() == [number % 2 for number in batch] and labels.dtype == np.int64
    assert len(calls) == 4


@pytest.mark.parametrize("bit", [1, 128])
def test_bytes_that_are_damaged_after_the_first_epoch_are_found_or_harm_nothing(images, bit):
    reader, path = images
    reader.read(np.arange(4))
    content, found = path.read_bytes(), 0
    for place in range(16 + len(content) // 4):
        path.write_bytes(content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :])
        try:
            pixels, _ = reader.read(np.arange(4))
        except NotShown as problem:
            found += 1
            assert "is damaged: its record is not what was written" in str(problem)
        else:
            np.testing.assert_array_equal(pixels, PIXELS)
    assert found >= PIXELS[0].size


def test_a_file_that_is_cut_short_after_the_first_epoch_is_found(images):
    reader, path = images
    reader.read(np.arange(4))
    path.write_bytes(path.read_bytes()[:-160])  # all else of a record is shorter
    with pytest.raises(NotShown, match="is damaged"):
        reader.read(np.arange(4))
