"""The files of checkpoints in a folder: which is the newest, is it whole, what is left over."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError, tensorflow_reason

NAME = "model.ckpt"  # what the names of a checkpoint's files begin with; the step follows
STATE = "checkpoint"  # TensorFlow's file that names the checkpoints of a folder
NO_ARRAY = "not convertible to numpy"  # said of a place in the data once it has been read
SET_ASIDE = "damaged-"  # before the names of files that can't be read, when an older checkpoint takes their place
READ_ERRORS = (ValueError, RuntimeError, IndexError)  # TensorFlow's readers raise any of these, beside OpError


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
    except (tf.errors.OpError, *READ_ERRORS) as error:
        other = "newest" if Path(path).parent.name == "best" else "best"
        raise UserError(
            f"{path}: cannot read this checkpoint: {tensorflow_reason(error).rstrip('.')}.\n"
            f"  evaluating.py can read the run's other one: --checkpoint {other}."
        ) from error


def newest(folder: str) -> str | None:
    """The path of the last checkpoint written in a folder, or None.

    Without the folder's file `checkpoint`, it is the last one that is whole.

    Raises:
      UserError: the file `checkpoint` is damaged, or names what isn't there.
    """
    state = os.path.join(folder, STATE)
    if not os.path.exists(state):
        return next((path for path in reversed(_unnamed(folder)) if damage(path) is None), None)
    with readable_checkpoint_errors(state):
        found = tf.train.latest_checkpoint(folder)
        if found is None:
            raise ValueError("it names no checkpoint that is there")
        if os.path.dirname(found) != folder:
            raise ValueError(f"it names a checkpoint in another folder, {found}")
    return found


def newest_whole(folder: str) -> str | None:
    """The newest checkpoint that can be read to its last value; None if the folder has none at all.

    Damaged ones that are newer are set aside, with a warning, if an older one is whole.

    Raises:
      UserError: there are checkpoints, and none can be read.
    """
    named = list(reversed(named_in_state(folder) or []))
    damaged: dict[str, str] = {}
    for path in named:
        reason = damage(path)
        if reason is None:
            if damaged:
                _set_aside(folder, damaged, path)
            return path
        damaged[path] = reason
    found = newest(folder)
    if found in damaged:
        raise UserError(
            f"{found}: cannot read this checkpoint: {damaged[found].rstrip('.')}.\n"
            f"  No other in {folder} can be read, so the run can't be resumed. Its best weights may be whole:\n"
            "  evaluating.py --checkpoint best. Or train again, without --resume."
        )
    return found


def damage(path: str) -> str | None:
    """What is wrong with a checkpoint; None if every value can be read. TensorFlow verifies their checksums."""
    try:
        reader = tf.train.load_checkpoint(path)
        names = list(reader.get_variable_to_shape_map())
    except (tf.errors.OpError, *READ_ERRORS) as error:
        return tensorflow_reason(error)
    for name in names:
        try:
            reader.get_tensor(name)
        except (tf.errors.OpError, *READ_ERRORS) as error:
            if NO_ARRAY not in str(error):
                return tensorflow_reason(error)
    return None


def named_in_state(folder: str | Path) -> list[str] | None:
    """The paths of the checkpoints that a folder's file `checkpoint` names there, the oldest first.

    None if the file can't be read, or is missing although there are checkpoints.
    """
    try:
        state = tf.train.get_checkpoint_state(str(folder))
    except ValueError:
        return None
    if state is None:
        return None if _unnamed(folder) else []
    return [path for path in state.all_model_checkpoint_paths if Path(path).parent == Path(folder)]


def remove_leftovers(folder: str | Path) -> None:
    """Removes the files of checkpoints that were half written, or half removed, when a training was killed.

    Whole checkpoints are removed too, unless the folder's file `checkpoint` names them or can't be read.

    Args:
      folder: of checkpoints; no other process may be writing there.
    """
    paths = named_in_state(folder)
    names = None if paths is None else {os.path.basename(path) for path in paths}
    for path in Path(folder).glob(f"{NAME}-*"):
        is_torn = ".tempstate" in path.name
        if is_torn or (names is not None and path.name.split(".data-")[0].removesuffix(".index") not in names):
            with contextlib.suppress(OSError):
                path.unlink()


def _unnamed(folder: str | Path) -> list[str]:
    """The paths of checkpoints that have an index, whatever the file `checkpoint` says; the oldest first."""
    paths = [str(path).removesuffix(".index") for path in Path(folder).glob(f"{NAME}-*.index")]
    return sorted((path for path in paths if path.rpartition("-")[2].isdigit()), key=_step)


def _step(path: str) -> int:
    return int(path.rpartition("-")[2])


def _set_aside(folder: str, damaged: dict[str, str], whole: str) -> None:
    """Renames damaged checkpoints, and makes an older, whole one the newest; a warning names them all."""
    for path, reason in damaged.items():
        console.warn(
            f"{path}: cannot read this checkpoint: {reason.rstrip('.')}.\n"
            f"  The run goes on from the one before, {whole}. The damaged files are kept as {SET_ASIDE}{NAME}-*."
        )
    try:
        for path in damaged:
            for file in [*Path(folder).glob(f"{Path(path).name}.*")]:
                file.rename(file.with_name(SET_ASIDE + file.name))
        paths = [path for path in named_in_state(folder) or [] if path not in damaged]
        tf.train.update_checkpoint_state(folder, whole, paths)
    except (OSError, tf.errors.OpError) as error:
        raise UserError(f"{folder}: cannot write here: {error}.\n  Make the folder writable.") from error
