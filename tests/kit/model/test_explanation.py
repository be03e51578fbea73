"""What explains a network's answer, against NumPy."""

import numpy as np
import pytest

import kit.tensorflow1 as tf
from dlho2018_nns import NETWORKS
from kit.model.explanation import LARGEST_MAP, MOST_MAPS, feature_maps, heat_map, last_convolution, lead_of, likeliest
from kit.model.filters import filters_of
from kit.model.keras import architectures, network
from kit.model.keras.reading import from_layers
from kit.model.layer_registry import layers_of
from tf_layers import j_conv_layer, j_flatten_layer, j_logits

IMAGES = np.random.default_rng(0).uniform(-1, 1, (3, 8, 8, 3)).astype(np.float32)


def run(tensors, images_ph, images=IMAGES):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(tensors, feed_dict={images_ph: images})


@pytest.mark.parametrize("classes", [1, 2, 4])
def test_heat_is_what_each_place_adds_to_the_lead(classes):
    """After flatten and one dense layer the lead is a sum over places, whose terms NumPy can add up."""
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        images_ph = tf.placeholder(tf.float32, [None, 8, 8, 3])
        maps = j_conv_layer(images_ph, 5, "conv1")
        logits = j_logits(j_flatten_layer(maps, "flatten"), classes)
        kernel = next(each for each in tf.trainable_variables() if each.shape.as_list() == [320, classes])
        found, maps, logits, kernel = run([heat_map(images_ph, logits), maps, logits, kernel], images_ph)
    for heat, one, scores in zip(found, maps, logits):
        best = scores.argmax()
        others = [number for number in range(classes) if number != best]
        lead = kernel[:, best] - kernel[:, others].mean(axis=1) if others else kernel[:, 0] * np.sign(scores[0])
        expected = np.maximum((one * lead.reshape(one.shape)).sum(axis=2), 0)
        assert heat == pytest.approx(expected / expected.max(), abs=1e-5)


def test_grad_cam_weights_each_map_by_its_mean_slope():
    """Where one dense layer reads every second place, its weights are the slopes, and they are 0 elsewhere."""
    with tf.Graph().as_default():
        tf.set_random_seed(2)
        images_ph = tf.placeholder(tf.float32, [None, 8, 8, 3])
        maps = j_conv_layer(images_ph, 5, "conv1")
        logits = j_logits(tf.reshape(maps[:, ::2, ::2], [-1, 80]), 3)
        kernel = next(each for each in tf.trainable_variables() if each.shape.as_list() == [80, 3])
        found, maps, logits, kernel = run([heat_map(images_ph, logits, False), maps, logits, kernel], images_ph)
    for heat, one, scores in zip(found, maps, logits):
        best = scores.argmax()
        lead = kernel[:, best] - np.delete(kernel, best, axis=1).mean(axis=1)  # [80]
        slopes = np.zeros([8, 8, 5])
        slopes[::2, ::2] = lead.reshape(4, 4, 5)
        expected = np.zeros([8, 8])
        for channel in range(5):
            expected += slopes[..., channel].mean() * one[..., channel]
        expected = np.maximum(expected, 0)
        assert heat == pytest.approx(expected / max(expected.max(), 1e-9), abs=1e-5)


def test_the_lead_of_a_class():
    with tf.Graph().as_default(), tf.Session() as session:
        three, one = tf.constant([[3.0, 1.0, -1.0], [0.0, 2.0, 6.0]]), tf.constant([[4.0], [-3.0]])
        leads = [lead_of(three, 0), lead_of(three, likeliest(three)), lead_of(one, likeliest(one)), lead_of(one, 1)]
        assert [each.tolist() for each in session.run(leads)] == [[3, -4], [3, 5], [4, 3], [4, -3]]


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_can_be_explained(network):
    with tf.Graph().as_default() as graph:
        images_ph = tf.placeholder(tf.float32, [None, 32, 32, 3])
        logits = NETWORKS[network](images_ph, 3, tf.constant(False))
        images = np.random.default_rng(1).uniform(-1, 1, (2, 32, 32, 3))
        heat, maps = run([heat_map(images_ph, logits), feature_maps(graph)], images_ph, images)
        assert list(maps) == [layer.name for layer in layers_of(graph)]
    assert heat.ndim == 3 and heat.min() >= 0 and heat.max() <= 1
    assert all(each.dtype == np.uint8 and each.ndim == 4 and each.shape[0] == 2 for each in maps.values())


FIRST = ("Conv2D", {"name": "first", "filters": 3, "kernel_size": 3, "padding": "same"})
END = [("Flatten", {}), ("Dense", {"units": 2})]
WITHOUT_MAPS = [  # what comes after the first convolution
    [("Reshape", {"target_shape": [64, 3]}), ("Conv1D", {"filters": 4, "kernel_size": 3})],
    [("Reshape", {"target_shape": [4, 4, 4, 3]}), ("Conv3D", {"filters": 4, "kernel_size": 2})],
    [("Permute", {"dims": [3, 1, 2]}), ("Conv2D", {"filters": 4, "kernel_size": 3, "data_format": "channels_first"})],
]


@pytest.mark.parametrize("has_first", [False, True])
@pytest.mark.parametrize("layers", WITHOUT_MAPS, ids=["Conv1D", "Conv3D", "channels first"])
def test_only_maps_of_places_are_shown_on_an_image(layers, has_first, graph):
    layers = [*([FIRST] if has_first else []), *layers, *END]
    architecture = architectures.with_input_shape(from_layers(layers, "here"), (8, 8, 3))
    images_ph = tf.placeholder(tf.float32, [None, 8, 8, 3])
    _, logits, _ = network.build(architecture, images_ph, tf.constant(False))
    maps, names = last_convolution(graph), [each.name for each in filters_of(graph, images_ph)]
    assert (maps is None) != has_first and names == ["first", "dense"][not has_first :]
    heat = run(heat_map(images_ph, logits), images_ph)
    assert heat.shape == (3, 8, 8) and heat.max() <= 1


def test_a_map_goes_from_its_least_value_to_its_largest():
    with tf.Graph().as_default() as graph:
        images_ph = tf.placeholder(tf.float32, [None, 8, 8, 3])
        output = j_conv_layer(images_ph, 4, "conv1")
        maps, output = run([feature_maps(graph)["conv1"], output], images_ph)
    least, largest = output.min(axis=(1, 2), keepdims=True), output.max(axis=(1, 2), keepdims=True)
    expected = (255 * (output - least) / (largest - least)).transpose(0, 3, 1, 2)
    assert maps == pytest.approx(np.floor(expected), abs=1)


def test_many_and_large_maps_are_thinned_out():
    with tf.Graph().as_default() as graph:
        images_ph = tf.placeholder(tf.float32, [None, 150, 100, 3])
        j_conv_layer(images_ph, MOST_MAPS + 3, "conv1")
        maps = run(feature_maps(graph)["conv1"], images_ph, np.zeros((1, 150, 100, 3)))
    assert maps.shape == (1, MOST_MAPS, 50, 34) and max(maps.shape[2:]) <= LARGEST_MAP
