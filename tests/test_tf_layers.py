"""Every layer against NumPy loops and numbers worked out by hand, and every error that a layer tells."""

import math

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.model.layer_registry import layers_of
from tf_layers import (
    ACTIVATIONS,
    LayerError,
    j_avg_pool_layer,
    j_batch_norm_layer,
    j_conv_layer,
    j_dropout_layer,
    j_fc_layer,
    j_flatten_layer,
    j_global_avg_pool_layer,
    j_logits,
    j_max_pool_layer,
)

EPSILON = 1e-3  # of batch normalisation, by default
IMAGES = [None, 8, 8, 3]

ACTIVATIONS_IN_NUMPY = {
    "linear": lambda x: x,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
    "relu": lambda x: np.where(x > 0, x, 0),
    "elu": lambda x: np.where(x > 0, x, np.exp(x) - 1),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True),
}

# One layer of each kind, given its name, its inputs and is_training.
ONE_OF_EACH = {
    "conv": lambda name, images, is_training: j_conv_layer(images, 4, name, l2=0.1),
    "fc": lambda name, rows, is_training: j_fc_layer(rows, 4, name, l2=0.1),
    "batch norm": lambda name, images, is_training: j_batch_norm_layer(images, is_training, name),
    "max pool": lambda name, images, is_training: j_max_pool_layer(images, name),
    "avg pool": lambda name, images, is_training: j_avg_pool_layer(images, name),
    "global avg pool": lambda name, images, is_training: j_global_avg_pool_layer(images, name),
    "flatten": lambda name, images, is_training: j_flatten_layer(images, name),
    "dropout": lambda name, images, is_training: j_dropout_layer(images, 0.5, is_training, name),
}


def numbers(*shape, seed=0):
    """Normally distributed float32, the same every time."""
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def images_ph(shape=IMAGES):
    """A placeholder for images."""
    return tf.placeholder(tf.float32, shape, "images")


def inputs_of(kind, dtype="float32"):
    """A placeholder for what a layer of this kind takes."""
    return tf.placeholder(dtype, [None, 5] if kind == "fc" else IMAGES)


def is_training_ph():
    """The placeholder that the scripts have."""
    return tf.placeholder_with_default(False, [], "is_training")


def begin(session, **variables):
    """Initialises the variables; those named, to the value given ('/' written '__')."""
    session.run(tf.global_variables_initializer())
    by_name = {variable.op.name: variable for variable in tf.global_variables()}
    for name, value in variables.items():
        by_name[name.replace("__", "/")].load(value, session)


def result(outputs, feed=None, **variables):
    """A tensor's value in a new session."""
    with tf.Session() as session:
        begin(session, **variables)
        return session.run(outputs, feed)


