"""Batch normalisation against NumPy, in training and in evaluation."""

import numpy as np
import pytest
from support.layers import EPSILON, begin, images_ph, is_training_ph, numbers, result

import kit.tensorflow1 as tf
from tf_layers import j_batch_norm_layer


@pytest.mark.parametrize("shape", [(6, 3, 4, 2), (12, 2), (5, 7, 2)])
def test_batch_norm_in_training_uses_the_batch(graph, shape):
    inputs, is_training = tf.placeholder(tf.float32, [None, *shape[1:]]), is_training_ph()
    outputs = j_batch_norm_layer(inputs, is_training, "n")
    batch = numbers(*shape) * [2, 5] + [10, -3]
    axes = tuple(range(len(shape) - 1))
    expected = (batch - batch.mean(axis=axes)) / np.sqrt(batch.var(axis=axes) + EPSILON) * [3, 0.5] + [1, -1]
    feed = {inputs: batch, is_training: True}
    got = result(outputs, feed, n__scale=[3, 0.5], n__shift=[1, -1], n__moving_mean=[7, 7])
    np.testing.assert_allclose(got, expected, rtol=1e-3, atol=1e-4)
    assert outputs.shape.as_list() == [None, *shape[1:]]


def test_batch_norm_starts_at_mean_0_and_variance_1(graph):
    outputs = j_batch_norm_layer(tf.constant(numbers(50, 4, 4, 3) * 9 + 5), tf.constant(True), "n")
    got = result(outputs)
    np.testing.assert_allclose(got.mean(axis=(0, 1, 2)), 0, atol=1e-4)
    np.testing.assert_allclose(got.var(axis=(0, 1, 2)), 1, rtol=1e-3)


def test_batch_norm_of_a_constant_channel(graph):
    outputs = j_batch_norm_layer(tf.fill([4, 2], 7.0), tf.constant(True), "n")
    assert not result(outputs).any()  # 0, and not 0 / 0


def test_batch_norm_moves_its_averages_in_training_alone(graph):
    inputs, is_training = tf.placeholder(tf.float32, [None, 3, 4, 2]), is_training_ph()
    outputs = j_batch_norm_layer(inputs, is_training, "n", momentum=0.8, epsilon=0.01)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(outputs**2))
    averages = [graph.get_tensor_by_name(f"n/{name}:0") for name in ("moving_mean", "moving_variance")]
    first, second = (numbers(6, 3, 4, 2, seed=seed) * [2, 5] + [10, -3] for seed in (1, 2))
    with tf.Session() as session:
        begin(session)
        session.run(train_op, {inputs: first, is_training: True})
        session.run(train_op, {inputs: second, is_training: True})
        mean, variance = session.run(averages)
        session.run(train_op, {inputs: first})  # not in training
        after_evaluation = session.run(averages)
    axes = (0, 1, 2)  # from 0 and 1, twice a fifth of the way to the batch's own
    expected_mean = 0.8 * (0.2 * first.mean(axis=axes)) + 0.2 * second.mean(axis=axes)
    expected_variance = 0.8 * (0.8 + 0.2 * first.var(axis=axes)) + 0.2 * second.var(axis=axes)
    np.testing.assert_allclose(mean, expected_mean, rtol=1e-4)
    np.testing.assert_allclose(variance, expected_variance, rtol=1e-4)
    np.testing.assert_array_equal(after_evaluation, [mean, variance])


def test_batch_norm_in_evaluation_uses_the_averages(graph):
    batch = numbers(6, 3, 4, 2)
    outputs = j_batch_norm_layer(tf.constant(batch), is_training_ph(), "n", epsilon=0.5)
    variables = {"moving_mean": [1, -2], "moving_variance": [4, 0.25], "scale": [3, 0.5], "shift": [1, -1]}
    got = result(outputs, **{f"n__{name}": value for name, value in variables.items()})
    expected = (batch - [1, -2]) / np.sqrt([4.5, 0.75]) * [3, 0.5] + [1, -1]
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5)


def test_batch_norm_neighbours_count_in_training_alone(graph):
    inputs, is_training, batch = images_ph([None, 3, 4, 2]), is_training_ph(), numbers(6, 3, 4, 2)
    outputs = j_batch_norm_layer(inputs, is_training, "n")
    alone, among_others = (result(outputs, {inputs: images})[0] for images in (batch[:1], batch))
    np.testing.assert_array_equal(alone, among_others)
    alone, among_others = (result(outputs, {inputs: images, is_training: True})[0] for images in (batch[:1], batch))
    assert abs(alone - among_others).max() > 0.1


def test_batch_norm_gradient_sees_the_batch_statistics(graph):
    inputs, is_training, batch = tf.placeholder(tf.float32, [None, 2]), is_training_ph(), numbers(8, 2)
    gradient = tf.gradients(tf.reduce_sum(j_batch_norm_layer(inputs, is_training, "n")), inputs)[0]
    in_training = result(gradient, {inputs: batch, is_training: True})
    np.testing.assert_allclose(in_training, 0, atol=1e-5)  # whatever comes in, the sum that goes out is 0
    in_evaluation = result(gradient, {inputs: batch}, n__moving_variance=[4, 0.25])
    np.testing.assert_allclose(in_evaluation, np.tile([1 / 2, 1 / 0.5], [8, 1]), rtol=0.01)


def test_batch_norm_learns_scale_and_shift_alone(graph):
    j_batch_norm_layer(images_ph(), is_training_ph(), "n")
    assert {variable.op.name for variable in tf.trainable_variables()} == {"n/scale", "n/shift"}
    assert len(tf.global_variables()) == 4  # the averages are saved with the others
