"""Convolutions, fully connected layers, pooling: against NumPy loops and numbers worked out by hand."""

import numpy as np
import pytest
from support.layers import ACTIVATIONS_IN_NUMPY, ONE_OF_EACH, images_ph, numbers, result, windows

import kit.tensorflow1 as tf
from tf_layers import (
    ACTIVATIONS,
    j_avg_pool_layer,
    j_conv_layer,
    j_fc_layer,
    j_flatten_layer,
    j_global_avg_pool_layer,
    j_logits,
    j_max_pool_layer,
)

# ----------------------------------------------------------------------------- convolution


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("kernel_size", [1, 2, 3, 5])
def test_conv_is_a_sum_over_windows(graph, kernel_size, strides, padding):
    images, kernel, biases = numbers(2, 7, 6, 3), numbers(kernel_size, kernel_size, 3, 4, seed=1), numbers(4, seed=2)
    inputs = images_ph([None, 7, 6, 3])
    outputs = j_conv_layer(inputs, 4, "c", kernel_size, strides, padding, activation="linear")
    expected = np.einsum("bhwijc,ijcf->bhwf", windows(images, kernel_size, strides, padding), kernel) + biases
    assert outputs.shape.as_list() == [None, *expected.shape[1:]]
    got = result(outputs, {inputs: images}, c__weights=kernel, c__biases=biases)
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5)


def test_conv_on_nine_pixels_by_hand(graph):
    image = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]], np.float32).reshape(1, 3, 3, 1)
    kernel = np.array([[1, 0], [0, -1]], np.float32).reshape(2, 2, 1, 1)  # a pixel less the one below and right of it
    outputs = j_conv_layer(tf.constant(image), 1, "c", kernel_size=2, padding="VALID", activation="linear")
    got = result(outputs, c__weights=kernel, c__biases=[10.0])
    assert got.reshape(2, 2).tolist() == [[6, 6], [6, 6]]  # 1-5+10, 2-6+10, 4-8+10, 5-9+10


def test_conv_biases_start_at_zero(graph):
    outputs = j_conv_layer(tf.zeros([1, 4, 4, 3]), 2, "c", activation="linear")
    assert not result(outputs).any()


def test_conv_of_images_of_unknown_size(graph):
    inputs = images_ph([None, None, None, 3])
    outputs = j_conv_layer(inputs, 2, "c", strides=2, padding="VALID")
    assert outputs.shape.as_list() == [None, None, None, 2]
    assert result(outputs, {inputs: numbers(1, 9, 5, 3)}).shape == (1, 4, 2, 2)


# ----------------------------------------------------------------------------- activations


def test_every_activation_is_tested():
    assert set(ACTIVATIONS) == set(ACTIVATIONS_IN_NUMPY)