def windows(images, size, strides, padding, outside=0.0):
    """What a kernel or a pool sees at each place: [B, H, W, C] -> [B, H_out, W_out, size, size, C]."""
    if padding == "SAME":
        frame = [(0, 0)]
        for side in images.shape[1:3]:
            missing = max((math.ceil(side / strides) - 1) * strides + size - side, 0)
            frame.append((missing // 2, missing - missing // 2))  # an odd one goes to the bottom and the right
        images = np.pad(images, [*frame, (0, 0)], constant_values=outside)
    rows, columns = ([first * strides for first in range((side - size) // strides + 1)] for side in images.shape[1:3])
    seen = [[images[:, row : row + size, column : column + size] for column in columns] for row in rows]
    return np.array(seen).transpose(2, 0, 1, 3, 4, 5)


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


# ----------------------------------------------------------------------------- dropout


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


# ----------------------------------------------------------------------------- batch normalisation


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


# ----------------------------------------------------------------------------- the graph


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_a_layer_is_one_name_scope(graph, kind):
    images, is_training = inputs_of(kind), is_training_ph()
    tf.train.get_or_create_global_step()  # the graph's, not dropout's
    before = set(graph.get_operations())
    ONE_OF_EACH[kind]("some_layer", images, is_training)
    added = [operation.name for operation in graph.get_operations() if operation not in before]
    assert added and all(name.startswith("some_layer/") for name in added)


def test_layers_are_listed_in_order(graph):
    is_training = is_training_ph()
    built = []
    for number, (kind, make) in enumerate(ONE_OF_EACH.items()):
        built.append((f"layer{number}", kind, make(f"layer{number}", inputs_of(kind), is_training)))
    assert [(layer.name, layer.kind) for layer in layers_of(graph)] == [(name, kind) for name, kind, _ in built]
    assert all(layer.output is output for layer, (_, _, output) in zip(layers_of(graph), built))


def test_logits_are_listed_as_fc(graph):
    logits = j_logits(tf.zeros([1, 4]), 2)
    assert [(layer.name, layer.kind, layer.output) for layer in layers_of(graph)] == [("logits", "fc", logits)]


def test_each_graph_has_its_own_layers(graph):
    j_flatten_layer(images_ph())
    with tf.Graph().as_default() as other:
        j_max_pool_layer(images_ph(), "pool")
        j_flatten_layer(images_ph())
    assert [layer.name for layer in layers_of(graph)] == ["flatten"]
    assert [layer.name for layer in layers_of(other)] == ["pool", "flatten"]


def test_layers_in_two_scopes_may_share_a_name(graph):
    for scope in ("left", "right"):
        with tf.variable_scope(scope):
            j_conv_layer(images_ph(), 2, "conv")
    assert [layer.name for layer in layers_of(graph)] == ["left/conv", "right/conv"]
    assert [variable.op.name for variable in tf.trainable_variables()] == [
        "left/conv/weights",
        "left/conv/biases",
        "right/conv/weights",
        "right/conv/biases",
    ]


# ----------------------------------------------------------------------------- errors


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_name_taken(graph, kind):
    j_flatten_layer(images_ph(), "twice")
    with pytest.raises(LayerError, match=r"layer 'twice': got a name that another layer .* wants a name of its own"):
        ONE_OF_EACH[kind]("twice", inputs_of(kind), is_training_ph())
    assert len(layers_of(graph)) == 1


@pytest.mark.parametrize("layer", [j_max_pool_layer, j_avg_pool_layer, j_global_avg_pool_layer])
def test_images_wanted_rows_given(graph, layer):
    with pytest.raises(LayerError, match=r"layer 'here': got \[\?, 5\], wants images \[B, H, W, C\]"):
        layer(tf.placeholder(tf.float32, [None, 5]), "here")


def test_conv_wants_images(graph):
    with pytest.raises(LayerError, match=r"layer 'here': got \[2, 5\], wants images \[B, H, W, C\]"):
        j_conv_layer(tf.zeros([2, 5]), 4, "here")


@pytest.mark.parametrize("layer", [j_fc_layer, j_logits])
def test_fc_wants_rows(graph, layer):
    with pytest.raises(LayerError, match=r"layer 'here': got \[\?, 8, 8, 3\], wants rows \[B, D\].*j_flatten_layer"):
        layer(images_ph(), 4, "here")


def test_unknown_rank(graph):
    with pytest.raises(LayerError, match=r"layer 'here': got a tensor of unknown shape, wants images \[B, H, W, C\]"):
        j_conv_layer(tf.placeholder(tf.float32), 4, "here")


def test_unknown_channels(graph):
    with pytest.raises(LayerError, match=r"'here': got \[\?, 8, 8, \?\], wants images .* the last size known"):
        j_conv_layer(images_ph([None, 8, 8, None]), 4, "here")
    with pytest.raises(LayerError, match=r"'here': got \[\?, \?\], wants rows .* the last size known"):
        j_fc_layer(tf.placeholder(tf.float32, [None, None]), 4, "here")


def test_batch_norm_unknown_channels(graph):
    with pytest.raises(LayerError, match=r"'here': got \[\?, 8, 8, \?\], wants .*C"):
        j_batch_norm_layer(images_ph([None, 8, 8, None]), is_training_ph(), "here")


@pytest.mark.parametrize("dtype", ["uint8", "float64"])
@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_input_of_another_type(graph, kind, dtype):
    with pytest.raises(LayerError, match=f"layer 'here': got dtype {dtype}, wants float32; cast"):
        ONE_OF_EACH[kind]("here", inputs_of(kind, dtype), is_training_ph())


@pytest.mark.parametrize("given", [None, [[1.0, 2.0]], "images"])
@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_input_is_no_tensor(graph, kind, given):
    with pytest.raises(LayerError) as error:
        ONE_OF_EACH[kind]("here", given, is_training_ph())
    assert str(error.value).startswith(f"layer 'here': got inputs of type {type(given).__name__}, wants a tensor")


@pytest.mark.parametrize("activation", ["Relu", "swish", "", None])
def test_unknown_activation(graph, activation):
    got = f"layer 'here': got activation={activation!r}, wants one of linear, sigmoid, tanh, relu, elu, softmax"
    with pytest.raises(LayerError, match=got):
        j_conv_layer(images_ph(), 4, "here", activation=activation)
    with pytest.raises(LayerError, match=got):
        j_fc_layer(tf.zeros([1, 2]), 4, "here", activation=activation)


@pytest.mark.parametrize("padding", ["same", "FULL", 1])
def test_unknown_padding(graph, padding):
    got = f"layer 'here': got padding={padding!r}, wants one of SAME, VALID"
    with pytest.raises(LayerError, match=got):
        j_conv_layer(images_ph(), 4, "here", padding=padding)
    with pytest.raises(LayerError, match=got):
        j_avg_pool_layer(images_ph(), "here", padding=padding)


@pytest.mark.parametrize("count", [0, -1, 2.0, "3", True, (3, 3)])
@pytest.mark.parametrize("argument", ["filters", "kernel_size", "strides", "pool_size", "pool strides", "units"])
def test_counts_that_count_nothing(graph, argument, count):
    makers = {
        "filters": lambda: j_conv_layer(images_ph(), count, "here"),
        "kernel_size": lambda: j_conv_layer(images_ph(), 4, "here", kernel_size=count),
        "strides": lambda: j_conv_layer(images_ph(), 4, "here", strides=count),
        "pool_size": lambda: j_max_pool_layer(images_ph(), "here", pool_size=count, strides=2),
        "pool strides": lambda: j_avg_pool_layer(images_ph(), "here", strides=count),
        "units": lambda: j_fc_layer(tf.zeros([1, 2]), count, "here"),
    }
    with pytest.raises(LayerError) as error:
        makers[argument]()
    assert f"layer 'here': got {argument.split()[-1]}={count!r}, wants a whole number, 1 or more" in str(error.value)


def test_logits_error_names_its_own_argument(graph):
    with pytest.raises(LayerError, match="layer 'logits': got num_classes=0, wants a whole number, 1 or more"):
        j_logits(tf.zeros([1, 2]), 0)


@pytest.mark.parametrize("size", [(4, 9), (9, 4)])
def test_window_larger_than_the_image(graph, size):
    inputs = images_ph([None, *size, 3])
    got = rf"layer 'here': got \[\?, {size[0]}, {size[1]}, 3\], wants an image of at least 5 x 5 .*padding='SAME'"
    with pytest.raises(LayerError, match=got):
        j_conv_layer(inputs, 4, "here", kernel_size=5, padding="VALID")
    with pytest.raises(LayerError, match=got):
        j_max_pool_layer(inputs, "here", pool_size=5)
    with pytest.raises(LayerError, match=got):
        j_avg_pool_layer(inputs, "here", pool_size=5)
    assert j_conv_layer(inputs, 4, "same", kernel_size=5).shape.as_list() == [None, *size, 4]
    assert j_max_pool_layer(inputs, "just", pool_size=4).shape.as_list()[1:3] == [size[0] // 4, size[1] // 4]


@pytest.mark.parametrize("shape", [[None, None, 8, 3], [None, 8, None, 3], [None, 8, 8, None]])
def test_flatten_of_unknown_size(graph, shape):
    text = r"\[" + ", ".join(r"\?" if size is None else str(size) for size in shape) + r"\]"
    with pytest.raises(LayerError, match=f"'here': got {text}, wants every size .* known; .*j_global_avg_pool_layer"):
        j_flatten_layer(images_ph(shape), "here")


@pytest.mark.parametrize("is_training", [True, None, 1, "int tensor"])
def test_is_training_is_no_bool_tensor(graph, is_training):
    given = tf.constant(1) if is_training == "int tensor" else is_training
    for make in (
        lambda: j_dropout_layer(images_ph(), 0.5, given, "here"),
        lambda: j_batch_norm_layer(images_ph(), given, "here"),
    ):
        with pytest.raises(LayerError) as error:
            make()
        assert str(error.value).startswith(f"layer 'here': got is_training={given!r}, wants the placeholder")


def test_is_training_is_no_scalar(graph):
    with pytest.raises(LayerError, match=r"layer 'here': got is_training=.*, wants .*bool tensor"):
        j_dropout_layer(images_ph(), 0.5, tf.constant([True]), "here")


@pytest.mark.parametrize("rate", [-0.1, 1, 1.5, 30, float("nan")])
def test_rate_out_of_range(graph, rate):
    with pytest.raises(LayerError, match=f"layer 'here': got rate={rate!r}, wants a number, at least 0 and below 1"):
        j_dropout_layer(images_ph(), rate, is_training_ph(), "here")


@pytest.mark.parametrize("rate", [None, "0.5"])
def test_rate_is_no_number(graph, rate):
    with pytest.raises(LayerError, match=f"layer 'here': got rate={rate!r}, wants a number, at least 0 and below 1"):
        j_dropout_layer(images_ph(), rate, is_training_ph(), "here")


@pytest.mark.parametrize("l2", [-0.1, "0.1"])
def test_l2_out_of_range(graph, l2):
    with pytest.raises(LayerError, match=f"layer 'here': got l2={l2!r}, wants"):
        j_conv_layer(images_ph(), 4, "here", l2=l2)


@pytest.mark.parametrize("momentum", [-0.1, 1.5])
def test_momentum_out_of_range(graph, momentum):
    with pytest.raises(LayerError, match=f"layer 'here': got momentum={momentum!r}, wants"):
        j_batch_norm_layer(images_ph(), is_training_ph(), "here", momentum=momentum)


def test_dropout_takes_rows_as_well_as_images(graph):
    outputs = j_dropout_layer(tf.ones([10, 100]), 0.5, tf.constant(True), "dropout")
    assert 400 < np.count_nonzero(result(outputs)) < 600


def test_no_name(graph):
    with pytest.raises(LayerError, match="layer ''"):
        j_conv_layer(images_ph(), 4, "")


def test_name_taken_by_another_operation(graph):
    inputs = images_ph()  # so the layer's operations would be images_1/..., and its variables images/...
    with pytest.raises(LayerError, match="layer 'images': got a name"):
        j_conv_layer(inputs, 4, "images")
