"""The table of layers, and which variables are weights."""

import kit.tensorflow1 as tf
from kit.model.layer_registry import say_layers, weights_of
from tf_layers import j_batch_norm_layer, j_conv_layer, j_flatten_layer, j_logits

NORMS = 2 * 4  # a scale and a shift for each channel
CONV, LOGITS = 3 * 3 * 3 * 4 + 4, 8 * 8 * 4 * 2 + 2


def build(trainable):
    x = j_conv_layer(tf.placeholder(tf.float32, [None, 8, 8, 3]), 4, "conv1", trainable=trainable)
    x = j_batch_norm_layer(x, tf.constant(False), "norm1", trainable=trainable)
    loss = tf.reduce_sum(j_logits(j_flatten_layer(x), 2)) * tf.get_variable("own", initializer=1.0)
    tf.train.AdamOptimizer().minimize(loss, tf.train.get_or_create_global_step())  # has variables of its own


def table(graph, capsys):
    say_layers(graph)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    return {words[0]: [word for word in words[1:] if word.replace(",", "").isdigit()] for words in lines if words}


def test_the_numbers_of_parameters(graph, capsys):
    build(trainable=True)
    found = table(graph, capsys)
    assert found["conv1"][-1:] == [f"{CONV}"] and found["norm1"][-1:] == [f"{NORMS}"]
    assert found["total"] == [f"{CONV + NORMS + LOGITS + 1}"]


def test_of_frozen_layers_the_trained_parameters_are_told_too(graph, capsys):
    build(trainable=False)
    found = table(graph, capsys)
    assert found["conv1"][-2:] == [f"{CONV}", "0"] and found["logits"][-2:] == [f"{LOGITS}", f"{LOGITS}"]
    assert found["total"] == [f"{CONV + NORMS + LOGITS + 1}", f"{LOGITS + 1}"]


def test_weights_are_those_of_frozen_layers_too_but_no_averages(graph):
    build(trainable=False)
    layers = ["conv1/weights", "conv1/biases", "norm1/scale", "norm1/shift", "logits/weights", "logits/biases"]
    assert [variable.op.name for variable in weights_of(graph)] == [*layers, "own"]
