"""Is there an entrance for a batch of images, and one for its labels?"""

from typing import Any

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.stand_ins import image_data
from exercises.stages.tensors import line_making, shape_text, tensor_called
from exercises.student_lines import StudentLines

HEIGHT, WIDTH = 4, 6  # pixels; two numbers that can't be mistaken for each other


def run(lines: StudentLines) -> dict[str, Any]:
    """Runs the student's lines."""
    with tf.Graph().as_default() as graph:
        return {**lines.run({"data": image_data(shape=(HEIGHT, WIDTH, 3))}), "graph": graph}


def placeholder_called(lines: StudentLines, names: dict[str, Any], name: str) -> Any:
    """The placeholder of a name."""
    tensor = tensor_called(lines, names, name, "A placeholder is where each step's batch comes into the graph.")
    if tensor.graph is not names["graph"]:
        raise Finding(
            f"{name} is in another graph than the script's",
            "the graph that is there: no tf.Graph() of your own",
            "The network is built in the script's graph, and a tensor of another graph can't lead into it.",
            lines.line_with("Graph"),
        )
    if tensor.op.type not in ("Placeholder", "PlaceholderWithDefault"):
        raise Finding(
            f"{name} is a {tensor.op.type}",
            "a tf.placeholder",
            "Each step feeds another batch. A placeholder has no value of its own and takes what is fed.",
            line_making(lines, name, tensor),
        )
    return tensor


def check_images_ph(lines: StudentLines, images_ph: Any) -> None:
    line = line_making(lines, "images_ph", images_ph)
    if images_ph.dtype != tf.uint8:
        size = images_ph.dtype.size
        raise Finding(
            f"images_ph takes {images_ph.dtype.name}, {size} bytes for each colour of a pixel",
            "data.dtype, which is uint8: one byte",
            "The images come as uint8. They are fed as they are, and become floating-point numbers in the graph: "
            "so fewer bytes are copied at each step.",
            line,
        )
    expected, shape = [None, HEIGHT, WIDTH, 3], images_ph.shape
    if shape.ndims is None or shape.as_list() != expected:
        raise Finding(
            f"where data.shape is ({HEIGHT}, {WIDTH}, 3), images_ph has the shape {shape_text(images_ph)}"
            f"{what_is_odd(shape)}",
            f"{expected}: [None, *data.shape]",
            why_of_shape(shape),
            line,
        )


def what_is_odd(shape: Any) -> str:
    """Which of the classic mistakes a shape is."""
    sizes = shape.as_list() if shape.ndims is not None else None
    if sizes is None:
        return ""
    if sizes == [None, HEIGHT, WIDTH]:
        return ": the colours are missing"
    if sizes in ([HEIGHT, WIDTH, 3], [WIDTH, HEIGHT, 3]):
        return ": that is a single image"
    if len(sizes) == 4 and sizes[0] is not None:
        return f": always just {sizes[0]} images"
    if sizes == [None, WIDTH, HEIGHT, 3]:
        return ": height and width are the wrong way round"
    if sizes[1:] == [3, HEIGHT, WIDTH]:
        return ": the colours come first"
    return ""


def why_of_shape(shape: Any) -> str:
    if shape.ndims == 4 and shape.as_list()[0] is not None:
        return "The last batch of an epoch may be smaller, and evaluating.py feeds larger ones: None fits all."
    return "An image is height rows of width pixels, each with 3 colours; the layers work with this shape."


def check_labels_ph(lines: StudentLines, labels_ph: Any) -> None:
    line = line_making(lines, "labels_ph", labels_ph)
    if labels_ph.dtype != tf.int64:
        raise Finding(
            f"labels_ph takes {labels_ph.dtype.name}",
            "data.label_dtype, which is int64",
            "A label is the number of a class, and int64 is what the batches hold and what tf.argmax gives: "
            "TensorFlow compares only numbers of one type.",
            line,
        )
    if labels_ph.shape.ndims is None or labels_ph.shape.as_list() != [None]:
        raise Finding(
            f"labels_ph has the shape {shape_text(labels_ph)}",
            "[None]: one label for each image of a batch, however many",
            "The labels of a batch come as a plain list of numbers, as long as there are images.",
            line,
        )
