"""Layers that make images larger, transposed convolution and upsampling: against NumPy loops and Keras."""

import numpy as np
import pytest
from support.keras_process import keras_answers
from support.layers import images_ph, numbers, result

import kit.tensorflow1 as tf
from tf_layers import LayerError, j_deconv_layer, j_upsample_layer

DECONVS = [(k, s, padding) for k, s in ((1, 1), (4, 2), (3, 2), (2, 3), (5, 1)) for padding in ("SAME", "VALID")]
UPSAMPLINGS = [(factor, method) for factor in (2, 3) for method in ("nearest", "bilinear")]
IMAGES, FILTERS = numbers(2, 4, 5, 3), 2

IN_KERAS = """
def answer(name, layer, weights):
    images = tf.Variable(given["images"])
    layer.build(images.shape)
    layer.set_weights(weights)
    with tf.GradientTape() as tape:
        outputs = layer(images)
        loss = tf.reduce_sum(tf.square(outputs))
    answers[f"{name} outputs"] = outputs
    for i, gradient in enumerate(tape.gradient(loss, [images, *layer.trainable_variables])):
        answers[f"{name} gradient {i}"] = gradient

for k, s, padding in given["deconvs"]:
    layer = keras.layers.Conv2DTranspose(2, int(k), int(s), str(padding).lower(), activation="tanh")
    answer(f"deconv {k} {s} {padding}", layer, [given[f"kernel {k}"], given["biases"]])
for factor, method in given["upsamplings"]:
    answer(f"upsample {factor} {method}", keras.layers.UpSampling2D(int(factor), interpolation=str(method)), [])
"""


@pytest.fixture(scope="module")
def in_keras():
    """Keras's answers to all questions of this file, from one process."""
    kernels = {f"kernel {k}": kernel_of(k) for k, _, _ in DECONVS}
    return keras_answers(
        IN_KERAS, images=IMAGES, biases=numbers(FILTERS, seed=2), deconvs=DECONVS, upsamplings=UPSAMPLINGS, **kernels
    )


def kernel_of(kernel_size):
    return numbers(kernel_size, kernel_size, FILTERS, 3, seed=1) / kernel_size


def with_gradients(outputs, inputs):
    """The outputs, and the gradients of the sum of their squares, for the inputs and the variables."""
    return [outputs, *tf.gradients(tf.reduce_sum(tf.square(outputs)), [inputs, *tf.trainable_variables()])]


def hold_against_keras(name, got, in_keras):
    np.testing.assert_allclose(got[0], in_keras[f"{name} outputs"], rtol=1e-4, atol=1e-5)
    assert f"{name} gradient {len(got) - 1}" not in in_keras  # as many as Keras has
    for i, gradient in enumerate(got[1:]):
        np.testing.assert_allclose(gradient, in_keras[f"{name} gradient {i}"], rtol=1e-4, atol=1e-4)


# ----------------------------------------------------------------------------- transposed convolution


def transposed(images, kernel, strides, padding):
    """Each pixel puts its kernel into the output: [B, H, W, C], [k, k, F, C] -> [B, H_out, W_out, F]."""
    (batch, height, width, _), size = images.shape, len(kernel)
    beyond = max(size - strides, 0)
    outputs = np.zeros([batch, height * strides + beyond, width * strides + beyond, kernel.shape[2]])
    for image in range(batch):
        for row in range(height):
            for column in range(width):
                top, left = row * strides, column * strides
                outputs[image, top : top + size, left : left + size] += kernel @ images[image, row, column]
    if padding == "SAME":  # what is too much is cut off on both sides, an odd pixel below and on the right
        cut = beyond // 2
        outputs = outputs[:, cut : cut + height * strides, cut : cut + width * strides]
    return outputs


