"""The mutants that pass a check and may: each was looked at, and computes the same or answers the task as well."""

import re
from typing import NamedTuple


class Right(NamedTuple):
    """Mutants that are right.

    Attributes:
      blanks: their numbers.
      operator: of benchmarks/mutations.py; "" for any.
      lines: a pattern that the changed lines match, as they are in the mutant.
      reason: why they are.
    """

    blanks: tuple[int, ...]
    operator: str
    lines: str
    reason: str


TWICE, SWAPPED = "a line twice", "two statements swapped"
RIGHT = (
    Right((0, 2, 3, 4, 5, 6, 7), TWICE, r"\w+(, \w+)* = (?!training\.)", "what the first one makes is used by nothing"),
    Right((1,), TWICE, r"value = |with tf\.Session", "y is computed again, of the same x"),
    Right((7,), TWICE, r"with tf\.control_dependencies|train_op = ", "the first train_op is never run"),
    Right((8,), TWICE, r"scalars = tf\.summary\.merge_all", "merge_all leaves out what merges others"),
    Right((8,), TWICE, r"session\.run\(", "the same first values, and the data started again before the first batch"),
    Right((9,), TWICE, r"break", "nothing runs after a break"),
    Right((10,), TWICE, r"loss = |accuracy = ", "the same number, computed again"),
    Right((10,), TWICE, r"saver", "the same values, restored again"),
    Right((6, 7, 8, 10), SWAPPED, r"", "neither uses what the other makes"),
    Right(
        (0, 6),
        "",
        r"tf\.placeholder\(.*\)",
        "a placeholder of another name in the graph, or of float64: any may be fed",
    ),
    Right((2,), "", r"record_defaults", "the default stands for an empty field, and a CSV with one is refused before"),
    Right((2,), "", r"decode_image", "the function returns an image of 3 dimensions in any case: ensure_shape"),
    Right((3,), "an argument missing", r"TextLineDataset\(data\.path\)", "the task has a CSV that isn't compressed"),
    Right(
        (4,),
        "",
        r"lines\.shuffle\(",
        "passes with a remark: no limit to shuffle, or no seed=settings.seed; or as before",
    ),
    Right((4,), "an argument missing", r"training\.map\(data\.parse\)", "the same images, decoded one by one"),
    Right((7,), "a call left out", r"tf\.argmax\(probabilities, axis=1\), labels_ph\)", "labels are int64 already"),
    Right((7,), "another attribute", r"tf\.cast\(is_right, tf\.float64\)", "the same mean, with more digits"),
    Right((7,), "two arguments swapped", r"tf\.equal\(tf\.cast", "a equals b where b equals a"),
    Right(
        (10,), "an element missing", r"feed = \{images_ph: images, labels_ph: batch_labels\}", "False is the default"
    ),
)


def reason_for(wrong):
    """Why a mutant that passes is right; None if it isn't known to be.

    Args:
      wrong: a mutant, as benchmarks/diagnosis.py makes it.
    """
    changed = [line.strip() for pair in wrong.changed().values() for line in _new_lines(*pair)]
    for each in RIGHT:
        is_kind = wrong.number in each.blanks and each.operator in ("", wrong.what)
        if is_kind and any(re.search(each.lines, line) for line in changed):
            return each.reason
    return None


def _new_lines(before, now):
    """The lines that are there now, where another one was, or none."""
    return [line for line, old in zip(now, [*before, *[None] * len(now)]) if line != old]
