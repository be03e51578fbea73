"""The lesson's pipeline, from lines to batches: what is in them, in which order, and how it goes on after a restart."""

import math

import numpy as np
import pytest
from support.data_sets import image_data
from support.image_csvs import numbered_images
from support.scripts import elements

import kit.tensorflow1 as tf
from dlho2018 import read_lines
from kit.data.image_lines import images_of
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pipeline import decode_all, interleave, interleaved, without_autotune


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def parsed(data, part):
    """(image, label) of every line of a part, read one by one."""
    return elements(read_lines(data, part).map(data.parse))


def batches_of_training(data, batch_size=8, epochs=2, seed=0):
    """The lesson's own chain: lines, shuffled, parsed, batched, repeated."""
    tf.set_random_seed(seed)
    training = read_lines(data, TRAINING)
    training = training.shuffle(data.num_training, seed=seed)
    training = training.map(data.parse, num_parallel_calls=tf.data.AUTOTUNE)
    return training.batch(batch_size).repeat(epochs).prefetch(2)


def numbers_in(batches):
    """The images' numbers, from their pixels."""
    return [int(image[0, 0, 0]) for images, _ in batches for image in images]


def test_every_image_once_an_epoch_and_the_last_batch_smaller(graph):
    data = image_data(numbered_images(60), 0.25)
    steps = math.ceil(data.num_training / 8)
    assert data.num_training % 8
    batches = elements(batches_of_training(data, batch_size=8, epochs=3))
    assert [len(labels) for _, labels in batches] == ([8] * (steps - 1) + [data.num_training % 8]) * 3
    expected = sorted(int(name.removeprefix("image_")) for _, name, _, _ in images_of(data, TRAINING))
    epochs = [numbers_in(batches[epoch * steps : (epoch + 1) * steps]) for epoch in range(3)]
    assert all(sorted(epoch) == expected for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3


def test_labels_stay_with_their_images(graph):
    data = image_data(numbered_images(60), 0.25)
    batches = elements(batches_of_training(data, epochs=1))
    assert np.concatenate([labels for _, labels in batches]).tolist() == [int(i >= 30) for i in numbers_in(batches)]


def test_the_order_depends_on_the_seed_alone():
    data = image_data(numbered_images(60), 0.25)
    orders = []
    for seed in (1, 1, 2):
        with tf.Graph().as_default():
            orders.append(numbers_in(elements(batches_of_training(data, seed=seed))))
    assert orders[0] == orders[1] != orders[2]


def test_sorted_classes_are_mixed_from_the_first_batch(graph):
    data = image_data(numbered_images(200), 0.2)
    batches = elements(batches_of_training(data, batch_size=32, epochs=1))
    for _, labels in batches[:3]:
        assert 6 <= labels.sum() <= 26  # of 32; 16 expected


@pytest.mark.parametrize(("count", "places"), [(10, 1), (10, 3), (7, 7), (9, 4), (1, 1)])
def test_the_order_of_interleaved_lines_is_known_beforehand(count, places, graph):
    lines = tf.data.Dataset.range(count)
    next_element = tf.data.make_one_shot_iterator(interleave(lines, count, places).batch(count)).get_next()
    with tf.Session() as session:
        assert session.run(next_element).tolist() == interleaved(count, places).tolist()


def test_images_in_memory_are_the_streamed_ones(graph):
    data = image_data(numbered_images(200), 0.9)
    for part, count in ((TRAINING, data.num_training), (VALIDATION, data.num_validation)):
        images, labels = decode_all(data, lambda part=part: read_lines(data, part), count)
        streamed_images, streamed_labels = map(np.stack, zip(*parsed(data, part)))
        np.testing.assert_array_equal(images, streamed_images)
        np.testing.assert_array_equal(labels, streamed_labels)
        assert images.dtype == np.uint8 and labels.dtype == np.int64


def test_a_restored_iterator_goes_on_with_the_same_batches():
    data = image_data(numbered_images(60), 0.25)

    def build():
        iterator = tf.data.make_initializable_iterator(batches_of_training(data, epochs=3))
        place = tf.data.experimental.make_saveable_from_iterator(iterator)
        return iterator, iterator.get_next(), tf.train.Saver([place])

    def rest_of(session, next_element):
        batches = []
        while True:
            try:
                batches.append(session.run(next_element))
            except tf.errors.OutOfRangeError:
                return batches

    with tf.Graph().as_default(), tf.Session() as session:
        iterator, next_element, saver = build()
        session.run(iterator.initializer)
        for _ in range(8):  # into the second epoch
            session.run(next_element)
        path = saver.save(session, "./place")
        expected = rest_of(session, next_element)
    with tf.Graph().as_default(), tf.Session() as session:
        iterator, next_element, saver = build()
        session.run(iterator.initializer)
        saver.restore(session, path)
        resumed = rest_of(session, next_element)
    assert len(expected) == 3 * math.ceil(data.num_training / 8) - 8 == len(resumed)
    for (images, labels), (resumed_images, resumed_labels) in zip(expected, resumed):
        np.testing.assert_array_equal(images, resumed_images)
        np.testing.assert_array_equal(labels, resumed_labels)


def test_no_thread_tunes_the_data():
    """It would hold up an iterator's new start and the session's end."""
    from tensorflow.core.framework import dataset_options_pb2

    with tf.Graph().as_default():
        iterator = tf.data.make_initializable_iterator(without_autotune(tf.data.Dataset.range(3)))
        options = iterator.initializer.inputs[0].op
        assert options.type == "OptionsDataset"
        found = dataset_options_pb2.Options.FromString(options.get_attr("serialized_options"))
        assert found.autotune_options.HasField("enabled") and not found.autotune_options.enabled
