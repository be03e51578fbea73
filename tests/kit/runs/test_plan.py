"""Which runs a command line asks for, and what is printed once they are trained."""

import sys
import time
from types import SimpleNamespace

import pytest

from kit.cli.errors import UserError
from kit.data.data_spec import ImageSpec
from kit.runs.evaluation_plan import plan_evaluation
from kit.runs.plan import TrainingPlan

NETWORKS = ("cnn", "simple_fc")
TABLE = ("--data", "X.csv", "--labels", "y.csv")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def plan(monkeypatch):
    """A function: the TrainingPlan of some words on training.py's command line."""

    def plan_of(*words):
        monkeypatch.setattr(sys, "argv", ["training.py", *map(str, words)])
        return TrainingPlan("Trains.\n", NETWORKS)

    return plan_of


@pytest.fixture
def evaluation(monkeypatch):
    """A function: plan_evaluation for some words on evaluating.py's command line."""

    def plan_of(*words):
        monkeypatch.setattr(sys, "argv", ["evaluating.py", *map(str, words)])
        return plan_evaluation("Evaluates.\n", NETWORKS)

    return plan_of


def begin(run, num_validation=2):
    """Begins a run, as a training does before its first step; gives it back."""
    run.begin(SimpleNamespace(path="dataset.csv", spec=ImageSpec((32, 32), ("square", "triangle"), 8, num_validation)))
    run.write_config()
    return run


def names(plan):
    return [run.name for run in plan.runs]


# ----------------------------------------------------------------------------- new runs


def test_a_named_run(plan):
    (run,) = plan("--run", "mine", "--epochs", 3).runs
    assert (run.name, run.is_resumed) == ("mine", False)
    assert (run.settings.run, run.settings.epochs, run.settings.network) == ("mine", 3, "cnn")


def test_runs_of_one_second_have_different_names(plan, monkeypatch):
    monkeypatch.setattr(time, "strftime", lambda _: "now")
    for name in ("simple_fc_now", "simple_fc_now_2", "simple_fc_now_3"):
        (run,) = plan("--network", "simple_fc").runs
        assert run.name == name
        begin(run)


def test_a_run_is_named_after_its_architectures_file(plan, folder):
    assert names(plan(*TABLE, "--architecture", "dense 1 sigmoid"))[0].startswith("architecture_2")
    plan(*TABLE, "--architecture", "dense 1 sigmoid", "--write_architecture", "my net.json")
    assert names(plan(*TABLE, "--architecture", "my net.json"))[0].startswith("my_net_2")


def test_folds_are_runs(plan):
    cross_validation = plan(*TABLE, "--folds", 3, "--run", "cross")
    assert names(cross_validation) == ["cross_fold_1", "cross_fold_2", "cross_fold_3"]
    assert [run.settings.fold for run in cross_validation.runs] == [1, 2, 3]
    (run,) = plan(*TABLE, "--folds", 3, "--fold", 2, "--run", "cross").runs
    assert (run.name, run.settings.fold) == ("cross", 2)


def test_a_taken_name_is_refused(plan):
    begin(plan("--run", "mine").runs[0])
    with pytest.raises(UserError, match="runs/mine: a run of this name exists already"):
        plan("--run", "mine")


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("scores.tabular", "cross-validation"),
        ("learning_curve.tabular", "learning curve"),
        ("tries.tabular", "search"),
    ],
)
def test_a_name_of_several_runs_is_refused(plan, folder, file, what):
    (folder / "runs" / "whole").mkdir(parents=True)
    (folder / "runs" / "whole" / file).touch()
    for flags in ([], [*TABLE, "--folds", 3]):
        with pytest.raises(UserError, match=f"runs/whole: a {what} of this name exists already"):
            plan(*flags, "--run", "whole")


def test_a_file_in_the_place_of_the_runs_is_refused(plan, folder):
    (folder / "runs").write_text("")
    with pytest.raises(UserError, match="runs: a file"):
        plan()


