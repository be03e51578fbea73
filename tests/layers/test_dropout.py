"""Dropout: its share, its seed, and that it is off in evaluation."""

import numpy as np
import pytest
from support.layers import begin, images_ph, is_training_ph, numbers, result

import kit.tensorflow1 as tf
from tf_layers import j_conv_layer, j_dropout_layer


def dropped(seed=1, name="dropout", step=0, rate=0.5, after_other_layers=False):
    """What dropout in training makes of 100 x 100 ones, in a new graph and session."""
    with tf.Graph().as_default():
        tf.set_random_seed(seed)
        if after_other_layers:
            j_dropout_layer(j_conv_layer(images_ph(), 4, "other"), 0.5, is_training_ph(), "other_dropout")
        outputs = j_dropout_layer(tf.ones([100, 100]), rate, tf.constant(True), name)
        return result(outputs, global_step=step)


def test_dropout_does_nothing_in_evaluation(graph):
    inputs, rows = tf.placeholder(tf.float32, [None, 5]), numbers(4, 5)
    outputs = j_dropout_layer(inputs, 0.9, is_training_ph(), "dropout")
    assert outputs.shape.as_list() == [None, 5]
    np.testing.assert_array_equal(result(outputs, {inputs: rows}), rows)


@pytest.mark.parametrize("rate", [0, 0.1, 0.3, 0.5, 0.9])
def test_dropout_drops_its_share_and_scales_up_the_others(rate):
    values = dropped(rate=rate)
    assert np.mean(values == 0) == pytest.approx(rate, abs=0.02)
    np.testing.assert_allclose(values[values != 0], 1 / (1 - rate), rtol=1e-6)


def test_dropout_of_a_placeholder_in_training(graph):
    inputs, is_training, images = images_ph([None, 4, 5, 6]), is_training_ph(), numbers(7, 4, 5, 6)
    outputs = j_dropout_layer(inputs, 0.25, is_training, "dropout")
    got = result(outputs, {inputs: images, is_training: True})
    assert 0.1 < np.mean(got == 0) < 0.4
    np.testing.assert_allclose(got, np.where(got == 0, 0, images / 0.75), rtol=1e-6)


def test_dropout_is_the_same_in_another_graph_and_session():
    np.testing.assert_array_equal(dropped(step=7), dropped(step=7, after_other_layers=True))


@pytest.mark.parametrize("other", [{"step": 8}, {"name": "dropout2"}, {"seed": 2}])
def test_dropout_drops_others_with_another(other):
    one, another = dropped(step=7) == 0, dropped(**{"step": 7, **other}) == 0
    assert abs(np.corrcoef(one.ravel(), another.ravel())[0, 1]) < 0.05


def test_dropout_drops_others_in_every_row():
    chance = np.corrcoef(dropped() == 0) - np.eye(100)
    assert abs(chance).max() < 0.6  # of 4950 pairs of rows, each around 0 +- 0.1


def test_dropout_follows_the_global_step_of_a_training(graph):
    weights = tf.get_variable("weights", [1000], initializer=tf.ones_initializer())
    outputs = j_dropout_layer(tf.reshape(weights, [10, 100]), 0.5, tf.constant(True), "dropout")
    train_op = tf.train.GradientDescentOptimizer(0.0).minimize(tf.reduce_sum(outputs), tf.train.get_global_step())
    with tf.Session() as session:
        begin(session)
        masks = [session.run([outputs, train_op])[0].ravel() for _ in range(3)]
        begin(session, global_step=2)
        again = session.run(outputs).ravel()
    assert abs(np.corrcoef(masks) - np.eye(3)).max() < 0.2
    np.testing.assert_array_equal(again, masks[2])


def test_dropout_learns_nothing_from_what_it_dropped(graph):
    inputs = tf.constant(numbers(10, 10))
    outputs = j_dropout_layer(inputs, 0.2, tf.constant(True), "dropout")
    got, gradient = result([outputs, tf.gradients(outputs, inputs)[0]])
    np.testing.assert_allclose(gradient, np.where(got == 0, 0, 1.25))
