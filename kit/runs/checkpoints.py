"""Checkpoints: written, found, restored, and checked against a network. Their files: kit/runs/checkpoint_files.py."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError, tensorflow_reason
from kit.data.data_spec import ImageSpec
from kit.runs.checkpoint_files import named_in_state, newest, newest_whole, readable_checkpoint_errors
from kit.runs.history import EpochMeans, epochs_in

if TYPE_CHECKING:  # run_folder imports this file
    from kit.runs.run_folder import Run

IN_DOUBT = "place_in_doubt"  # a file beside the newest checkpoint: see doubt_place
MOST_NAMED = 40  # variables in an error
MADE_WITH = "iterator_made_with"  # a variable, int64 [3]: epochs, batches skipped, PIPELINE
PIPELINE = 2  # the version of training.py's pipeline; version 1 wrote no such number


class OtherSizeError(UserError):
    """The images have another size than the network's."""


@dataclass(frozen=True)
class Start:
    """Where a training starts."""

    checkpoint: str | None  # its path; None for a new run
    step: int  # how many batches the network has learnt from
    restores_data: bool  # whether the place in the data is restored from the checkpoint
    batches_to_skip: int  # how many batches the pipeline skips, from the first epoch's first


def start_of(run: Run) -> Start:
    """The Start of a run. A run that was stopped before its first checkpoint starts again, and says so.

    If the newest checkpoint can't be read, it is the one before, with a warning.

    A checkpoint holds the iterator's place in the data, shuffle buffer included. Only an iterator of the same pipeline
    can restore it: MADE_WITH must be equal, so the pipeline skips again what it skipped then. The place is not restored

    - if the number of epochs has changed, or the pipeline itself since version 1;
    - with --input memory: it isn't saved, since the shuffle buffer would hold all images;
    - with --micro_batches: it isn't saved either, since each worker of a cluster reads its own share;
    - if an error was met in the data (see doubt_place).

    The pipeline then skips all batches that the network has learnt from.

    Raises:
      UserError: no checkpoint can be read, or those of a run that had some are gone.
    """
    if not run.is_resumed:
        return Start(None, 0, False, 0)
    checkpoint = newest_whole(_folder(run.checkpoint_prefix("newest")))
    if checkpoint is None:
        _say_it_begins_again(run)
        return Start(None, 0, False, 0)
    reader = _read(checkpoint)
    with readable_checkpoint_errors(checkpoint):
        step = int(reader.get_tensor("global_step"))
        epochs, skipped, *pipeline = map(int, reader.get_tensor(MADE_WITH))
    in_doubt = os.path.exists(os.path.join(os.path.dirname(checkpoint), IN_DOUBT))
    fits = epochs == run.settings.epochs and pipeline == [PIPELINE] and _saves_place(run)
    if fits and not in_doubt:
        return Start(checkpoint, step, True, skipped)
    return Start(checkpoint, step, False, step)


