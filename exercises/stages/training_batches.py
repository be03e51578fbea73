"""Training data, shuffled, in batches, for all epochs: what the check asks of it, whatever it was made of."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.datasets import (
    check_no_python,
    check_uncut,
    check_unfiltered,
    line_of_steps,
    numbers_of,
    read,
    steps,
    upstream,
)
from exercises.stages.epochs import check_all_epochs, check_each_epoch, check_mixing
from exercises.stages.training_images import FEW, MANY, TrainingImages
from exercises.student_lines import StudentLines

PARTS = (
    "batches of images with their labels",
    "shuffled over the whole file",
    "every image once an epoch",
    "all epochs, each in a new order",
)
Make = Callable[[StudentLines, TrainingImages], tuple[Any, dict | None]]


def check_training(lines: StudentLines, make: Make) -> Iterator[str | None]:
    """Yields after each of PARTS, and what is to be remarked at the end.

    Args:
      lines: the student's.
      make: (lines, TrainingImages) -> (data set that the lines made, what the iterator is fed).
    """
    with tf.Graph().as_default():
        tf.set_random_seed(0)
        few, _ = make(lines, FEW)
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(0)
        dataset, feed = make(lines, MANY)
        check_no_python(graph, lines)
        check_elements(dataset, lines)
        check_uncut(few._variant_tensor.op, dataset._variant_tensor.op, lines)
        check_unfiltered(dataset, lines)
        batches = read_batches(dataset, feed, 10, MANY, lines)
        yield
        check_mixing(batches, dataset, MANY, lines)
        check_buffers(few, dataset, lines)
        yield
    with tf.Graph().as_default():
        tf.set_random_seed(0)
        dataset, feed = make(lines, FEW)
        most = (FEW.epochs + 1) * (FEW.count // FEW.batch_size + 1)  # batches: an epoch more than there should be
        batches = read_batches(dataset, feed, most, FEW, lines)
        check_each_epoch(batches, dataset, FEW, lines)
        yield
        check_all_epochs(batches, dataset, feed, FEW, lines)
        check_seed(few, dataset, lines)
        yield
        yield from remarks_on_shuffle(dataset, FEW, is_in_memory=feed is not None)


def check_elements(dataset: Any, lines: StudentLines) -> None:
    """Checks that an element is a batch of images with their labels, as far as the graph tells."""
    spec: Any = dataset.element_spec
    tensors = spec if isinstance(spec, tuple) else (spec,)
    expected = "batches: images uint8 [B, H, W, 3] with their labels int64 [B]"
    why = "Each step of training takes a batch of images, and the label of each."
    image: Any = tensors[0]
    label: Any = tensors[-1]
    found, kinds = "", ("Batch",)  # of the steps that made it so
    if any(getattr(tensor, "dtype", None) == tf.string for tensor in tensors):
        found, kinds = "training holds lines of text, which nothing turns into images", ("Batch",)
    elif len(tensors) != 2 or not all(isinstance(tensor, tf.TensorSpec) for tensor in tensors):
        found = f"an element of training has {len(tensors)} value{'s' * (len(tensors) != 1)}, not images and labels"
        kinds = ("Map", "TensorSlice")
    elif holds_everything(dataset):
        found, kinds = "an element of training is the whole data, all images at once", ("TensorDataset",)
    elif image.dtype != tf.uint8 or label.dtype != tf.int64:
        found, kinds = f"the images are {image.dtype.name} and the labels {label.dtype.name}", ("Map", "TensorSlice")
    elif image.shape.ndims == 3:
        found, kinds = "training holds images one by one", ()
    elif not (image.shape.is_compatible_with([None, None, None, 3]) and label.shape.is_compatible_with([None])):
        found = f"an element of training has images of the shape {image.shape}, labels of the shape {label.shape}"
    if found:
        made = [step for kind in kinds for step in steps(dataset, kind)]
        line = line_of_steps(lines, [*made, dataset._variant_tensor.op], "training =")
        raise Finding(found, expected, why, line)


def check_buffers(few: Any, many: Any, lines: StudentLines) -> None:
    """Checks that a shuffle's buffer grows with the data: it is enough here, and isn't for a larger file."""
    sizes = [[tf.get_static_value(shuffle.inputs[1]) for shuffle in steps(each, "Shuffle")] for each in (few, many)]
    for number, shuffle in zip(sizes[1], steps(many, "Shuffle")):
        if number in sizes[0] and number is not None and MANY.count <= number < MANY.data.most_shuffled:
            raise Finding(
                f"the shuffle buffer has room for {number:,} images, however many there are",
                "min(data.num_training, data.most_shuffled)",
                "With more images than that, sorted by class, the first batches would hold one class only.",
                lines.line_of(shuffle) or lines.line_with("shuffle"),
            )


def check_seed(one: Any, other: Any, lines: StudentLines) -> None:
    """Checks that a shuffle has the same seed in each run."""
    for shuffles in zip(*(steps(each, "Shuffle") for each in (one, other))):
        if len({_seed_of(shuffle) for shuffle in shuffles}) > 1:
            raise Finding(
                "shuffle gets another seed in each run",
                "seed=settings.seed",
                "A run whose order is new each time can't be repeated, nor continued as if it had never been stopped.",
                lines.line_of(shuffles[1]) or lines.line_with("shuffle"),
            )


def remarks_on_shuffle(dataset: Any, images: TrainingImages, is_in_memory: bool) -> Iterator[str]:
    """What is right here, and may surprise elsewhere."""
    shuffles = steps(dataset, "Shuffle")
    if not is_in_memory and any(
        (tf.get_static_value(shuffle.inputs[1]) or 0) > images.most_shuffled for shuffle in shuffles
    ):
        yield "no limit to shuffle: a very long file goes into its buffer whole; data.most_shuffled bounds that"
    if any(abs(_seed_of(shuffle) - images.seed) > images.epochs for shuffle in shuffles):  # one an epoch is as good
        yield (
            "no seed=settings.seed: --seed doesn't choose the order; without a seed TensorFlow makes one of the number "
            "of operations before, which may change"
        )


def _seed_of(shuffle: Any) -> int:
    """The seed that a shuffle was given; without one, TensorFlow counts the operations before it."""
    with tf.Session(graph=shuffle.graph) as session:
        return int(session.run(shuffle.inputs[3]))


def holds_everything(dataset: Any) -> bool:
    """Whether the arrays were made one element as a whole, and weren't taken apart again."""
    whole = [step for step in upstream(dataset._variant_tensor.op) if step.type == "TensorDataset"]
    return bool(whole) and not any(steps(dataset, kind) for kind in ("Unbatch", "FlatMap", "Interleave"))


