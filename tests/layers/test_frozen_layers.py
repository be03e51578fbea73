"""Layers with trainable=False: the optimiser leaves their weights alone. Batch normalisation against Keras's."""

import numpy as np
import pytest
from support.keras_process import keras_answers
from support.layers import begin, images_ph, inputs_of, is_training_ph, numbers, result

import kit.tensorflow1 as tf
from tf_layers import (
    LayerError,
    j_batch_norm_layer,
    j_conv_layer,
    j_deconv_layer,
    j_fc_layer,
    j_flatten_layer,
    j_logits,
)

WITH_WEIGHTS = {  # {kind: a layer of it, given its name, its inputs, is_training and trainable}
    "conv": lambda name, images, is_training, trainable: j_conv_layer(images, 3, name, l2=0.1, trainable=trainable),
    "deconv": lambda name, images, is_training, trainable: j_deconv_layer(images, 3, name, l2=0.1, trainable=trainable),
    "fc": lambda name, rows, is_training, trainable: j_fc_layer(rows, 4, name, l2=0.1, trainable=trainable),
    "logits": lambda name, rows, is_training, trainable: j_logits(rows, 4, name, trainable=trainable),
    "batch norm": lambda name, images, is_training, trainable: j_batch_norm_layer(
        images, is_training, name, trainable=trainable
    ),
}


def inputs_for(kind):
    return inputs_of("fc" if kind == "logits" else kind)


@pytest.mark.parametrize("kind", WITH_WEIGHTS)
def test_steps_leave_a_frozen_layer_as_it_is_to_the_last_bit(graph, kind):
    is_training, inputs = is_training_ph(), inputs_for(kind)
    sizes = [6, *inputs.shape.as_list()[1:]]
    outputs = WITH_WEIGHTS[kind]("frozen", inputs, is_training, False)
    if outputs.shape.ndims == 4:
        outputs = j_flatten_layer(outputs)
    loss = tf.reduce_mean(tf.square(j_logits(outputs, 2) - 1)) + tf.losses.get_regularization_loss()
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = tf.train.AdamOptimizer(0.1).minimize(loss)
    frozen = tf.global_variables("frozen/")
    assert len(frozen) == (4 if kind == "batch norm" else 2)
    learning = tf.trainable_variables()
    assert [variable.op.name for variable in learning] == ["logits/weights", "logits/biases"]
    with tf.Session() as session:
        begin(session)
        before, learnt_before = session.run([frozen, learning])
        for step in range(3):
            session.run(train_op, {inputs: numbers(*sizes, seed=step) * 3 + 1, is_training: True})
        after, learnt_after = session.run([frozen, learning])
    for old, new in zip(before, after):
        np.testing.assert_array_equal(old, new)
    assert all((old != new).any() for old, new in zip(learnt_before, learnt_after))


@pytest.mark.parametrize("kind", WITH_WEIGHTS)
def test_a_frozen_layer_starts_and_answers_as_one_that_learns(graph, kind):
    batch = numbers(*[6, *inputs_for(kind).shape.as_list()[1:]])
    answers = []
    for trainable in (True, False):
        with tf.Graph().as_default():
            tf.set_random_seed(1)
            inputs = inputs_for(kind)
            answers.append(result(WITH_WEIGHTS[kind]("layer", inputs, is_training_ph(), trainable), {inputs: batch}))
    np.testing.assert_array_equal(*answers)


def test_l2_of_a_frozen_layer_adds_nothing(graph):
    for kind in ("conv", "deconv", "fc"):
        WITH_WEIGHTS[kind](kind, inputs_for(kind), None, False)
    assert not tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)


def test_what_comes_before_a_frozen_layer_still_learns(graph):
    first = j_conv_layer(images_ph(), 3, "first")
    second = j_deconv_layer(j_conv_layer(first, 3, "second", trainable=False), 3, "third", trainable=False)
    outputs = j_batch_norm_layer(second, is_training_ph(), "fourth", trainable=False)
    assert all(gradient is not None for gradient in tf.gradients(outputs, tf.trainable_variables("first/")))


BATCH_NORM = {"scale": [3, 0.5], "shift": [1, -1], "moving_mean": [1, -2], "moving_variance": [4, 0.25]}
IN_KERAS = """
layer = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-3)
layer.build(given["batch"].shape)
layer.set_weights([given[name] for name in ("scale", "shift", "moving_mean", "moving_variance")])
layer.trainable = False
inputs = tf.Variable(given["batch"])
with tf.GradientTape() as tape:
    outputs = layer(inputs, training=True)
    loss = tf.reduce_sum(tf.square(outputs))
answers["outputs"], answers["gradient"] = outputs, tape.gradient(loss, inputs)
answers.update({f"after {i}": values for i, values in enumerate(layer.get_weights())})
"""


def test_frozen_batch_norm_in_training_is_keras_s(graph):
    batch = numbers(6, 3, 4, 2) * [2, 5] + [10, -3]
    in_keras = keras_answers(IN_KERAS, batch=batch.astype(np.float32), **BATCH_NORM)
    inputs, is_training = images_ph([None, 3, 4, 2]), is_training_ph()
    outputs = j_batch_norm_layer(inputs, is_training, "n", trainable=False)
    gradient = tf.gradients(tf.reduce_sum(tf.square(outputs)), inputs)[0]
    assert not tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.Session() as session:
        begin(session, **{f"n__{name}": values for name, values in BATCH_NORM.items()})
        got, got_gradient = session.run([outputs, gradient], {inputs: batch, is_training: True})
        after = session.run(tf.global_variables())
    np.testing.assert_allclose(got, in_keras["outputs"], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(got_gradient, in_keras["gradient"], rtol=1e-4, atol=1e-4)
    for i, values in enumerate(after):
        np.testing.assert_array_equal(values, in_keras[f"after {i}"])


@pytest.mark.parametrize("trainable", ["no", None, 2])
@pytest.mark.parametrize("kind", WITH_WEIGHTS)
def test_trainable_is_neither_true_nor_false(graph, kind, trainable):
    with pytest.raises(LayerError) as error:
        WITH_WEIGHTS[kind]("here", inputs_for(kind), is_training_ph(), trainable)
    assert str(error.value) == f"layer 'here': got trainable={trainable!r}, wants one of True, False."
