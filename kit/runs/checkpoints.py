"""Checkpoints: written, found, restored, and checked against a network."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kit.tensorflow1 as tf
from kit.cli.errors import UserError, tensorflow_reason
from kit.data.data_spec import ImageSpec
from kit.runs.history import EpochMeans

if TYPE_CHECKING:  # run_folder imports this file
    from kit.runs.run_folder import Run

NAME = "model.ckpt"  # what the names of a checkpoint's files begin with; the step follows
IN_DOUBT = "place_in_doubt"  # a file beside the newest checkpoint: see doubt_place
STATE = "checkpoint"  # TensorFlow's file that names the checkpoints of a folder
MOST_NAMED = 40  # variables in an error
MADE_WITH = "iterator_made_with"  # a variable, int64 [3]: epochs, batches skipped, PIPELINE
PIPELINE = 2  # the version of training.py's pipeline; version 1 wrote no such number


@dataclass(frozen=True)
class Start:
    """Where a training starts."""

    checkpoint: str | None  # its path; None for a new run
    step: int  # how many batches the network has learnt from
    restores_data: bool  # whether the place in the data is restored from the checkpoint
    batches_to_skip: int  # how many batches the pipeline skips, from the first epoch's first


def start_of(run: Run) -> Start:
    """The Start of a run. A run that was stopped before its first checkpoint starts again.

    A checkpoint holds the iterator's place in the data, shuffle buffer included. Only an iterator of the same pipeline
    can restore it: MADE_WITH must be equal, so the pipeline skips again what it skipped then. The place is not restored

    - if the number of epochs has changed, or the pipeline itself since version 1;
    - with --input memory: it isn't saved, since the shuffle buffer would hold all images;
    - if an error was met in the data (see doubt_place).

    The pipeline then skips all batches that the network has learnt from.

    Raises:
      UserError: the newest checkpoint can't be read.
    """
    checkpoint = _newest(run.checkpoint_prefix("newest")) if run.is_resumed else None
    if checkpoint is None:
        return Start(None, 0, False, 0)
    reader = _read(checkpoint)
    with readable_checkpoint_errors(checkpoint):
        step = int(reader.get_tensor("global_step"))
        epochs, skipped, *pipeline = map(int, reader.get_tensor(MADE_WITH))
    in_doubt = os.path.exists(os.path.join(os.path.dirname(checkpoint), IN_DOUBT))
    fits = epochs == run.settings.epochs and pipeline == [PIPELINE] and run.settings.input != "memory"
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
          iterator: of the training data; its place is saved, except with --input memory.
        """
        self._run, self._network_variables = run, network_variables
        with tf.name_scope("checkpoints"):
            epoch_so_far = tf.zeros([len(EpochMeans.NOTHING)], tf.float64)
            self._epoch_so_far = tf.get_variable("epoch_so_far", initializer=epoch_so_far, trainable=False)
            variables = tf.global_variables()
            self._without_place = tf.train.Saver(variables)
            made_with = [run.settings.epochs, start.batches_to_skip, PIPELINE]
            place = [tf.get_variable(MADE_WITH, initializer=tf.constant(made_with, tf.int64), trainable=False)]
            if run.settings.input != "memory":
                place.append(tf.data.experimental.make_saveable_from_iterator(iterator))
            self._newest = tf.train.Saver([*variables, *place], max_to_keep=2)
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
        _check_fit(checkpoint, self._network_variables)
        with readable_checkpoint_errors(checkpoint):
            saver.restore(session, checkpoint)
        for saver, kind in ((self._newest, "newest"), (self._best, "best")):  # they delete the oldest
            saver.recover_last_checkpoints(_named_in_state(_folder(self._run.checkpoint_prefix(kind))) or [])
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
                if _newest(prefix) != f"{prefix}-{step}":
                    saver.save(session, prefix, step, write_meta_graph=False)
                    Path(_folder(prefix), IN_DOUBT).unlink(missing_ok=True)
        except (tf.errors.OpError, OSError, ValueError) as error:  # ValueError: the folder is gone
            still_good = "The one before is still good. " if exists(self._run, "newest") else ""
            raise UserError(
                f"{self._run.folder}: cannot write a checkpoint: {tensorflow_reason(error)}.\n"
                f"  {still_good}Make room, then go on with --resume --run {self._run.name}."
            ) from error


