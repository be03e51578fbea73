"""The networks: how many parameters, what comes out for which images, and that each of them learns."""

import numpy as np
import pytest

import kit.tensorflow1 as tf
from dlho2018_nns import NETWORKS
from kit.model.layer_registry import layers_of
from kit.model.losses import LOSSES
from tf_layers import LayerError

# Parameters for images of 64 x 64 x 3 and 2 classes: inputs * outputs + biases, layer by layer.
CONVOLUTIONS = (5 * 5 * 3 * 8 + 8) + (3 * 3 * 8 * 16 + 16) + (3 * 3 * 16 * 32 + 32) + (3 * 3 * 32 * 64 + 64)
CNN = CONVOLUTIONS + (4 * 4 * 64 * 64 + 64) + (64 * 2 + 2)
EXPECTED = {
    "simple_fc": (64 * 64 * 3 * 128 + 128) + (128 * 32 + 32) + (32 * 64 + 64) + (64 * 2 + 2),
    "cnn": CNN,
    "cnn_strided": CONVOLUTIONS + (2 * 2 * 64 * 64 + 64) + (64 * 2 + 2),
    "cnn_regularized": CNN + 2 * (8 + 16 + 32 + 64),  # a scale and a shift for each channel
    "fully_convolutional": (
        (5 * 5 * 3 * 8 + 8)
        + (3 * 3 * 8 * 16 + 16)
        + (3 * 3 * 16 * 32 + 32)
        + 2 * (3 * 3 * 32 * 32 + 32)
        + 2 * (16 + 32 + 32)
        + (32 * 2 + 2)
    ),
    "my_network": (
        (5 * 5 * 3 * 16 + 16)
        + (3 * 3 * 16 * 32 + 32)
        + 2 * (3 * 3 * 32 * 32 + 32)
        + (4 * 4 * 32 * 64 + 64)
        + (64 * 2 + 2)
    ),
}
DIFFERENT_IN_TRAINING = {"cnn_regularized", "fully_convolutional", "my_network"}  # by batch normalisation and dropout


def some_images(number=3, height=32, width=32):
    """Pixels in [-1, 1], float32 [number, height, width, 3], the same every time."""
    return np.random.default_rng(0).uniform(-1, 1, [number, height, width, 3]).astype(np.float32)


def build(network, height=32, width=32, num_classes=2):
    """(images_ph, is_training, logits) in the default graph."""
    tf.set_random_seed(1)
    images_ph = tf.placeholder(tf.float32, [None, height, width, 3], "images")
    is_training = tf.placeholder_with_default(False, [], "is_training")
    return images_ph, is_training, NETWORKS[network](images_ph, num_classes, is_training)


def begin():
    """A session with the variables initialised."""
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return session


def test_every_network_is_tested():
    assert set(NETWORKS) == set(EXPECTED)


@pytest.mark.parametrize("network", EXPECTED)
def test_parameters(graph, network):
    build(network, 64, 64)
    assert sum(variable.shape.num_elements() for variable in tf.trainable_variables()) == EXPECTED[network]


@pytest.mark.parametrize("num_classes", [2, 5])
@pytest.mark.parametrize("network", EXPECTED)
def test_a_score_for_each_class(graph, network, num_classes):
    images_ph, _, logits = build(network, num_classes=num_classes)
    assert logits.shape.as_list() == [None, num_classes]
    with begin() as session:
        for number in (1, 3):
            scores = session.run(logits, {images_ph: some_images(number)})
            assert scores.shape == (number, num_classes)
            assert abs(scores.sum(axis=1) - 1).min() > 1e-3  # scores, no probabilities


@pytest.mark.parametrize("size", [(64, 64), (128, 128), (50, 70)])
@pytest.mark.parametrize("network", EXPECTED)
def test_sizes(graph, network, size):
    images_ph, _, logits = build(network, *size)
    with begin() as session:
        scores = session.run(logits, {images_ph: some_images(2, *size)})
    assert scores.shape == (2, 2) and np.isfinite(scores).all()


