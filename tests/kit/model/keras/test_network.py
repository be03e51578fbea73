"""Networks of Keras's layers in the kit's graph: their ends, what is random, what is trained, and every error."""

import json

import numpy as np
import pytest
from support.keras_process import keras_answers

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.model.activations import ACTIVATIONS
from kit.model.keras import architectures
from kit.model.keras.classes import INITIALIZERS
from kit.model.keras.network import build
from kit.model.keras.reading import from_json
from kit.model.layer_registry import layers_of, weights_of
from kit.model.optimizers import OPTIMIZERS, make_optimizer

NOT_KERAS_3 = "hard_sigmoid_of_keras_2"
GRID = np.concatenate([np.linspace(-30, 30, 121), [-3.0, -1e-6, 0.0, 1e-6, 3.0]]).astype(np.float32).reshape(-1, 6)
IN_KERAS = """
for name in given["activations"]:
    answers[str(name)] = keras.activations.get(str(name))(given["grid"])
import json
for name, described in json.loads(str(given["spreads"])).items():
    keras.utils.set_random_seed(1)
    values = keras.initializers.get(described)(tuple(given["shape"]))
    answers[f"spread {name}"] = np.array([np.mean(values), np.std(values), np.min(values), np.max(values)])
"""


SHAPE = (300, 200)  # of a kernel
SPREADS = {
    "constant": {"class_name": "Constant", "config": {"value": 0.3}},
    "normal": {"class_name": "RandomNormal", "config": {"mean": 0.1, "stddev": 0.2}},
    "truncated": {"class_name": "TruncatedNormal", "config": {"mean": -0.1, "stddev": 0.2}},
    "uniform": {"class_name": "RandomUniform", "config": {"minval": -0.3, "maxval": 0.1}},
    "untruncated": {"class_name": "VarianceScaling", "config": {"scale": 3.0, "distribution": "untruncated_normal"}},
    "fan_out": {"class_name": "VarianceScaling", "config": {"mode": "fan_out", "distribution": "uniform"}},
    "orthogonal": {"class_name": "Orthogonal", "config": {"gain": 2.0}},
    **{
        name: {"class_name": name, "config": {}}
        for name in INITIALIZERS
        if name not in ("Orthogonal", "Identity", "Constant")
    },
}


def inputs_of(shape, examples=7):
    return np.random.default_rng(0).normal(size=(examples, *shape)).astype(np.float32)


def is_training_ph():
    return tf.placeholder_with_default(False, [], "is_training")


@pytest.fixture(scope="module")
def in_keras():
    names = [name for name in ACTIVATIONS if name != NOT_KERAS_3]
    return keras_answers(IN_KERAS, activations=names, grid=GRID, spreads=json.dumps(SPREADS), shape=SHAPE)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != NOT_KERAS_3])
def test_an_activation_is_keras_s(name, in_keras, graph):
    with tf.Session() as session:
        values = session.run(ACTIVATIONS[name](tf.constant(GRID)))
    np.testing.assert_allclose(values, in_keras[name], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", SPREADS)
def test_an_initialiser_spreads_as_keras_s(name, in_keras, graph):
    tf.set_random_seed(0)
    layer = {"class_name": "Dense", "config": {"units": SHAPE[1], "kernel_initializer": SPREADS[name]}}
    of_layers([layer], tf.zeros([1, SHAPE[0]]))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        values = session.run(tf.trainable_variables()[0])
    mean, deviation, least, most = in_keras[f"spread {name}"]
    size = max(deviation, abs(mean), 1e-12)
    assert abs(values.mean() - mean) < 0.05 * size
    assert abs(values.std() - deviation) < 0.05 * size
    assert abs(values.min() - least) < 1.5 * size  # extremes of a normal distribution differ from draw to draw
    assert abs(values.max() - most) < 1.5 * size


def test_hard_sigmoid_of_keras_2_is_steeper(graph):
    values = tf.constant([-3.0, -2.5, 0.0, 1.0, 2.5])
    with tf.Session() as session:
        found = session.run(ACTIVATIONS[NOT_KERAS_3](values))
    np.testing.assert_allclose(found, [0.0, 0.0, 0.5, 0.7, 1.0], atol=1e-6)


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
    kernel, bias = tf.trainable_variables()
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
        ("dense 4 tanh, reshape 2 2", None, "tanh", False),
    ],
)
def test_the_end_of_a_network(text, units, activation, is_output, graph):
    architecture = architectures.read(text)
    outputs, logits, name = build(architecture, tf.placeholder(tf.float32, [None, 5]), is_training_ph())
    assert (outputs is logits) == is_output
    assert name == activation
    assert architectures.output_of(architecture) == (units, activation)


