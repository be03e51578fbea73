"""Errors in the lines of a script, as a student may leave them: each is told with its line, without a traceback."""

from __future__ import annotations

import contextlib
import re
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.fed_shapes import misfit
from kit.data.interface import Data

PROJECT = Path(__file__).resolve().parents[2]  # where the scripts are
OF_CODE = (ArithmeticError, AttributeError, LookupError, NameError, RuntimeError, TypeError, ValueError)
PLACE = re.compile(r'File "(.+)", line (\d+), in (\w+)')  # in an error's text
NODE = re.compile(r"\{\{node (?:\w+/)*([A-Za-z]+)\w*\}\}")  # of a function, such as the one that map is given
WAYS_OUT = {  # {words of an error: what to do}
    "must be rank 0 but is rank 1": "A batch came where one line is expected: map comes before batch (blank 4).",
    "Shapes are [": "The first shape is expected, the second was found (blank 2b).",
    "Cannot feed value of shape": "Each placeholder is fed its own part of the batch (blanks 9a and 10b).",
}


@contextlib.contextmanager
def readable_script_errors(data: Data) -> Iterator[None]:
    """Around a script's work: an error in one of its own lines is told with that line.

    Raises:
      UserError: a line of a script is wrong. An error in kit's lines stays as it is: it is a bug.
    """
    try:
        yield
    except NotImplementedError:  # a blank that is still empty
        raise
    except OF_CODE as error:
        _check_named_placeholders(data)
        frame = script_frame([*traceback.extract_tb(error.__traceback__), *frames_in_text(error)])
        if frame is None:
            raise
        lines = "".join(traceback.format_exception_only(error)).strip().splitlines()
        reason = lines[-1 if "in user code" in lines[0] else 0].partition(" for '{{node")[0].strip().rstrip(".")
        way_out = next((f"\n  {text}" for words, text in WAYS_OUT.items() if words in reason), "")
        raise UserError(f"{place_of(frame)}: {reason}.\n    {frame.line}{way_out}") from error


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
        frame = [each for each in frames if Path(each.filename).parent == PROJECT][-1]  # the innermost in a script
        raise UserError(
            f"{place_of(frame)}: adds an operation to the graph in the loop\n"
            f"    {frame.line}\n"
            "  The graph would grow with each step until the memory is full. Build the operation once, before the\n"
            "  session, and only run it in the loop; or use NumPy on what session.run returns."
        ) from error


def check_fed(next_element: tuple, placeholders: tuple, data: Data) -> None:
    """Checks that what the training's iterator brings can be fed.

    Args:
      next_element: (images [B, ...], labels [B]).
      placeholders: (images_ph [B, ...], labels_ph [B], ...).
      data: whose examples they are.
    Raises:
      UserError: shapes or dtypes are others; with the line that decides on them.
    """
    if wrong := misfit(next_element, data):
        raise UserError(
            f"{_made_at(tf.nest.flatten(next_element)[0])}next_element is {wrong}.\n"
            "  Section 1 turns each line into an example, map(data.parse), then batch(settings.batch_size) (blank 4)."
        )
    _check_placeholders(placeholders[:2], data)


def _check_placeholders(placeholders: Sequence[tf.Tensor], data: Data) -> None:
    wrong = misfit(placeholders, data, is_fed=True)
    if wrong:
        raise UserError(
            f"{_made_at(placeholders[0])}the placeholders are {wrong}.\n"
            "  They have the data's dtypes, and None for a batch of any size: [None, *data.shape], [None] (blank 6a)."
        )


def _check_named_placeholders(data: Data) -> None:
    """Checks those of the graph that is being built, if they have the names that the lesson gives them."""
    with contextlib.suppress(KeyError):
        graph = tf.get_default_graph()
        _check_placeholders([graph.get_tensor_by_name(f"{name}:0") for name in (data.unit, "labels")], data)


def _made_at(tensor: tf.Tensor) -> str:
    """ "training.py:57, in train: ", where a tensor was made; "" if it was in kit."""
    frame = script_frame([*tensor.op.traceback])
    return f"{place_of(frame)}: " if frame else ""


def script_frame(frames: Sequence[traceback.FrameSummary]) -> traceback.FrameSummary | None:
    """The innermost place in a script; None if kit's code goes on from there."""
    for frame in reversed(frames):
        file = Path(frame.filename)
        if file.parent == PROJECT:
            return frame
        if PROJECT / "kit" in file.parents:
            break
    return None


def frames_in_text(error: BaseException) -> list[traceback.FrameSummary]:
    """The places that an error of TensorFlow's names: where an operation was made."""
    places = PLACE.findall(str(getattr(error, "message", error)))
    return [traceback.FrameSummary(file, int(line), name) for file, line, name in places]


def place_of(frame: traceback.FrameSummary) -> str:
    """A place in words: "training.py:118, in train"."""
    return f"{Path(frame.filename).name}:{frame.lineno}, in {frame.name}"


def line_of_node(error: tf.errors.OpError, script: str = "dlho2018.py") -> str:
    """ "dlho2018.py:30: ", the line that made the operation that failed in a data set, by its name; "" if unknown."""
    node = NODE.search(str(error))
    if node and "[[IteratorGetNext]]" in str(error):
        for number, line in enumerate((PROJECT / script).read_text(encoding="utf-8").splitlines(), 1):
            if f"{node[1].lower()}(" in line.lower().replace("_", ""):
                return f"{script}:{number}: "
    return ""
