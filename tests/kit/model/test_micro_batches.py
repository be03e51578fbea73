"""The gradients of a batch's micro-batches, against those of the whole batch and against NumPy."""

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.model.batch_norm import batch_norm
from kit.model.dropout import dropout
from kit.model.micro_batches import MicroBatches, joined
from kit.model.optimizers import OPTIMIZERS, make_optimizer
from tf_layers import (
    j_batch_norm_layer,
    j_conv_layer,
    j_deconv_layer,
    j_dropout_layer,
    j_fc_layer,
    j_flatten_layer,
    j_global_avg_pool_layer,
    j_logits,
    j_upsample_layer,
)

M, ROWS = 4, 3  # a batch of 12
BATCH = M * ROWS


def examples(count=BATCH, columns=5):
    random = np.random.default_rng(4)
    return random.normal(size=(count, columns)).astype(np.float32), np.arange(count) % 3


def softmax_loss(logits, labels):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))


def sigmoid_loss(logits, labels):
    targets = tf.cast(labels[:, None] > 0, tf.float32)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=targets, logits=logits[:, :1]))


def squared_loss(logits, labels):
    return tf.reduce_mean(tf.square(logits[:, :1] - tf.cast(labels[:, None], tf.float32)))


def dense(inputs, is_training):
    return j_logits(j_fc_layer(inputs, 7, "hidden", "tanh", l2=0.01), 3)


def convolutions(inputs, is_training):
    images = tf.reshape(inputs, [-1, 5, 1, 1])
    return j_logits(j_flatten_layer(j_conv_layer(images, 4, "conv")), 3)


def frozen_and_larger(inputs, is_training):
    """Frozen layers, and layers that make images larger, of a size that the graph doesn't know."""
    images = tf.reshape(inputs, [-1, tf.shape(inputs)[1], 1, 1])  # [B, ?, 1, 1]
    images = j_conv_layer(images, 4, "conv", trainable=False)
    images = j_batch_norm_layer(images, is_training, "norm", trainable=False)
    images = j_upsample_layer(j_deconv_layer(images, 4, "deconv"), "upsample", method="bilinear")
    return j_logits(j_global_avg_pool_layer(images, "mean"), 3)


def own_operations(inputs, is_training):
    """What a student may write: a cond, a py_function, a gather and layers of tf.nn."""
    weights = tf.get_variable("weights", [5, 6], initializer=tf.initializers.truncated_normal(seed=1))
    table = tf.get_variable("table", [4, 6], initializer=tf.initializers.truncated_normal(seed=2))
    places = tf.cast(inputs[:, 0] > 0, tf.int64)
    hidden = tf.nn.leaky_relu(tf.matmul(inputs, weights)) + tf.gather(table, places)
    hidden = tf.cond(is_training, lambda: 2.0 * hidden, lambda: hidden)
    hidden.set_shape([None, 6])
    shift = tf.py_function(lambda values: np.float32(0.5), [inputs[0]], tf.float32)
    hidden = tf.nn.l2_normalize(hidden + tf.reshape(tf.stop_gradient(shift), []), axis=1)
    return j_logits(hidden, 3)


def in_a_loop(inputs, is_training):
    return j_logits(tf.map_fn(lambda row: 2.0 * row, inputs), 3)


def trained(network, loss_of, count, micro_batches, steps=1, optimizer="sgd", options=()):
    """Trains a network for some steps: (the first step's loss, logits, gradients and the variables after the last)."""
    values, numbers = examples(count)
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        if micro_batches > 1:
            MicroBatches(micro_batches, ROWS)
        inputs, labels = tf.placeholder(tf.float32, [None, 5]), tf.placeholder(tf.int64, [None])
        is_training = tf.placeholder_with_default(False, [])
        logits = joined(network(inputs, is_training))
        loss = loss_of(logits, labels) + tf.losses.get_regularization_loss()
        settings = TrainingSettings(optimizer=optimizer, optimizer_options=options)
        made = make_optimizer(settings, 0.1)
        gradients = [tf.convert_to_tensor(each) for each, _ in made.compute_gradients(loss)]
        with tf.control_dependencies(graph.get_collection(tf.GraphKeys.UPDATE_OPS)):
            train_op = made.minimize(loss, tf.train.get_or_create_global_step())
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            feed = {inputs: values, labels: numbers, is_training: True}
            first = session.run([loss, logits, gradients], feed)
            for _ in range(steps):
                session.run(train_op, feed)
            return *first, {each.op.name: session.run(each) for each in tf.global_variables()}


@pytest.mark.parametrize(
    ("network", "count"),
    [
        *((dense, count) for count in (11, 2, 14)),  # short ones, and one that is too long
        *(pytest.param(dense, count, marks=pytest.mark.long) for count in (BATCH, 7)),
        *((network, 10) for network in (convolutions, frozen_and_larger, own_operations)),
    ],
)
def test_micro_batches_have_the_gradients_of_the_batch(network, count):
    whole, divided = (trained(network, softmax_loss, count, parts) for parts in (1, M))
    np.testing.assert_allclose(divided[0], whole[0], rtol=1e-5)
    np.testing.assert_allclose(divided[1], whole[1], rtol=1e-4, atol=1e-6)
    assert len(whole[2]) >= 4 and any(np.abs(each).max() > 0.01 for each in whole[2])
    for ours, theirs in zip(divided[2], whole[2]):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("loss_of", [sigmoid_loss, squared_loss])