def test_logits_go_into_the_last_activation(graph):
    outputs, logits, _ = build(architectures.read("dense 3 sigmoid"), tf.constant(inputs_of((4,))), is_training_ph())
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        outputs, logits = session.run([outputs, logits])
    assert np.ptp(logits) > 0.1
    np.testing.assert_allclose(outputs, 1 / (1 + np.exp(-logits)), rtol=1e-5)


@pytest.mark.parametrize(
    "text", ["dense 4 softmax, flatten", "dense 4 softmax, reshape 4", "dense 4, softmax, flatten"]
)
def test_layers_that_only_pass_on_come_after_the_end(text, graph):
    outputs, logits, name = build(architectures.read(text), tf.constant(inputs_of((5,))), is_training_ph())
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        outputs, logits = session.run([outputs, logits])
    assert name == "softmax" and logits.sum(axis=1).std() > 0.1
    np.testing.assert_allclose(outputs.sum(axis=1), 1, rtol=1e-5)


def test_a_softmax_whose_axis_is_reshaped_away_is_refused(graph):
    with pytest.raises(UserError, match="comes after the last softmax, and changes the axis that it goes over"):
        build(architectures.read("dense 4 softmax, flatten"), tf.constant(inputs_of((5, 3))), is_training_ph())


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


def test_what_is_drawn_depends_on_the_step_and_on_nothing_hidden():
    """So a resumed training draws what it would have drawn."""
    text = "gaussiannoise .5, gaussiandropout .2, alphadropout .2, reshape 4 5, spatialdropout1d .3, lstm 3 dropout=.4"
    values = inputs_of((20,))

    def drawn(step):
        with tf.Graph().as_default():
            tf.set_random_seed(1)
            outputs, _, _ = build(architectures.read(text), tf.constant(values), tf.constant(True))
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                tf.train.get_global_step().load(step, session)
                return session.run(outputs), session.run(outputs)

    first, again = drawn(3)
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first, drawn(3)[0])
    assert np.abs(first - drawn(4)[0]).min(axis=0).max() > 1e-4


def test_first_weights_depend_on_seed_and_name_not_on_what_else_is_in_the_graph():
    def first(more):
        with tf.Graph().as_default():
            tf.set_random_seed(4)
            for number in range(more):
                tf.random.uniform([number + 1])
            tf.placeholder(tf.float32, [], "dense")  # another node of the layer's name
            build(architectures.read("dense 3, reshape 3 1, gru 2"), tf.constant(inputs_of((5,))), is_training_ph())
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                return {variable.op.name: session.run(variable) for variable in tf.trainable_variables()}

    one, other = first(0), first(3)
    assert list(one) == [
        "dense/kernel",
        "dense/bias",
        *(f"gru/gru_cell/{w}" for w in ("kernel", "recurrent_kernel", "bias")),
    ]
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name])


def test_layers_enter_themselves_and_their_variables(graph):
    network = architectures.read("conv2d 4 3, batchnormalization, flatten, dense 2")
    build(network, tf.placeholder(tf.float32, [None, 5, 6, 2]), is_training_ph())
    found = [(layer.name, layer.kind, layer.output.shape.as_list()) for layer in layers_of(graph)]
    assert found[:2] == [
        ("conv2d", "Conv2D", [None, 3, 4, 4]),
        ("batch_normalization", "BatchNormalization", [None, 3, 4, 4]),
    ]
    assert len(found) == 4
    norm = "batch_normalization"
    names = [variable.op.name for variable in tf.global_variables() if variable.op.name.startswith(f"{norm}/")]
    assert names == [f"{norm}/{name}" for name in ("gamma", "beta", "moving_mean", "moving_variance")]


def test_an_optimiser_s_variables_are_no_weights(graph):
    _, logits, _ = build(
        architectures.read("reshape 4 1, lstm 3"), tf.placeholder(tf.float32, [None, 4]), is_training_ph()
    )
    weights = weights_of(graph)
    tf.train.AdamOptimizer().minimize(tf.reduce_mean(logits))
    assert weights_of(graph) == weights and len(weights) == 3


def test_frozen_layers_are_not_trained(graph):
    network = architectures.read("dense 4 trainable=false, batchnormalization trainable=false, dense 2")
    build(network, tf.placeholder(tf.float32, [None, 3]), is_training_ph())
    assert [variable.op.name for variable in tf.trainable_variables()] == ["dense_1/kernel", "dense_1/bias"]
    assert tf.get_collection(tf.GraphKeys.UPDATE_OPS) == []


def test_a_constraint_holds_after_a_step(graph):
    given = {"units": 3, "kernel_constraint": {"class_name": "NonNeg", "config": {}}}
    outputs = of_layers([{"class_name": "Dense", "config": given}], tf.ones([2, 4]))
    step = tf.train.AdamOptimizer(1.0).minimize(tf.reduce_sum(outputs))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(step)
        assert session.run(tf.trainable_variables()[0]).min() == 0.0


