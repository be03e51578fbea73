"""Networks of --architecture: their end against the data's classes, and the JSON that is written."""

import json

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.model.architecture_network import build_architecture, write_architecture
from kit.model.keras import architectures

TWO = "dense 4 elu, dense 1 sigmoid"


def build(text, columns, num_classes, rows=None):
    """(outputs of a network as its logits and head give them, logits, Head), of random weights."""
    architecture = architectures.with_input_shape(architectures.read(text), (columns,))
    inputs = tf.placeholder(tf.float32, [None, columns])
    logits, head = build_architecture(architecture, inputs, num_classes, tf.constant(False))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(logits, {inputs: np.ones([2, columns]) if rows is None else rows}), head


def test_the_head_of_a_network(graph):
    logits, head = build("dense 3, activation softmax", 4, 3)
    assert logits.shape == (2, 3) and head[:2] == ("softmax", 3)
    with tf.Session() as session:
        np.testing.assert_allclose(session.run(head.apply(tf.constant(logits))).sum(axis=1), 1, rtol=1e-6)


def test_a_single_output_of_two_classes_becomes_two_logits(graph):
    logits, head = build(TWO, 4, 2)
    assert logits.shape == (2, 2) and head[:2] == ("sigmoid", 1)
    np.testing.assert_array_equal(logits[:, 0], 0)
    assert np.abs(logits[:, 1]).min() > 0


def test_a_value(graph):
    logits, head = build("dense 1", 4, 0)
    assert logits.shape == (2, 1) and head[:2] == ("linear", 1)


@pytest.mark.parametrize(
    ("text", "num_classes", "told"),
    [
        (
            "dense 3 softmax",
            2,
            "outputs of shape (?, 3), and the labels are 2 classes.\n  End it with a dense layer of 1 or 2.",
        ),
        (
            "dense 1 sigmoid",
            3,
            "outputs of shape (?, 1), and the labels are 3 classes.\n  End it with a dense layer of 3.",
        ),
        (
            "dense 1 sigmoid",
            52,
            "the labels are 52 classes.\n  End it with a dense layer of 52.\n"
            "  For values instead of classes: --loss mean_squared_error, and a network that ends in dense 1.",
        ),
        ("dense 2", 0, "outputs of shape (?, 2), and the labels are values.\n  End it with a dense layer of 1."),
        (
            "reshape 2 2 1, dense 1 sigmoid",
            2,
            "outputs of shape (?, 2, 2, 1), and the labels are 2 classes.\n  End it with flatten and a dense layer of "
            "1 or 2: without flatten, each place of the image or the row has outputs of its own.",
        ),
    ],
)
def test_an_end_that_does_not_fit_is_refused(graph, text, num_classes, told):
    with pytest.raises(UserError) as error:
        build(text, 4, num_classes)
    assert str(error.value).startswith("--architecture: the network ends in ") and told in str(error.value)


def test_an_architecture_is_written_as_keras_s_json(tmp_path, capsys):
    path = tmp_path / "net.json"
    write_architecture(TrainingSettings(architecture=TWO, write_architecture=str(path)))
    assert [layer["config"]["units"] for layer in json.loads(path.read_text())["config"]["layers"]] == [4, 1]
    assert architectures.read(path).layers == architectures.read(TWO).layers
    one = TrainingSettings(architecture="dense 1", write_architecture=str(tmp_path / "one.json"))
    write_architecture(one)
    printed = capsys.readouterr().out
    assert f"Wrote {path}: 2 layers" in printed and "one.json: 1 layer\n" in printed
    assert f"--architecture {path}" in printed
    with pytest.raises(UserError, match="this file exists already"):
        write_architecture(TrainingSettings(architecture=TWO, write_architecture=str(path)))
    with pytest.raises(UserError, match=r"a\.json: cannot write: File name too long\.\n  Choose a shorter name"):
        write_architecture(TrainingSettings(architecture=TWO, write_architecture=str(tmp_path / f"{'a' * 300}.json")))
    with pytest.raises(UserError, match=r"expected a name that ends in \.json"):
        write_architecture(TrainingSettings(architecture=TWO, write_architecture="net.txt"))
