"""Are the batches made of the arrays in memory, and are the arrays kept out of the graph?"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages import training_batches
from exercises.stages.datasets import dataset_called, numbered_images, upstream
from exercises.stages.tensors import described
from exercises.stages.training_images import FEW, MANY, TrainingImages
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines

PARTS = (*training_batches.PARTS, "no array in the graph")
WHY_FED = "The script feeds fed_arrays when it starts the iterator, as feed_dict of session.run."


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at()
    check_whole(lines)
    yield from training_batches.check_training(lines, made_of_arrays)
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(0)
        _, fed_arrays = made_of_arrays(lines, MANY)
        check_constants(graph, lines)
        if fed_arrays is None:
            raise no_dict("there is no fed_arrays", lines)
    yield


class Sliced(np.ndarray):
    """An array that keeps where it, and what is made of it, is cut: the ends of slices."""

    def __array_finalize__(self, other: Any) -> None:
        self.ends: set[int] = getattr(other, "ends", set())

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice) and isinstance(key.stop, int):
            self.ends.add(key.stop)
        return super().__getitem__(key)


def check_whole(lines: StudentLines) -> None:
    """Checks that the arrays aren't cut at a number that was typed in, which is the same for any data."""
    ends = []
    for images in (FEW, MANY):
        arrays = {"images": numbered_images(images.count).view(Sliced), "labels": images.labels.view(Sliced)}
        with tf.Graph().as_default():
            run(lines, images, arrays)
        ends.append(arrays["images"].ends | arrays["labels"].ends)
    for end in ends[0] & ends[1]:
        raise Finding(
            f"an array is cut at {end:,}, however many images there are",
            "the arrays as they are, with no number typed in",
            "A number that was typed in to try things out cuts every data set short, and nothing says so later.",
            lines.line_with(f":{end}", "[:", "images["),
        )


def run(lines: StudentLines, images: TrainingImages, arrays: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Runs the student's lines on arrays, {"images": ..., "labels": ...}; gives all names."""
    try:
        return lines.run({"data": images.data, "settings": images.settings, **arrays})
    except Finding as finding:
        if "no attribute 'parse'" not in finding.found:
            raise
        raise Finding(
            "the images are decoded already: there is nothing to parse",
            "the elements as they are, without data.parse: shuffle, batch and repeat",
            "data.parse makes an image of a line of dataset.csv. Here the arrays hold images, not lines.",
            finding.line,
        ) from None


def made_of_arrays(lines: StudentLines, images: TrainingImages) -> tuple[Any, dict | None]:
    """Runs the student's lines: (training, fed_arrays); None where there are neither placeholders nor fed_arrays."""
    after = run(lines, images, {"images": numbered_images(images.count), "labels": images.labels})
    dataset = dataset_called("training", after, lines)
    fed_arrays = after.get("fed_arrays")
    line = lines.line_with("fed_arrays", "placeholder")
    if not isinstance(fed_arrays, dict):
        if "fed_arrays" not in after and not placeholders_of(dataset):
            return dataset, None  # the arrays are constants, which has a message of its own
        raise no_dict(
            f"fed_arrays is {described(fed_arrays)}" if "fed_arrays" in after else "there is no fed_arrays", lines
        )
    fed = [placeholder_of(key, dataset._variant_tensor.graph, line) for key in fed_arrays]
    for operation in placeholders_of(dataset):
        if operation not in fed:
            raise Finding(
                f"fed_arrays {'lacks' if fed else 'is empty, it lacks'} the placeholder '{operation.name}', "
                f"{operation.outputs[0].dtype.name}, which training is made of",
                "fed_arrays = {placeholder: array} with every placeholder",
                f"A placeholder has no value of its own. {WHY_FED}",
                line,
            )
    return dataset, fed_arrays


def no_dict(found: str, lines: StudentLines) -> Finding:
    """The Finding for fed_arrays that is no dict."""
    line = lines.line_with("fed_arrays", "placeholder", "from_tensor")
    return Finding(found, "fed_arrays, a dict: {placeholder: array}", WHY_FED, line)


def placeholders_of(dataset: Any) -> list:
    """The placeholders that a data set is made of: operations."""
    return [operation for operation in upstream(dataset._variant_tensor.op) if operation.type == "Placeholder"]


def placeholder_of(key: Any, graph: Any, line: Line) -> Any:
    """The operation that a key of fed_arrays stands for."""
    try:
        return graph.as_graph_element(key, allow_operation=False).op
    except (KeyError, TypeError, ValueError):
        raise Finding(
            f"fed_arrays has a key that is no tensor of the graph: {described(key)}",
            "fed_arrays = {placeholder: array}",
            WHY_FED,
            line,
        ) from None


def check_constants(graph: Any, lines: StudentLines) -> None:
    """Checks that the graph holds neither of the arrays."""
    why = "A graph holds 2 GB at most, and the whole of it is written into TensorBoard's file."
    expected = "tf.placeholder for each array, and the arrays fed when the iterator starts"
    arrays = {"images": numbered_images(MANY.count), "labels": MANY.labels}
    for operation in graph.get_operations():
        value = tf.get_static_value(operation.outputs[0]) if operation.type == "Const" else None
        for name, array in arrays.items():
            if value is not None and value.shape == array.shape and (value == array).all():
                raise Finding(
                    f"the array {name} is in the graph, as a constant of {value.nbytes:,} bytes",
                    expected,
                    why,
                    lines.line_of(operation) or lines.line_with("from_tensor", name),
                )
    size = graph.as_graph_def().ByteSize()
    if size >= arrays["images"].nbytes:
        raise Finding(
            f"with {MANY.count:,} small images the graph takes {size:,} bytes: they are in it",
            expected,
            why,
            lines.line_with("from_tensor", "constant", "images"),
        )
