"""The command that trains a run again means the same settings."""

import dataclasses
import shlex
from types import SimpleNamespace

import pytest

from kit.cli.flags import read_command_line
from kit.cli.settings import TrainingSettings
from kit.model.defaults import fill_defaults
from kit.runs.commands import training_command

TABLE = ["--data", "my table.tabular", "--labels", "y.tabular", "--batch_size", "4"]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--network", "cnn_regularized", "--validation", "0.4", "--seed", "7", "--micro_batches", "2"],
        [*TABLE, "--scale", "standard", "--stratified", "--optimizer_options", "beta_1=0.8", "amsgrad=true"],
        [*TABLE, "--architecture", "dense 16 elu, dense 1 sigmoid l1=0.01", "--folds", "5", "--fold", "2"],
        [*TABLE, "--columns", "3-20", "dose $", "--learning_rate", "1e-05", "--decay", "0.9", "--input", "memory"],
    ],
    ids=lambda words: " ".join(words) or "defaults",
)
def test_the_same_settings(words):
    def settings_of(arguments):
        settings, given = read_command_line(TrainingSettings, None, arguments=arguments)
        return fill_defaults(settings, given)

    settings = settings_of(words)
    command = training_command(SimpleNamespace(settings=settings, name="mine"))
    assert command.split()[1].endswith("training.py")
    again = settings_of(shlex.split(command)[2:])
    assert again == dataclasses.replace(settings, run="mine")
