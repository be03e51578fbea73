"""The command that trains a run again means the same settings."""

import dataclasses
import shlex
from types import SimpleNamespace

import pytest

from kit.cli.flags import read_command_line
from kit.cli.settings import TrainingSettings
from kit.model.defaults import fill_defaults
from kit.runs.commands import training_command
from kit.runs.cross_validation import folds_of
from kit.runs.learning_curve import shares_of

TABLE = ["--data", "my table.tabular", "--labels", "y.tabular", "--batch_size", "4"]


def settings_of(arguments):
    settings, given = read_command_line(TrainingSettings, None, arguments=arguments)
    return fill_defaults(settings, given)


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
    settings = settings_of(words)
    command = training_command(SimpleNamespace(settings=settings, name="mine"))
    assert command.split()[1].endswith("training.py")
    again = settings_of(shlex.split(command)[2:])
    assert again == dataclasses.replace(settings, run="mine")


ARCHITECTURE = ["--architecture", "dense 16 elu, dense 1 sigmoid"]


@pytest.mark.parametrize(
    ("words", "members_of"),
    [
        (["--folds", "5", "--repeats", "2"], folds_of),
        (["--folds", "3", "--search", "4", "--search_space", "batch_size=4,8"], folds_of),
        (["--learning_curve", "3", "--validation", "0.3"], shares_of),
        (["--learning_curve", "2", "--folds", "3"], shares_of),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else each.__name__,
)
def test_a_member_of_a_whole_is_trained_alone(words, members_of):
    """Its command is one that training.py takes, and means the settings of the member."""
    for name, settings in members_of("whole", settings_of([*TABLE, *ARCHITECTURE, *words])).items():
        again = settings_of(shlex.split(training_command(SimpleNamespace(settings=settings, name=name)))[2:])
        of_whole = {"repeats": None, "learning_curve": None, "search": None, "search_space": ()}
        assert again == dataclasses.replace(settings, run=name, **of_whole)