@pytest.mark.parametrize("network", EXPECTED)
def test_an_image_alone_scores_as_among_others(graph, network):
    images_ph, _, logits = build(network)
    images = some_images(3)
    with begin() as session:
        alone, among_others = (session.run(logits, {images_ph: batch})[0] for batch in (images[:1], images))
    np.testing.assert_allclose(alone, among_others, rtol=1e-4, atol=1e-5)


def test_fully_convolutional_takes_images_of_any_size(graph):
    images_ph, _, logits = build("fully_convolutional", None, None)
    small, large = some_images(2, 32, 32), some_images(2, 48, 90)
    with begin() as session:
        of_small, of_large = (session.run(logits, {images_ph: images}) for images in (small, large))
        weights = session.run(tf.trainable_variables())
    assert of_small.shape == of_large.shape == (2, 2)
    for images, expected in ((small, of_small), (large, of_large)):  # the same weights in a network of one size
        with tf.Graph().as_default():
            images_ph, _, logits = build("fully_convolutional", *images.shape[1:3])
            with begin() as session:
                for variable, value in zip(tf.trainable_variables(), weights):
                    variable.load(value, session)
                np.testing.assert_allclose(session.run(logits, {images_ph: images}), expected, rtol=1e-4, atol=1e-5)


def test_logits_of_fully_convolutional_are_the_mean_of_each_places_scores(graph):
    images_ph, _, logits = build("fully_convolutional", 40, 56)
    maps = next(layer.output for layer in layers_of(graph) if layer.name == "conv5")  # [B, 5, 7, 32]
    with begin() as session:
        feed = {images_ph: some_images(2, 40, 56)}
        found, values, weights, biases = session.run([logits, maps, *tf.trainable_variables("logits")], feed)
    scores = values @ weights + biases  # [B, 5, 7, 2]
    np.testing.assert_allclose(found, scores.mean(axis=(1, 2)), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("network", sorted(set(EXPECTED) - {"fully_convolutional"}))
def test_others_need_to_know_the_size(graph, network):
    with pytest.raises(LayerError, match=r"layer 'flatten': got .* wants every size but the batch's known"):
        build(network, None, None)


def test_image_too_small_for_so_many_layers(graph):
    with pytest.raises(LayerError, match=r"layer 'pool4': got \[\?, 1, 1, 64\], wants an image of at least 2 x 2"):
        build("cnn", 8, 8)  # conv1 makes it 4, pool2 2, pool3 1


@pytest.mark.parametrize("network", EXPECTED)
def test_training_mode(graph, network):
    images_ph, is_training, logits = build(network)
    with begin() as session:
        evaluation, training = (
            session.run(logits, {images_ph: some_images(), is_training: mode}) for mode in (False, True)
        )
    assert np.array_equal(evaluation, training) == (network not in DIFFERENT_IN_TRAINING)


@pytest.mark.parametrize("network", EXPECTED)
def test_every_variable_gets_a_gradient(graph, network):
    images_ph, is_training, logits = build(network)
    losses = LOSSES["softmax_cross_entropy"].per_example(tf.constant([0, 1] * 4, tf.int64), logits)
    variables = tf.trainable_variables()
    gradients = tf.gradients(losses, variables)
    assert [variable.op.name for variable, gradient in zip(variables, gradients) if gradient is None] == []
    with begin() as session:
        values = session.run(gradients, {images_ph: some_images(8), is_training: True})
    assert all(np.isfinite(value).all() for value in values)
    assert [variable.op.name for variable, value in zip(variables, values) if not value.any()] == []


@pytest.mark.parametrize("network", EXPECTED)
def test_learns_eight_images_by_heart(graph, network):
    images, labels = some_images(8), np.array([0, 1, 1, 0, 1, 0, 0, 1])
    images_ph, is_training, logits = build(network)
    loss = tf.reduce_mean(LOSSES["softmax_cross_entropy"].per_example(tf.constant(labels), logits))
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = tf.train.AdamOptimizer(0.003).minimize(loss, tf.train.get_or_create_global_step())
    with begin() as session:
        feed = {images_ph: images, is_training: True}
        first = session.run(loss, feed)
        for _ in range(60):
            session.run(train_op, feed)
        assert session.run(loss, feed) < 0.5 * first
        scores = session.run(logits, {images_ph: images})  # in evaluation
    np.testing.assert_array_equal(scores.argmax(axis=1), labels)
