"""Is there an iterator that a session can start, and are next_element the tensors of its next batch?"""

from collections.abc import Iterator
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.datasets import SHAPE, check_uncut, numbered_images, numbers_of, upstream
from exercises.stages.stand_ins import image_data
from exercises.stages.tensors import described
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines

COUNT, BATCH_SIZE = 10, 4
LARGE = 1200  # images of a large batch
PARTS = ("the iterator can be started", "next_element is one batch", "each run gives the next batch, to the end")


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at()
    with tf.Graph().as_default():
        iterator, next_element = run(lines, numbered_batches(COUNT, BATCH_SIZE))
        check_iterator(iterator, next_element, lines)
        yield
        check_next_element(iterator, next_element, lines)
        yield
        with tf.Session() as session:
            for _ in range(2):  # an initializer starts the data again, as in the validation after every epoch
                session.run(iterator.initializer)
                check_batches(session, next_element, lines)
    check_whole(lines)
    yield


def numbered_batches(count: int, batch_size: int) -> Any:
    """A data set of batches of numbered images. An image's label is its number."""
    return tf.data.Dataset.from_tensor_slices((numbered_images(count), np.arange(count))).batch(batch_size)


def run(lines: StudentLines, dataset: Any) -> tuple[Any, Any]:
    """Runs the lines: (iterator, next_element); Python's way through a data set has a message of its own."""
    try:
        names = lines.run({"training": dataset, "data": image_data(shape=SHAPE)})
        return names.get("iterator"), names.get("next_element")
    except Finding as finding:
        if any(words in str(finding.__cause__) for words in ("Python-style iteration", "not an iterator")):
            raise Finding(
                "Python's iter, next or for is used",
                "tf.data.make_initializable_iterator(training), and its get_next()",
                "While the graph is built there are no images yet; the graph needs an iterator of its own.",
                finding.line,
            ) from None
        raise


def check_iterator(iterator: Any, next_element: Any, lines: StudentLines) -> None:
    """Checks that the iterator is one, with an initializer that a session can run."""
    line = lines.line_with("iterator =", "next_element =", "iterator")
    why = "Before the first batch, the script runs iterator.initializer."
    if is_iterator(next_element):
        raise Finding(
            "next_element is the iterator",
            "two names: iterator, and next_element, which iterator.get_next() gives",
            "The iterator is a place in the data; next_element are the tensors that a session runs.",
            lines.line_with("next_element"),
        )
    if iterator is None:
        raise Finding("there is no iterator", "iterator, made of training", why, line)
    if not is_iterator(iterator):
        parts = iterator if isinstance(iterator, (tuple, list)) else [iterator]
        is_element = all(isinstance(part, tf.Tensor) for part in parts)
        kind = "what get_next() gives: tensors" if is_element else described(iterator)
        raise Finding(
            f"iterator is {kind}",
            "the iterator itself: tf.data.make_initializable_iterator(training)",
            why,
            line,
        )
    try:
        _ = iterator.initializer
    except ValueError:
        is_one_shot = iterator._iterator_resource.op.type == "OneShotIterator"
        raise Finding(
            "iterator is a one-shot iterator: it has no initializer" if is_one_shot else "iterator has no initializer",
            "an iterator that a session can start, and start again: tf.data.make_initializable_iterator(training)",
            why,
            lines.line_of(iterator._iterator_resource.op) or line,
        ) from None


