"""A wired graph reads its batches from the iterator, and what is fed has precedence."""

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.profiling.wiring import wire


@pytest.fixture
def wired(graph):
    """(session, placeholders, sums): of a wired graph on the batches [0, 1], [2, 3], [4]; its labels are negative."""
    numbers = tf.data.Dataset.range(5)
    iterator = tf.data.make_initializable_iterator(tf.data.Dataset.zip((numbers, numbers.map(lambda n: -n))).batch(2))
    images_ph = tf.placeholder(tf.int64, [None], "images")
    labels_ph = tf.placeholder(tf.int64, [None], "labels")
    is_training = tf.placeholder_with_default(False, [], "is_training")
    sums = tf.reduce_sum(images_ph), tf.reduce_sum(labels_ph), is_training
    placeholders = wire((images_ph, labels_ph, is_training), iterator.get_next())
    with tf.Session() as session:
        session.run(iterator.initializer)
        yield session, placeholders, sums


def test_each_run_reads_the_next_batch(wired):
    session, _, sums = wired
    assert [session.run(sums) for _ in range(3)] == [(1, -1, False), (5, -5, False), (4, -4, False)]
    with pytest.raises(tf.errors.OutOfRangeError):
        session.run(sums)


def test_the_batch_can_be_fetched(wired):
    session, (images, labels, _), sums = wired
    fetched_images, fetched_labels, fetched_sums = session.run([images, labels, sums])
    assert (fetched_images.tolist(), fetched_labels.tolist(), fetched_sums[:2]) == ([0, 1], [0, -1], (1, -1))


def test_what_is_fed_wins_and_does_not_move_the_iterator(wired):
    session, (images, labels, is_training), sums = wired
    feed = {images: np.array([10, 20, 30]), labels: np.array([7]), is_training: True}
    assert session.run(sums, feed) == (60, 7, True)
    assert session.run(sums) == (1, -1, False)
