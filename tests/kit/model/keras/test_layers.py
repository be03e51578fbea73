"""Keras's layers in the kit's graph against Keras itself, in a process of its own, and every error they tell."""

import json
import sys

import numpy as np
import pytest
from support.keras_process import keras_answers

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model.activations import ACTIVATIONS
from kit.model.keras import architectures
from kit.model.keras.initializers import initializer_of
from kit.model.keras.layers import build
from kit.model.keras.options import INITIALIZERS, LAYERS, initializer
from kit.model.layer_registry import layers_of

NETWORKS = {  # name: (short form, shape of the inputs)
    "dense": ("dense 5 elu, dense 3 softmax", (4,)),
    "sequence": ("dense 5 relu use_bias=false, dense 2 tanh, flatten, dense 2", (3, 4)),
    "conv": ("conv2d 4 3 relu, conv2d 5 2x3 strides=2x1 padding=same tanh, flatten, dense 1 sigmoid", (9, 8, 3)),
    "dilated": ("conv2d 4 3 dilation_rate=2, conv2d 3 3 padding=same dilation_rate=2x3", (9, 8, 3)),
    "strided": ("conv2d 4 3 strides=3 padding=same, conv2d 2 2 2 use_bias=false", (10, 11, 2)),
    "separable": (
        "separableconv2d 6 3 depth_multiplier=2, separableconv2d 4 3 2 padding=same relu use_bias=false, "
        "separableconv2d 3 2 dilation_rate=2",
        (11, 12, 3),
    ),
    "max_pool": ("maxpooling2d 2, maxpooling2d 2x1 strides=1x2 padding=same, globalmaxpooling2d", (9, 8, 3)),
    "average_pool": ("averagepooling2d 3 1 padding=same, averagepooling2d 3 2, globalaveragepooling2d", (9, 8, 3)),
    "kept": ("globalaveragepooling2d keepdims=true, conv2d 2 1, globalmaxpooling2d keepdims=true", (5, 4, 3)),
    "batch_norm": (
        "conv2d 4 3, batchnormalization .8 epsilon=0.01, relu, batchnormalization scale=false, flatten, dense 4, "
        "batchnormalization center=false momentum=0.5",
        (5, 6, 2),
    ),
    "frozen": ("dense 4 trainable=false, batchnormalization trainable=false, dense 2", (3,)),
    "rectified": ("dense 9, leakyrelu .2, dense 9, relu 1.5 negative_slope=.1 threshold=.2, dense 9, elu .7", (6,)),
    "plain_relu": ("dense 9, relu, dense 9, leakyrelu, elu, softmax", (6,)),
    "reshaped": ("reshape 2 3 2, conv2d 3 2, reshape -1 2, activation swish", (12,)),
    "dropped": ("dropout .5, dense 3, dropout 0, activation softmax", (4,)),
    "penalised": (
        "conv2d 3 2 relu l1=0.01 l2=0.02 bias_regularizer=l1, "
        "separableconv2d 2 2 depthwise_regularizer=l2 pointwise_regularizer=l1, flatten, "
        "batchnormalization gamma_regularizer=l2 beta_regularizer=l1, dense 2 l2=0.1",
        (5, 5, 2),
    ),
    "active": ("conv2d 3 2 relu activity_regularizer=l2, flatten, dense 2 activity_regularizer=l1", (5, 5, 2)),
}
RANDOM = ("dropped",)  # in training
SUMMED = ("active",) if sys.version_info < (3, 11) else ()  # by the Keras for that Python, where later ones take a mean
EXAMPLES = 7
GRID = np.concatenate([np.linspace(-30, 30, 121), [-3.0, -1e-6, 0.0, 1e-6, 3.0]]).astype(np.float32).reshape(-1, 6)
KERNELS = {"dense": (300, 200), "conv": (3, 3, 60, 80), "depthwise": (5, 5, 300, 2)}
SPREADS = {
    "constant": {"class_name": "Constant", "config": {"value": 0.3}},
    "normal": {"class_name": "RandomNormal", "config": {"mean": 0.1, "stddev": 0.2}},
    "truncated": {"class_name": "TruncatedNormal", "config": {"mean": -0.1, "stddev": 0.2}},
    "uniform": {"class_name": "RandomUniform", "config": {"minval": -0.3, "maxval": 0.1}},
    "untruncated": {"class_name": "VarianceScaling", "config": {"scale": 3.0, "distribution": "untruncated_normal"}},
    "fan_out": {"class_name": "VarianceScaling", "config": {"mode": "fan_out", "distribution": "uniform"}},
    "old": {"class_name": "VarianceScaling", "config": {"scale": 2.0, "distribution": "normal"}},
    "orthogonal": {"class_name": "Orthogonal", "config": {"gain": 2.0}},
    **{name: {"class_name": name, "config": {}} for name in INITIALIZERS if name != "Orthogonal"},
}

