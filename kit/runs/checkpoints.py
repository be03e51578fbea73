"""Checkpoints: where a run's weights are, and why some don't fit a network."""

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

NAME = "model.ckpt"  # of checkpoints' files, followed by the step
IN_DOUBT = "place_in_doubt"  # a file beside the newest: its place in the data may hold an error
STATE = "checkpoint"  # the file that names the newest of a folder
SHOWN = 40  # variables named in an error
MADE_WITH = "iterator_made_with"  # a variable: epochs, batches skipped, PIPELINE; an iterator's place fits only these
PIPELINE = 2  # counts the pipelines that training.py has had; the first, version 1.0's, wrote no number


@dataclass(frozen=True)
class Start:
    """Where a training starts: at nothing, or at a checkpoint."""

    checkpoint: str | None
    step: int  # batches that were learnt from before
    restores_data: bool  # the checkpoint's place in the data is taken up again
    batches_to_skip: int  # by the pipeline, from the first batch of the first epoch


def start_of(run: Run) -> Start:
    """The Start of a run, new or resumed; a run that was stopped before its first checkpoint starts anew.

    A checkpoint holds the iterator's place in the data, shuffle buffer included; it fits an iterator that was made
    alike, so the pipeline skips what it skipped then. Where it doesn't fit (other epochs), isn't there (images
    in memory would all be in that buffer) or is in doubt, the batches that were learnt from are skipped.
    """
    checkpoint = _newest(run.checkpoint_prefix("newest")) if run.is_resumed else None
    if checkpoint is None:
        return Start(None, 0, False, 0)
    reader = _read(checkpoint)
    with reading(checkpoint):
        step = int(reader.get_tensor("global_step"))
        epochs, skipped, *pipeline = map(int, reader.get_tensor(MADE_WITH))
    in_doubt = os.path.exists(os.path.join(os.path.dirname(checkpoint), IN_DOUBT))
    fits = epochs == run.settings.epochs and pipeline == [PIPELINE] and run.settings.input != "memory"
    if fits and not in_doubt:
        return Start(checkpoint, step, True, skipped)
    return Start(checkpoint, step, False, step)


class Savers:
    """Writes a run's checkpoints: the newest, with all it takes to go on, and the best, for evaluation."""

    def __init__(self, run: Run, start: Start, network_variables: Sequence, iterator: Any) -> None:
        """Adds the savers' operations to the graph.

        Args:
          run: kit.runs.run_folder.Run.
          start: the Start that the iterator was made with.
          network_variables: those that make up the network.
          iterator: the training data's, whose place is saved unless the data is in memory.
        """
        self._run, self._network_variables = run, network_variables
        with tf.name_scope("checkpoints"):
            epoch_so_far = tf.zeros([len(EpochMeans.NOTHING)], tf.float64)
            self._epoch_so_far = tf.get_variable("epoch_so_far", initializer=epoch_so_far, trainable=False)
            learnt = tf.global_variables()
            self._without_data = tf.train.Saver(learnt)
            made_with = [run.settings.epochs, start.batches_to_skip, PIPELINE]
            place = [tf.get_variable(MADE_WITH, initializer=tf.constant(made_with, tf.int64), trainable=False)]
            if run.settings.input != "memory":
                place.append(tf.data.experimental.make_saveable_from_iterator(iterator))
            self._newest = tf.train.Saver([*learnt, *place], max_to_keep=2)
            self._best = tf.train.Saver(network_variables, max_to_keep=1)

    def restore(self, session: tf.Session, checkpoint: str, restores_data: bool) -> list[float]:
        """Puts the values of a checkpoint into the session; returns the EpochMeans.so_far of the epoch under way."""
        saver = self._newest if restores_data else self._without_data
        _check_fit(checkpoint, self._network_variables)
        with reading(checkpoint):
            saver.restore(session, checkpoint)
        for saver, kind in ((self._newest, "newest"), (self._best, "best")):  # so that they go on deleting the oldest
            saver.recover_last_checkpoints(_named_in_state(_folder(self._run.checkpoint_prefix(kind))) or [])
        return session.run(self._epoch_so_far).tolist()

    def save(self, session: tf.Session, step: int, means: EpochMeans, is_best: bool) -> None:
        """Writes the best checkpoint, if this is it, then the newest: killed in between, a run repeats the epoch.

        One of this step that was written before is left as it is: a run that goes on comes to the same values.

        Args:
          session: the tf.Session.
          step: how many were trained.
          means: the EpochMeans of the epoch under way.
          is_best: whether no epoch before did better on validation.
        """
        self._epoch_so_far.load(means.so_far, session)
        savers = [(self._best, "best")] if is_best else []
        try:
            for saver, kind in [*savers, (self._newest, "newest")]:
                prefix = self._run.checkpoint_prefix(kind)
                if _newest(prefix) != f"{prefix}-{step}":
                    saver.save(session, prefix, step, write_meta_graph=False)
                    Path(_folder(prefix), IN_DOUBT).unlink(missing_ok=True)
        except (tf.errors.OpError, OSError, ValueError) as error:  # a ValueError where the folder has gone
            kept = "The one before is still good. " if exists(self._run, "newest") else ""
            raise UserError(
                f"{self._run.folder}: cannot write a checkpoint: {tensorflow_reason(error)}.\n"
                f"  {kept}Make room, then go on with --resume --run {self._run.name}."
            ) from error


