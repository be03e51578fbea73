"""Errors of TensorFlow's session, turned into UserErrors that name the mistake behind them."""

from __future__ import annotations

import contextlib
import math
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

import kit.tensorflow1 as tf
from kit.cli.errors import UserError, tensorflow_reason
from kit.data.interface import Data
from kit.data.parts import VALIDATION
from kit.runs import checkpoints
from kit.runs.run_folder import Run

PROJECT = Path(__file__).resolve().parents[2]  # where the scripts are


@contextlib.contextmanager
def readable_data_errors(data: Data, *parts: int) -> Iterator[None]:
    """Around a session that reads data: names the image that TensorFlow couldn't read, with its line.

    Args:
      data: that is read.
      *parts: of the data that are read, TRAINING or VALIDATION; both if none is named.
    Raises:
      UserError: an image is bad, or the memory is full.
    """
    try:
        yield
    except tf.errors.ResourceExhaustedError as error:
        raise UserError("Not enough memory for a batch.\n  Use a smaller --batch_size or a smaller network.") from error
    except tf.errors.OutOfRangeError as error:
        if (place := _place_in_script(error)) and "End of sequence" in str(error):
            raise UserError(
                f"{place}: the data is at its end, and this line fetches on.\n"
                "  So it is after the last epoch, or the last batch of an evaluation. Fetch within try, catch\n"
                "  tf.errors.OutOfRangeError, and break: the loop is then over (blank 9a or 10b)."
            ) from error
        raise data.find_bad_example() or UserError(
            f"{data.path}: its lines ended before all of its {data.num_training + data.num_validation:,} {data.unit} "
            "were read.\n"
            "  Look at dlho2018.py: a take or a filter in read_lines leaves some out. Or was the file just changed?"
        ) from error
    except tf.errors.FailedPreconditionError as error:
        raise _not_started(error) from error
    except tf.errors.OpError as error:
        raise (data.find_bad_example(*parts) or _stopped(error)) from error


def _stopped(error: tf.errors.OpError) -> UserError:
    return UserError(f"TensorFlow stopped: {tensorflow_reason(error).rstrip('.')}.")


def _not_started(error: tf.errors.FailedPreconditionError) -> UserError:
    """Names the line that is missing, if the variables or an iterator weren't started."""
    ways_out = {
        "uninitialized value": "variables have no values yet.\n"
        "  This is missing: in training.py session.run(tf.global_variables_initializer()), blank 8b;\n"
        "  in evaluating.py saver.restore(session, checkpoint), blank 10a.",
        "has not been initialized": "the data isn't started.\n"
        "  This is missing: in training.py session.run(iterator.initializer, feed_dict=data.arrays), blank 8b;\n"
        "  in evaluate of dlho2018.py session.run(iterator.initializer).",
    }
    for words, way_out in ways_out.items():
        if words in str(error):
            place = _place_in_script(error)
            return UserError(f"{place}: {way_out}" if place else way_out[0].upper() + way_out[1:])
    return _stopped(error)


def _place_in_script(error: BaseException) -> str:
    """Where a script ran the session itself, as "training.py:118, in train"; "" if kit did."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        if file.parent == PROJECT:
            return f"{file.name}:{frame.lineno}, in {frame.name}"
        if PROJECT / "kit" in file.parents:
            break
    return ""


@contextlib.contextmanager
def readable_event_errors() -> Iterator[None]:
    """Around tf.summary.FileWriters: one clear error if a file can't be written, instead of their threads' tracebacks.

    Raises:
      UserError: the disk is full, or the folder is gone.
    """

    def hide_writers_errors(failure: threading.ExceptHookArgs) -> None:
        if failure.thread is None or "EventLoggerThread" not in failure.thread.name:
            hook_before(failure)

    hook_before, threading.excepthook = threading.excepthook, hide_writers_errors
    try:
        yield
    except RuntimeError as error:
        if "tfevents" not in str(error):
            raise
        path, _, reason = str(error).splitlines()[0].partition("; ")
        raise UserError(
            f"{path}: cannot write this file for TensorBoard: {reason}.\n"
            "  Make room on the disk. A training goes on from its last checkpoint with --resume."
        ) from error
    finally:
        threading.excepthook = hook_before


@contextlib.contextmanager
def readable_graph_growth_errors() -> Iterator[None]:
    """Around a training: names the line of a script that adds an operation to the graph in the loop.

    Raises:
      UserError: one was added, after the Recorder finalised the graph.
    """
    try:
        yield
    except RuntimeError as error:
        if "Graph is finalized" not in str(error):
            raise
        frames = traceback.extract_tb(error.__traceback__)
        place = [frame for frame in frames if Path(frame.filename).parent == PROJECT][-1]  # the innermost in a script
        raise UserError(
            f"{Path(place.filename).name}:{place.lineno}, in {place.name}: adds an operation to the graph in the loop\n"
            f"    {place.line}\n"
            "  The graph would grow with each step until the memory is full. Build the operation once, before the\n"
            "  session, and only run it in the loop; or use NumPy on what session.run returns."
        ) from error


@contextlib.contextmanager
def readable_training_errors(data: Data, run: Run) -> Iterator[None]:
    """Around a training: all of these errors; an error in the data is also noted for --resume.

    Args:
      data: that is read.
      run: that is trained.
    Raises:
      UserError: see the others.
    """
    with readable_data_errors(data), readable_event_errors(), readable_graph_growth_errors():
        try:
            yield
        except tf.errors.OpError:
            checkpoints.doubt_place(run)
            raise


@contextlib.contextmanager
def readable_evaluation_errors(data: Data) -> Iterator[None]:
    """Around an evaluation: errors in its data, and in its files for TensorBoard."""
    with readable_data_errors(data, VALIDATION), readable_event_errors():
        try:
            yield
        except checkpoints.OtherSizeError as error:  # of all images, or only of the first
            raise data.find_bad_example(VALIDATION) or error from None


def check_finite(loss: float, step: int, run: Run) -> None:
    """Checks that a loss is a finite number.

    Args:
      loss: of a batch, or of the validation data.
      step: of the training, for the error.
      run: that is trained.
    Raises:
      UserError: the loss is infinite or not a number.
    """
    if not math.isfinite(loss):
        has_checkpoint = checkpoints.exists(run, "newest")
        last_good = f"The last good checkpoint is still in {run.folder}. " if has_checkpoint else ""
        raise UserError(
            f"Step {step}: the loss is {loss}; the network can't learn any further.\n"
            f"  {last_good}Try a smaller --learning_rate in a new run."
        )