IN_KERAS = """
import json

def in_training(model, inputs, factors):
    with tf.GradientTape() as tape:
        outputs = model(inputs, training=True)
        loss = tf.reduce_sum(outputs * factors) + sum(model.losses)
    return outputs, loss, tape.gradient(loss, model.trainable_variables)

for name in given["networks"]:
    model = keras.models.model_from_json(open(f"{name}.json").read())
    model.set_weights([given[f"{name} weights {i}"] for i in range(len(model.weights))])
    inputs = given[f"{name} inputs"]
    answers[f"{name} outputs"] = model(inputs, training=False)
    if name not in given["random"]:
        outputs, loss, gradients = in_training(model, inputs, given[f"{name} factors"])
        answers[f"{name} trained outputs"], answers[f"{name} loss"] = outputs, loss
        for i, gradient in enumerate(gradients):
            answers[f"{name} gradient {i}"] = gradient
        for i, weights in enumerate(model.get_weights()):
            answers[f"{name} moved {i}"] = weights
for name in given["activations"]:
    answers[f"activation {name}"] = keras.activations.get(str(name))(given["grid"])
spreads = json.loads(str(given["spreads"]))
for name, described in spreads.items():
    for kind in given["kernels"]:
        keras.utils.set_random_seed(1)
        values = keras.initializers.get(described)(tuple(given[f"kernel {kind}"]))
        answers[f"spread {name} {kind}"] = np.array([np.mean(values), np.std(values), np.min(values), np.max(values)])
"""


def network(name):
    """The Architecture of one of NETWORKS."""
    text, shape = NETWORKS[name]
    return architectures.with_input_shape(architectures.read(text), shape)


def inputs_of(shape, examples=EXAMPLES):
    return np.random.default_rng(0).normal(size=(examples, *shape)).astype(np.float32)


def is_training_ph():
    return tf.placeholder_with_default(False, [], "is_training")


class Built:
    """A network in a graph of its own, with random weights: the same every time."""

    def __init__(self, name):
        self.architecture = network(name)
        self.graph = tf.Graph()
        with self.graph.as_default():
            self.inputs = tf.placeholder(tf.float32, [None, *NETWORKS[name][1]])
            self.is_training = is_training_ph()
            self.outputs, self.logits, self.activation = build(self.architecture, self.inputs, self.is_training)
            self.variables = [variable for variable in tf.global_variables() if variable.op.name != "global_step"]
        random = np.random.default_rng(1)
        shapes = [variable.shape.as_list() for variable in self.variables]
        self.weights = [random.uniform(0.1, 1, shape) * random.choice([-1, 1], shape) for shape in shapes]
        for variable, values in zip(self.variables, self.weights):
            if variable.op.name.endswith("moving_variance"):
                np.abs(values, out=values)
        self.factors = random.normal(size=[EXAMPLES, *self.outputs.shape.as_list()[1:]])

    def run(self, fetches, is_training=False):
        with tf.Session(graph=self.graph) as session:
            self._begin(session)
            return session.run(
                fetches, {self.inputs: inputs_of(self.architecture.input_shape), **self._mode(is_training)}
            )

    def train(self):
        """(outputs, loss, gradients, variables afterwards), in training, as IN_KERAS."""
        with self.graph.as_default():
            loss = tf.reduce_sum(self.outputs * self.factors.astype(np.float32)) + tf.losses.get_regularization_loss()
            gradients = tf.gradients(loss, tf.trainable_variables())
            updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
        with tf.Session(graph=self.graph) as session:
            self._begin(session)
            feed = {self.inputs: inputs_of(self.architecture.input_shape), **self._mode(True)}
            outputs, loss, gradients, _ = session.run([self.outputs, loss, gradients, updates], feed)
            return outputs, loss, gradients, session.run(self.variables)

    def _mode(self, is_training):
        return {self.is_training: is_training}

    def _begin(self, session):
        with self.graph.as_default():
            session.run(tf.global_variables_initializer())
        for variable, values in zip(self.variables, self.weights):
            variable.load(values, session)


