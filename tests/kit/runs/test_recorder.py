"""Parts of the Recorder that need no training; what it does in one is tested by tests/end_to_end."""

from types import SimpleNamespace

import pytest
from support.scripts import elements

import kit.tensorflow1 as tf
from kit.cli.settings import TrainingSettings
from kit.runs import checkpoints
from kit.runs.checkpoints import Start
from kit.runs.recorder import Recorder

DATA = SimpleNamespace(
    num_training=10,
    num_validation=0,
    score_name="accuracy",
    unit="images",
    training_batches=lambda settings, from_lines: from_lines,
)


def run_of(folder, **settings):
    """As much of a new kit.runs.run_folder.Run as a Recorder needs at first."""
    settings = TrainingSettings(**{"batch_size": 4, "learning_rate": 0.5, **settings})  # three steps per epoch
    return SimpleNamespace(name="mine", folder=folder, settings=settings, is_resumed=False)


def test_the_learning_rate_is_multiplied_after_each_epoch(graph, tmp_path):
    global_step = tf.placeholder(tf.int64, [])
    rate = Recorder(run_of(tmp_path, decay=0.5), DATA).learning_rate(global_step)
    with tf.Session() as session:
        assert [session.run(rate, {global_step: step}) for step in (0, 2, 3, 5, 6)] == [0.5, 0.5, 0.25, 0.25, 0.125]


def test_the_learning_rate_falls_to_0_over_the_last_half_of_the_epochs(graph, tmp_path):
    global_step = tf.placeholder(tf.int64, [])
    rate = Recorder(run_of(tmp_path, epochs=4), DATA).learning_rate(global_step)  # 12 steps
    with tf.Session() as session:
        rates = [session.run(rate, {global_step: step}) for step in (0, 5, 6, 7, 9, 11, 12)]
    assert rates == pytest.approx([0.5, 0.5, 0.5, 5 / 12, 0.25, 1 / 12, 0])


def test_the_learning_rate_has_a_factor_for_plateaus(graph, tmp_path):
    rate = Recorder(run_of(tmp_path, reduce_on_plateau=2), DATA).learning_rate(tf.train.get_or_create_global_step())
    (factor,) = [variable for variable in tf.global_variables() if variable.op.name == "plateau_factor"]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(rate) == 0.5
        factor.load(0.25, session)
        assert session.run(rate) == 0.125


@pytest.mark.parametrize("skipped", [0, 7])
def test_a_resumed_run_gets_the_batches_to_come(graph, tmp_path, monkeypatch, skipped):
    monkeypatch.setattr(checkpoints, "start_of", lambda run: Start("path", 7, not skipped, skipped))
    recorder = Recorder(run_of(tmp_path), DATA)
    assert elements(recorder.remaining_batches(tf.data.Dataset.range(10))) == list(range(skipped, 10))