@pytest.mark.parametrize(("kernel_size", "strides", "padding"), DECONVS)
def test_deconv_puts_a_kernel_into_the_output_for_each_pixel(graph, kernel_size, strides, padding):
    inputs, kernel, biases = images_ph([None, 4, 5, 3]), kernel_of(kernel_size), numbers(FILTERS, seed=2)
    outputs = j_deconv_layer(inputs, FILTERS, "d", kernel_size, strides, padding, activation="linear")
    expected = transposed(IMAGES, kernel, strides, padding) + biases
    assert outputs.shape.as_list() == [None, *expected.shape[1:]]
    got = result(outputs, {inputs: IMAGES}, d__weights=kernel, d__biases=biases)
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("kernel_size", "strides", "padding"), DECONVS)
def test_deconv_and_its_gradients_are_keras_s(graph, in_keras, kernel_size, strides, padding):
    inputs = images_ph([None, None, None, 3])
    outputs = j_deconv_layer(inputs, FILTERS, "d", kernel_size, strides, padding, activation="tanh")
    weights = {"d__weights": kernel_of(kernel_size), "d__biases": numbers(FILTERS, seed=2)}
    got = result(with_gradients(outputs, inputs), {inputs: IMAGES}, **weights)
    hold_against_keras(f"deconv {kernel_size} {strides} {padding}", got, in_keras)


def test_deconv_by_hand(graph):
    image = np.array([[1, 2]], np.float32).reshape(1, 1, 2, 1)
    kernel = np.array([[1, 10, 100], [0, 0, 0], [5, 5, 5]], np.float32).reshape(3, 3, 1, 1)
    outputs = j_deconv_layer(tf.constant(image), 1, "d", 3, 2, "VALID", activation="linear")
    got = result(outputs, d__weights=kernel, d__biases=[0.0])[0, :, :, 0]
    assert got.tolist() == [[1, 10, 102, 20, 200], [0, 0, 0, 0, 0], [5, 5, 15, 10, 10]]  # 100 * 1 + 1 * 2 in common


def test_deconv_is_the_gradient_of_a_convolution(graph):
    """A convolution of the larger images, whose gradient for them is asked for."""
    inputs, kernel = tf.constant(IMAGES), kernel_of(4)
    outputs = j_deconv_layer(inputs, FILTERS, "d", activation="linear")  # 4 x 4, strides 2
    large = tf.zeros([2, 8, 10, FILTERS])
    smaller = tf.nn.conv2d(large, tf.constant(kernel), strides=2, padding="SAME")  # [2, 4, 5, 3]
    backwards = tf.gradients(smaller, large, inputs)[0]
    got, expected = result([outputs, backwards], d__weights=kernel)
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("shape", "known"), [([None, None, 5, 3], [None, None, 10, 2]), ([2, 4, None, 3], [2, 8, None, 2])]
)
def test_deconv_of_images_of_unknown_size(graph, shape, known):
    inputs = images_ph(shape)
    outputs = j_deconv_layer(inputs, FILTERS, "d")
    assert outputs.shape.as_list() == known
    assert result(outputs, {inputs: IMAGES}).shape == (2, 8, 10, 2)


def test_deconv_biases_start_at_zero_and_relu_is_the_default(graph):
    assert not result(j_deconv_layer(tf.zeros([1, 4, 4, 3]), 2, "nothing")).any()
    got = result(j_deconv_layer(tf.constant(IMAGES), 2, "d"))
    assert got.min() == 0 and got.max() > 0


@pytest.mark.parametrize("activation", ["relu", "linear"])
@pytest.mark.parametrize(("kernel_size", "strides"), [(4, 2), (4, 4), (3, 1), (3, 2)])
def test_deconv_layers_keep_the_signal(graph, kernel_size, strides, activation):
    """The mean square of what a layer gets is 1; that of what it gives is, too."""
    tf.set_random_seed(1)
    inputs = tf.constant(numbers(2, 16, 16, 64))
    outputs = j_deconv_layer(inputs, 64, "d", kernel_size, strides, "VALID", activation)
    weights = tf.global_variables()[0]
    inside = outputs[:, 4:-4, 4:-4]  # where all kernels overlap that can
    square, variance = result([tf.reduce_mean(tf.square(inside)), tf.math.reduce_variance(weights)])
    assert variance == pytest.approx(
        {"relu": 2, "linear": 1}[activation] * strides**2 / (kernel_size**2 * 64), rel=0.05
    )
    assert square == pytest.approx(1, rel=0.1)


def test_deconv_decay(graph):
    j_deconv_layer(images_ph(), 2, "d", kernel_size=2, l2=0.25)
    kernel = numbers(2, 2, 2, 3)
    got = result(tf.losses.get_regularization_loss(), d__weights=kernel, d__biases=[10, 10])
    assert got == pytest.approx(0.25 * np.square(kernel).sum(), rel=1e-5)


