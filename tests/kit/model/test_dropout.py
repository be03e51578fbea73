"""Dropout whose mask depends on seeds, name and step only. Its share and scale: tests/layers."""

import numpy as np

import kit.tensorflow1 as tf
from kit.model.dropout import dropout


def dropped(step=0, name="a", seed=0, rate=0.5, noise_shape=None, inputs=(50, 40)):
    """What is left of ones, in training: float32, the shape of inputs."""
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        step = tf.constant(step, tf.int64)
        return session.run(dropout(tf.ones(inputs), rate, tf.constant(True), name, step, seed, noise_shape))


def test_each_step_name_and_seed_drops_others():
    kinds = [dropped(), dropped(step=1), dropped(name="b"), dropped(seed=1)]
    for number, kind in enumerate(kinds):
        for other in kinds[:number]:
            assert 0.4 < np.mean(kind != other) < 0.6  # as independent ones do
    np.testing.assert_array_equal(kinds[0], dropped())


def test_along_a_size_of_1_values_are_dropped_together():
    left = dropped(noise_shape=(None, 1))
    assert (left == left[:, :1]).all() and 0 < np.mean(left[:, 0] == 0) < 1


def test_all_may_be_dropped_and_nothing_is_divided_by_0():
    np.testing.assert_array_equal(dropped(rate=1), np.zeros((50, 40)))
