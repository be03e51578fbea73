"""The settings in report.html: those that had an effect, and the learning rate that was used."""

import pytest

from kit.cli.settings import TrainingSettings
from kit.runs.run_folder import Run
from kit.runs.shown_settings import shown_settings

TABLE = {"data": "X.tabular", "labels": "y.tabular"}


def shown(**flags):
    return shown_settings(Run("runs/mine", TrainingSettings(**flags)))


@pytest.mark.parametrize(
    ("flags", "left_out"),
    [
        ({**TABLE, "architecture": "dense 1 sigmoid"}, {"network", "architecture", "encoding", "skip_bad"}),
        ({**TABLE, "network": "simple_fc"}, {"encoding", "skip_bad"}),
        ({**TABLE, "folds": 3, "fold": 1}, {"validation", "encoding", "skip_bad"}),
        ({"data": "reads.fasta"}, {"scale", "header", "decimal", "skip_bad"}),
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
