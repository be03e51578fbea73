"""What filters answer, against NumPy."""

import numpy as np

import kit.tensorflow1 as tf
from kit.model.filters import filters_of, last_hidden
from tf_layers import j_conv_layer, j_deconv_layer, j_fc_layer, j_flatten_layer, j_logits, j_max_pool_layer

IMAGES = np.random.default_rng(0).uniform(-1, 1, (4, 9, 12, 3)).astype(np.float32)


def test_each_filters_strongest_answer_and_its_place(graph):
    images = tf.placeholder(tf.float32, [None, 9, 12, 3])
    maps = j_conv_layer(images, 5, "conv1")
    j_deconv_layer(maps, 7, "deconv1")
    neurons = j_fc_layer(j_flatten_layer(j_max_pool_layer(maps, "pool1"), "flatten"), 6, "fc1", activation="elu")
    j_logits(neurons, 2)
    found = filters_of(graph, images)
    assert [(each.name, each.count, each.is_convolution) for each in found] == [
        ("conv1", 5, True),
        ("deconv1", 7, True),
        ("fc1", 6, False),
        ("logits", 2, False),
    ]
    assert [each.num_inputs for each in found] == [3 * 3 * 3, *[3 * 9 * 12] * 3]
    assert [each.blurs for each in found] == [0, 2, 2, 2]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        fetches = [(each.strongest, each.place, each.middle) for each in found]
        answers, maps, neurons = session.run([fetches, maps, neurons], {images: IMAGES})
    (strongest, place, middle), _, (of_neurons, place_of_neurons, _), _ = answers
    np.testing.assert_array_equal(strongest, maps.max(axis=(1, 2)))
    for image in range(4):
        for number in range(5):
            row, column = place[image, number]
            assert maps[image, row, column, number] == strongest[image, number]
    np.testing.assert_allclose(np.maximum(middle, 0), maps[:, 9 // 2, 12 // 2], atol=1e-6)
    assert middle.min() < 0  # there a relu would be flat
    np.testing.assert_array_equal(of_neurons, neurons)
    assert not place_of_neurons.any()


def test_the_last_hidden_layer(graph):
    images = tf.placeholder(tf.float32, [None, 9, 12, 3])
    j_logits(j_flatten_layer(images, "flatten"), 2)
    assert last_hidden(graph).name == "flatten"
    with tf.Graph().as_default() as only:
        j_logits(tf.placeholder(tf.float32, [None, 4]), 2)
        assert last_hidden(only).name == "logits"
