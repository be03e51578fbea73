"""A process reads the examples of its own rows, and the labels of all."""

import numpy as np
import pytest
from support.data_sets import image_data
from support.image_csvs import numbered_images
from support.scripts import elements

import kit.tensorflow1 as tf
from kit.data.parts import TRAINING
from kit.data.shares import Share, own_examples, parsed_at_once, parsed_later


@pytest.mark.parametrize("own", [Share(0, 4), Share(0, 2), Share(2, 2), Share(3, 1)])
@pytest.mark.parametrize("is_later", [True, False])
def test_the_shares_of_a_batch_are_its_rows(tmp_path, monkeypatch, graph, own, is_later):
    monkeypatch.chdir(tmp_path)
    data = image_data(numbered_images(10), validation=0)
    lines = data.lesson.read_lines(data, TRAINING)
    parse = parsed_later(data).parse if is_later else data.parse
    whole = elements(lines.map(data.parse).batch(4))
    shares = elements(own_examples(lines.map(parse).batch(4), data, own))
    assert [len(labels) for _, labels in shares] == [4, 4, 2]
    for (images, labels), (own_images, own_labels) in zip(whole, shares):
        np.testing.assert_array_equal(own_labels, labels)
        np.testing.assert_array_equal(own_images, images[own.begin : own.begin + own.size])
        assert own_images.shape[1:] == (4, 4, 3) and own_images.dtype == np.uint8


def test_a_process_never_reads_an_image_of_another(tmp_path, monkeypatch, graph):
    monkeypatch.chdir(tmp_path)
    data = image_data(numbered_images(8), validation=0)
    lines = data.lesson.read_lines(data, TRAINING).map(parsed_later(data).parse)
    for number in range(2, 4):  # of the first batch, those of the second process
        (tmp_path / f"{number}.png").unlink()
    first = own_examples(lines.batch(4), data, Share(0, 2))
    assert [images[:, 0, 0, 0].tolist() for images, _ in elements(first)] == [[0, 1], [4, 5]]
    with pytest.raises(tf.errors.OpError):
        elements(own_examples(lines.batch(4), data, Share(2, 2)))


def test_the_data_itself_can_be_had_back(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = image_data(numbered_images(4), validation=0)
    assert parsed_at_once(parsed_later(data)) is data and parsed_at_once(data) is data
    assert parsed_later(data).num_training == 4
