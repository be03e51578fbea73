"""Dropout whose mask depends on the graph's seed, name and step only. Its share and scale: tests/layers."""

import numpy as np

import kit.tensorflow1 as tf
from kit.model.dropout import dropout


def dropped(step=0, name="a", rate=0.5, inputs=(50, 40)):
    """What is left of ones, in training: float32, the shape of inputs."""
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        step = tf.constant(step, tf.int64)
        return session.run(dropout(tf.ones(inputs), rate, tf.constant(True), name, step))


def test_each_step_and_name_drops_others():
    kinds = [dropped(), dropped(step=1), dropped(name="b")]
    for number, kind in enumerate(kinds):
        for other in kinds[:number]:
            assert 0.4 < np.mean(kind != other) < 0.6  # as independent ones do
    np.testing.assert_array_equal(kinds[0], dropped())


def test_all_may_be_dropped_and_nothing_is_divided_by_0():
    np.testing.assert_array_equal(dropped(rate=1), np.zeros((50, 40)))
