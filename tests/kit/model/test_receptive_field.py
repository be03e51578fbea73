"""Receptive fields, worked out by hand, and against which pixels a unit of positive weights depends on."""

import numpy as np
import pytest

import kit.tensorflow1 as tf
from dlho2018_nns import NETWORKS
from kit.model.layer_registry import layers_of
from kit.model.receptive_field import ReceptiveField, receptive_field
from tf_layers import j_conv_layer, j_deconv_layer, j_upsample_layer

CNN = {  # for 64 x 64 pixels: size, jump, start
    "conv1": (5, 2, -1),  # 5 x 5; 3 pixels are missing for 32 steps of 2, and 1 of them is put before
    "conv2": (5 + 2 * 2, 2, -1 - 2),
    "pool2": (9 + 1 * 2, 4, -3),
    "conv3": (11 + 2 * 4, 4, -3 - 4),
    "pool3": (19 + 1 * 4, 8, -7),
    "conv4": (23 + 2 * 8, 8, -7 - 8),
    "pool4": (39 + 1 * 8, 16, -15),
    "flatten": (64, 0, 0),
    "fc1": (64, 0, 0),
    "logits": (64, 0, 0),
}


def test_fields_of_cnn_worked_out_by_hand(graph):
    images = tf.placeholder(tf.float32, [None, 64, 64, 3])
    NETWORKS["cnn"](images, 2, tf.constant(False))
    found = {layer.name: receptive_field(layer.output, images) for layer in layers_of(graph)}
    assert found == {name: ReceptiveField(*((number, number) for number in of)) for name, of in CNN.items()}
    assert found["conv3"].corner(3, 0) == (5, -7)


@pytest.mark.parametrize("network", NETWORKS)
def test_batch_norm_and_dropout_see_no_further(graph, network):
    images = tf.placeholder(tf.float32, [None, 64, 64, 3])
    NETWORKS[network](images, 2, tf.placeholder_with_default(False, []))
    sizes = {layer.name: receptive_field(layer.output, images).size for layer in layers_of(graph)}
    expected = {"cnn_regularized": {"norm1": 5, "norm2": 11, "norm4": 47}, "fully_convolutional": {"conv5": 55}}
    for name, size in expected.get(network, {"logits": 64}).items():
        assert sizes[name] == (size, size)


def test_a_field_is_where_light_reaches_the_unit(graph):
    """With positive weights, a unit answers to a single bright pixel if it sees it, and else not."""
    images = tf.placeholder(tf.float32, [None, 22, 31, 3])
    maps = tf.nn.conv2d(images, tf.ones([3, 5, 3, 2]), strides=[1, 2], padding="SAME")
    maps = tf.nn.max_pool2d(tf.pad(maps, [[0, 0], [2, 0], [1, 1], [0, 0]]), 3, strides=2, padding="VALID")
    maps = tf.nn.conv2d(maps, tf.ones([2, 2, 2, 2]), strides=1, padding="SAME", dilations=2)
    maps = tf.nn.depthwise_conv2d(tf.nn.relu(maps), tf.ones([2, 1, 2, 1]), [1, 1, 1, 1], padding="VALID")
    field = receptive_field(maps, images)
    row, column = 5, 1
    (top, left), (height, width) = field.corner(row, column), field.size
    single = np.eye(22 * 31, dtype=np.float32).reshape(-1, 22, 31, 1).repeat(3, axis=3)
    with tf.Session() as session:
        answers = session.run(maps[:, row, column, 0], {images: single}).reshape(22, 31)
    expected = np.zeros([22, 31], bool)
    expected[max(top, 0) : top + height, max(left, 0) : left + width] = True
    assert 0 < expected.sum() < expected.size
    np.testing.assert_array_equal(answers > 0, expected)


def test_what_mixes_places_otherwise_sees_the_whole_image(graph):
    images = tf.placeholder(tf.float32, [None, 20, 10, 3])
    whole = ReceptiveField((20, 10), (0, 0), (0, 0))
    assert receptive_field(tf.transpose(images, [0, 2, 1, 3]), images) == whole
    assert receptive_field(tf.reduce_mean(images, [1, 2], keepdims=True), images) == whole
    assert receptive_field(j_deconv_layer(images, 2, "larger"), images) == whole
    assert receptive_field(j_conv_layer(j_upsample_layer(images, "upsampled"), 2, "conv"), images) == whole
