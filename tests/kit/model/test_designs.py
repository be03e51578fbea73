"""What the settings of a training leave open: filled in, and what contradicts itself refused, before data is read."""

import json

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.model import designs
from kit.model.keras import architectures
from kit.model.optimizers import OPTIMIZERS, first_rate

TABLE = {"labels": "y.tabular"}
TWO = "dense 4 elu, dense 1 sigmoid"


def completed(**typed):
    return designs.completed(TrainingSettings(**typed), set(typed))


# ----------------------------------------------------------------------------- what is left open


@pytest.mark.parametrize(
    ("typed", "network"),
    [
        ({}, "cnn"),
        (TABLE, "simple_fc"),
        ({"label_column": "kind"}, "simple_fc"),
        ({**TABLE, "network": "my_network"}, "my_network"),
    ],
)
def test_the_network_that_is_taken(typed, network):
    assert completed(**typed).network == network


@pytest.mark.parametrize(
    ("architecture", "loss"),
    [
        (None, "softmax_cross_entropy"),
        ("dense 1 sigmoid", "binary_crossentropy"),
        ("dense 3, activation softmax", "categorical_crossentropy"),
        ("dense 3, softmax", "categorical_crossentropy"),
        ("dense 1", "mean_squared_error"),
        ("dense 3", "softmax_cross_entropy"),
        ("dense 4 elu, dense 1 relu", "mean_squared_error"),
    ],
)
def test_the_loss_that_suits_the_end(architecture, loss):
    typed = {} if architecture is None else {"architecture": architecture}
    assert completed(**TABLE, **typed).loss == loss
    assert completed(**TABLE, **typed, loss="hinge").loss == "hinge"


@pytest.mark.parametrize(
    ("typed", "rate"),
    [
        ({"optimizer": "rmsprop"}, "images"),
        ({"optimizer": "rmsprop", **TABLE}, 0.001),  # Keras's
        ({"optimizer": "rmsprop", "architecture": TWO}, 0.001),
        ({"optimizer": "sgd", **TABLE}, 0.01),
        ({"optimizer": "sgd", **TABLE, "learning_rate": 0.5}, 0.5),
    ],
)
def test_the_first_learning_rate(typed, rate):
    expected = OPTIMIZERS["rmsprop"].images_rate if rate == "images" else rate
    assert first_rate(completed(**typed)) == expected


# ----------------------------------------------------------------------------- contradictions


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"network": "cnn", "architecture": TWO}, "--network and --architecture: two networks."),
        ({**TABLE, "validation": 0.3, "folds": 3}, "--validation and --folds: two ways to hold rows back."),
        ({**TABLE, "fold": 2}, "--fold: of use with --folds alone, which is missing."),
        ({**TABLE, "folds": 3, "fold": 9}, "--fold 9: there are only 3 --folds."),
        ({"reduce_factor": 0.5}, "--reduce_factor: of use with --reduce_on_plateau alone"),
        ({"initial_weights": "a.h5"}, "--initial_weights: of use with --architecture alone"),
        ({"write_architecture": "a.json"}, "--write_architecture: of use with --architecture alone"),
        ({"write_architecture": "a.json", "resume": True}, "--write_architecture: of use with --architecture alone"),
        (
            {"patience": 3, "validation": 0.0},
            "--patience: looks at the validation data, and --validation 0 keeps none.",
        ),
        ({"reduce_on_plateau": 3, "validation": 0.0}, "--reduce_on_plateau: looks at the validation data"),
        ({"folds": 3}, "--folds: for a table, whose labels are named with --labels or --label_column."),
        ({"columns": ("1",)}, "--columns: for a table"),
        ({"without_columns": ("1",)}, "--without_columns: for a table"),
        ({"scale": "standard"}, "--scale: for a table"),
        ({"header": "yes"}, "--header: for a table"),
        ({"stratified": True}, "--stratified: for a table"),
        ({"fill_missing": True}, "--fill_missing: for a table"),
        ({**TABLE, "skip_bad": True}, "--skip_bad: for images."),
        ({"optimizer_options": ("momentum=0.9",)}, "--optimizer_options: adam has no option 'momentum'"),
        ({"architecture": TWO, "initial_weights": "no.h5"}, "--initial_weights no.h5: there is no such file."),
        (
            {"architecture": "dense 1 sigmoid", "loss": "kl_divergence"},
            "--loss kl_divergence expects one output a class",
        ),
        ({"architecture": "dense 3 elu", "loss": "softmax_cross_entropy"}, "and the network ends in elu"),
        ({"architecture": "dense 1 softmax"}, "softmax of a single unit"),
        ({"architecture": "dens 1"}, "'dens' is no layer"),
    ],
)
def test_contradictions_are_refused(typed, told):
    with pytest.raises(UserError) as error:
        completed(**typed)
    assert told in str(error.value)


@pytest.mark.parametrize(
    "typed",
    [
        {**TABLE, "folds": 3, "patience": 2},
        {**TABLE, "folds": 3, "fold": 3, "stratified": True},
        {"resume": True, "validation": 0.0, "patience": 3},  # a resumed run has its own settings
        {"resume": True, "scale": "standard"},
        {"architecture": "dense 1", "loss": "mae"},
        {"architecture": "dense 3 softmax", "loss": "kld"},
        {"architecture": "conv2d 8 3"},  # its units aren't known; the error comes with the data
    ],
)
def test_what_goes_together_is_taken(typed):
    settings = completed(**typed)
    assert {name: getattr(settings, name) for name in typed} == typed


# ----------------------------------------------------------------------------- Keras's architectures


def build(text, columns, num_classes, rows=None):
    """(outputs of a network as its logits and head give them, logits, Head), of random weights."""
    architecture = architectures.with_input_shape(architectures.read(text), (columns,))
    inputs = tf.placeholder(tf.float32, [None, columns])
    logits, head = designs.build_architecture(architecture, inputs, num_classes, tf.constant(False))
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
        ("dense 2", 0, "outputs of shape (?, 2), and the labels are values.\n  End it with a dense layer of 1."),
        ("reshape 2 2 1", 4, "outputs of shape (?, 2, 2, 1), and the labels are 4 classes."),
    ],
)
def test_an_end_that_does_not_fit_is_refused(graph, text, num_classes, told):
    with pytest.raises(UserError) as error:
        build(text, 4, num_classes)
    assert str(error.value).startswith("--architecture: the network ends in ") and told in str(error.value)


def test_an_architecture_is_written_as_keras_s_json(tmp_path, capsys):
    path = tmp_path / "net.json"
    designs.write_architecture(completed(architecture=TWO, write_architecture=str(path)))
    assert [layer["config"]["units"] for layer in json.loads(path.read_text())["config"]["layers"]] == [4, 1]
    assert architectures.read(path).layers == architectures.read(TWO).layers
    assert f"Wrote {path}: 2 layers" in capsys.readouterr().out
    with pytest.raises(UserError, match="there is such a file already"):
        designs.write_architecture(completed(architecture=TWO, write_architecture=str(path)))
    with pytest.raises(UserError, match=r"expected a name that ends in \.json"):
        designs.write_architecture(completed(architecture=TWO, write_architecture="net.txt"))


def test_an_empty_architecture_is_told():
    with pytest.raises(UserError, match="--architecture is empty"):
        completed(architecture=" ")
