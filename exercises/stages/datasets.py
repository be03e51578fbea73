"""Data sets in a check: numbered images to make them of, and what a student made of them, read and looked at."""

from collections.abc import Iterable
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.tensors import described
from exercises.student_lines import StudentLines

SHAPE = (2, 4, 3)  # of a numbered image; its bytes are its number, 6 times over


def numbered_images(count: int) -> np.ndarray:
    """Images that can be told apart: uint8 [count, 2, 4, 3], each with its number in its pixels."""
    numbers = np.repeat(np.arange(count, dtype="<i4"), 6)
    return numbers.view(np.uint8).reshape([count, *SHAPE])


def numbered_image(number: Any) -> Any:
    """One of them in the graph: int32 [] -> uint8 [2, 4, 3]."""
    return tf.reshape(tf.bitcast(tf.fill([6], number), tf.uint8), SHAPE)


def numbers_of(images: np.ndarray) -> np.ndarray:
    """The numbers of a batch of numbered images: int32 [B]; -1 where the pixels aren't those of any."""
    if images.shape[1:] != SHAPE:
        return np.full(len(images), -1)
    numbers = np.ascontiguousarray(images).reshape([len(images), -1]).view("<i4")  # [B, 6]
    return np.where((numbers == numbers[:, :1]).all(axis=1), numbers[:, 0], -1)


def read(dataset: Any, most: int, feed: dict | None = None) -> list:
    """The first elements of a data set, as a session gives them; at most `most`, for it may never end."""
    walk = tf.data.make_initializable_iterator(dataset)
    element, elements = walk.get_next(), []
    with tf.Session() as session:
        session.run(walk.initializer, feed)
        while len(elements) < most:
            try:
                elements.append(session.run(element))
            except tf.errors.OutOfRangeError:
                break
    return elements


def is_dataset(value: Any) -> bool:
    """Whether something is a tf.data.Dataset."""
    return hasattr(value, "_variant_tensor") and hasattr(value, "element_spec")


def dataset_called(name: str, names: dict[str, Any], lines: StudentLines) -> Any:
    """The data set that a place has to make.

    Args:
      name: of the data set.
      names: {name: value}, after the lines have run.
      lines: of the place.
    Raises:
      Finding: there is none of that name.
    """
    value = names.get(name)
    line = lines.line_with("iterator", f"{name} =", "tf.data", ".")
    if value is None:
        raise Finding(
            f"no data set is called {name}: what your lines make isn't kept under that name",
            f"{name} = ...",
            "A step leaves its data set as it is and gives back a new one; the lines after the blank use it.",
            line,
        )
    if not is_dataset(value):
        raise Finding(
            f"{name} is {described(value)}",
            "a data set: a tf.data.Dataset",
            "The lines after the blank go on with a data set; an iterator is made of it later.",
            line,
        )
    return value


def upstream(operation: Any) -> list:
    """All operations that an operation depends on, itself first, the nearest first."""
    found = [operation]
    for each in found:  # it grows meanwhile
        found += [tensor.op for tensor in each.inputs if tensor.op not in found]
    return found


def steps(dataset: Any, kind: str) -> list:
    """The steps of a data set that are of a kind ("Shuffle", "Batch", ...), the last first: a list of operations."""
    return [step for step in upstream(dataset._variant_tensor.op) if is_step(step, kind)]


def unused_steps(dataset: Any, kind: str) -> list:
    """The steps of a kind that were built, but that the data set doesn't depend on."""
    used = upstream(dataset._variant_tensor.op)
    built = dataset._variant_tensor.graph.get_operations()
    return [step for step in built if is_step(step, kind) and step not in used]


def is_step(operation: Any, kind: str) -> bool:
    """Whether an operation is a step of a data set, and of a kind: "Map" is MapDataset or ParallelMapDatasetV2."""
    return "Dataset" in operation.type and operation.type.removeprefix("Parallel").startswith(kind)


def line_of_steps(lines: StudentLines, operations: Iterable, *words: str) -> Line:
    """The student's line that made the first of some operations; else one with some words; never None."""
    made = [line for operation in operations if (line := lines.line_of(operation))]
    return made[0] if made else lines.line_with(*words)


# ----------------------------------------------------------------------------- what no data set may do

ENDLESS = 10**9  # no file has as many lines
CUTS = {  # steps whose second input is a number of elements, and what they do with it
    "Take": "take keeps only {:,}",
    "Skip": "skip leaves out the first {:,}",
    "Shard": "shard keeps one of {:,}",
    "Range": "range ends at {:,}",
}


def check_uncut(small: Any, large: Any, lines: StudentLines) -> None:
    """Checks that no number which was typed in cuts the data: such a number is the same for any data.

    Args:
      small, large: operations, each the last of a data set that the same lines made of other data.
      lines: the student's.
    """
    others = cuts_of(small)
    for (kind, number), step in cuts_of(large).items():
        if (kind, number) in others:
            raise Finding(
                f"{CUTS[kind].format(number)}, however large the data is",
                "all of the data, with no number typed in",
                "A number that was typed in to try things out cuts every data set short, and nothing says so later.",
                lines.line_of(step) or lines.line_with(kind.lower()),
            )


def check_unfiltered(dataset: Any, lines: StudentLines) -> None:
    """Checks that no filter chooses among the training images."""
    for step in steps(dataset, "Filter"):
        raise Finding(
            "a filter chooses among the images",
            "all of them: the other part of the data and the headers are left out already",
            "An epoch is every training image once.",
            lines.line_of(step) or lines.line_with("filter"),
        )


def cuts_of(operation: Any) -> dict[tuple[str, int], Any]:
    """The steps before an operation that cut a data set at a number known now: {(kind, number): operation}."""
    cuts = {}
    for step in upstream(operation):
        for kind in CUTS:
            number = tf.get_static_value(step.inputs[1]) if is_step(step, kind) else None
            if number is not None and 0 < number < ENDLESS:
                cuts[kind, int(number)] = step
    return cuts


def types_of_operations(graph: Any) -> set[str]:
    """The types of all operations of a graph, those in the functions of its data sets included."""
    definition = graph.as_graph_def()
    functions = [node for function in definition.library.function for node in function.node_def]
    return {node.op for node in [*definition.node, *functions]}


def check_no_python(graph: Any, lines: StudentLines) -> None:
    """Checks that the graph calls no function of Python."""
    if types_of_operations(graph).isdisjoint({"PyFunc", "PyFuncStateless", "EagerPyFunc"}):
        return
    raise Finding(
        "the graph calls a function of Python, by tf.py_func, from_generator or the like",
        "TensorFlow's own operations; the second hint names some",
        "A data set that calls Python is slow, and a checkpoint can't keep its place.",
        lines.line_with("from_generator", "py_func", "_function", "tf."),
    )
