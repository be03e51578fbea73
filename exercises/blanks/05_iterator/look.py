"""What each run of next_element gives, drawn."""

import contextlib
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.datasets import numbered_images
from exercises.stages.drawn import WRONG, note_in, refuse
from exercises.stages.drawn_batches import Row, as_batch, drawn_images, figure_of_rows, row_of, row_of_others
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines

from .check import check_iterator, check_next_element, is_iterator, run

COUNT, BATCH_SIZE = 20, 6
MOST_RUNS = 6  # of next_element


def look(blank: StudentBlank) -> Any:
    lines, images = blank.at(), drawn_images(COUNT, blank.seed)
    order = np.random.default_rng(5).permutation(COUNT)  # as if shuffled before
    with tf.Graph().as_default():
        arrays = numbered_images(COUNT)[order], (order >= COUNT // 2).astype(np.int64)
        iterator, next_element = run(lines, tf.data.Dataset.from_tensor_slices(arrays).batch(BATCH_SIZE))
        parts = parts_of(next_element if next_element is not None else iterator, lines)
        rows = rows_of(iterator, parts, images)
        wrong = finding_of(iterator, next_element, lines)
    title = f"Blank 5: what each run of next_element gives\nThe data: {COUNT} images in batches of {BATCH_SIZE}."
    figure = figure_of_rows(title, rows)
    if wrong:
        note_in(figure, f"{wrong.found}\nwanted: {wrong.expected}")
    return figure


def parts_of(next_element: Any, lines: StudentLines) -> list:
    """The tensors, or arrays, of next_element; where there is none, of what get_next has given to iterator."""
    parts = tf.nest.flatten(next_element)
    if not parts or not all(isinstance(part, (tf.Tensor, np.ndarray, np.generic)) for part in parts):
        refuse("next_element holds no tensors", "what get_next() gives", lines.line_with("next_element"))
    return parts


def rows_of(iterator: Any, parts: list, images: np.ndarray) -> list[Row]:
    """A Row for each run of next_element, after the iterator was started, if it can be."""
    rows = []
    with tf.Session() as session:
        if is_iterator(iterator):
            with contextlib.suppress(ValueError):  # it has no initializer
                session.run(iterator.initializer)
        for number in range(1, MOST_RUNS + 1):
            try:
                values = session.run(parts) if isinstance(parts[0], tf.Tensor) else parts
            except tf.errors.OutOfRangeError:
                rows.append(Row(f"run {number}:\ntf.errors.OutOfRangeError", ()))
                break
            except tf.errors.FailedPreconditionError:
                rows.append(Row(f"run {number}: an error,\nit was not started", (), WRONG))
                break
            rows.append(row_of_run(f"run {number}", values, images))
    return rows


def row_of_run(title: str, values: list, images: np.ndarray) -> Row:
    """The Row of what a run has given: a batch of images with their labels, or something else, in red."""
    batch = as_batch(*values) if len(values) == 2 else None
    return row_of(title, *batch, images) if batch else row_of_others(title, values, images)


def finding_of(iterator: Any, next_element: Any, lines: StudentLines) -> Finding | None:
    """What is wrong with the two, as the check finds it."""
    try:
        check_iterator(iterator, next_element, lines)
        check_next_element(iterator, next_element, lines)
    except Finding as finding:
        return finding
    return None