@pytest.mark.parametrize("activation", ACTIVATIONS_IN_NUMPY)
def test_conv_activation(graph, activation):
    images, kernel, biases = numbers(2, 4, 4, 3), numbers(3, 3, 3, 5, seed=1) / 3, numbers(5, seed=2)
    outputs = j_conv_layer(tf.constant(images), 5, "c", activation=activation)
    linear = np.einsum("bhwijc,ijcf->bhwf", windows(images, 3, 1, "SAME"), kernel) + biases
    assert linear.min() < -1 and linear.max() > 1  # both sides of every bend
    got = result(outputs, c__weights=kernel, c__biases=biases)
    np.testing.assert_allclose(got, ACTIVATIONS_IN_NUMPY[activation](linear), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("activation", ACTIVATIONS_IN_NUMPY)
def test_fc_activation(graph, activation):
    rows, weights, biases = numbers(4, 6), numbers(6, 5, seed=1), numbers(5, seed=2)
    outputs = j_fc_layer(tf.constant(rows), 5, "f", activation=activation)
    got = result(outputs, f__weights=weights, f__biases=biases)
    expected = ACTIVATIONS_IN_NUMPY[activation](rows @ weights + biases)
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("layer", ["conv", "fc"])
def test_relu_unless_told_otherwise(graph, layer):
    inputs = tf.constant(numbers(4, 5) if layer == "fc" else numbers(4, 8, 8, 3))
    got = result(ONE_OF_EACH[layer]("layer", inputs, None))
    assert got.min() == 0 and got.max() > 0


# ----------------------------------------------------------------------------- fully connected


def test_fc_by_hand(graph):
    inputs = tf.placeholder(tf.float32, [None, 2])
    outputs = j_fc_layer(inputs, 3, "f")
    assert outputs.shape.as_list() == [None, 3]
    got = result(outputs, {inputs: [[1, 2]]}, f__weights=[[1, 0, -1], [2, 1, -1]], f__biases=[0.5, 0, 1])
    assert got.tolist() == [[5.5, 2, 0]]  # 1+4+0.5, 0+2, and -1-2+1 cut off at 0


def test_logits_may_be_negative(graph):
    outputs = j_logits(tf.constant([[1.0, 2.0]]), 3)
    assert outputs.shape.as_list() == [1, 3]
    got = result(outputs, logits__weights=[[1, 0, -1], [2, 1, -1]], logits__biases=[0.5, 0, 1])
    assert got.tolist() == [[5.5, 2, -2]]


# ----------------------------------------------------------------------------- weights at the start, and their decay


def weights_at_start(activation):
    """[(weights, fan_in, fan_out)] of a convolution and of a fully connected layer."""
    tf.set_random_seed(1)
    j_conv_layer(tf.zeros([1, 8, 8, 32]), 64, "c", activation=activation)
    j_fc_layer(tf.zeros([1, 300]), 100, "f", activation=activation)
    conv, fc = result([variable for variable in tf.global_variables() if variable.op.name.endswith("weights")])
    return [(conv, 3 * 3 * 32, 3 * 3 * 64), (fc, 300, 100)]


@pytest.mark.parametrize("activation", ["relu", "elu"])
def test_he_spread(graph, activation):
    for weights, fan_in, _ in weights_at_start(activation):
        assert weights.var() == pytest.approx(2 / fan_in, rel=0.03)
        assert abs(weights.mean()) < 0.03 * weights.std()
        assert abs(weights).max() < 2.5 * weights.std()  # the tails are cut off


@pytest.mark.parametrize("activation", sorted(set(ACTIVATIONS_IN_NUMPY) - {"relu", "elu"}))
def test_glorot_spread(graph, activation):
    for weights, fan_in, fan_out in weights_at_start(activation):
        bound = np.sqrt(6 / (fan_in + fan_out))
        assert 0.99 * bound < abs(weights).max() <= bound
        assert weights.var() == pytest.approx(bound**2 / 3, rel=0.03)  # a uniform distribution's


def test_relu_layers_keep_the_signal(graph):
    tf.set_random_seed(1)
    x = tf.constant(numbers(200, 256))
    for layer in range(20):
        x = j_fc_layer(x, 256, f"fc{layer}")
    assert 0.3 < np.square(result(x)).mean() < 3  # at the start: 1


def test_l2_adds_the_squares_of_the_weights_alone(graph):
    j_conv_layer(images_ph(), 2, "c", l2=0.25)
    j_fc_layer(tf.zeros([1, 2]), 2, "f", l2=2.0)
    j_fc_layer(tf.zeros([1, 2]), 2, "without")
    kernel = numbers(3, 3, 3, 2)
    weights = {"c__weights": kernel, "f__weights": [[1, 2], [3, 4]], "without__weights": np.ones([2, 2])}
    biases = {f"{layer}__biases": [10, 10] for layer in ("c", "f", "without")}
    got = result(tf.losses.get_regularization_loss(), **weights, **biases)
    assert got == pytest.approx(0.25 * np.square(kernel).sum() + 2 * (1 + 4 + 9 + 16), rel=1e-5)


def test_no_decay_unless_asked(graph):
    j_conv_layer(images_ph(), 2, "c")
    j_fc_layer(tf.zeros([1, 2]), 2, "f")
    j_logits(tf.zeros([1, 2]), 2)
    assert result(tf.losses.get_regularization_loss()) == 0


# ----------------------------------------------------------------------------- pooling and flattening


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize(("pool_size", "strides"), [(2, None), (3, None), (3, 1), (3, 2), (2, 3)])
def test_pools_take_the_largest_or_the_mean(graph, pool_size, strides, padding):
    images, inputs = numbers(2, 7, 6, 3), images_ph([None, 7, 6, 3])
    largest = j_max_pool_layer(inputs, "max", pool_size, strides, padding)
    mean = j_avg_pool_layer(inputs, "avg", pool_size, strides, padding)
    seen = windows(images, pool_size, strides or pool_size, padding, outside=np.nan)  # the frame counts for nothing
    got_largest, got_mean = result([largest, mean], {inputs: images})
    np.testing.assert_array_equal(got_largest, np.nanmax(seen, axis=(3, 4)))
    np.testing.assert_allclose(got_mean, np.nanmean(seen, axis=(3, 4)), rtol=1e-4, atol=1e-6)
    assert largest.shape.as_list() == mean.shape.as_list() == [None, *got_mean.shape[1:]]


@pytest.mark.parametrize("layer", [j_max_pool_layer, j_avg_pool_layer])
def test_pools_halve_the_image_by_default(graph, layer):
    assert layer(images_ph([None, 8, 7, 3]), "pool").shape.as_list() == [None, 4, 3, 3]  # whole windows only


def test_global_avg_pool(graph):
    inputs = images_ph([None, None, None, 3])
    outputs = j_global_avg_pool_layer(inputs, "mean")
    assert outputs.shape.as_list() == [None, 3]
    for shape in ((2, 4, 5, 3), (1, 1, 9, 3)):
        images = numbers(*shape)
        expected = images.sum(axis=(1, 2)) / (shape[1] * shape[2])
        np.testing.assert_allclose(result(outputs, {inputs: images}), expected, rtol=1e-4, atol=1e-6)


def test_flatten_keeps_images_apart_and_pixels_in_order(graph):
    inputs = images_ph([None, 2, 3, 4])
    outputs = j_flatten_layer(inputs)
    assert outputs.shape.as_list() == [None, 24]
    images = np.arange(2 * 24).reshape(2, 2, 3, 4)
    assert result(outputs, {inputs: images}).tolist() == [list(range(24)), list(range(24, 48))]
