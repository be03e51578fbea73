"""Where an image is: a file of its own, or a record."""

import pytest

from kit.data.image_place import file_of, record_place

PLACES = {
    "shards/part-00003-of-00016.tfrecord:81920": ("shards/part-00003-of-00016.tfrecord", 81920),
    "C:\\shards\\a.tfrecord:0": ("C:\\shards\\a.tfrecord", 0),
    "a.tfrecord:1/b.tfrecord:2": ("a.tfrecord:1/b.tfrecord", 2),
}


@pytest.mark.parametrize("path", PLACES)
def test_a_record(path):
    assert record_place(path) == PLACES[path]
    assert file_of(path) == PLACES[path][0]


@pytest.mark.parametrize("path", ["a.png", "a.tfrecord", "a.tfrecord:", "a.tfrecord:x", "a.tfrecord:1.png", "b:1", ""])
def test_a_file_of_its_own(path):
    assert record_place(path) is None and file_of(path) == path
