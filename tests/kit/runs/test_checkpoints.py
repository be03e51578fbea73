"""Checkpoints: where a resumed training starts, and what is restored."""

from types import SimpleNamespace

import pytest

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.runs import checkpoints
from kit.runs.checkpoints import MADE_WITH, PIPELINE, Savers, Start, start_of
from kit.runs.history import EpochMeans

FROM_NOTHING = Start(None, 0, False, 0)
DATA = SimpleNamespace(score_name="accuracy", unit="images")


class FakeRun(SimpleNamespace):
    """As much of kit.runs.run_folder.Run as checkpoints need."""

    def checkpoint_prefix(self, kind):
        return str(self.folder / kind / checkpoints.NAME)


def run_in(folder, is_resumed=True, **settings):
    settings = SimpleNamespace(**{"epochs": 5, "input": "feed", **settings})
    for kind in ("newest", "best"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    return FakeRun(folder=folder, name="mine", is_resumed=is_resumed, settings=settings)


def write_newest(run, step, made_with):
    """Writes a newest checkpoint with nothing but what start_of reads; gives its path."""
    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable("global_step", initializer=tf.constant(step, tf.int64))
        tf.get_variable(MADE_WITH, initializer=tf.constant(made_with, tf.int64))
        session.run(tf.global_variables_initializer())
        return tf.train.Saver().save(session, run.checkpoint_prefix("newest"), step, write_meta_graph=False)


# ----------------------------------------------------------------------------- where a training starts


def test_a_new_run_starts_at_nothing(tmp_path):
    assert start_of(run_in(tmp_path, is_resumed=False)) == FROM_NOTHING


def test_a_run_stopped_before_its_first_checkpoint_starts_again(tmp_path):
    assert start_of(run_in(tmp_path)) == FROM_NOTHING


@pytest.mark.parametrize("skipped", [0, 6])
def test_the_place_in_the_data_is_restored_by_the_same_pipeline(tmp_path, skipped):
    run = run_in(tmp_path)
    path = write_newest(run, 12, [5, skipped, PIPELINE])
    assert start_of(run) == Start(path, 12, restores_data=True, batches_to_skip=skipped)


@pytest.mark.parametrize(
    ("made_with", "settings"),
    [
        pytest.param([5, 0], {}, id="of version 1.0"),
        pytest.param([5, 0, PIPELINE - 1], {}, id="another pipeline"),
        pytest.param([4, 0, PIPELINE], {}, id="other epochs"),
        pytest.param([5, 0, PIPELINE], {"input": "memory"}, id="in memory"),
    ],
)
def test_otherwise_batches_are_skipped(tmp_path, made_with, settings):
    run = run_in(tmp_path, **settings)
    path = write_newest(run, 12, made_with)
    assert start_of(run) == Start(path, 12, restores_data=False, batches_to_skip=12)


def test_a_place_in_doubt_is_not_restored(tmp_path):
    run = run_in(tmp_path)
    write_newest(run, 12, [5, 0, PIPELINE])
    checkpoints.doubt_place(run)
    assert start_of(run).batches_to_skip == 12 and not start_of(run).restores_data


def test_a_damaged_checkpoint_is_named(tmp_path):
    run = run_in(tmp_path)
    path = write_newest(run, 12, [5, 0, PIPELINE])
    (tmp_path / "newest" / f"{checkpoints.NAME}-12.index").write_bytes(b"damaged")
    with pytest.raises(UserError) as error:
        start_of(run)
    assert str(error.value).startswith(f"{path}: cannot read this checkpoint: ") and "--checkpoint" in str(error.value)


# ----------------------------------------------------------------------------- written and restored


class Counting:
    """A training on the numbers 0, 1, 2, ..., which are added to a weight."""

    def __init__(self, run, start):
        numbers = tf.data.Dataset.range(10).skip(start.batches_to_skip)
        self.iterator = tf.data.make_initializable_iterator(numbers)
        self.next_element = self.iterator.get_next()
        self.weight = tf.get_variable("weight", initializer=tf.constant(0, tf.int64))
        self.step = tf.assign_add(tf.train.get_or_create_global_step(), 1)
        self.savers = Savers(run, start, [self.weight], self.iterator)

    def start(self, session):
        session.run([tf.global_variables_initializer(), self.iterator.initializer])

    def train(self, session):
        number, step = session.run([self.next_element, self.step])
        self.weight.load(session.run(self.weight) + number, session)
        return int(step)


def test_a_restored_training_goes_on_with_the_next_batch(tmp_path):
    run, means = run_in(tmp_path, is_resumed=False), EpochMeans(DATA, (1.5, 0.5, 3, 0.0))
    with tf.Graph().as_default(), tf.Session() as session:
        training = Counting(run, start_of(run))
        training.start(session)
        for _ in range(4):
            step = training.train(session)
        training.savers.save(session, step, means, is_best=True)
    assert checkpoints.exists(run, "best") and checkpoints.find(run, "newest").endswith("-4")
    run = run_in(tmp_path)
    with tf.Graph().as_default(), tf.Session() as session:
        start = start_of(run)
        training = Counting(run, start)
        training.start(session)
        so_far = training.savers.restore(session, start.checkpoint, start.restores_data)
        assert (start.restores_data, so_far[:3]) == (True, [1.5, 0.5, 3.0])
        assert session.run(training.weight) == 0 + 1 + 2 + 3
        assert (training.train(session), session.run(training.weight)) == (5, 0 + 1 + 2 + 3 + 4)


def test_the_best_checkpoint_holds_the_network_only(tmp_path):
    run = run_in(tmp_path, is_resumed=False)
    with tf.Graph().as_default(), tf.Session() as session:
        training = Counting(run, start_of(run))
        training.start(session)
        training.savers.save(session, 1, EpochMeans(DATA), is_best=True)
    reader = tf.train.load_checkpoint(checkpoints.find(run, "best"))
    assert list(reader.get_variable_to_shape_map()) == ["weight"]


def test_a_missing_checkpoint_is_an_error(tmp_path):
    run = run_in(tmp_path)
    assert not checkpoints.exists(run, "best")
    with pytest.raises(UserError, match="run 'mine' has no best checkpoint"):
        checkpoints.find(run, "best")


def test_leftovers_of_a_killed_training_are_removed(tmp_path):
    run = run_in(tmp_path)
    write_newest(run, 12, [5, 0, PIPELINE])
    whole = {path.name for path in (tmp_path / "newest").iterdir()}
    for name in ("model.ckpt-13.index", "model.ckpt-13.data-00000-of-00001", "model.ckpt-12.data.tempstate1"):
        (tmp_path / "newest" / name).touch()
    checkpoints.remove_leftovers(tmp_path / "newest")
    assert {path.name for path in (tmp_path / "newest").iterdir()} == whole