def read_batches(
    dataset: Any, feed: dict | None, most: int, images: TrainingImages, lines: StudentLines
) -> list[np.ndarray]:
    """The first batches of a data set, each as the numbers of its images, after a look at sizes and labels."""
    try:
        elements = read(dataset, most, feed)
    except (TypeError, ValueError) as error:
        raise Finding(
            f"fed_arrays can't be fed: {error}",
            "each placeholder with the array whose type and shape it has",
            "The script feeds fed_arrays when it starts the iterator.",
            lines.line_with("fed_arrays"),
        ) from None
    size = np.size(elements[0][1]) if elements else 0
    line = line_of_steps(lines, steps(dataset, "Batch"), "batch", "training =")
    if size != images.batch_size:
        raise Finding(
            f"the first batch holds {size:,} images where settings.batch_size is {images.batch_size}",
            f"{images.batch_size}: what the user gave as --batch_size",
            "How many images a step learns from is a setting.",
            line,
        )
    batches = []
    for pixels, labels in elements:
        numbers = numbers_of(pixels)
        if len(numbers) != len(labels) or numbers.min() < 0 or numbers.max() >= images.count:
            raise Finding(
                "the images have other pixels than before",
                "each image as data.parse makes it, or as it is in the array",
                "Pixels are changed later, in the graph.",
                line,
            )
        (wrong,) = np.nonzero(images.labels[numbers] != labels)
        if len(wrong):
            raise Finding(
                f"{len(wrong)} of the {len(labels)} images of a batch have another image's label",
                "each image with its own label",
                "Images and labels stay together only in one data set, shuffled as pairs.",
                line_of_steps(lines, steps(dataset, "Zip") + steps(dataset, "Shuffle"), "zip", "shuffle"),
            )
        batches.append(numbers)
    return batches