@pytest.mark.parametrize(("found", "is_index"), [(3.0, True), (3.5, False), (9.0, False), (-1.0, False)])
def test_an_embedding_takes_indices_only(found, is_index, graph):
    outputs, _, _ = build(architectures.read("embedding 9 2, flatten"), tf.constant([[1.0, found]]), is_training_ph())
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        if is_index:
            assert session.run(outputs).shape == (1, 4)
            return
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=r"layer embedding \(Embedding\) takes whole numbers from 0 to 8"
        ):
            session.run(outputs)


# ----------------------------------------------------------------------------- errors


def of_layers(layers, inputs, is_training=None):
    """The output of a list of layers as Keras's JSON has them."""
    text = json.dumps({"class_name": "Sequential", "config": {"layers": layers}})
    is_training = is_training_ph() if is_training is None else is_training
    return build(from_json(text, "x.json"), inputs, is_training)[0]


@pytest.mark.parametrize(
    "text, shape, message",
    [
        ("conv2d 4 3", [10], "'conv2d' (Conv2D): gets inputs of shape [B, 10]: "),
        ("conv2d 4 3", [2, 9, 1], "'conv2d' (Conv2D): gets inputs of shape [B, 2, 9, 1]: "),
        (
            "conv2d 4 2 2 dilation_rate=2",
            [9, 9, 1],
            "(Conv2D): `strides > 1` not supported in conjunction with",
        ),
        ("conv2d 4 2 groups=2", [9, 9, 3], "'conv2d' (Conv2D): gets inputs of shape [B, 9, 9, 3]: "),
        (
            "separableconv2d 4 3 2x1",
            [9, 9, 1],
            "strides=[2, 1], expected the same for rows and columns",
        ),
        ("dense 4, flatten, maxpooling2d 2", [9], "'max_pooling2d' (MaxPooling2D): gets inputs of shape [B, 4]: "),
        ("globalmaxpooling2d", [9], "'global_max_pooling2d' (GlobalMaxPooling2D): gets inputs of shape [B, 9]: "),
        ("reshape 2 3", [7], "'reshape' (Reshape): gets inputs of shape [B, 7]: "),
        ("dense 3", [None], "'dense' (Dense): gets inputs of shape [B, ?]: "),
        ("lstm 3", [7], "'lstm' (LSTM): gets inputs of shape [B, 7]: "),
        ("dense 2000000000", [9], "its kernel of shape [9, 2000000000] has more than 2,147,483,647 values"),
        ("dense -3", [9], "layer (Dense): units=-3, expected a whole number, 1 or more"),
        ("dense 3 size=4", [9], "'dense' (Dense): size=4: not supported; its options are units, activation, use_bias"),
        ("dropout 1.5", [9], "layer (Dropout): rate=1.5, expected a number from 0 to 1, such as 0.3 for 30%."),
    ],
)
def test_what_does_not_fit_is_told_with_layer_and_shape(text, shape, message, graph):
    with pytest.raises(UserError) as error:
        build(architectures.read(text), tf.placeholder(tf.float32, [None, *shape]), is_training_ph())
    assert message in str(error.value)


def test_a_row_fills_an_input_of_more_axes(graph, capsys):
    text = json.dumps(
        {
            "class_name": "Sequential",
            "config": {
                "layers": [
                    {"class_name": "InputLayer", "config": {"batch_input_shape": [None, None, 5]}},
                    {"class_name": "GlobalMaxPooling1D", "config": {}},
                ]
            },
        }
    )
    network = architectures.with_input_shape(from_json(text, "x.json"), (15,))
    rows = inputs_of((15,))
    outputs, _, _ = build(network, tf.constant(rows), is_training_ph())
    with tf.Session() as session:
        np.testing.assert_array_equal(session.run(outputs), rows.reshape(-1, 3, 5).max(axis=1))
    assert "A row's 15 values fill the network's input [3, 5], in order." in capsys.readouterr().out


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimiser_trains_the_library_s_variables(name, graph):
    """They are resource variables, where the kit's own layers have another kind; embeddings have dense gradients."""
    network = architectures.read("embedding 9 3, flatten, dense 2")
    _, logits, _ = build(network, tf.constant([[1.0, 3.0]] * 4), is_training_ph())
    loss = tf.reduce_mean(tf.square(logits - 1.0))
    optimizer = make_optimizer(TrainingSettings(optimizer=name, architecture="x"), 0.01)
    step = optimizer.minimize(loss, tf.train.get_global_step())
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        before = session.run(loss)
        for _ in range(3):
            session.run(step)
        assert session.run(loss) < before