class Savers:
    """Writes and restores a run's checkpoints: the newest, to go on from, and the best, to evaluate."""

    def __init__(self, run: Run, start: Start, network_variables: Sequence, iterator: Any) -> None:
        """Adds the savers' operations to the graph.

        Args:
          run: whose checkpoints they are.
          start: the Start that the iterator was made with.
          network_variables: the network's own, for the best checkpoint.
          iterator: of the training data; its place is saved, except with --input memory or --micro_batches.
        """
        self._run = run
        with tf.name_scope("checkpoints"):
            epoch_so_far = tf.zeros([len(EpochMeans.NOTHING)], tf.float64)
            self._epoch_so_far = tf.get_variable("epoch_so_far", initializer=epoch_so_far, trainable=False)
            self._variables = tf.global_variables()
            self._without_place = tf.train.Saver(self._variables)
            made_with = [run.settings.epochs, start.batches_to_skip, PIPELINE]
            place = [tf.get_variable(MADE_WITH, initializer=tf.constant(made_with, tf.int64), trainable=False)]
            if _saves_place(run):
                place.append(tf.data.experimental.make_saveable_from_iterator(iterator))
            self._newest = tf.train.Saver([*self._variables, *place], max_to_keep=2)
            self._best = tf.train.Saver(network_variables, max_to_keep=1)

    def restore(self, session: tf.Session, checkpoint: str, restores_data: bool) -> list[float]:
        """Restores a checkpoint of this run.

        Args:
          session: the tf.Session.
          checkpoint: its path.
          restores_data: whether the place in the data is restored too.
        Returns:
          EpochMeans.so_far of the epoch that was under way.
        Raises:
          UserError: it can't be read, or isn't this network's.
        """
        saver = self._newest if restores_data else self._without_place
        _check_fit(checkpoint, self._variables)  # the optimiser's, too: a layer may have been frozen before
        with readable_checkpoint_errors(checkpoint):
            saver.restore(session, checkpoint)
        for saver, kind in ((self._newest, "newest"), (self._best, "best")):  # they delete the oldest
            saver.recover_last_checkpoints(named_in_state(_folder(self._run.checkpoint_prefix(kind))) or [])
        return session.run(self._epoch_so_far).tolist()

    def save(self, session: tf.Session, step: int, means: EpochMeans, is_best: bool) -> None:
        """Writes the best checkpoint, if this is it, then the newest. A run killed in between repeats the epoch.

        A checkpoint of this step that is there already is left as it is: a resumed run comes to the same values.

        Args:
          session: the tf.Session.
          step: how many steps were trained.
          means: of the epoch under way.
          is_best: whether this epoch is the best so far.
        Raises:
          UserError: a file can't be written.
        """
        self._epoch_so_far.load(means.so_far, session)
        savers = [(self._best, "best")] if is_best else []
        try:
            for saver, kind in [*savers, (self._newest, "newest")]:
                prefix = self._run.checkpoint_prefix(kind)
                if newest(_folder(prefix)) != f"{prefix}-{step}":
                    saver.save(session, prefix, step, write_meta_graph=False)
                    Path(_folder(prefix), IN_DOUBT).unlink(missing_ok=True)
        except (tf.errors.OpError, OSError, ValueError) as error:  # ValueError: the folder is gone
            still_good = "The one before is still good. " if exists(self._run, "newest") else ""
            way_out = f"Make room, then go on with --resume --run {self._run.name}."
            if isinstance(error, tf.errors.FailedPreconditionError):  # a step of the data set has a state of its own
                way_out = (
                    "A step of the data set can't be saved, such as tf.py_func. Use TensorFlow's operations there."
                )
            raise UserError(
                f"{self._run.folder}: cannot write a checkpoint: {tensorflow_reason(error).rstrip('.')}.\n"
                f"  {still_good}{way_out}"
            ) from error


def _saves_place(run: Run) -> bool:
    return run.settings.input != "memory" and run.settings.micro_batches == 1


def doubt_place(run: Run) -> None:
    """Notes that reading the data failed: the newest checkpoint's place in the data may hold the error, read ahead.

    Restored, it would fail again even when the image is back.
    """
    with contextlib.suppress(OSError):
        Path(_folder(run.checkpoint_prefix("newest")), IN_DOUBT).touch()


def check_epochs(run: Run, start: Start, steps_per_epoch: int) -> None:
    """Checks that a resumed run has epochs left to train; says so if it has just none.

    Raises:
      UserError: it has been trained for more epochs than --epochs asks for.
    """
    done, steps_more = divmod(start.step, steps_per_epoch)
    if start.step > run.settings.epochs * steps_per_epoch:
        trained = f"{done} epoch{'s' * (done != 1)}{' and part of the next' * (steps_more > 0)}"
        raise UserError(
            f"--epochs {run.settings.epochs}: run '{run.name}' has trained {trained} already.\n"
            f"  Give more than {done} to train it longer, or leave --epochs out. To see how good it is: "
            f"{console.python('evaluating.py', '--run', run.name)}"
        )
    if run.is_resumed and start.step == run.settings.epochs * steps_per_epoch:
        more = console.python("training.py", "--resume", "--run", run.name_to_resume, "--epochs", str(2 * done))
        console.say(f"Run {run.name}: all of its {done} epochs are trained already. To train longer: {more}")


def find(run: Run, kind: str) -> str:
    """The path of a run's checkpoint, "best" or "newest"; a UserError if the run has none, and why."""
    path = newest(_folder(run.checkpoint_prefix(kind)))
    if path is None:
        raise UserError(f"{run.folder}: run '{run.name}' has no {kind} checkpoint; {_why_none(run, kind)}")
    return path