def doubt_place(run: Run) -> None:
    """Notes that reading failed in a training: its last checkpoint may hold images that were read ahead, and the error.

    A resumed run would meet it again, although the image is back.
    """
    with contextlib.suppress(OSError):
        Path(_folder(run.checkpoint_prefix("newest")), IN_DOUBT).touch()


def remove_leftovers(folder: str | Path) -> None:
    """Removes the files of checkpoints that were half written, or half removed, when a training was killed.

    Args:
      folder: of checkpoints, where no other process writes. Whole ones go too, if its file `checkpoint` can be read and
        doesn't name them.
    """
    named = _named_in_state(folder)
    kept = None if named is None else {os.path.basename(path) for path in named}
    for path in Path(folder).glob(f"{NAME}-*"):
        is_torn = ".tempstate" in path.name
        if is_torn or (kept is not None and path.name.split(".data-")[0].removesuffix(".index") not in kept):
            with contextlib.suppress(OSError):
                path.unlink()


def find(run: Run, kind: str) -> str:
    """The path of a run's checkpoint.

    Args:
      run: kit.runs.run_folder.Run.
      kind: "best" or "newest".
    Raises:
      UserError: the run has none.
    """
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
      shape: of an example that the network was built for.
    Raises:
      UserError: there is none, it can't be read, or it isn't this network's.
    """
    path = find(run, kind)
    check_network(path, tf.global_variables(), run, shape)
    return path


def check_network(path: str, variables: Sequence, run: Run, input_shape: tuple[int, ...]) -> None:
    """Checks that a checkpoint holds the weights of a network.

    Args:
      path: the checkpoint.
      variables: the network's.
      run: kit.runs.run_folder.Run.
      input_shape: what the network was built for: (height, width, 3), or (columns,).
    Raises:
      UserError: the checkpoint can't be read, or isn't this network's.
    """
    try:
        _check_fit(path, variables)
    except UserError as error:
        size, spec = tuple(input_shape[:-1]), run.data_spec
        if not isinstance(spec, ImageSpec) or size == tuple(spec.image_size):
            raise
        size, trained_size = (" x ".join(map(str, pair)) for pair in (size, spec.image_size))
        raise UserError(
            f"These images are {size} pixels, and run '{run.name}' was trained on {trained_size}.\n"
            "  Draw images of that size, or train the network fully_convolutional, which takes any."
        ) from error


@contextlib.contextmanager
def reading(path: str) -> Iterator[None]:
    """Around the reading of a checkpoint: a UserError says if it is damaged."""
    try:
        yield
    except NotImplementedError:  # an empty blank of the hands-on
        raise
    except (tf.errors.OpError, ValueError, RuntimeError, IndexError) as error:  # as TensorFlow's readers have it
        reason = tensorflow_reason(error)
        raise UserError(
            f"{path}: cannot read this checkpoint: {reason}.\n"
            "  evaluating.py reads the other one: --checkpoint best, or newest."
        ) from error


def _check_fit(path, variables):
    """Checks that variables are in a checkpoint with their shapes; a UserError names every difference."""
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
        more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
        raise UserError(
            f"{path}: its weights are not this network's:\n  "
            + "\n  ".join(lines[:SHOWN] + more)
            + "\n  The network was changed after the training. Undo the change in dlho2018_nns.py, or train again."
        )


def _newest(prefix):
    """The path of the last checkpoint written under a prefix, or None."""
    folder = _folder(prefix)
    state = os.path.join(folder, STATE)
    with reading(state):
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
    """The names that look like a network's own: no optimiser's memory, no place in the data."""
    last_parts = ("weights", "biases", "scale", "shift", "moving_mean", "moving_variance")
    return sorted(name for name in names if name.rpartition("/")[2] in last_parts)


def _read(path):
    with reading(path):
        return tf.train.load_checkpoint(path)
