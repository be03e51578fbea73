"""The order in which numbered training images come: mixed, each once an epoch, for all epochs.

Batches are lists of the images' numbers; a number is the image's place in the file, which is sorted by class.
"""

from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.datasets import line_of_steps, steps, unused_steps
from exercises.stages.training_images import TrainingImages
from exercises.student_lines import StudentLines

REACH = 0.95  # of the file: well mixed, some image of the first batches comes from beyond this part of it


def check_mixing(batches: list, dataset: Any, stage: TrainingImages, lines: StudentLines) -> None:
    """Checks the first batches of many: images from all over the file, in no order."""
    expected = f"a shuffle over all {stage.count:,} images, before they are put into batches"
    why = "The images are sorted by class. A network that sees one class for many steps learns to say that class."
    shuffles, thrown_away = steps(dataset, "Shuffle"), unused_steps(dataset, "Shuffle")
    line = line_of_steps(lines, shuffles, "shuffle", "batch", "training =")
    buffers = [tf.get_static_value(shuffle.inputs[1]) for shuffle in shuffles]
    buffer = max((int(size) for size in buffers if size is not None), default=None)
    numbers = np.concatenate(batches)
    classes = f"the first batch holds {classes_of(batches[0], stage)}"
    if (np.diff(numbers) == 1).all() and not shuffles:
        if thrown_away:
            expected = "training = ....shuffle(...): a step gives back a new data set"
            line = line_of_steps(lines, thrown_away)
        found = "the shuffled data set isn't used" if thrown_away else "nothing shuffles the images"
        raise Finding(f"{found}: the order is that of the file, and {classes}", expected, why, line)
    if all((np.diff(batch) == 1).all() for batch in batches) and buffer != 1:
        raise Finding(
            "the batches are shuffled, the images in them aren't: each batch holds images that follow one another "
            f"in the file; {classes}",
            expected,
            why,
            line,
        )
    if numbers.max() < REACH * stage.count:
        found = f"no image of the first {len(batches)} batches comes from beyond place {numbers.max() + 1:,}"
        found += f" of the file, and {classes}"
        if buffer is not None and buffer < stage.count:
            found = f"the shuffle buffer has room for {buffer:,} of the {stage.count:,} images: {found}"
        raise Finding(found, expected, why, line)
    if all(len(set(stage.labels[batch])) == 1 for batch in batches):
        raise Finding("each batch holds images of one class only", expected, why, line)


def classes_of(batch: np.ndarray, stage: TrainingImages) -> str:
    """How many images of each class a batch holds, in words."""
    ones = int(stage.labels[batch].sum())
    return " and ".join(f"{count or 'none'} of class {label}" for label, count in enumerate((len(batch) - ones, ones)))


def check_each_epoch(batches: list, dataset: Any, stage: TrainingImages, lines: StudentLines) -> None:
    """Checks that every epoch holds each image once, and that its last batch ends it."""
    count, size = stage.count, stage.batch_size
    numbers = np.concatenate(batches)
    repeat = line_of_steps(lines, steps(dataset, "Repeat"), "repeat", "shuffle")
    batch = line_of_steps(lines, steps(dataset, "Batch"), "batch")
    rest = count % size
    whole = count - rest
    first = numbers[:count]
    if len(set(first)) < count:
        if len(set(first[:whole])) == whole and all(len(each) == size for each in batches):
            raise Finding(
                f"in every epoch, {rest} of the {count} images are left out: all batches hold {size}",
                f"a last batch of {rest}, the rest of the epoch",
                "The script counts on it: an epoch is as many steps as there are batches, the small one too.",
                batch,
            )
        missing = count - len(set(first))
        if len(first) < count:
            raise Finding(
                f"training ends after {len(first)} of the {count} images",
                "all of them",
                "Each image is something to learn from.",
                lines.line_with("take", "skip", "filter", "shard", "training ="),
            )
        raise Finding(
            f"the epochs mix: among the first {count} images, {missing} of the {count} aren't there, others came twice",
            "every image once before any comes again: first shuffle, then repeat",
            "An epoch is one pass over the images. Shuffled after repeat, the copies of all epochs are mixed.",
            repeat,
        )
    ends = np.cumsum([len(each) for each in batches])
    if count not in ends:
        number = int(np.searchsorted(ends, count))
        over = int(ends[number]) - count
        last = len(batches[number]) - over
        raise Finding(
            f"batch {number + 1} holds the last {last} images of an epoch and {over} of the next",
            f"a batch of {rest}, which ends the epoch: first batch, then repeat",
            "The script counts steps to know when an epoch is over; a batch across two epochs puts it off.",
            repeat,
        )
    for epoch in range(1, len(numbers) // count):
        if len(set(numbers[epoch * count : (epoch + 1) * count])) < count:
            raise Finding(
                f"in epoch {epoch + 1}, some of the {count} images come twice and others not at all",
                "every image once in each epoch",
                "An epoch is one pass over the images.",
                repeat,
            )


def check_all_epochs(
    batches: list, dataset: Any, feed: dict | None, stage: TrainingImages, lines: StudentLines
) -> None:
    """Checks how many epochs there are, and that each has an order of its own."""
    numbers = np.concatenate(batches)
    epochs = len(numbers) // stage.count
    repeat = line_of_steps(lines, steps(dataset, "Repeat"), "repeat", "batch", "training =")
    expected = f"as many epochs as the user gave with --epochs: here settings.epochs is {stage.epochs}"
    if epochs < stage.epochs:
        thrown_away = unused_steps(dataset, "Repeat")
        found = f"training ends after {epochs} epoch{'s' * (epochs != 1)}"
        if thrown_away and not steps(dataset, "Repeat"):
            found += ": the repeated data set isn't used"
            repeat = line_of_steps(lines, thrown_away)
        raise Finding(found, expected, "Once through the images is rarely enough to learn from them.", repeat)
    if epochs > stage.epochs:
        with tf.Session() as session:
            size = session.run(tf.data.experimental.cardinality(dataset), feed)
        found = f"after {stage.epochs} epochs, training goes on"
        if size == tf.data.experimental.INFINITE_CARDINALITY:
            found = "training never ends: repeat has no count"
        raise Finding(found, expected, "The script trains until the data set has no batch left.", repeat)
    first, second = numbers[: stage.count], numbers[stage.count : 2 * stage.count]
    if (first == second).all():
        shuffles, caches = steps(dataset, "Shuffle"), steps(dataset, "Cache")
        raise Finding(
            "every epoch has the same order" + (": the images are kept after they were shuffled" if caches else ""),
            "a new order in each epoch, which shuffle gives by default",
            "Batches that are always the same are a pattern too, and the network learns it.",
            line_of_steps(lines, caches + shuffles, "shuffle", "repeat"),
        )
