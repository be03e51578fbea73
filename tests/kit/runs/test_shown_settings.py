"""The settings in report.html and TensorBoard: those that had an effect, and the learning rate that was used."""

import pytest

from kit.cli.settings import TrainingSettings
from kit.runs.run_folder import Run
from kit.runs.shown_settings import settings_that_apply, shown_settings

TABLE = {"data": "X.tabular", "labels": "y.tabular"}


def shown(**flags):
    return shown_settings(Run("runs/mine", TrainingSettings(**flags)))


@pytest.mark.parametrize(
    ("flags", "left_out"),
    [
        ({**TABLE, "architecture": "dense 1 sigmoid"}, {"network", "architecture", "encoding", "skip_bad"}),
        ({**TABLE, "network": "simple_fc"}, {"encoding", "skip_bad"}),
        ({**TABLE, "folds": 3, "fold": 1}, {"validation", "encoding", "skip_bad"}),
        ({"data": "reads.fasta"}, {"scale", "header", "skip_bad"}),
        ({}, {"scale", "header", "decimal", "encoding", "folds"}),
    ],
)
def test_settings_without_effect_are_left_out(flags, left_out):
    found = shown(**flags)
    assert not left_out & set(found) and "reduce_factor" not in found
    kept = {"network", "validation", "skip_bad", "scale", "encoding", "epochs"} - left_out
    assert kept <= set(found)


def test_the_factor_of_a_plateau_is_shown_where_there_is_one():
    assert shown(reduce_on_plateau=3)["reduce_factor"] == 0.1


@pytest.mark.parametrize(
    ("flags", "rate"),
    [
        ({**TABLE, "architecture": "dense 1 sigmoid", "optimizer": "rmsprop"}, 0.001),  # Keras's default
        ({**TABLE, "optimizer": "sgd"}, 0.01),
        ({**TABLE, "learning_rate": 0.00005}, 0.00005),
    ],
)
def test_the_learning_rate_is_the_one_that_was_used(flags, rate):
    assert shown(**flags)["learning_rate"] == rate


ALWAYS = ["data", "input", "epochs", "batch_size", "micro_batches", "optimizer", "seed", "precision", "deterministic"]
OF_TABLES = {
    "labels": "y.tabular",
    "header": "auto",
    "decimal": "auto",
    "scale": "none",
    "transpose": False,
    "fill_missing": False,
    "stratified": False,
}


@pytest.mark.parametrize(
    ("settings", "also"),
    [
        ({}, ["skip_bad", "validation", "network"]),
        ({"loss": "hinge", "patience": 3}, ["skip_bad", "validation", "network", "loss", "patience"]),
        ({"reduce_on_plateau": 2}, ["skip_bad", "validation", "network", "reduce_on_plateau", "reduce_factor"]),
        ({"architecture": "dense 2"}, ["skip_bad", "validation", "architecture"]),
        ({"run": "a", "resume": True, "explain_time": True}, ["skip_bad", "validation", "network"]),
        (OF_TABLES, [*OF_TABLES, "validation", "network"]),
        (
            {**OF_TABLES, "columns": ("1-3",), "folds": 5, "fold": 2},
            [*OF_TABLES, "columns", "folds", "fold", "network"],
        ),
    ],
)
def test_the_settings_that_apply(settings, also):
    names = settings_that_apply(TrainingSettings(**settings))
    assert sorted(names) == sorted([*ALWAYS, "learning_rate", *also])
