"""Errors of a session, and the mistake that each names."""

import math
import threading
from types import SimpleNamespace

import pytest

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.runs import script_errors
from kit.runs.checkpoints import OtherSizeError
from kit.runs.run_folder import Run
from kit.runs.session_errors import (
    check_finite,
    readable_data_errors,
    readable_evaluation_errors,
    readable_event_errors,
    readable_training_errors,
)


def data_with(bad_example):
    found = {"path": "dataset.csv", "source": "dataset.csv", "unit": "images", "num_training": 80, "num_validation": 20}
    return SimpleNamespace(find_bad_example=lambda: bad_example, **found)


def failing():
    """An operation that fails for "the reason"."""
    return tf.check_numerics(tf.placeholder_with_default(float("nan"), []), "the reason")


@pytest.fixture
def run(tmp_path):
    """A run, with a folder of checkpoints."""
    (tmp_path / "checkpoints").mkdir()
    return Run(tmp_path, TrainingSettings())


def test_a_bad_example_is_named(graph):
    bad = UserError("dataset.csv:3: image 'a.png' is damaged.")
    with pytest.raises(UserError) as error, tf.Session() as session, readable_data_errors(data_with(bad)):
        session.run(failing())
    assert error.value is bad


def test_an_error_of_tensorflows_keeps_its_reason(graph):
    with pytest.raises(UserError, match="the reason"), tf.Session() as session, readable_data_errors(data_with(None)):
        session.run(failing())


def test_lines_that_end_early_are_named(graph):
    lines = tf.data.make_one_shot_iterator(tf.data.Dataset.range(0)).get_next()
    expected = r"^dataset.csv: its lines ended before all of its 100 images were read(.|\n)*a take"
    with pytest.raises(UserError, match=expected), tf.Session() as session, readable_data_errors(data_with(None)):
        session.run(lines)


NO_VALUES = r"training.py:2, in train: variables have no values(.|\n)*global_variables_initializer\(\)\), blank 8b"


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (
            lambda: tf.data.make_one_shot_iterator(tf.data.Dataset.range(0)).get_next(),
            r"data is at its end(.|\n)*break",
        ),
        (lambda: tf.get_variable("weight", initializer=1.0), NO_VALUES),
        (
            lambda: tf.data.make_initializable_iterator(tf.data.Dataset.range(1)).get_next(),
            r"the data isn't started(.|\n)*session.run\(iterator.initializer, feed_dict=data.arrays\), blank 8b",
        ),
    ],
)
def test_a_line_that_is_missing_in_a_script_is_named(graph, tmp_path, monkeypatch, make, expected):
    monkeypatch.setattr(script_errors, "PROJECT", tmp_path)
    exec(
        compile("def train(session, what):\n    session.run(what)\n", str(tmp_path / "training.py"), "exec"),
        names := {},
    )
    with pytest.raises(UserError, match=expected), tf.Session() as session, readable_data_errors(data_with(None)):
        names["train"](session, make())


@pytest.mark.parametrize("bad", [UserError("other.csv:2: image 'big.png' is 24 x 40 pixels"), None])
def test_one_image_of_another_size_is_named_in_an_evaluation(bad):
    of_all = OtherSizeError("These images are 24 x 40 pixels")
    data = SimpleNamespace(find_bad_example=lambda part: bad)
    with pytest.raises(UserError) as error, readable_evaluation_errors(data):
        raise of_all
    assert error.value is (bad or of_all)


def test_too_little_memory_is_named():
    with pytest.raises(UserError, match=r"memory(.|\n)*smaller --batch_size"), readable_data_errors(data_with(None)):
        raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating")


def test_an_error_in_training_puts_the_place_in_the_data_in_doubt(graph, tmp_path, run):
    with pytest.raises(UserError), tf.Session() as session, readable_training_errors(data_with(None), run):
        session.run(failing())
    assert (tmp_path / "checkpoints" / "place_in_doubt").exists()


@pytest.mark.parametrize(
    ("kind", "reason"), [(RuntimeError, "No space left on device"), (IndexError, "File too large")]
)
def test_a_file_for_tensorboard_that_cannot_be_written_is_named(kind, reason):
    hook = threading.excepthook
    expected = rf"^runs/a/events\.out\.tfevents\.1: cannot write this file for TensorBoard: {reason}"
    with pytest.raises(UserError, match=expected), readable_event_errors():
        raise kind(f"runs/a/events.out.tfevents.1; {reason}")
    assert threading.excepthook is hook


def test_other_errors_pass():
    with pytest.raises(RuntimeError, match=r"^another$"), readable_event_errors():
        raise RuntimeError("another")


def test_a_loss_that_is_no_number_ends_a_training(run):
    check_finite(0.5, 3, run)
    for loss in (float("nan"), float("inf")):
        with pytest.raises(UserError, match=f"^Step 3: the loss is {loss}(.|\n)*smaller --learning_rate"):
            check_finite(loss, 3, run)
    with pytest.raises(UserError, match=r"^Step 3: the loss is nan.*\n  Try a smaller --learning_rate"):
        check_finite(float("nan"), 3, None)


def test_an_inner_fold_that_diverges_is_noted_and_the_search_goes_on(run):
    with pytest.raises(UserError, match="Step 3"), readable_training_errors(data_with(None), run):
        check_finite(math.inf, 3, run)
    assert not run.has_diverged
    run.inner = (1, 3)
    with readable_training_errors(data_with(None), run):
        check_finite(math.inf, 3, run)
    assert run.has_diverged
