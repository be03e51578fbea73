"""Errors from within TensorFlow or a student's design, told as the mistake that caused them."""

import contextlib
import math
import threading
import traceback
from pathlib import Path

import kit.tensorflow1 as tf
from kit.cli.errors import UserError, tensorflow_reason
from kit.data.image_csv import find_bad_image
from kit.runs import checkpoints

DESIGNS = "dlho2018_nns.py"
PROJECT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def design_errors_explained():
    """Around the call of a network: an error in its code names the line of the design.

    Raises:
      UserError: whatever went wrong in the design.
    """
    try:
        yield
    except Exception as error:
        places = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(DESIGNS)]
        if not places and isinstance(error, TypeError):
            raise UserError(f"{DESIGNS}: {error}.\n  A network takes (images, num_classes, is_training).") from error
        if not places:
            raise
        place = places[-1]
        raise UserError(f"{DESIGNS}:{place.lineno}, in {place.name}: {error}\n    {place.line}") from error


def check_logits(logits, network, num_classes):
    """Checks what a network returned.

    Raises:
      UserError: it isn't a score for each class.
    """
    if not isinstance(logits, tf.Tensor):
        raise UserError(
            f"{DESIGNS}, {network}: returned {logits!r}, expected logits. End it with: return j_logits(...)"
        )
    if logits.shape.ndims != 2 or logits.shape[1].value != num_classes:
        raise UserError(
            f"{DESIGNS}, {network}: returned a tensor of shape {logits.shape}, expected [B, {num_classes}]: "
            "a score for each class.\n  End it with: return j_logits(x, num_classes)"
        )


@contextlib.contextmanager
def image_errors_explained(records):
    """Around a session that reads images: an image that TensorFlow can't read is named, with its line.

    Args:
      records: kit.data.image_csv.Records.
    Raises:
      UserError: an image is bad, or memory ran out.
    """
    try:
        yield
    except tf.errors.ResourceExhaustedError as error:
        raise UserError("Not enough memory for a step.\n  Use a smaller --batch_size or a smaller network.") from error
    except tf.errors.OpError as error:
        bad_image = None if records.is_table else find_bad_image(records)
        raise (bad_image or UserError(f"TensorFlow stopped: {tensorflow_reason(error)}.")) from error


@contextlib.contextmanager
def event_errors_explained():
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
def graph_growth_explained():
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
def training_errors_explained(records, run):
    """Around a training: image_errors_explained, event_errors_explained and graph_growth_explained in one."""
    with image_errors_explained(records), event_errors_explained(), graph_growth_explained():
        try:
            yield
        except tf.errors.OpError:
            checkpoints.doubt_place(run)
            raise


def check_finite(loss, step, run):
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
