"""Data sets in a check: numbered images to make them of, and what a student made of them, read and looked at."""

import numpy as np

import kit.tensorflow1 as tf
from exercises.checks.tensors import described
from exercises.findings import Finding

SHAPE = (2, 4, 3)  # of a numbered image; its bytes are its number, 6 times over
PARSE_CALLED = (  # found, expected, why
    "parse is called with the whole data set",
    "map(parse): the function itself, without a call",
    "map calls the function, for each line.",
)


def numbered_images(count):
    """Images that can be told apart: uint8 [count, 2, 4, 3], each with its number in its pixels."""
    numbers = np.repeat(np.arange(count, dtype="<i4"), 6)
    return numbers.view(np.uint8).reshape([count, *SHAPE])


def numbered_image(number):
    """One of them in the graph: int32 [] -> uint8 [2, 4, 3]."""
    return tf.reshape(tf.bitcast(tf.fill([6], number), tf.uint8), SHAPE)


def numbers_of(images):
    """The numbers of a batch of numbered images: int32 [B]; -1 where the pixels aren't those of any."""
    if images.shape[1:] != SHAPE:
        return np.full(len(images), -1)
    numbers = np.ascontiguousarray(images).reshape([len(images), -1]).view("<i4")  # [B, 6]
    return np.where((numbers == numbers[:, :1]).all(axis=1), numbers[:, 0], -1)


def read(dataset, most, feed=None):
    """The first elements of a data set, as a session gives them; at most so many, for it may never end."""
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


def is_dataset(value):
    """Whether something is a tf.data.Dataset."""
    return hasattr(value, "_variant_tensor") and hasattr(value, "element_spec")


def dataset_called(name, names, lines, place, before=None):
    """The data set that a place has to make.

    Args:
      name: of the data set.
      names: what the place's lines left behind.
      lines: exercises.students_lines.StudentsLines.
      place: name of the place.
      before: what the name stood for before the lines ran.
    Raises:
      Finding: there is none, or it is still the one from before.
    """
    value = names.get(name)
    line = lines.line_with(place, "iterator", f"{name} =", "tf.data", ".")
    if value is None:
        raise Finding(
            f"no data set is called {name}", f"{name} = ...", "The lines after the blank go on with it.", line
        )
    if not is_dataset(value):
        raise Finding(
            f"{name} is {described(value)}",
            "a data set: a tf.data.Dataset",
            "The lines after the blank go on with a data set; an iterator is made of it later.",
            line,
        )
    if value is before:
        raise Finding(
            f"{name} is the same as before the blank: what your lines make isn't kept under that name",
            f"{name} = ..., at each step",
            "A step leaves its data set as it is and gives back a new one.",
            line,
        )
    return value


def upstream(operation):
    """All operations that an operation depends on, itself first, the nearest first."""
    found = [operation]
    for each in found:  # it grows meanwhile
        found += [tensor.op for tensor in each.inputs if tensor.op not in found]
    return found


def steps(dataset, kind):
    """The steps of a data set that are of a kind ("Shuffle", "Batch", ...), the last first: a list of operations."""
    return [step for step in upstream(dataset._variant_tensor.op) if is_step(step, kind)]


def unused_steps(dataset, kind):
    """The steps of a kind that were built, but that the data set doesn't depend on."""
    used = upstream(dataset._variant_tensor.op)
    built = dataset._variant_tensor.graph.get_operations()
    return [step for step in built if is_step(step, kind) and step not in used]


def is_step(operation, kind):
    """Whether an operation is a step of a data set, and of a kind: "Map" is MapDataset or ParallelMapDatasetV2."""
    return "Dataset" in operation.type and operation.type.removeprefix("Parallel").startswith(kind)


def line_of_steps(lines, place, operations, *words):
    """The student's line that made the first of some operations; else one with some words; never None."""
    made = [line for operation in operations if (line := lines.line_of(operation))]
    return made[0] if made else lines.line_with(place, *words)
