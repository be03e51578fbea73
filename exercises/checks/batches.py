"""Blanks 4 and 11: training data shuffled, in batches, for all epochs; made of lines, or of arrays in memory."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

import kit.tensorflow1 as tf
from exercises.checks import check_of
from exercises.checks.datasets import (
    PARSE_CALLED,
    SHAPE,
    dataset_called,
    is_dataset,
    line_of_steps,
    numbered_image,
    numbered_images,
    numbers_of,
    read,
    steps,
    upstream,
)
from exercises.checks.epochs import check_all_epochs, check_each_epoch, check_mixing
from exercises.checks.tensors import described
from exercises.findings import Finding
from kit.data.image_csv import Records

PARTS = (
    "batches of images with their labels",
    "shuffled over the whole file",
    "every image once an epoch",
    "all epochs, each in a new order",
)


@dataclass(frozen=True)
class Stage:
    """Numbered training images, sorted by class as in a joined file: first all of class 0, then all of class 1."""

    count: int  # of images
    batch_size: int
    epochs: int

    @property
    def labels(self):
        return (np.arange(self.count) >= self.count // 2).astype(np.int64)

    @property
    def lines(self):
        """The dataset of their lines. An image's path is its number, of 5 digits, and .png."""
        lines = [f"image_{number},{number:05}.png,{label}" for number, label in enumerate(self.labels)]
        return tf.data.Dataset.from_tensor_slices(tf.constant(lines))

    @property
    def names(self):
        """What the script defines before either blank, but for training, the lines."""
        settings = SimpleNamespace(batch_size=self.batch_size, epochs=self.epochs, seed=0)
        facts = {"num_training": self.count, "image_size": SHAPE[:2], "most_shuffled": Records.most_shuffled}
        return {
            "settings": settings,
            "records": SimpleNamespace(**facts),
            "height": SHAPE[0],
            "width": SHAPE[1],
            "steps_an_epoch": -(-self.count // self.batch_size),
        }


MANY = Stage(11_000, 24, 2)  # more than the buffers of 1,000 or 10,000 that examples show
FEW = Stage(60, 8, 3)  # read to the end; the last batch of an epoch holds 4


@check_of(4, *PARTS)
def check_lines(lines):
    yield from check_training(lines, "4", of_lines)


@check_of(11, *PARTS, "no array in the graph")
def check_arrays(lines):
    yield from check_training(lines, "11", of_arrays)
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(0)
        of_arrays(lines, "11", MANY)
        check_constants(graph, lines)
    yield


def check_training(lines, place, make):
    """What the two blanks have in common.

    Args:
      lines: exercises.students_lines.StudentsLines.
      place: name of the place.
      make: (lines, place, Stage) -> (data set that the place's lines made, what the iterator is fed).
    """
    with tf.Graph().as_default():
        tf.set_random_seed(0)
        dataset, feed = make(lines, place, MANY)
        check_elements(dataset, lines, place)
        batches = read_batches(dataset, feed, 10, MANY, lines, place)
        yield
        check_mixing(batches, dataset, MANY, lines, place)
        yield
    with tf.Graph().as_default():
        tf.set_random_seed(0)
        dataset, feed = make(lines, place, FEW)
        most = (FEW.epochs + 1) * (FEW.count // FEW.batch_size + 1)  # batches: an epoch more than there should be
        batches = read_batches(dataset, feed, most, FEW, lines, place)
        check_each_epoch(batches, dataset, FEW, lines, place)
        yield
        check_all_epochs(batches, dataset, FEW, lines, place)
        yield


# ----------------------------------------------------------------------------- the two stages


def of_lines(lines, place, stage):
    """Runs blank 4."""
    told = []  # what went wrong in parse; TensorFlow wraps the error itself

    def parse(line):
        if is_dataset(line):
            told.append(PARSE_CALLED)
            raise TypeError("parse takes one line")
        if line.shape.ndims:
            told.append(
                (
                    "parse is given a batch of lines",
                    "one line at a time: map before batch",
                    "parse opens one file; images are put together to a batch once they are there.",
                )
            )
            raise ValueError("parse takes one line, string []")
        _, path, label = tf.decode_csv(line, [[""], [""], tf.constant([0], tf.int64)])
        return numbered_image(tf.strings.to_number(tf.strings.substr(path, 0, 5), tf.int32)), label

    names = {**stage.names, "training": stage.lines, "parse": parse}
    try:
        after = lines.run(place, names)
    except Finding as finding:
        if told:
            raise Finding(*told[0], finding.line) from None
        raise
    return dataset_called("training", after, lines, place, before=names["training"]), None


def of_arrays(lines, place, stage):
    """Runs blank 11."""
    arrays = {"images": numbered_images(stage.count), "labels": stage.labels}
    names = {**stage.names, **arrays, "fed_arrays": {}, "training": FEW.lines}
    after = lines.run(place, names)
    dataset = dataset_called("training", after, lines, place, before=names["training"])
    fed_arrays = after.get("fed_arrays")
    line = lines.line_with(place, "fed_arrays", "placeholder")
    if not isinstance(fed_arrays, dict):
        raise Finding(
            f"fed_arrays is {described(fed_arrays)}",
            "a dict, {placeholder: array}",
            "The script hands it to session.run as feed_dict.",
            line,
        )
    fed = [placeholder_of(key, dataset._variant_tensor.graph, line) for key in fed_arrays]
    for operation in upstream(dataset._variant_tensor.op):
        if operation.type == "Placeholder" and operation not in fed:
            raise Finding(
                f"fed_arrays {'lacks' if fed else 'is empty, it lacks'} the placeholder '{operation.name}', "
                f"{operation.outputs[0].dtype.name}, which training is made of",
                "fed_arrays = {placeholder: array} with every placeholder",
                "A placeholder has no value of its own; the script feeds fed_arrays when it starts the iterator.",
                lines.line_of(operation) or line,
            )
    return dataset, fed_arrays


def placeholder_of(key, graph, line):
    """The operation that a key of fed_arrays stands for."""
    try:
        return graph.as_graph_element(key, allow_operation=False).op
    except (KeyError, TypeError, ValueError):
        raise Finding(
            f"fed_arrays has a key that is no tensor of the graph: {described(key)}",
            "fed_arrays = {placeholder: array}",
            "The script hands it to session.run as feed_dict.",
            line,
        ) from None


def check_constants(graph, lines):
    """Checks that the graph holds neither of the arrays."""
    limit = "A graph holds 2 GB at most, and it is written whole into TensorBoard's file."
    expected = "tf.placeholder for each array, and the arrays fed when the iterator starts"
    arrays = {"images": numbered_images(MANY.count), "labels": MANY.labels}
    for operation in graph.get_operations():
        value = tf.get_static_value(operation.outputs[0]) if operation.type == "Const" else None
        for name, array in arrays.items():
            if value is not None and value.shape == array.shape and (value == array).all():
                raise Finding(
                    f"the array {name} is in the graph, as a constant of {value.nbytes:,} bytes",
                    expected,
                    limit,
                    lines.line_of(operation) or lines.line_with("11", "from_tensor", name),
                )
    size = graph.as_graph_def().ByteSize()
    if size >= arrays["images"].nbytes:
        raise Finding(
            f"with {MANY.count:,} small images the graph takes {size:,} bytes: they are in it",
            expected,
            limit,
            lines.line_with("11", "from_tensor", "constant", "images"),
        )


# ----------------------------------------------------------------------------- what the data set gives


def check_elements(dataset, lines, place):
    """Checks that an element is a batch of images with their labels, as far as the graph tells."""
    spec = dataset.element_spec
    tensors = spec if isinstance(spec, tuple) else (spec,)
    expected = "batches: images uint8 [B, H, W, 3] with their labels int64 [B]"
    why = "The network learns from a batch of images at each step, and from what is on them."
    image, label = (*tensors, None)[:2]
    found, kind = None, "Batch"
    if any(getattr(tensor, "dtype", None) == tf.string for tensor in tensors):
        found, kind = "training holds lines of text, which nothing turns into images", "Batch"
    elif len(tensors) != 2 or not all(isinstance(tensor, tf.TensorSpec) for tensor in tensors):
        found = f"an element of training has {len(tensors)} value{'s' * (len(tensors) != 1)}, not images and labels"
    elif holds_everything(dataset):
        found, kind = "an element of training is the whole data, all images at once", "TensorDataset"
    elif image.dtype != tf.uint8 or not label.dtype.is_integer:
        found, kind = f"the images are {image.dtype.name} and the labels {label.dtype.name}", "Map"
    elif image.shape.ndims == 3:
        found = "training holds images one by one"
    elif not (image.shape.is_compatible_with([None, None, None, 3]) and label.shape.is_compatible_with([None])):
        found = f"an element of training has images of the shape {image.shape}, labels of the shape {label.shape}"
    if found:
        raise Finding(
            found,
            expected,
            why,
            line_of_steps(lines, place, steps(dataset, kind), "placeholder", "repeat", "batch", "training ="),
        )


def holds_everything(dataset):
    """Whether the arrays were made one element as a whole, and weren't taken apart again."""
    whole = [step for step in upstream(dataset._variant_tensor.op) if step.type == "TensorDataset"]
    return bool(whole) and not any(steps(dataset, kind) for kind in ("Unbatch", "FlatMap", "Interleave"))


def read_batches(dataset, feed, most, stage, lines, place):
    """The first batches of a data set, each as the numbers of its images, after a look at sizes and labels."""
    try:
        elements = read(dataset, most, feed)
    except (TypeError, ValueError) as error:
        raise Finding(
            f"fed_arrays can't be fed: {error}",
            "each placeholder with the array whose type and shape it has",
            "The script feeds fed_arrays when it starts the iterator.",
            lines.line_with(place, "fed_arrays"),
        ) from None
    size = np.size(elements[0][1]) if elements else 0
    batch = line_of_steps(lines, place, steps(dataset, "Batch"), "batch", "training =")
    if size != stage.batch_size:
        raise Finding(
            f"the first batch holds {size:,} images where settings.batch_size is {stage.batch_size}",
            f"{stage.batch_size}: what the user gave as --batch_size",
            "How many images a step learns from is a setting.",
            batch,
        )
    batches = []
    for images, labels in elements:
        numbers = numbers_of(images)
        if len(numbers) != len(labels) or numbers.min() < 0 or numbers.max() >= stage.count:
            raise Finding(
                "the images have other pixels than before",
                "each image as parse makes it, or as it is in the array",
                "What is done to the pixels is done later, in the graph.",
                batch,
            )
        (wrong,) = np.nonzero(stage.labels[numbers] != labels)
        if len(wrong):
            raise Finding(
                f"{len(wrong)} of the {len(labels)} images of a batch have another image's label",
                "each image with its own label",
                "Images and labels stay together only in one data set, shuffled as pairs.",
                line_of_steps(lines, place, steps(dataset, "Zip") + steps(dataset, "Shuffle"), "zip", "shuffle"),
            )
        batches.append(numbers)
    return batches
