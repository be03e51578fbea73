"""The mutants that pass a check and may: each was looked at, and computes the same or answers the task as well."""

import re
from typing import NamedTuple

from told import new_lines


class Right(NamedTuple):
    """Mutants that are right.

    Attributes:
      blanks: their numbers.
      operator: of benchmarks/mutations.py.
      lines: a pattern that the changed lines match, as they are in the mutant.
      reason: why they are.
    """

    blanks: tuple[int, ...]
    operator: str
    lines: str
    reason: str


TWICE, SWAPPED, NUMBER = "a line twice", "two statements swapped", "another number"
LEFT_OUT, ARGUMENT, ELEMENT = "a call left out", "an argument missing", "an element missing"
ATTRIBUTE, TEXT = "another attribute", "another text"
UNUSED = "what the first one makes is used by nothing"
SHUFFLE = r"shuffle\(data\.num_training, seed|seed=(1|settings\.epochs)\)|shuffle\(min\(data\.\w+, data\.\w+\)\)"
RIGHT = (
    Right((0,), TEXT, r"tf\.placeholder", "the name in the graph is free"),
    Right((0,), ARGUMENT, r"tf\.placeholder\(tf\.float32, \[\]\)", "the name in the graph is free"),
    Right((0,), ATTRIBUTE, r"tf\.placeholder\(tf\.float64", "any number can be fed, with more digits"),
    Right((0, 2, 3, 4, 5, 6, 7), TWICE, r"^(?!training = training|train_op)\w+(, \w+)* = ", UNUSED),
    Right((1,), TWICE, r"value = |with tf\.Session", "y is computed again, of the same x"),
    Right(
        (2,), NUMBER, r"record_defaults", "the default stands for an empty field, and the kit refuses a CSV with one"
    ),
    Right((2,), TEXT, r"record_defaults", "the same"),
    Right((2,), ELEMENT, r"tf\.constant\(\[\]", "without a default an empty field is an error; there is none"),
    Right((2,), NUMBER, r"expand_animations=True", "the function's end, ensure_shape, wants 3 dimensions in any case"),
    Right((2,), ARGUMENT, r"channels=3\)", "the same"),
    Right((3,), ARGUMENT, r"TextLineDataset\(data\.path\)", "the task has a CSV that isn't compressed"),
    Right((4,), ARGUMENT, r"training\.map\(data\.parse\)", "the same images, decoded one by one"),
    *(
        Right((4, 11), operator, SHUFFLE, "it passes with a remark: no limit to shuffle, or no seed=settings.seed")
        for operator in (LEFT_OUT, ARGUMENT, ATTRIBUTE, "a constant for a variable")
    ),
    Right((4, 11), "two arguments swapped", r"min\(data\.most_shuffled, data\.num_training\)", "the same minimum"),
    Right((6,), TEXT, r"labels_ph = ", "the name in the graph is free"),
    Right((6,), ARGUMENT, r"data\.shape\]\)|\[None\]\)", "the name in the graph is free"),
    Right((6, 7, 8, 10, 11), SWAPPED, r"", "neither uses what the other makes"),
    Right((7,), LEFT_OUT, r"tf\.argmax\(probabilities, axis=1\), labels_ph\)", "labels are int64 already"),
    Right((7,), TWICE, r"with tf\.control_dependencies|train_op = ", "the first train_op is never run"),
    Right((7,), ATTRIBUTE, r"tf\.cast\(is_right, tf\.float64\)", "the same mean, with more digits"),
    Right((7,), "two arguments swapped", r"tf\.equal\(tf\.cast", "a equals b where b equals a"),
    Right((8,), TWICE, r"scalars = tf\.summary\.merge_all", "merge_all leaves out what merges others"),
    Right((8,), TWICE, r"session\.run\(", "the same first values, and the data started again before the first batch"),
    Right((9, 10), TWICE, r"break", "nothing runs after a break"),
    Right((10,), TWICE, r"feed = |loss = |accuracy = ", "the same, made again"),
    Right((10,), TWICE, r"batch_losses, ", "it passes with a remark: the network runs twice for each batch"),
    Right((10,), TWICE, r"saver", "the same values, restored again"),
    Right((10,), ELEMENT, r"feed = \{images_ph: images, labels_ph: batch_labels\}", "False is the default"),
    Right((11,), TWICE, r"_in_memory = |fed_arrays = |from_tensor_slices", UNUSED),
    Right((11,), TWICE, r"shuffle", "shuffled twice is shuffled"),
    Right((11,), ARGUMENT, r"tf\.placeholder\(\w+\.dtype\)", "the shape is known once it is fed"),
    *(
        Right((12,), operator, "", "another network, which learns as well")
        for operator in (LEFT_OUT, "a line missing", TWICE, SWAPPED, NUMBER, ARGUMENT)
    ),
    Right((12,), TEXT, "", "the same network, with another name of a layer"),
    Right((13, 14, 15, 17, 18, 19, 20), TWICE, r"^\w+(, \w+)* = ", UNUSED),
    Right((14,), NUMBER, r"masks_ph\[:, :, :, -1\]", "a mask has one channel: the last is the first"),
    Right((15,), "two arguments swapped", r"squared_difference", "the square of a difference has no direction"),
    Right((16,), NUMBER, r'\(x, \d+, "deconv[123]"\)', "the task leaves the number of filters open"),
    Right((16,), SWAPPED, r"", "the same with other numbers of filters"),
    Right((16,), TEXT, r"j_deconv_layer", "the name of a layer is free"),
    Right((19,), ARGUMENT, r"conv2d\(maps, weights\[None, None\], padding", "the default strides are 1"),
    Right((20,), TEXT, r"tf\.placeholder", "the name in the graph is free"),
    Right((20,), ARGUMENT, r"tf\.placeholder\(tf\.string, \[\]\)", "the name in the graph is free"),
    Right((20,), SWAPPED, r"", "neither uses what the other makes"),
    Right((21,), TWICE, r"^learning_rate = ", "the second draw is as evenly spread as the first"),
)


def reason_for(wrong):
    """Why a mutant that passes is right; None if it isn't known to be.

    Args:
      wrong: a mutant, as benchmarks/diagnosis.py makes it.
    """
    changed = [line.strip() for before, now in wrong.changed().values() for line in new_lines(before, now)]
    changed = changed or [""]  # of a line that is missing
    for each in RIGHT:
        is_kind = wrong.number in each.blanks and each.operator == wrong.what
        if is_kind and any(re.search(each.lines, line) for line in changed):
            return each.reason
    return None
