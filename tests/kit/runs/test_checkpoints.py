"""Checkpoints: where a resumed training starts, and what is restored."""

from types import SimpleNamespace

import pytest

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.runs import checkpoint_files, checkpoints
from kit.runs.checkpoints import MADE_WITH, PIPELINE, Savers, Start, start_of
from kit.runs.history import EpochMeans

FROM_NOTHING = Start(None, 0, False, 0)
DATA = SimpleNamespace(score_name="accuracy", unit="images")


class FakeRun(SimpleNamespace):
    """As much of kit.runs.run_folder.Run as checkpoints need."""

    def checkpoint_prefix(self, kind):
        return str(self.folder / kind / checkpoint_files.NAME)


def run_in(folder, is_resumed=True, **settings):
    settings = SimpleNamespace(**{"epochs": 5, "input": "feed", "micro_batches": 1, **settings})
    for kind in ("newest", "best"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    return FakeRun(folder=folder, name="mine", name_to_resume="mine", is_resumed=is_resumed, settings=settings)


def write_history(run, epochs):
    lines = ["epoch", *map(str, range(1, epochs + 1))]
    if epochs:
        (run.folder / "history.csv").write_text("\n".join(lines) + "\n")


def cut_short(path):
    with open(path, "r+b") as file:
        file.truncate(10)


def write_newest(run, step, made_with, then=None):
    """Writes a newest checkpoint with nothing but what start_of reads, and another at the step `then`.

    Returns:
      The path of one, or a list of both paths.
    """
    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable("global_step", initializer=tf.constant(step, tf.int64))
        tf.get_variable(MADE_WITH, initializer=tf.constant(made_with, tf.int64))
        session.run(tf.global_variables_initializer())
        saver, prefix = tf.train.Saver(), run.checkpoint_prefix("newest")
        paths = [saver.save(session, prefix, at, write_meta_graph=False) for at in filter(None, (step, then))]
        return paths if then else paths[0]


# ----------------------------------------------------------------------------- where a training starts


def test_a_new_run_starts_at_nothing(tmp_path):
    assert start_of(run_in(tmp_path, is_resumed=False)) == FROM_NOTHING


@pytest.mark.parametrize("epochs", [0, 1])  # the first epoch's line is written just before its checkpoint
def test_a_run_stopped_before_its_first_checkpoint_starts_again(tmp_path, capsys, epochs):
    run = run_in(tmp_path)
    write_history(run, epochs)
    assert start_of(run) == FROM_NOTHING
    assert capsys.readouterr().out == "Run mine was stopped before its first checkpoint: it begins again.\n"


def test_a_run_whose_checkpoints_are_gone_does_not_start_again(tmp_path):
    run = run_in(tmp_path)
    write_history(run, 2)
    with pytest.raises(UserError) as error:
        start_of(run)
    assert str(error.value) == (
        f"{tmp_path}/newest: no checkpoint is there, but history.csv has 2 epochs: its files are gone.\n"
        "  Put them back to resume the run, or train again without --resume."
    )


def test_a_damaged_newest_checkpoint_is_set_aside_for_the_one_before(tmp_path, capsys):
    run = run_in(tmp_path)
    paths = write_newest(run, 6, [5, 0, PIPELINE], then=12)
    cut_short(f"{paths[1]}.data-00000-of-00001")
    assert start_of(run) == Start(paths[0], 6, restores_data=True, batches_to_skip=0)
    warning = capsys.readouterr().err
    assert (
        warning.startswith(f"warning: {paths[1]}: cannot read this checkpoint: ") and f"before, {paths[0]}." in warning
    )
    kept = [path.name for path in (tmp_path / "newest").glob("damaged-model.ckpt-12.*")]
    assert len(kept) == 2 and checkpoints.find(run, "newest") == paths[0]
    assert start_of(run).step == 6 and capsys.readouterr().err == ""  # told once
    cut_short(f"{paths[0]}.data-00000-of-00001")
    with pytest.raises(UserError, match=r"model\.ckpt-6: cannot read this checkpoint: .*\n  No other in .*can be read"):
        start_of(run)


@pytest.mark.parametrize(
    ("epochs", "step", "said", "refused"),
    [
        (5, 12, "", None),
        (2, 12, "Run mine: all of its 2 epochs are trained already. To train longer: ", None),
        (1, 12, "", "--epochs 1: run 'mine' has trained 2 epochs already.\n  Give more than 2 to train it longer"),
        (1, 7, "", "--epochs 1: run 'mine' has trained 1 epoch and part of the next already."),
        (5, 0, "", None),
    ],
)
def test_a_run_that_is_trained_already_says_so(tmp_path, capsys, epochs, step, said, refused):
    run = run_in(tmp_path, epochs=epochs)
    start = Start("a path", step, True, 0)
    if refused:
        with pytest.raises(UserError) as error:
            checkpoints.check_epochs(run, start, steps_per_epoch=6)
        assert str(error.value).startswith(refused)
    else:
        checkpoints.check_epochs(run, start, steps_per_epoch=6)
    output = capsys.readouterr().out
    assert output.startswith(said) and bool(output) == bool(said)
    assert not said or output.endswith("training.py --resume --run mine --epochs 4\n")


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
    (tmp_path / "newest" / f"{checkpoint_files.NAME}-12.index").write_bytes(b"damaged")
    with pytest.raises(UserError) as error:
        start_of(run)
    assert str(error.value).startswith(f"{path}: cannot read this checkpoint: ") and "--checkpoint" in str(error.value)


# ----------------------------------------------------------------------------- written and restored


class Counting:
    """A training on the numbers 0, 1, 2, ..., which are added to a weight."""

    def __init__(self, run, start, step=lambda numbers: numbers):
        numbers = step(tf.data.Dataset.range(10)).skip(start.batches_to_skip)
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


@pytest.mark.parametrize(
    ("kind", "there", "epochs", "why", "way_out"),
    [
        ("best", (), 0, "it was stopped before it wrote one.", "--resume --run mine"),
        ("newest", (), 0, "it was stopped before it wrote one.", "--resume --run mine"),
        ("best", ("newest",), 0, "it was stopped within its first epoch, and the best", "--checkpoint newest"),
        ("best", ("newest",), 2, "its files are gone from {}/best: history.csv has 2 epochs.", "--checkpoint newest"),
        ("newest", ("best",), 1, "its files are gone from {}/newest: history.csv has 1 epoch.", "--checkpoint best"),
        ("best", (), 3, "its files are gone from {}/best: history.csv has 3 epochs.", "train again, or choose another"),
    ],
)
def test_a_missing_checkpoint_is_told_with_its_cause(tmp_path, kind, there, epochs, why, way_out):
    run = run_in(tmp_path)
    write_history(run, epochs)
    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable("weight", initializer=1.0)
        session.run(tf.global_variables_initializer())
        for other in there:
            tf.train.Saver().save(session, run.checkpoint_prefix(other), 6, write_meta_graph=False)
    assert not checkpoints.exists(run, kind)
    with pytest.raises(UserError) as error:
        checkpoints.find(run, kind)
    text = str(error.value)
    assert f"run 'mine' has no {kind} checkpoint; {why.format(tmp_path)}" in text and way_out in text.split("\n", 1)[1]


def test_a_step_of_the_data_that_can_not_be_saved_is_the_cause(tmp_path):
    def in_python(numbers):
        return numbers.map(lambda number: tf.py_func(lambda value: value, [number], tf.int64))

    run = run_in(tmp_path, is_resumed=False)
    with tf.Graph().as_default(), tf.Session() as session:
        training = Counting(run, FROM_NOTHING, in_python)
        training.start(session)
        with pytest.raises(UserError) as error:
            training.savers.save(session, training.train(session), EpochMeans(DATA), is_best=False)
    assert str(error.value).startswith(f"{tmp_path}: cannot write a checkpoint: PyFunc is stateful.\n")
    assert "such as tf.py_func" in str(error.value) and "Make room" not in str(error.value)


def test_a_layer_that_was_frozen_before_cannot_go_on_learning(tmp_path):
    run = run_in(tmp_path, is_resumed=False)
    with tf.Graph().as_default(), tf.Session() as session:
        training = Counting(run, FROM_NOTHING)
        training.start(session)
        training.savers.save(session, training.train(session), EpochMeans(DATA), is_best=False)
    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable("weight/Adam", [3])  # what an optimiser keeps of a weight that it trains
        training = Counting(run, FROM_NOTHING)
        with pytest.raises(UserError, match=r"its weights are not this network's:\n  missing in .*: weight/Adam \[3\]"):
            training.savers.restore(session, checkpoints.find(run, "newest"), restores_data=True)
