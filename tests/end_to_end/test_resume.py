"""A training that is stopped, at any step, and resumed ends with the same bits as one that never was.

The network has all that could make a difference: dropout, moving averages, the optimiser's own memory, a learning rate
that changes, early stopping. The stops are at random moments, of a seed that a failed test prints.
"""

import random
import re
import shutil
import signal
import time

import pytest
from support.made_tables import with_table
from support.trained import NETWORK, assert_same, curves, start, train, weights

SAVED = re.compile(r"Saved at step (\d+)")
STOPS = 2
IMAGES = [*NETWORK, "--epochs", 8, "--patience", 6]  # the learning rate falls by default
TABLE = ["--data", "X.tabular", "--labels", "y.tabular", "--optimizer", "rmsprop", "--learning_rate", 0.02]
TABLE += ["--architecture", "dense 16 elu, batchnormalization, dropout 0.3, dense 1 sigmoid", "--batch_size", 4]
TABLE += ["--epochs", 40, "--reduce_on_plateau", 2, "--patience", 5, "--scale", "standard"]
KINDS = {"images": IMAGES, "table": TABLE}


@pytest.fixture(scope="module")
def folder(drawn, tmp_path_factory):
    copy = with_table(shutil.copytree(drawn, tmp_path_factory.mktemp("resume") / "class"))
    return copy


@pytest.fixture(scope="module")
def undisturbed(folder):
    """{kind: the folder of a run that was never stopped}."""
    for kind, settings in KINDS.items():
        assert train(folder, *settings, "--deterministic", "--run", kind)[::2] == (0, "")
    return {kind: folder / "runs" / kind for kind in KINDS}


def stop_at_random(folder, moments, *arguments):
    """Starts training.py and stops it, by SIGTERM, a random while after its first epoch.

    Returns:
      The step at which it stopped; None if it had come to its end.
    """
    process = start(folder, *arguments)
    printed = ""
    for line in process.stdout:
        printed += line
        if line.startswith("epoch "):
            time.sleep(moments.uniform(0, 0.5))
            process.send_signal(signal.SIGTERM)
            break
    output, errors = process.communicate(timeout=120)
    stopped = SAVED.search(printed + output)
    assert process.returncode == (130 if stopped else 0), errors
    return int(stopped[1]) if stopped else None


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("images", "feed"),
        ("table", "direct"),
        pytest.param("images", "direct", marks=pytest.mark.long),
        pytest.param("table", "feed", marks=pytest.mark.long),
    ],
)
def test_a_run_stopped_at_random_steps_ends_with_the_same_bits(folder, undisturbed, kind, way):
    seed = random.SystemRandom().randrange(10**6)
    print("seed of the moments:", seed)
    moments, run = random.Random(seed), f"{kind}_{way}"
    steps = [stop_at_random(folder, moments, *KINDS[kind], "--deterministic", "--input", way, "--run", run)]
    while len(steps) < STOPS and steps[-1] is not None:
        steps.append(stop_at_random(folder, moments, "--resume", "--run", run))
    print("stopped at:", steps)
    assert steps[0]
    assert train(folder, "--resume", "--run", run)[::2] == (0, "")
    run = folder / "runs" / run
    assert_same(run, undisturbed[kind])
    for name, value in weights(undisturbed[kind], "best").items():
        assert (weights(run, "best")[name] == value).all(), name
    for part in ("train", "validation"):
        assert curves(run, part) == curves(undisturbed[kind], part)


def test_the_undisturbed_runs_stopped_early_and_changed_their_rate(undisturbed):
    """Else the test above would not show that these are remembered."""
    from support.trained import history

    of_table = history(undisturbed["table"])
    assert len({row["learning_rate"] for row in of_table}) > 1
    assert len(of_table) < 40


def test_a_run_killed_before_its_first_checkpoint_begins_anew_for_tensorboard_too(folder, undisturbed):
    process = start(folder, *IMAGES, "--deterministic", "--run", "early")
    while not (folder / "runs" / "early" / "config.json").exists():
        assert process.poll() is None
    process.kill()
    process.communicate()
    assert not (folder / "runs" / "early" / "checkpoints" / "checkpoint").exists()
    assert train(folder, "--resume", "--run", "early")[::2] == (0, "")
    assert_same(folder / "runs" / "early", undisturbed["images"])
    for part in ("train", "validation"):
        assert curves(folder / "runs" / "early", part) == curves(undisturbed["images"], part)


def test_a_finished_run_that_is_resumed_writes_its_results_again(folder, undisturbed):
    scores = undisturbed["table"] / "scores.tabular"
    before = scores.read_bytes()
    scores.unlink()
    assert train(folder, "--resume", "--run", "table")[::2] == (0, "")
    assert scores.read_bytes() == before


@pytest.mark.long
def test_two_trainings_of_one_run_the_second_is_refused(folder, undisturbed):
    first = start(folder, *IMAGES, "--epochs", 1000, "--patience", 1000, "--run", "taken")
    for line in first.stdout:
        if line.startswith("epoch "):
            break
    for words in (["--resume", "--run", "taken"], [*IMAGES, "--run", "taken"]):
        status, _, errors = train(folder, *words)
        assert status == 2 and errors.startswith("error: runs/taken: "), errors
    assert first.poll() is None
    first.send_signal(signal.SIGTERM)
    output, errors = first.communicate(timeout=120)
    assert first.returncode == 130 and SAVED.search(output), errors
    assert weights(folder / "runs" / "taken")["global_step"] == int(SAVED.search(output)[1])


def test_two_trainings_of_one_name_that_begin_at_once_one_is_refused(folder):
    both = [start(folder, *IMAGES, "--epochs", 2, "--run", "twins") for _ in range(2)]
    ended = [process.communicate(timeout=120) for process in both]
    assert sorted(process.returncode for process in both) == [0, 2], ended
    refused = next(errors for process, (_, errors) in zip(both, ended) if process.returncode == 2)
    assert refused.startswith("error: runs/twins: ") and refused.count("\n") == 2
