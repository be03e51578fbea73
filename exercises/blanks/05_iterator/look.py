"""What each run of next_element gives, drawn."""

from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.stages.datasets import numbered_images
from exercises.stages.drawn import refuse
from exercises.stages.drawn_batches import EXPECTED, Row, as_batch, drawn_images, figure_of_rows, row_of
from exercises.student_blank import StudentBlank

from .check import check_iterator, run

COUNT, BATCH_SIZE = 20, 6
MOST_RUNS = 6  # of next_element


def look(blank: StudentBlank) -> Any:
    lines, images = blank.at(), drawn_images(COUNT, blank.seed)
    order = np.random.default_rng(5).permutation(COUNT)  # as if shuffled before
    rows = []
    with tf.Graph().as_default():
        arrays = numbered_images(COUNT)[order], (order >= COUNT // 2).astype(np.int64)
        iterator, next_element = run(lines, tf.data.Dataset.from_tensor_slices(arrays).batch(BATCH_SIZE))
        check_iterator(iterator, next_element, lines)
        with tf.Session() as session:
            session.run(iterator.initializer)
            for number in range(1, MOST_RUNS + 1):
                try:
                    batch = as_batch(*session.run(next_element))
                except tf.errors.OutOfRangeError:
                    rows.append(Row(f"run {number}:\ntf.errors.OutOfRangeError", ()))
                    break
                except TypeError:
                    batch = None
                if batch is None:
                    refuse(blank, "next_element is no batch", EXPECTED, lines.line_with("next_element"))
                rows.append(row_of(f"run {number}", *batch, images))
    return figure_of_rows(
        f"Blank 5: what each run of next_element gives\nThe data: {COUNT} images in batches of 6.", rows
    )