def doubt_place(run: Run) -> None:
    """Notes that reading the data failed: the newest checkpoint's place in the data may hold the error, read ahead.

    Restored, it would fail again even when the image is back.
    """
    with contextlib.suppress(OSError):
        Path(_folder(run.checkpoint_prefix("newest")), IN_DOUBT).touch()


def remove_leftovers(folder: str | Path) -> None:
    """Removes the files of checkpoints that were half written, or half removed, when a training was killed.

    Whole checkpoints are removed too, unless the folder's file `checkpoint` names them or can't be read.

    Args:
      folder: of checkpoints; no other process may be writing there.
    """
    paths = _named_in_state(folder)
    names = None if paths is None else {os.path.basename(path) for path in paths}
    for path in Path(folder).glob(f"{NAME}-*"):
        is_torn = ".tempstate" in path.name
        if is_torn or (names is not None and path.name.split(".data-")[0].removesuffix(".index") not in names):
            with contextlib.suppress(OSError):
                path.unlink()


def find(run: Run, kind: str) -> str:
    """The path of a run's checkpoint, "best" or "newest"; a UserError if the run has none."""
    path = _newest(run.checkpoint_prefix(kind))
    if path is None:
        raise UserError(
            f"{run.folder}: run '{run.name}' has no {kind} checkpoint; it was stopped before it wrote one.\n"
            "  Train again, or choose another run with --run."
        )
    return path


def exists(run: Run, kind: str) -> bool:
    """Whether a run has a checkpoint, "best" or "newest"."""
    return _newest(run.checkpoint_prefix(kind)) is not None


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
      UserError: the checkpoint can't be read, or isn't this network's.
    """
    try:
        _check_fit(path, variables)
    except UserError as error:
        size, spec = tuple(shape[:-1]), run.data_spec
        if not isinstance(spec, ImageSpec) or size == tuple(spec.image_size):
            raise
        size, trained_size = (" x ".join(map(str, pair)) for pair in (size, spec.image_size))
        raise UserError(
            f"These images are {size} pixels, but run '{run.name}' was trained on images of {trained_size}.\n"
            "  Draw images of that size, or train the network fully_convolutional, which takes any size."
        ) from error


@contextlib.contextmanager
def readable_checkpoint_errors(path: str) -> Iterator[None]:
    """Around code that reads a checkpoint: raises a UserError if it is damaged.

    Args:
      path: of the checkpoint, for the error.
    """
    try:
        yield
    except NotImplementedError:  # an empty blank of the hands-on
        raise
    except (
        tf.errors.OpError,
        ValueError,
        RuntimeError,
        IndexError,
    ) as error:  # TensorFlow's readers raise any of these
        raise UserError(
            f"{path}: cannot read this checkpoint: {tensorflow_reason(error)}.\n"
            "  evaluating.py can read the run's other one: --checkpoint best, or newest."
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


def _newest(prefix):
    """The path of the last checkpoint written under a prefix, or None."""
    folder = _folder(prefix)
    state = os.path.join(folder, STATE)
    with readable_checkpoint_errors(state):
        newest = tf.train.latest_checkpoint(folder)
        if newest is None and os.path.exists(state):
            raise ValueError("it names no checkpoint that is there")
        if newest and os.path.dirname(newest) != folder:
            raise ValueError(f"it names a checkpoint in another folder, {newest}")
    return newest


def _named_in_state(folder):
    """The paths of the checkpoints that a folder's file `checkpoint` names there; None if it can't be read."""
    try:
        state = tf.train.get_checkpoint_state(str(folder))
    except ValueError:
        return None
    return [path for path in state.all_model_checkpoint_paths if Path(path).parent == Path(folder)] if state else None


def _folder(prefix):
    return os.path.dirname(prefix)


def _weights_among(names):
    """The names of weights: nothing of the optimiser, no place in the data."""
    last_parts = ("weights", "biases", "scale", "shift", "moving_mean", "moving_variance")
    return sorted(name for name in names if name.rpartition("/")[2] in last_parts)


def _read(path):
    with readable_checkpoint_errors(path):
        return tf.train.load_checkpoint(path)
