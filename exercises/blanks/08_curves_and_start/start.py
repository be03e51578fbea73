"""The start of a session: variables with their first values, an iterator before its first batch."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.stand_ins import StageRun, image_data
from exercises.student_lines import StudentLines

IMAGES = np.arange(4 * 2 * 3 * 3, dtype=np.uint8).reshape(4, 2, 3, 3)
LABELS = np.array([1, 0, 1, 1])


@dataclass(frozen=True)
class Started:
    """What the student's lines have left."""

    names: dict[str, Any]
    session: Any  # the tf.Session that they were given
    has_value: dict[str, Any]  # {name of a variable: bool tensor}
    next_element: tuple
    finding: Finding | None  # what stopped them


@contextlib.contextmanager
def start(lines: StudentLines) -> Iterator[Started]:
    """Runs the student's lines in a new session: Started, while it is open."""
    with tf.Graph().as_default() as graph:
        arrays = {tf.placeholder(array.dtype, array.shape): array for array in (IMAGES, LABELS)}
        batches = tf.data.Dataset.from_tensor_slices(tuple(arrays)).batch(2)
        iterator = tf.data.make_initializable_iterator(batches)
        next_element = iterator.get_next()
        tf.get_variable("layer/weights", initializer=tf.constant([0.5, -0.5]))
        tf.train.get_or_create_global_step()
        has_value = {variable.op.name: tf.is_variable_initialized(variable) for variable in tf.global_variables()}
        names = {
            "graph": graph,
            "iterator": iterator,
            "training": batches,
            "data": image_data(arrays=arrays),
            "run": StageRun("start"),
            "next_element": next_element,
        }
        with tf.Session(graph=graph) as session:
            finding = None
            try:
                names = lines.run({**names, "session": session})
            except Finding as error:
                finding = error
            yield Started(names, session, has_value, next_element, finding)


def check_variables(lines: StudentLines, started: Started) -> None:
    """Every variable has a value in the session."""
    has_value = started.session.run(started.has_value)
    without = [name for name, value in has_value.items() if not value]
    if not without:
        return
    if started.finding:
        raise started.finding
    if started.names["session"] is not started.session:
        raise Finding(
            "session is a new session of yours",
            "the session that is open already",
            "Each session has values of its own, and the loop uses the one that the `with` statement opened.",
            lines.line_with("session ="),
        )
    raise Finding(
        f"{' and '.join(without)} {'has' if len(without) == 1 else 'have'} no value in the session",
        "every variable with its first value: tf.global_variables_initializer(), run in the session",
        "The graph only says what a variable begins with; running the initializer puts that value into the session.",
        lines.line_with("initializer", "run"),
    )


def check_iterator(lines: StudentLines, started: Started) -> None:
    """The iterator gives the first batch."""
    line = lines.line_with("iterator", "initializer", "run")
    if started.finding:
        error = started.finding.__cause__
        if isinstance(error, tf.errors.InvalidArgumentError) and "must feed" in str(error):
            raise Finding(
                "the iterator's initializer is run without data.arrays",
                "data.arrays as its feed_dict",
                "With --input memory it feeds the images to the data set, once; otherwise data.arrays is empty.",
                started.finding.line,
            )
        raise started.finding
    try:
        images, labels = started.session.run(started.next_element)
    except tf.errors.OpError:
        raise Finding(
            "the iterator has not been started",
            "iterator.initializer, run in the session with data.arrays as its feed_dict",
            "An iterator is like a variable: it has no place in the data until its initializer has run.",
            line,
        ) from None
    if not (np.array_equal(images, IMAGES[:2]) and np.array_equal(labels, LABELS[:2])):
        raise Finding(
            "the first batch is not the first of data.arrays",
            "the iterator before its first batch, on the arrays of data.arrays",
            "The network should see every image once in each epoch.",
            line,
        )
