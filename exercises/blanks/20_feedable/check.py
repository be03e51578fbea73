"""Does next_images come from the iterator whose handle is fed, and do both iterators keep their places?"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.datasets import SHAPE, numbered_images, numbers_of, upstream
from exercises.stages.tensors import described, line_making, tensor_called
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines
from kit.cli.errors import tensorflow_reason

BATCH, TRAINING, HELD_OUT = 2, 6, 4  # images per batch, and in all
NAMES = ("training", "held_out")
TURNS = (0, 0, 1, 0, 1)  # whose handle is fed; at the end no batch is left of either
PARTS = (
    "handles has a handle for each iterator",
    "handle_ph is a placeholder for one of them",
    "next_images is a batch of the iterator that is fed",
    "each iterator goes on where it was",
)


class Stage(NamedTuple):
    """What the lines made, and what was there before."""

    lines: StudentLines
    names: dict[str, Any]
    iterators: list
    numbers: tuple[list[int], list[int]]  # of the images of training, and of held_out


def check(blank: StudentBlank) -> Iterator[str | None]:
    with tf.Graph().as_default():
        stage = built(blank.at())
        with tf.Session() as session:
            session.run([each.initializer for each in stage.iterators])
            fed = check_handles(stage, session)
            yield
            handle_ph = check_placeholder(stage)
            yield
            next_images = check_next_images(stage, handle_ph)
            for turn in (0, 1):
                check_batch(stage, session, next_images, {handle_ph: fed[turn]}, turn, at=0)
            yield
            session.run([each.initializer for each in stage.iterators])
            places = [0, 0]
            for turn in TURNS:
                check_batch(stage, session, next_images, {handle_ph: fed[turn]}, turn, places[turn])
                places[turn] += BATCH
            yield


def built(lines: StudentLines) -> Stage:
    """Runs the lines on two small data sets of numbered images."""
    images = numbered_images(TRAINING + HELD_OUT)
    parts = images[:TRAINING], images[TRAINING:]
    training, held_out = (tf.data.Dataset.from_tensor_slices(part).batch(BATCH) for part in parts)
    iterators = [tf.data.make_initializable_iterator(each) for each in (training, held_out)]
    given = {"training": training, "held_out": held_out, "iterators": iterators}
    names = lines.run(given, keeps=given)
    return Stage(lines, names, iterators, (list(range(TRAINING)), list(range(TRAINING, TRAINING + HELD_OUT))))


def check_handles(stage: Stage, session: Any) -> list[bytes]:
    """Checks that handles are those of the iterators, in their order; gives them as the session has them."""
    handles, lines = stage.names.get("handles"), stage.lines
    expected = "handles = [each.string_handle() for each in iterators]"
    why = "The session runs handles once; what it gives is then fed, to say whose turn it is."
    line = lines.line_with("handles", "string_handle")
    if handles is None:
        raise Finding("there is no handles", expected, why, line)
    if not isinstance(handles, (list, tuple)) or not all(isinstance(each, tf.Tensor) for each in handles):
        inside = f", the first {described(handles[0])}" if isinstance(handles, (list, tuple)) and handles else ""
        raise Finding(f"handles is {described(handles)}{inside}", f"a list of two tensors: {expected}", why, line)
    if [each.dtype for each in handles] != [tf.string] * 2:
        kinds = ", ".join(each.dtype.name for each in handles)
        raise Finding(f"handles are tensors of {kinds}", f"two of string: {expected}", why, line)
    fed, known = session.run(list(handles)), session.run([each.string_handle() for each in stage.iterators])
    whose = [NAMES[known.index(each)] if each in known else "neither" for each in fed]
    if fed != known:
        raise Finding(
            f"handles are of the iterators of {whose[0]} and {whose[1]}",
            "of training and held_out, in this order",
            why,
            line,
        )
    return fed


def check_placeholder(stage: Stage) -> Any:
    """Checks that handle_ph is a placeholder of a string; gives it."""
    why = "With each batch, the handle of one iterator is fed to it."
    handle_ph = tensor_called(stage.lines, stage.names, "handle_ph", why)
    line, expected = line_making(stage.lines, "handle_ph", handle_ph), "handle_ph = tf.placeholder(tf.string, [])"
    if not handle_ph.op.type.startswith("Placeholder"):
        raise Finding("handle_ph is no placeholder", expected, why, line)
    if handle_ph.dtype != tf.string:
        raise Finding(f"handle_ph is of {handle_ph.dtype.name}", expected, f"A handle is a string. {why}", line)
    if not handle_ph.shape.is_compatible_with([]):
        raise Finding(f"handle_ph has the shape {handle_ph.shape}", expected, f"One handle is fed. {why}", line)
    return handle_ph


def check_next_images(stage: Stage, handle_ph: Any) -> Any:
    """Checks that next_images are images, and depend on what is fed; gives the tensor."""
    lines, value = stage.lines, stage.names.get("next_images")
    expected = "tf.data.Iterator.from_string_handle(handle_ph, types, shapes).get_next()"
    if isinstance(value, tf.data.Iterator):
        line = line_making(lines, "next_images", value)
        raise Finding("next_images is the iterator", expected, "A session runs the tensor that get_next() gives.", line)
    next_images = tensor_called(lines, stage.names, "next_images", "The session runs it for each batch.")
    line = line_making(lines, "next_images", next_images)
    if handle_ph.op not in upstream(next_images.op):
        why = "Whatever is fed, the batches would come from the same iterator."
        raise Finding("next_images doesn't depend on handle_ph", expected, why, line)
    shape = next_images.shape.as_list() if next_images.shape.ndims else None
    if next_images.dtype != tf.uint8 or shape != [None, *SHAPE]:
        raise Finding(
            f"next_images is {next_images.dtype.name} of the shape {next_images.shape}",
            f"uint8 of the shape (?, {', '.join(map(str, SHAPE))}), as in training",
            "Layers make their weights by the shape of their inputs, before there is any batch.",
            line,
        )
    return next_images


def check_batch(stage: Stage, session: Any, next_images: Any, feed: dict, turn: int, at: int) -> None:
    """Checks that the next batch is the one of an iterator at a place."""
    wanted = stage.numbers[turn][at : at + BATCH]
    line = line_making(stage.lines, "next_images", next_images)
    what = f"the images {wanted} of {NAMES[turn]}, whose handle is fed"
    try:
        found = numbers_of(session.run(next_images, feed)).tolist()
    except tf.errors.OutOfRangeError:
        found = []
    except tf.errors.OpError as error:
        why = "The session has started the two iterators, and no other."
        raise Finding(f"TensorFlow stops at next_images: {tensorflow_reason(error)}", what, why, line) from None
    if found != wanted:
        raise Finding(
            f"the images {found} come" if found else "no more images come",
            what,
            "The other iterator must stand still meanwhile, or batches are lost.",
            line,
        )