# ----------------------------------------------------------------------------- upsampling


@pytest.mark.parametrize("factor", [1, 2, 3, 31, 32])
def test_upsampling_repeats_each_pixel(graph, factor):
    inputs = images_ph([None, 4, 5, 3])
    outputs = j_upsample_layer(inputs, "u", factor)
    assert outputs.shape.as_list() == [None, 4 * factor, 5 * factor, 3]
    expected = IMAGES.repeat(factor, axis=1).repeat(factor, axis=2)
    np.testing.assert_array_equal(result(outputs, {inputs: IMAGES}), expected)


def between(images, factor, axis):
    """Linear values along an axis; a pixel's value is in its middle, and goes on beyond the outer ones."""
    size = images.shape[axis]
    places = np.clip((np.arange(size * factor) + 0.5) / factor - 0.5, 0, size - 1)
    before = np.minimum(places.astype(int), size - 2)
    shape = [-1 if i == axis else 1 for i in range(images.ndim)]
    share = (places - before).reshape(shape)
    return (1 - share) * images.take(before, axis) + share * images.take(before + 1, axis)


@pytest.mark.parametrize("factor", [2, 3])
def test_bilinear_upsampling_takes_values_between(graph, factor):
    inputs = images_ph([None, None, None, 3])
    outputs = j_upsample_layer(inputs, "u", factor, "bilinear")
    expected = between(between(IMAGES, factor, 1), factor, 2)
    np.testing.assert_allclose(result(outputs, {inputs: IMAGES}), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("factor", "method"), UPSAMPLINGS)
def test_upsampling_and_its_gradient_are_keras_s(graph, in_keras, factor, method):
    inputs = images_ph([None, None, None, 3])
    got = result(with_gradients(j_upsample_layer(inputs, "u", factor, method), inputs), {inputs: IMAGES})
    hold_against_keras(f"upsample {factor} {method}", got, in_keras)


@pytest.mark.parametrize("method", ["nearest", "bilinear"])
def test_upsampling_of_images_of_unknown_size(graph, method):
    inputs = images_ph([None, None, 5, 3])
    outputs = j_upsample_layer(inputs, "u", 2, method)
    assert outputs.shape.as_list() == [None, None, 10, 3]
    assert result(outputs, {inputs: IMAGES}).shape == (2, 8, 10, 3)


# ----------------------------------------------------------------------------- errors


@pytest.mark.parametrize("count", [0, -1, 2.0, "3", True, (3, 3)])
@pytest.mark.parametrize("argument", ["filters", "kernel_size", "strides", "factor"])
def test_counts_that_count_nothing(graph, argument, count):
    with pytest.raises(LayerError) as error:
        if argument == "factor":
            j_upsample_layer(images_ph(), "here", factor=count)
        else:
            j_deconv_layer(images_ph(), **{"filters": 4, "name": "here", argument: count})
    assert f"layer 'here': got {argument}={count!r}, wants a whole number, 1 or more" in str(error.value)


@pytest.mark.parametrize(
    ("argument", "value", "wants"),
    [
        ("padding", "same", "one of SAME, VALID"),
        ("activation", "swish", "one of linear, sigmoid, tanh, relu, elu, softmax"),
        ("l2", -1, "a number, at least 0"),
    ],
)
def test_deconv_arguments_out_of_range(graph, argument, value, wants):
    with pytest.raises(LayerError, match=f"layer 'here': got {argument}={value!r}, wants {wants}"):
        j_deconv_layer(images_ph(), 4, "here", **{argument: value})


def test_unknown_method(graph):
    with pytest.raises(LayerError, match="layer 'here': got method='cubic', wants one of nearest, bilinear"):
        j_upsample_layer(images_ph(), "here", method="cubic")


@pytest.mark.parametrize(
    "layer", [lambda inputs: j_deconv_layer(inputs, 4, "here"), lambda inputs: j_upsample_layer(inputs, "here")]
)
def test_images_wanted_rows_given(graph, layer):
    with pytest.raises(LayerError, match=r"layer 'here': got \[\?, 5\], wants images \[B, H, W, C\]"):
        layer(tf.placeholder(tf.float32, [None, 5]))
    with pytest.raises(LayerError, match=r"'here': got \[\?, 8, 8, \?\], wants images .* the last size known"):
        layer(images_ph([None, 8, 8, None]))
