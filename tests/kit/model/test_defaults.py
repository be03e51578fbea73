"""What the settings of a training leave open: filled in, and what contradicts itself refused, before data is read."""

import pytest

from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.model.defaults import fill_defaults
from kit.model.optimizers import OPTIMIZERS, falls_at_the_end, first_rate

TABLE = {"labels": "y.tabular"}
TWO = "dense 4 elu, dense 1 sigmoid"


def filled(**given):
    return fill_defaults(TrainingSettings(**given), set(given))


# ----------------------------------------------------------------------------- what is left open


@pytest.mark.parametrize(
    ("given", "network"),
    [
        ({}, "cnn"),
        (TABLE, "simple_fc"),
        ({"label_column": "kind"}, "simple_fc"),
        ({**TABLE, "network": "my_network"}, "my_network"),
    ],
)
def test_the_network_that_is_taken(given, network):
    assert filled(**given).network == network


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
    given = {} if architecture is None else {"architecture": architecture}
    assert filled(**TABLE, **given).loss == loss
    assert filled(**TABLE, **given, loss="hinge").loss == "hinge"


@pytest.mark.parametrize(
    ("given", "rate"),
    [
        ({"optimizer": "rmsprop"}, "images"),
        ({"optimizer": "rmsprop", **TABLE}, 0.001),  # Keras's
        ({"optimizer": "rmsprop", "architecture": TWO}, 0.001),
        ({"optimizer": "sgd", **TABLE}, 0.01),
        ({"optimizer": "sgd", **TABLE, "learning_rate": 0.5}, 0.5),
    ],
)
def test_the_first_learning_rate(given, rate):
    expected = OPTIMIZERS["rmsprop"].images_rate if rate == "images" else rate
    assert first_rate(filled(**given)) == expected


@pytest.mark.parametrize(
    ("given", "falls"),
    [
        ({}, True),
        ({"optimizer": "sgd"}, True),
        ({"decay": 1.0}, False),  # also a run of 1.0, resumed
        ({"reduce_on_plateau": 2}, False),
        (TABLE, False),  # Keras's
        ({"architecture": TWO}, False),
    ],
)
def test_the_learning_rate_falls_at_the_end(given, falls):
    assert falls_at_the_end(filled(**given)) == falls


# ----------------------------------------------------------------------------- contradictions


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"network": "cnn", "architecture": TWO}, "--network and --architecture: two networks."),
        ({**TABLE, "validation": 0.3, "folds": 3}, "--validation and --folds: two ways to hold out rows."),
        ({**TABLE, "fold": 2}, "--fold needs --folds."),
        ({**TABLE, "folds": 3, "fold": 9}, "--fold 9: there are only 3 --folds."),
        ({"reduce_factor": 0.5}, "--reduce_factor needs --reduce_on_plateau."),
        ({"write_architecture": "a.json"}, "--write_architecture needs --architecture."),
        ({"write_architecture": "a.json", "resume": True}, "--write_architecture needs --architecture."),
        (
            {"patience": 3, "validation": 0.0},
            "--patience needs validation data, and --validation 0 keeps none.",
        ),
        ({"reduce_on_plateau": 3, "validation": 0.0}, "--reduce_on_plateau needs validation data"),
        ({"folds": 3}, "--folds is only for tables; for a table, give --labels or --label_column."),
        ({"columns": ("1",)}, "--columns is only for tables"),
        ({"without_columns": ("1",)}, "--without_columns is only for tables"),
        ({"scale": "standard"}, "--scale is only for tables"),
        ({"header": "yes"}, "--header is only for tables"),
        ({"stratified": True}, "--stratified is only for tables"),
        ({"fill_missing": True}, "--fill_missing is only for tables"),
        ({**TABLE, "skip_bad": True}, "--skip_bad is only for images."),
        ({"optimizer_options": ("momentum=0.9",)}, "--optimizer_options: adam has no option 'momentum'"),
        (
            {"architecture": "dense 1 sigmoid", "loss": "kl_divergence"},
            "--loss kl_divergence expects one output per class",
        ),
        ({"architecture": "dense 3 elu", "loss": "softmax_cross_entropy"}, "but the network ends in elu"),
        ({"architecture": "dense 1 softmax"}, "softmax of a single unit"),
        ({"architecture": "dens 1"}, "'dens' is no layer"),
    ],
)
def test_contradictions_are_refused(given, told):
    with pytest.raises(UserError) as error:
        filled(**given)
    assert told in str(error.value)


@pytest.mark.parametrize(
    "given",
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
def test_what_goes_together_is_taken(given):
    settings = filled(**given)
    assert {name: getattr(settings, name) for name in given} == given


def test_an_empty_architecture_is_told():
    with pytest.raises(UserError, match="--architecture is empty"):
        filled(architecture=" ")