def test_write_architecture_trains_nothing(plan, folder, capsys):
    writing = plan("--architecture", "dense 1 sigmoid", "--write_architecture", "net.json")
    capsys.readouterr()
    writing.finish()
    assert writing.runs == [] and (folder / "net.json").exists() and not (folder / "runs").exists()
    assert capsys.readouterr().out == ""


# ----------------------------------------------------------------------------- resumed runs


def test_a_resumed_run_has_its_own_settings(plan):
    begin(plan("--run", "mine", "--network", "simple_fc", "--batch_size", 5).runs[0])
    (run,) = plan("--resume", "--epochs", 30, "--patience", 2, "--batch_size", 5).runs
    assert (run.name, run.is_resumed, run.data_spec.num_training) == ("mine", True, 8)
    assert (run.settings.network, run.settings.batch_size) == ("simple_fc", 5)
    assert (run.settings.epochs, run.settings.patience) == (30, 2)


def test_a_resumed_run_refuses_another_setting(plan):
    begin(plan("--run", "mine").runs[0])
    with pytest.raises(UserError, match="--batch_size 5: run 'mine' began with 32, and this can't change"):
        plan("--resume", "--run", "mine", "--batch_size", 5)


def test_a_fold_is_resumed_with_the_others(plan):
    folds = plan("--run", "mine", "--data", "X.tabular", "--labels", "y.tabular", "--folds", 3).runs
    assert [run.name for run in folds] == ["mine_fold_1", "mine_fold_2", "mine_fold_3"]
    assert {run.name_to_resume for run in folds} == {"mine"}
    assert plan("--run", "other").runs[0].name_to_resume == "other"


def test_resuming_without_a_run_says_how_to_train(plan):
    with pytest.raises(UserError, match=r"no runs yet.\n  Train one first: .*training.py"):
        plan("--resume")


def test_a_cross_validation_is_resumed_where_it_stopped(plan):
    words = [*TABLE, "--folds", 3, "--run", "cross"]
    begin(plan(*words, "--seed", 7).runs[0])
    resumed = plan("--resume", "--run", "cross")
    assert names(resumed) == ["cross_fold_1", "cross_fold_2", "cross_fold_3"]
    assert [run.is_resumed for run in resumed.runs] == [True, False, False]
    assert [run.settings.fold for run in resumed.runs] == [1, 2, 3]
    assert {run.settings.seed for run in resumed.runs} == {7}


# ----------------------------------------------------------------------------- the end


def test_the_next_commands(plan, capsys):
    training = plan("--run", "mine")
    begin(training.runs[0])
    training.finish()
    _, heading, evaluate, tensorboard = capsys.readouterr().out.splitlines()
    assert heading == "Next:" and evaluate.endswith("evaluating.py") and tensorboard.endswith(" --logdir runs")


def test_without_validation_data_other_data_are_asked_for(plan, capsys):
    training = plan("--run", "mine", "--validation", 0)
    begin(training.runs[0], num_validation=0)
    training.finish()
    printed = capsys.readouterr().out
    assert "evaluating.py needs --data" in printed
    (command,) = printed.split("Next:\n")[1].splitlines()  # every command that is printed works as it is
    assert command.endswith(" --logdir runs")


# ----------------------------------------------------------------------------- evaluating.py


def test_an_evaluation_opens_the_newest_run(plan, evaluation, capsys):
    begin(plan("--run", "mine").runs[0])
    settings, run = evaluation("--checkpoint", "newest")
    assert (run.name, settings.checkpoint) == ("mine", "newest")
    assert capsys.readouterr().out == "Run mine, network cnn, newest checkpoint\n"


def test_flags_that_images_do_not_need_are_refused(evaluation):
    with pytest.raises(UserError, match=r"--batch_size has no effect on --images. Leave out one of them."):
        evaluation("--images", "a.png", "--skip_bad", "--batch_size", 5)