def _why_none(run: Run, kind: str) -> str:
    """Why a run has no checkpoint of a kind, and the way out."""
    other = "newest" if kind == "best" else "best"
    epochs, has_other = epochs_in(run.folder), exists(run, other)
    if epochs or (has_other and kind == "newest"):
        place = _folder(run.checkpoint_prefix(kind))
        gone = f"its files are gone from {place}: history.csv has {epochs} epoch{'s' * (epochs != 1)}.\n"
        if has_other:
            return f"{gone}  Put them back, or take the other one: --checkpoint {other}."
        return f"{gone}  Put them back, train again, or choose another run with --run."
    go_on = console.python("training.py", "--resume", "--run", run.name)
    if has_other:
        return (
            "it was stopped within its first epoch, and the best is written at an epoch's end.\n"
            f"  Take the newest: --checkpoint newest. Or train on: {go_on}"
        )
    return f"it was stopped before it wrote one.\n  Train on: {go_on}\n  Or choose another run with --run."


def _say_it_begins_again(run: Run) -> None:
    """Of a resumed run without a newest checkpoint; a UserError if it must have had one."""
    epochs, folder = epochs_in(run.folder), _folder(run.checkpoint_prefix("newest"))
    if epochs > 1:  # the first epoch's line is written just before its checkpoint
        best = ""
        if exists(run, "best"):
            best = f" Its best weights are there: {console.python('evaluating.py', '--run', run.name)}"
        raise UserError(
            f"{folder}: no checkpoint is there, but history.csv has {epochs} epochs: its files are gone.\n"
            f"  Put them back to resume the run, or train again without --resume.{best}"
        )
    console.say(f"Run {run.name} was stopped before its first checkpoint: it begins again.")


def exists(run: Run, kind: str) -> bool:
    """Whether a run has a checkpoint, "best" or "newest"."""
    return newest(_folder(run.checkpoint_prefix(kind))) is not None


def checkpoint_to_restore(run: Run, kind: str, shape: tuple[int, ...]) -> str:
    """The path of a run's checkpoint that fits the network in the default graph.

    Args:
      run: that was trained.
      kind: "best" or "newest".
      shape: of the examples that the network was built for: (H, W, 3), or (columns,).
    Raises:
      UserError: the run has no such checkpoint, it can't be read, or it isn't this network's.
    """
    path = find(run, kind)
    check_network(path, tf.global_variables(), run, shape)
    return path


def check_network(path: str, variables: Sequence, run: Run, shape: tuple[int, ...]) -> None:
    """Checks that a checkpoint holds the weights of a network.

    Args:
      path: of the checkpoint.
      variables: the network's.
      run: whose checkpoint it is.
      shape: of the examples that the network was built for.
    Raises:
      OtherSizeError: the network was trained on images of another size.
      UserError: the checkpoint can't be read, or isn't this network's.
    """
    try:
        _check_fit(path, variables)
    except UserError as error:
        size, spec = tuple(shape[:-1]), run.data_spec
        if not isinstance(spec, ImageSpec) or size == tuple(spec.image_size):
            raise
        size, trained_size = (" x ".join(map(str, pair)) for pair in (size, spec.image_size))
        raise OtherSizeError(
            f"These images are {size} pixels, but run '{run.name}' was trained on images of {trained_size}.\n"
            "  Draw images of that size, or train the network fully_convolutional, which takes any size."
        ) from error


def _check_fit(path, variables):
    """Checks that a checkpoint holds the variables, with their shapes; a UserError names the differences."""
    saved = _read(path).get_variable_to_shape_map()
    wanted = {variable.op.name: variable.shape.as_list() for variable in variables}
    differences = [
        f"missing in the checkpoint: {name} {shape}" for name, shape in wanted.items() if name not in saved
    ] + [
        f"shape differs: {name} is {saved[name]} in the checkpoint, {shape} in the network"
        for name, shape in wanted.items()
        if name in saved and saved[name] != shape
    ]
    if differences:
        extra = [
            f"missing in the network: {name} {saved[name]}" for name in _weights_among(saved) if name not in wanted
        ]
        lines = differences + extra
        more = [f"and {len(lines) - MOST_NAMED} more"] if len(lines) > MOST_NAMED else []
        raise UserError(
            f"{path}: its weights are not this network's:\n  "
            + "\n  ".join(lines[:MOST_NAMED] + more)
            + "\n  The network has changed since the training. Undo the change in dlho2018_nns.py, or train again."
        )


def _folder(prefix):
    return os.path.dirname(prefix)


def _weights_among(names):
    """The names of weights: nothing of the optimiser, no place in the data."""
    last_parts = ("weights", "biases", "scale", "shift", "moving_mean", "moving_variance")
    return sorted(name for name in names if name.rpartition("/")[2] in last_parts)


def _read(path):
    with readable_checkpoint_errors(path):
        return tf.train.load_checkpoint(path)