def test_a_single_output_and_regression(loss_of):
    whole, divided = (trained(dense, loss_of, 10, parts) for parts in (1, M))
    for ours, theirs in zip(divided[2], whole[2]):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    "optimizer",
    [pytest.param(name, marks=[] if name in ("momentum", "adam") else pytest.mark.long) for name in OPTIMIZERS],
)
def test_each_optimizer_takes_them(optimizer):
    whole, divided = (trained(dense, softmax_loss, 10, parts, 3, optimizer)[3] for parts in (1, M))
    assert whole.keys() == divided.keys()
    assert np.abs(divided["hidden/biases"]).max() > 1e-5  # they were 0
    for name, value in whole.items():
        np.testing.assert_allclose(divided[name], value, rtol=1e-2, atol=1e-4, err_msg=name)


# ----------------------------------------------------------------------------- batch normalisation, by hand


def normalised_by_hand(values, weights, upstream):
    """The gradient of sum(upstream * normalised(values @ weights)) for the weights, float64, and the mean, variance."""
    hidden = values @ weights
    mean, variance = hidden.mean(axis=0), hidden.var(axis=0)
    deviation = np.sqrt(variance + 1e-3)
    normal = (hidden - mean) / deviation
    of_hidden = (upstream - upstream.mean(axis=0) - normal * (upstream * normal).mean(axis=0)) / deviation
    return normal, values.T @ of_hidden, mean, variance


@pytest.mark.parametrize("count", [BATCH, 11, 8, 5])
def test_batch_normalisation_sees_micro_batches_and_its_averages_the_batch(graph, count):
    values, _ = examples(count)
    targets = np.random.default_rng(5).normal(size=(count, 2)).astype(np.float32)
    start = np.random.default_rng(6).normal(size=(5, 2)).astype(np.float32)
    MicroBatches(M, ROWS)
    inputs, targets_ph = tf.placeholder(tf.float32, [None, 5]), tf.placeholder(tf.float32, [None, 2])
    is_training = tf.placeholder_with_default(False, [])
    weights = tf.get_variable("weights", initializer=start)
    averages = [tf.get_variable(name, [2], trainable=False) for name in ("mean", "variance")]
    outputs = joined(batch_norm(tf.matmul(inputs, weights), is_training, *averages, None, None, 0.0, 1e-3))
    loss = tf.reduce_mean(tf.square(outputs - targets_ph))
    (gradient, _), *_ = make_optimizer(TrainingSettings(optimizer="sgd"), 0.1).compute_gradients(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        feed = {inputs: values, targets_ph: targets, is_training: True}
        found, found_outputs = session.run([gradient, outputs], feed)
        session.run(tf.get_collection(tf.GraphKeys.UPDATE_OPS), feed)
        mean, variance = session.run(averages)
    expected, expected_mean, expected_variance = np.zeros((5, 2)), np.zeros(2), np.zeros(2)
    for begin in range(0, count, ROWS):  # the last may have fewer rows
        part = slice(begin, min(begin + ROWS, count))
        rows = values[part].astype(float)
        normal = normalised_by_hand(rows, start, np.zeros((len(rows), 2)))[0]
        np.testing.assert_allclose(found_outputs[part], normal, rtol=1e-3, atol=1e-4)
        upstream = 2 * (normal - targets[part]) / (2 * count)
        _, of_weights, of_mean, of_variance = normalised_by_hand(rows, start, upstream)
        expected += of_weights
        expected_mean += len(rows) / count * of_mean
        expected_variance += len(rows) / count * of_variance
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(mean, expected_mean, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(variance, expected_variance, rtol=1e-4, atol=1e-6)


def test_in_evaluation_micro_batches_change_nothing():
    def network(inputs, is_training):
        hidden = j_batch_norm_layer(j_fc_layer(inputs, 7, "hidden"), tf.constant(False), "norm")
        return j_logits(j_dropout_layer(hidden, 0.5, tf.constant(False), "dropout"), 3)

    whole, divided = (trained(network, softmax_loss, 11, parts) for parts in (1, M))
    np.testing.assert_allclose(divided[1], whole[1], rtol=1e-4, atol=1e-6)


# ----------------------------------------------------------------------------- dropout


def test_each_micro_batch_drops_others_whichever_process_computes_it():
    def masks(first, own):
        with tf.Graph().as_default(), tf.Session() as session:
            tf.set_random_seed(1)
            MicroBatches(M, ROWS, first, own, lambda packed, key: tf.tile(packed, [M // own, 1]))
            inputs = tf.placeholder(tf.float32, [None, 40])
            kept = joined(dropout(inputs, 0.5, tf.constant(True), "a", tf.constant(0, tf.int64)))
            return session.run(kept, {inputs: np.ones((own * ROWS, 40))}).reshape(M, ROWS, 40)[:own]

    together = masks(0, M)
    for number, mask in enumerate(together):
        np.testing.assert_array_equal(masks(number, 1)[0], mask)
        for other in together[:number]:
            assert 0.3 < np.mean(mask != other) < 0.7


# ----------------------------------------------------------------------------- what can't be divided


def test_a_loss_of_a_layer_is_refused(graph):
    MicroBatches(M, ROWS)
    inputs, labels = tf.placeholder(tf.float32, [None, 5]), tf.placeholder(tf.int64, [None])
    hidden = j_fc_layer(inputs, 7, "hidden")
    loss = softmax_loss(joined(j_logits(hidden, 3)), labels) + tf.reduce_mean(hidden)
    with pytest.raises(UserError, match="the loss is computed from a layer of the network") as caught:
        make_optimizer(TrainingSettings(), 0.1).minimize(loss)
    assert "leave out --micro_batches" in str(caught.value)


def test_a_loop_is_refused(graph):
    MicroBatches(M, ROWS)
    with pytest.raises(UserError, match="the network has a loop") as caught:
        joined(in_a_loop(tf.placeholder(tf.float32, [None, 5]), None))
    assert "Leave out --micro_batches" in str(caught.value)