@pytest.fixture(scope="module")
def in_keras(tmp_path_factory):
    """Keras's answers to all questions of this file, from one process."""
    folder = tmp_path_factory.mktemp("keras")
    given = {"networks": list(NETWORKS), "random": RANDOM, "activations": list(ACTIVATIONS), "grid": GRID}
    for name in NETWORKS:
        built = Built(name)
        (folder / f"{name}.json").write_text(architectures.to_json(built.architecture))
        given[f"{name} inputs"] = inputs_of(built.architecture.input_shape)
        given[f"{name} factors"] = built.factors.astype(np.float32)
        given.update({f"{name} weights {i}": values for i, values in enumerate(built.weights)})
    given["spreads"] = json.dumps({name: initializer(described) for name, described in SPREADS.items()})
    given["kernels"] = list(KERNELS)
    given.update({f"kernel {kind}": shape for kind, shape in KERNELS.items()})
    return keras_answers(IN_KERAS, folder, **given)


# ----------------------------------------------------------------------------- against Keras


def test_every_layer_is_held_against_keras():
    built = {layer.class_name for name in NETWORKS for layer in network(name).layers}
    assert built == set(LAYERS)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_gives_what_keras_gives(name, in_keras):
    built = Built(name)
    np.testing.assert_allclose(built.run(built.outputs), in_keras[f"{name} outputs"], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", [name for name in NETWORKS if name not in RANDOM + SUMMED])
def test_a_network_in_training_does_what_keras_does(name, in_keras):
    try:
        outputs, loss, gradients, variables = Built(name).train()
    except tf.errors.InvalidArgumentError as error:
        if "dilation rates" not in str(error):
            raise
        pytest.skip("TensorFlow has no gradient of dilated convolutions for this processor")
    np.testing.assert_allclose(outputs, in_keras[f"{name} trained outputs"], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(loss, in_keras[f"{name} loss"], rtol=1e-4, atol=1e-4)
    assert f"{name} gradient {len(gradients)}" not in in_keras  # as many as Keras trains
    for i, gradient in enumerate(gradients):
        np.testing.assert_allclose(gradient, in_keras[f"{name} gradient {i}"], rtol=1e-3, atol=1e-3)
    for i, values in enumerate(variables):  # the moving averages have moved
        np.testing.assert_allclose(values, in_keras[f"{name} moved {i}"], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_keras_s(name, in_keras, graph):
    with tf.Session() as session:
        values = session.run(ACTIVATIONS[name](tf.constant(GRID)))
    np.testing.assert_allclose(values, in_keras[f"activation {name}"], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", KERNELS)
@pytest.mark.parametrize("name", SPREADS)
def test_an_initialiser_spreads_as_keras_s(name, kind, in_keras, graph):
    tf.set_random_seed(0)
    variable = tf.get_variable(
        "kernel", KERNELS[kind], initializer=initializer_of(initializer(SPREADS[name]), "kernel")
    )
    with tf.Session() as session:
        session.run(variable.initializer)
        values = session.run(variable)
    mean, deviation, least, most = in_keras[f"spread {name} {kind}"]
    size = max(deviation, abs(mean), 1e-12)
    assert abs(values.mean() - mean) < 0.05 * size
    assert abs(values.std() - deviation) < 0.05 * size
    assert abs(values.min() - least) < 1.5 * size  # extremes of a normal distribution differ from draw to draw
    assert abs(values.max() - most) < 1.5 * size


# ----------------------------------------------------------------------------- worked out by hand


def result(text, inputs, is_training=False, seed=0):
    """What a network without weights gives, in a graph of its own."""
    with tf.Graph().as_default():
        tf.set_random_seed(seed)
        outputs, _, _ = build(architectures.read(text), tf.constant(inputs, tf.float32), tf.constant(is_training))
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            return session.run(outputs)


def test_a_convolution_in_groups_is_one_for_each_group(graph):
    images, architecture = inputs_of((5, 5, 4)), architectures.read("conv2d 6 2 groups=2")
    outputs, _, _ = build(architecture, tf.constant(images), tf.constant(False))
    kernel, bias = tf.global_variables()
    halves = [
        tf.nn.conv2d(images[..., :2], kernel[..., :3], 1, "VALID"),
        tf.nn.conv2d(images[..., 2:], kernel[..., 3:], 1, "VALID"),
    ]
    assert kernel.shape.as_list() == [2, 2, 2, 6] and bias.shape.as_list() == [6]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found, wanted = session.run([outputs, tf.concat(halves, 3)])
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "text, units, activation, is_output",
    [
        ("dense 3 softmax", 3, "softmax", False),
        ("dense 3, softmax", 3, "softmax", False),
        ("dense 3, activation sigmoid", 3, "sigmoid", False),
        ("dense 1", 1, "linear", True),
        ("dense 2 relu, dropout .1", 2, "linear", True),
        ("dense 2, leakyrelu", 2, "linear", True),
        ("dense 4 tanh, reshape 2 2", None, "linear", True),
    ],
)
def test_the_end_of_a_network(text, units, activation, is_output, graph):
    architecture = architectures.read(text)
    outputs, logits, name = build(architecture, tf.placeholder(tf.float32, [None, 5]), is_training_ph())
    assert (outputs is logits) == is_output
    assert name == activation
    assert architectures.output_of(architecture) == (units, activation)


def test_logits_go_into_the_last_activation():
    built = Built("conv")
    outputs, logits = built.run([built.outputs, built.logits])
    np.testing.assert_allclose(outputs, 1 / (1 + np.exp(-logits)), rtol=1e-5)


def test_dropout_drops_its_share_in_training_only():
    ones = np.ones((50, 40))
    dropped = result("dropout .25", ones, is_training=True)
    assert set(np.unique(dropped)) == {0.0, np.float32(1 / 0.75)}
    assert abs(np.mean(dropped == 0) - 0.25) < 0.03
    np.testing.assert_array_equal(result("dropout .25", ones), ones)
    np.testing.assert_array_equal(result("dropout 1", ones, is_training=True), 0 * ones)


def test_what_is_dropped_depends_on_seeds_and_layer():
    ones = np.ones((50, 40))
    dropped = result("dropout .5", ones, is_training=True)
    np.testing.assert_array_equal(dropped, result("dropout .5", ones, is_training=True))
    for text, seed in (("dropout .5", 1), ("dropout .5 seed=3", 0), ("dropout .5 name=other", 0)):
        assert np.mean(dropped == result(text, ones, True, seed)) < 0.6


def test_dropout_with_a_noise_shape_drops_whole_columns(graph):
    layer = {"class_name": "Dropout", "config": {"rate": 0.5, "noise_shape": [1, None]}}
    outputs = of_layers([layer], tf.ones([20, 40]), tf.constant(True))
    tf.train.get_or_create_global_step()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        dropped = session.run(outputs)
    assert (dropped == dropped[:1]).all()
    assert {0.0, 2.0} == set(dropped[0])


def test_layers_enter_themselves_and_their_variables(graph):
    build(network("batch_norm"), tf.placeholder(tf.float32, [None, 5, 6, 2]), is_training_ph())
    found = [(layer.name, layer.kind, layer.output.shape.as_list()) for layer in layers_of(graph)]
    assert found[:2] == [
        ("conv2d", "Conv2D", [None, 3, 4, 4]),
        ("batch_normalization", "BatchNormalization", [None, 3, 4, 4]),
    ]
    assert len(found) == 7
    norm = "batch_normalization"
    names = [variable.op.name for variable in tf.global_variables() if variable.op.name.startswith(f"{norm}/")]
    assert names == [f"{norm}/{name}" for name in ("gamma", "beta", "moving_mean", "moving_variance")]


def test_frozen_layers_are_not_trained(graph):
    build(network("frozen"), tf.placeholder(tf.float32, [None, 3]), is_training_ph())
    assert [variable.op.name for variable in tf.trainable_variables()] == ["dense_1/kernel", "dense_1/bias"]
    assert tf.get_collection(tf.GraphKeys.UPDATE_OPS) == []


# ----------------------------------------------------------------------------- errors


def of_layers(layers, inputs, is_training=None):
    """The output of a list of layers as Keras's JSON has them."""
    text = json.dumps({"class_name": "Sequential", "config": {"layers": layers}})
    is_training = is_training_ph() if is_training is None else is_training
    return build(architectures.from_json(text, "x.json"), inputs, is_training)[0]


@pytest.mark.parametrize(
    "text, shape, message",
    [
        ("conv2d 4 3", [10], "'conv2d' (Conv2D): gets inputs of shape [B, 10], wants images [B, H, W, C]"),
        ("conv2d 4 3", [2, 9, 1], "[B, 2, 9, 1], wants images of at least 3 x 3 pixels: they have shrunk too far"),
        ("conv2d 4 2 dilation_rate=3", [3, 9, 1], "wants images of at least 4 x 4 pixels"),
        ("conv2d 4 2 2 dilation_rate=2", [9, 9, 1], "strides and dilation_rate are both above 1"),
        ("conv2d 4 2 groups=2", [9, 9, 3], "wants channels (C) and filters (4) that 2 groups divide"),
        ("separableconv2d 4 3 2x1", [9, 9, 1], "strides=(2, 1), expected the same for rows and columns"),
        ("dense 4, flatten, maxpooling2d 2", [9], "'max_pooling2d' (MaxPooling2D): gets inputs of shape [B, 4]"),
        ("averagepooling2d 4", [9, 3, 1], "[B, 9, 3, 1], wants images of at least 4 x 4 pixels"),
        ("globalmaxpooling2d", [9], "'global_max_pooling2d' (GlobalMaxPooling2D): gets inputs of shape [B, 9], wants"),
        ("reshape 2 3", [7], "[B, 7], wants 6 values for target_shape=[2, 3], or a multiple if it has a -1"),
        ("reshape 4 -1", [7], "wants 4 values for target_shape=[4, -1], or a multiple if it has a -1"),
        ("reshape 2 3", [12], "wants 6 values for target_shape=[2, 3]"),
        ("flatten", [None, 3], "[B, ?, 3], wants every size but the batch's known"),
        ("dense 3", [None], "[B, ?], wants [B, ..., D], D known"),
        ("batchnormalization axis=1", [4, 3], "axis=1, expected -1: only the last axis is supported"),
        ("softmax axis=1", [4, 3], "axis=1, expected -1: only the last axis is supported"),
        ("dense 2000000000", [9], "its kernel of shape [9, 2000000000] has more than 2,147,483,647 values"),
    ],
)
def test_what_does_not_fit_is_told_with_layer_and_shape(text, shape, message, graph):
    with pytest.raises(UserError) as error:
        build(architectures.read(text), tf.placeholder(tf.float32, [None, *shape]), is_training_ph())
    assert message in str(error.value)


def test_a_noise_shape_that_does_not_fit(graph):
    layer = {"class_name": "Dropout", "config": {"rate": 0.5, "noise_shape": [None, 3]}}
    with pytest.raises(UserError, match=r"\[B, 4\], wants a shape that noise_shape=\[None, 3\] fits"):
        of_layers([layer], tf.placeholder(tf.float32, [None, 4]))
