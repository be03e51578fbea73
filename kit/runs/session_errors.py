"""Errors of TensorFlow's session, turned into UserErrors that name the mistake behind them."""

from __future__ import annotations

import contextlib
import math
import threading
import traceback
from collections.abc import Iterator

import kit.tensorflow1 as tf
from kit.cli.errors import UserError, tensorflow_reason
from kit.data.interface import Data
from kit.data.parts import VALIDATION
from kit.runs import checkpoints
from kit.runs.run_folder import Run


class DivergedError(UserError):
    """A loss is infinite or not a number."""


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
            f"{data.source}: its lines ended before all of its {data.num_training + data.num_validation:,} {data.unit} "
            "were read.\n"
            "  Look at dlho2018.py: a take or a filter in read_lines leaves some out. Or was the file just changed?"
        ) from error
    except tf.errors.FailedPreconditionError as error:
        raise _not_started(error) from error
    except tf.errors.OpError as error:
        raise (data.find_bad_example(*parts) or _stopped(error)) from error


def _stopped(error: tf.errors.OpError) -> UserError:
    """Names the line that made the operation that failed; or that ran the session, if a placeholder wasn't fed."""
    from kit.runs.script_errors import frames_in_text, line_of_node, place_of, script_frame  # here: only errors need it

    frame = script_frame(frames_in_text(error))
    place = _place_in_script(error) if frame is None or "must feed" in str(error) else place_of(frame)
    place = line_of_node(error) or (place and f"{place}: ")
    return UserError(f"{place}TensorFlow stopped: {tensorflow_reason(error).rstrip('.')}.")


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
    from kit.runs.script_errors import place_of, script_frame  # here: only errors need it

    frame = script_frame(traceback.extract_tb(error.__traceback__))
    return place_of(frame) if frame else ""


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
    except (RuntimeError, IndexError) as error:  # IndexError: the file would be larger than it may be
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
def readable_training_errors(data: Data, run: Run) -> Iterator[None]:
    """Around a training: all of these errors; an error in the data is also noted for --resume.

    An error before the run has begun leaves no folder. An inner fold of a search that diverges is only noted: the
    search goes on.

    Args:
      data: that is read.
      run: that is trained.
    Raises:
      UserError: see the others.
    """
    from kit.runs.script_errors import readable_graph_growth_errors, readable_script_errors  # here: not for --help

    with (
        run.removed_unless_begun(),
        readable_script_errors(data),
        readable_data_errors(data),
        readable_event_errors(),
        readable_graph_growth_errors(),
    ):
        try:
            yield
        except DivergedError:
            if run.inner is None:
                raise
            run.has_diverged = True
        except tf.errors.OpError:
            checkpoints.doubt_place(run)
            raise


@contextlib.contextmanager
def readable_evaluation_errors(data: Data) -> Iterator[None]:
    """Around an evaluation: errors in its data, in its files for TensorBoard, and in the lines of its scripts."""
    from kit.runs.script_errors import readable_script_errors  # here: `--help` needs none

    with readable_script_errors(data), readable_data_errors(data, VALIDATION), readable_event_errors():
        try:
            yield
        except checkpoints.OtherSizeError as error:  # of all images, or only of the first
            raise data.find_bad_example(VALIDATION) or error from None


def check_finite(loss: float, step: int, run: Run | None) -> None:
    """Checks that a loss is a finite number.

    Args:
      loss: of a batch, or of the validation data.
      step: of the training, for the error.
      run: that is trained; None for a lab, which has no checkpoints.
    Raises:
      DivergedError: the loss is infinite or not a number.
    """
    if not math.isfinite(loss):
        last_good = ""
        if run and checkpoints.exists(run, "newest"):
            last_good = f"The last good checkpoint is still in {run.folder}. "
        raise DivergedError(
            f"Step {step}: the loss is {loss}; the network can't learn any further.\n"
            f"  {last_good}Try a smaller --learning_rate in a new run."
        )
