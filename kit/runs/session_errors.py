"""Errors from within TensorFlow's session, told as the mistake that caused them."""

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
from kit.runs import checkpoints
from kit.runs.run_folder import Run

PROJECT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def clear_data_errors(data: Data) -> Iterator[None]:
    """Around a session that reads data: an image that TensorFlow can't read is named, with its line.

    Raises:
      UserError: an image is bad, or memory ran out.
    """
    try:
        yield
    except tf.errors.ResourceExhaustedError as error:
        raise UserError("Not enough memory for a step.\n  Use a smaller --batch_size or a smaller network.") from error
    except tf.errors.OpError as error:
        bad_example = data.find_bad_example()
        raise (bad_example or UserError(f"TensorFlow stopped: {tensorflow_reason(error)}.")) from error


@contextlib.contextmanager
def clear_event_errors() -> Iterator[None]:
    """Around tf.summary.FileWriters, whose own threads write: a file that can't be written is told once, by an error.

    Raises:
      UserError: the disk is full, or the folder has gone.
    """

    def quietly(failure):
        if failure.thread is None or "EventLoggerThread" not in failure.thread.name:
            before(failure)

    before, threading.excepthook = threading.excepthook, quietly
    try:
        yield
    except RuntimeError as error:
        if "tfevents" not in str(error):
            raise
        path, _, reason = str(error).splitlines()[0].partition("; ")
        raise UserError(
            f"{path}: cannot write what TensorBoard shows: {reason}.\n"
            "  Make room on the disk. The last good checkpoint stays; a training goes on with --resume."
        ) from error
    finally:
        threading.excepthook = before


@contextlib.contextmanager
def clear_graph_growth() -> Iterator[None]:
    """Around a training: an operation that is added to the graph once it is finalised is told with its line.

    Raises:
      UserError: one was added.
    """
    try:
        yield
    except RuntimeError as error:
        if "Graph is finalized" not in str(error):
            raise
        frames = traceback.extract_tb(error.__traceback__)
        place = [frame for frame in frames if Path(frame.filename).parent == PROJECT][-1]
        raise UserError(
            f"{Path(place.filename).name}:{place.lineno}, in {place.name}: adds an operation to the graph in the loop\n"
            f"    {place.line}\n"
            "  Each time around, the graph would grow, until the memory is full. Build the operation once, before the\n"
            "  session, and in the loop only run it; or compute with NumPy what session.run has given you."
        ) from error


@contextlib.contextmanager
def clear_training_errors(data: Data, run: Run) -> Iterator[None]:
    """Around a training: errors in its data, in what it writes for TensorBoard, in a graph that grows."""
    with clear_data_errors(data), clear_event_errors(), clear_graph_growth():
        try:
            yield
        except tf.errors.OpError:
            checkpoints.doubt_place(run)
            raise


@contextlib.contextmanager
def clear_evaluation_errors(data: Data) -> Iterator[None]:
    """Around an evaluation: errors in its data, and in what it writes for TensorBoard."""
    with clear_data_errors(data), clear_event_errors():
        yield


def check_finite(loss: float, step: int, run: Run) -> None:
    """Checks that a loss is a number.

    Args:
      loss: float.
      step: of the training, for the error.
      run: kit.runs.run_folder.Run, whose last good checkpoint is named.
    Raises:
      UserError: the loss is infinite or not a number.
    """
    if not math.isfinite(loss):
        kept = checkpoints.exists(run, "newest")
        last_good = f"The last good checkpoint is still in {run.folder}. " if kept else ""
        raise UserError(
            f"Step {step}: the loss is {loss}, so the weights are no use any more.\n"
            f"  {last_good}Try a smaller --learning_rate in a new run."
        )
