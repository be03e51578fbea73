"""A training whose data is shorter or longer than its epochs says so; a whole one says nothing."""

import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from support import warm
from support.scripts import copy_project

from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.evaluation.result import EvaluationResult
from kit.runs.data_length import LengthCheck, check_evaluated

DATA = SimpleNamespace(path="d.csv", source="d.csv", num_training=2000, num_validation=400, unit="images")
REPEAT = "        training = training.repeat(settings.epochs)\n"
STEP = "            step = recorder.add(loss, score, rate, len(labels))\n"


def length(ended=0, first_step=0, **settings):
    """Ten epochs of 63 steps, 32 images each, the last 16; so many have ended."""
    check = LengthCheck(DATA, TrainingSettings(epochs=10, **settings), 63, first_step)
    for epoch in range(ended):
        check.check_epoch(epoch + 1, 2000)
    return check


@pytest.mark.parametrize(
    ("step", "ended", "first_step", "said"),
    [
        (630, 10, 0, []),
        (630, 0, 630, []),  # resumed after its end
        (945, 0, 945, []),  # resumed with fewer epochs than it has
        (63, 1, 0, ["after 1 of 10 epochs (63 of 630 steps)", "section 1 of training.py", "a break", "repeat"]),
        (126, 2, 0, ["after 2 of 10 epochs (126 of 630 steps)", "repeat"]),
        (100, 1, 0, ["after 1 of 10 epochs (100 of 630 steps)", "a take", "in section 5"]),
        (620, 9, 0, ["after 9 of 10 epochs (620 of 630 steps)", "drop_remainder"]),
        (189, 1, 126, ["after 3 of 10 epochs (189 of 630 steps)"]),
        (631, 10, 0, ["goes on after its 10 epochs (630 steps)", "another size of batch"]),
    ],
)
def test_what_is_said_at_the_end(capsys, step, ended, first_step, said):
    length(ended, first_step).check_end(step, known=1)
    errors = capsys.readouterr().err
    assert errors.startswith("warning: the data ") == bool(said) and all(text in errors for text in said)


def test_a_training_without_an_epoch_is_an_error():
    with pytest.raises(UserError, match=r"after 0 of 10 epochs \(4 of 630 steps\)[^$]*No epoch is complete"):
        length().check_end(4, 0)


def test_epochs_that_were_not_ended_are_an_error():
    with pytest.raises(
        UserError, match=r"^training.py: 630 steps [^$]*must call recorder.end_epoch\(\) after each 63 "
    ):
        length().check_end(630, 0)


def test_epochs_that_are_counted_are_those_of_this_process():
    """Of a resumed run, whose history may be lost."""
    with pytest.raises(UserError, match=r"^training.py: 504 steps were trained, but no epoch was ended"):
        length(0, 126).check_end(630, 2)
    with pytest.raises(UserError, match=r"after 2 of 10 epochs \(130 of 630 steps\)[^$]*history.csv has none of them"):
        length(0, 126).check_end(130, 0)


def test_steps_that_the_optimiser_did_not_count_are_told_once(capsys):
    ours = length()
    ours.check_learnt(63, 63)
    assert capsys.readouterr().err == ""
    ours.check_learnt(126, 0)
    ours.check_learnt(189, 0)
    errors = capsys.readouterr().err
    assert errors.startswith("warning: global_step is 0 after 126 steps") and errors.count("warning") == 1


def test_data_in_memory_is_made_elsewhere(capsys):
    length(1, input="memory").check_end(63, 1)
    assert "number of repeat, in batches_in_memory in dlho2018.py" in capsys.readouterr().err


@pytest.mark.parametrize(("step", "over"), [(629, False), (630, False), (631, True)])
def test_the_loop_ends_one_step_after_the_last_epoch(step, over):
    assert length().are_over(step) is over


def test_an_epoch_of_other_examples_is_told_once(capsys):
    ours = length()
    ours.check_epoch(1, 2000)
    assert capsys.readouterr().err == ""
    ours.check_epoch(2, 2016)
    ours.check_epoch(3, 2016)
    errors = capsys.readouterr().err
    assert errors.startswith("warning: epoch 2 had 2,016 images in its 63 batches of --batch_size 32; there are 2,000.")
    assert errors.count("warning") == 1


def test_an_evaluation_of_a_part_is_an_error():
    labels = np.zeros(400, int)
    check_evaluated(EvaluationResult(0.5, 1.0, labels, np.zeros([400, 2])), DATA)
    with pytest.raises(UserError, match=r"^d.csv: 100 of 400 images were evaluated"):
        check_evaluated(EvaluationResult(0.5, 1.0, labels[:100], np.zeros([100, 2])), DATA)


@pytest.mark.parametrize(
    ("found", "instead", "status", "errors", "printed"),
    [
        ("recorder.end_epoch()", "pass", 2, "training.py: 26 steps were trained, but no epoch was ended", ""),
        (
            "[train_op, batch_loss, batch_score, learning_rate, scalars],\n                f",
            "[batch_loss, batch_loss, batch_score, learning_rate, scalars],\n                f",
            0,
            "global_step is 0 after 13 steps",
            "epoch    2",
        ),
        (REPEAT, "", 0, "after 1 of 2 epochs (13 of 26 steps)", "Trained 1 of 2 epochs.\nThe best: epoch 1"),
        ("repeat(settings.epochs)", "repeat()", 0, "goes on after its 2 epochs (26 steps)", "epoch    2"),
        (STEP, f"{STEP}            if step >= 9: break\n", 2, "after 0 of 2 epochs (9 of 26 steps)", ""),
    ],
)
def test_in_a_training(drawn, tmp_path, found, instead, status, errors, printed):
    folder, project = shutil.copytree(drawn, tmp_path / "class"), copy_project(tmp_path / "kit")
    script = (project / "training.py").read_text()
    assert script.count(found) == 1
    (project / "training.py").write_text(script.replace(found, instead))
    words = ["--epochs", 2, "--batch_size", 8, "--network", "simple_fc"]
    result = warm.run("training.py", folder, *words, project=project)
    assert result.returncode == status and errors in result.stderr and printed in result.stdout
    assert result.stderr.count("warning") == (not status) and "Traceback" not in result.stderr
    if instead == "":  # the mistake is put right, and the run goes on
        resumed = warm.run("training.py", folder, "--resume")
        assert (resumed.returncode, resumed.stderr) == (0, "") and "epoch    2" in resumed.stdout