def check_next_element(iterator: Any, next_element: Any, lines: StudentLines) -> None:
    """Checks that next_element is a pair of tensors, both from one call of the iterator's get_next."""
    line = lines.line_with("next_element =", "next_element", "get_next", "iterator")
    expected = "next_element = iterator.get_next(): the tensors (images, labels)"
    why = "The loop runs next_element in the session, and gets images and labels."
    if next_element is None:
        raise Finding("there is no next_element", expected, why, line)
    if callable(next_element):
        raise Finding("next_element is the function get_next itself, not called", expected, why, line)
    parts = next_element if isinstance(next_element, (tuple, list)) else (next_element,)
    if any(isinstance(part, (np.ndarray, np.generic)) for part in parts):
        raise Finding(
            "next_element holds the numbers of one batch, computed once",
            expected,
            "The same batch would be fed in every step. Tensors are computed again each time a session runs them.",
            line,
        )
    if not all(isinstance(part, tf.Tensor) for part in parts) or len(parts) != 2:
        found = f"{len(parts)} tensor{'s' * (len(parts) != 1)}"
        if not all(isinstance(part, tf.Tensor) for part in parts):
            found = described(next_element)
        raise Finding(f"next_element is {found}", expected, why, line)
    operations = dict.fromkeys(operation for part in parts for operation in upstream(part.op))  # each once
    calls = [operation for operation in operations if operation.type.startswith("IteratorGetNext")]
    own = [call for call in calls if call.inputs[0].op is iterator._iterator_resource.op]
    if len(own) > 1:
        raise Finding(
            f"get_next is called {len(own)} times, and each call takes a batch of its own",
            "one call, which gives both images and labels",
            "The images would be of one batch and the labels of another.",
            lines.line_of(own[0]) or line,
        )
    if not own or len(calls) > 1:
        raise Finding(
            "next_element comes from another iterator than the one that is called iterator",
            expected,
            "The script starts the iterator of that name, and no other.",
            line,
        )


def check_batches(session: Any, next_element: Any, lines: StudentLines) -> None:
    """Checks that the batches come one after another, each image with its label, until there is none."""
    line = lines.line_with("make_initializable_iterator", "get_next", "iterator")
    for start in range(0, COUNT, BATCH_SIZE):
        wanted = list(range(start, min(start + BATCH_SIZE, COUNT)))
        try:
            images, labels = session.run(next_element)
        except tf.errors.OutOfRangeError:
            images, labels = np.empty([0, *SHAPE], np.uint8), []
        if np.ndim(images) != 4 or np.ndim(labels) != 1:
            raise Finding(
                f"the first tensor of next_element has the shape {list(np.shape(images))}, the second "
                f"{list(np.shape(labels))}",
                "a batch of images, [B, H, W, 3], and their labels, [B], in this order",
                "The loop takes next_element apart as images, labels.",
                lines.line_with("next_element", "get_next"),
            )
        found = numbers_of(images).tolist()
        if found != wanted or list(labels) != wanted:
            raise Finding(
                f"instead of the images {wanted} of the data set, the images {found} come, with the labels of "
                f"{list(map(int, labels))}"
                if found
                else f"the images {wanted} of the data set don't come",
                "the data set's batches, one in each run",
                "The data set has its order and its batches already; the iterator goes through them.",
                line,
            )
    try:
        session.run(next_element)
    except tf.errors.OutOfRangeError:
        return
    raise Finding(
        "after the data set's last batch, more batches come",
        "tf.errors.OutOfRangeError when there is none left",
        "The loop ends when the data does.",
        line,
    )


def check_whole(lines: StudentLines) -> None:
    """Checks that a large batch comes as a whole, and that nothing cuts the data at a number of batches."""
    with tf.Graph().as_default():
        iterator, next_element = run(lines, numbered_batches(LARGE, LARGE))
        check_uncut(iterator.initializer, iterator.initializer, lines)
        with tf.Session() as session:
            session.run(iterator.initializer)
            count = len(session.run(next_element)[1])
    if count != LARGE:
        raise Finding(
            f"of a batch of {LARGE:,} images, next_element holds {count:,}",
            "all of them: what get_next() gives, as it is",
            "--batch_size may be any number, and each image of a batch is something to learn from.",
            lines.line_with("next_element =", "next_element", "get_next"),
        )


def is_iterator(value: Any) -> bool:
    """Whether something is an iterator of tf.data."""
    return isinstance(value, tf.data.Iterator)
