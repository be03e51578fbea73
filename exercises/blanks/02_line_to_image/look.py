"""What the lines make of lines of the CSV, and of image files."""

from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.stages.drawn import RIGHT, SMALL, WRONG, figure_of, heading, is_filled, say_in, table_in
from exercises.stages.tensors import tensor_called
from exercises.student_blank import StudentBlank
from kit.data.drawing.draw import draw

from .check import LINES, run_on_tensor, shown

SIZE = 48  # height and width of the images, in pixels
FILES = {"a colour file": "square.png", "a grey file": "triangle.png"}


def look(blank: StudentBlank) -> Any:
    figure, (left, right) = figure_of("Blank 2: from a line to an image", 12, 4.6, 2, (3, 2))
    heading(left, "2a: path and label of three lines; green is right")
    heading(right, "2b: above as Pillow reads the file, below your image")
    if is_filled(blank, "a"):
        draw_fields(blank, left)
    else:
        say_in(left, "blank 2a is still empty")
    if is_filled(blank, "b"):
        draw_images(blank, right)
    else:
        say_in(right, "blank 2b is still empty")
    return figure


def draw_fields(blank: StudentBlank, axes: Any) -> None:
    """A table of what blank 2a makes of LINES."""
    lines = blank.at("a")
    with tf.Graph().as_default():
        line = tf.placeholder(tf.string, [], "line")
        names = run_on_tensor(lines, "line", {"line": line, "folder": "a folder/", "image_size": (None, None)})
        made = [tensor_called(lines, names, name, "It is to be drawn.") for name in ("path", "label")]
        rows, colours = [], []
        with tf.Session() as session:
            for fields in LINES:
                text = ",".join(map(str, fields))
                values = session.run(made, {line: text})
                is_right = np.array_equal(values[0], fields[1].encode()) and np.array_equal(values[1], fields[2])
                rows.append([text, *(shown(value)[:28] for value in values)])
                colours.append(RIGHT if is_right else WRONG)
    kinds = [f"{name} ({tensor.dtype.name})" for name, tensor in zip(("path", "label"), made)]
    table_in(axes, ["line", *kinds], rows, colours, (0, 0.47, 0.84))


def draw_images(blank: StudentBlank, axes: Any) -> None:
    """What Pillow reads of FILES, and what blank 2b makes of them."""
    lines = blank.at("b")
    draw("square", 1, SIZE, blank.seed, "varied").save(FILES["a colour file"])
    draw("triangle", 2, SIZE, blank.seed, "varied").convert("L").save(FILES["a grey file"])
    with tf.Graph().as_default():
        path = tf.placeholder(tf.string, [], "path")
        names = run_on_tensor(lines, "path", {"path": path, "image_size": (None, None)})
        image = tensor_called(lines, names, "image", "It is to be drawn.")
        with tf.Session() as session:
            images = [session.run(image, {path: file}) for file in FILES.values()]
    axes.set_axis_off()
    for column, (kind, file) in enumerate(FILES.items()):
        axes.text(column + 0.5, -0.08, kind, ha="center", fontsize=SMALL)
        draw_one(axes, column, 0, pixels_of(file))
        draw_one(axes, column, 1, images[column])
    axes.set(xlim=(-0.1, 2.1), ylim=(2.5, -0.25), aspect="equal")


def pixels_of(file: str) -> np.ndarray:
    """What Pillow reads: uint8 [H, W, 3]."""
    from PIL import Image

    with Image.open(file) as image:
        return np.asarray(image.convert("RGB"))


def draw_one(axes: Any, column: int, row: int, pixels: Any) -> None:
    """Draws pixels, if they can be drawn, with their shape and type."""
    top = 1.25 * row
    values, what = np.asarray(pixels), f"{type(pixels).__name__}"
    if isinstance(pixels, np.ndarray):
        what = f"{values.dtype.name} {list(values.shape)}"
    if values.ndim == 3 and values.shape[2] in (1, 3) and values.dtype.kind in "uif":
        most = 1 if values.dtype.kind == "f" else 255
        extent = (column + 0.06, column + 0.94, top + 0.88, top)
        axes.imshow(values.clip(0, most), extent=extent, cmap="gray", vmin=0, vmax=most)
    else:
        axes.text(column + 0.5, top + 0.45, "no picture", ha="center", va="center", fontsize=SMALL)
    axes.text(column + 0.5, top + 0.98, what, ha="center", va="center", fontsize=SMALL)
