"""Is a line of the CSV taken apart, and an image file turned into pixels?"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.datasets import check_no_python, upstream
from exercises.stages.tensors import line_making, tensor_called
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines

LINES = (
    ("square_0", "squares/square_0.png", 0),
    ("triangle_41", "triangles/triangle_41.png", 1),
    ("star_7", "drawn/here/star_7.png", 300),
)
TRIES = 5  # of reading a file
PARTS = ("path is the line's second field", "label is a whole number", "a colour image", "a grey image")


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at("a")
    with tf.Graph().as_default():
        line = tf.placeholder(tf.string, [], "line")
        names = run_on_tensor(lines, "line", {"line": line, "folder": "a folder/", "image_size": (None, None)})
        path = tensor_called(lines, names, "path", "The lines after the blank open the file of that path.")
        check_kind(path, "path", path.dtype == tf.string, "text: string", "A file is found by its path.", lines)
        with tf.Session() as session:
            check_values(session, line, path, "path", [path.encode() for _, path, _ in LINES], lines)
            yield
            label = tensor_called(lines, names, "label", "It is what the network learns to predict.")
            expected = "int64: tf.constant([0], tf.int64) as the default of its field, or tf.cast(label, tf.int64)"
            why = "labels_ph takes int64, and the inputs that read no PNG keep labels as int64. A plain [0] is int32."
            check_kind(label, "label", label.dtype == tf.int64, expected, why, lines)
            check_values(session, line, label, "label", [label for _, _, label in LINES], lines)
    yield
    lines = blank.at("b")
    with tf.Graph().as_default():
        path = tf.placeholder(tf.string, [], "path")
        names = run_on_tensor(lines, "path", {"path": path, "image_size": (None, None)})
        image = tensor_called(lines, names, "image", "Batches are made of it, and the network is fed with them.")
        check_image_kind(image, lines)
        for mode, size, colours in (("RGB", (7, 5), "colour"), ("L", (6, 4), "grey")):
            check_pixels(path, image, drawn(f"{colours}.png", mode, size), f"{colours}.png", colours, lines)
            yield


def run_on_tensor(lines: StudentLines, name: str, names: dict[str, Any]) -> dict[str, Any]:
    """Runs lines that work on a tensor; Python's own functions, which can't, have a message of their own."""
    try:
        after = lines.run(names)
        check_no_python(tf.get_default_graph(), lines)
        return after
    except Finding as finding:
        if isinstance(finding.__cause__, (AttributeError, TypeError)) and re.search(
            r"\b(Symbolic)?Tensor\b", str(finding.__cause__)
        ):
            raise Finding(
                finding.found,
                f"TensorFlow's operations on {name}; the second hint names some",
                f"{name} is a tensor: while the graph is built, there is no text in it that Python could work on.",
                finding.line,
            ) from None
        if "slice scalar" in finding.found:
            raise Finding(
                f"{name} is taken apart like a list, and it is a single text",
                f"TensorFlow's operations on {name}; the second hint names some",
                "The graph sees a text as one value; an operation must cut it at the commas.",
                finding.line,
            ) from None
        raise


def check_kind(tensor: Any, name: str, is_right: bool, expected: str, why: str, lines: StudentLines) -> None:
    """Checks the type of what blank 2a makes, and that it is a single value."""
    line = line_making(lines, name, tensor)
    if not is_right:
        raise Finding(f"{name} holds {tensor.dtype.name}", expected, why, line)
    if not tensor.shape.is_compatible_with([]):
        raise Finding(
            f"{name} has the shape {tensor.shape}",
            f"the shape (): a single {name}",
            "The data set takes the lines one by one; batches come later.",
            line,
        )


def check_values(session: Any, line: Any, tensor: Any, name: str, expected: list, lines: StudentLines) -> None:
    """Checks what a tensor is for each of LINES."""
    for fields, wanted in zip(LINES, expected):
        text = ",".join(map(str, fields))
        value = session.run(tensor, {line: text})
        if not np.array_equal(value, wanted):
            which = ", the image's name" if np.array_equal(value, fields[0].encode()) else ""
            raise Finding(
                f"for the line '{text}', {name} is {shown(value)}{which}",
                f"{shown(wanted)}, the {'second' if name == 'path' else 'third'} field",
                "A line holds image_name, image_path and label, in this order.",
                line_making(lines, name, tensor),
            )


def shown(value: Any) -> str:
    return f"'{value.decode('utf-8', 'replace')}'" if isinstance(value, bytes) else str(value)


def check_image_kind(image: Any, lines: StudentLines) -> None:
    """Checks that an image is pixels, as bytes."""
    if image.dtype == tf.string:
        raise Finding(
            "image is text: the bytes of a file that isn't decoded",
            "the pixels, uint8 [H, W, 3]",
            "A PNG holds its pixels compressed; a decoder turns them into numbers.",
            line_making(lines, "image", image),
        )
    if image.dtype != tf.uint8:
        raise Finding(
            f"image holds {image.dtype.name}",
            "uint8: the numbers from 0 to 255 that are in the file",
            "Bytes take the least memory on their way; scale_pixels turns them into float32 at the end.",
            line_making(lines, "image", image),
        )


def drawn(file_name: str, mode: str, size: tuple[int, int]) -> np.ndarray:
    """Writes a PNG of random pixels, (width, height) large; gives what Pillow reads of it, uint8 [H, W, 3]."""
    from PIL import Image

    channels = len(mode)
    pixels = np.random.RandomState(0).randint(0, 256, [size[1], size[0], channels], np.uint8)
    Image.fromarray(pixels if channels == 3 else pixels[:, :, 0]).save(file_name)
    with Image.open(file_name) as image:
        return np.asarray(image.convert("RGB"))


def check_pixels(
    path: Any, image: Any, expected: np.ndarray, file_name: str, colours: str, lines: StudentLines
) -> None:
    """Checks the pixels that are read from a file."""
    line = line_making(lines, "image", image)
    try:
        with tf.Session() as session:
            tries = [session.run(image, {path: file_name}) for _ in range(TRIES)]
    except tf.errors.OpError:
        if any(operation.type == "ReadFile" for operation in upstream(image.op)):
            raise
        raise Finding(
            "nothing reads the file: the decoder is given the path in place of what is in the file",
            "the file read first, then decoded",
            "A path is only a text; a decoder needs the bytes of the file.",
            line,
        ) from None
    pixels = tries[0]
    if not all(np.array_equal(pixels, other) for other in tries):
        raise Finding(
            f"the same {colours} file is read {TRIES} times, and its pixels differ",
            "the pixels as they are in the file, each time",
            "training.py and evaluating.py read with these lines; chance has no place in an evaluation.",
            line,
        )
    size = f"{expected.shape[0]} x {expected.shape[1]}"
    if pixels.shape != expected.shape:
        raise Finding(
            f"for a {colours} file of {size} pixels, image has the shape {list(pixels.shape)}",
            f"{list(expected.shape)}: height, width and 3 channels, also if the file is grey",
            "A batch holds images of one shape, and the network is built for 3 channels.",
            line,
        )
    if not (pixels == expected).all():
        row, column, _ = np.argwhere(pixels != expected)[0]
        raise Finding(
            f"for a {colours} file, the pixel in row {row}, column {column} is {pixels[row, column].tolist()}",
            f"{expected[row, column].tolist()}, as the file has it",
            "The network learns from the pixels as they were drawn.",
            line,
        )
