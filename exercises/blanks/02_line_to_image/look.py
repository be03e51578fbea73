"""What the lines make of lines of the CSV, and of image files."""

from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.stages.drawn import GREY, RIGHT, SMALL, WRONG, figure_of, heading, note_in, table_in
from exercises.stages.drawn_places import draw_places
from exercises.stages.tensors import shape_text, tensor_called
from exercises.student_blank import StudentBlank
from kit.data.drawing.draw import draw

from .check import LINES, run_on_tensor, shown

SIZE = 48  # height and width of the images, in pixels
KINDS = {"path": "string", "label": "int64"}  # dtype
FILES = {"a colour file": "square.png", "a grey file": "triangle.png"}


def look(blank: StudentBlank) -> Any:
    figure, (left, right) = figure_of("Blank 2: from a line to an image", 12, 4.6, 2, (3, 2))
    heading(left, "2a: path and label of three lines, and of which kind they are; green is right")
    heading(right, "2b: above as Pillow reads the file, below your image")
    places = {
        "a": ([left], lambda: draw_fields(blank, left)),
        "b": ([right], lambda: draw_images(blank, right)),
    }
    draw_places(blank, places)
    return figure


def draw_fields(blank: StudentBlank, axes: Any) -> None:
    """A table of what blank 2a makes of LINES."""
    lines = blank.at("a")
    with tf.Graph().as_default():
        line = tf.placeholder(tf.string, [], "line")
        names = run_on_tensor(lines, "line", {"line": line, "folder": "a folder/", "image_size": (None, None)})
        made = [tensor_called(lines, names, name, "It is to be drawn.") for name in KINDS]
        rows: list[list[str]] = []
        colours: list[tuple[str, ...]] = []
        with tf.Session() as session:
            for fields in LINES:
                text = ",".join(map(str, fields))
                values = session.run(made, {line: text})
                are_right = np.array_equal(values[0], fields[1].encode()), np.array_equal(values[1], fields[2])
                rows.append([text, *(shown(value)[:28] for value in values)])
                colours.append((GREY, *(RIGHT if each else WRONG for each in are_right)))
    rows.append(["its kind", *(f"{tensor.dtype.name} {shape_text(tensor)}" for tensor in made)])
    are_right = [
        tensor.dtype.name == kind and tensor.shape.is_compatible_with([]) for tensor, kind in zip(made, KINDS.values())
    ]
    colours.append((GREY, *(RIGHT if each else WRONG for each in are_right)))
    table_in(axes, ["line", "path", "label"], rows, colours, (0, 0.47, 0.84))
    if not all(are_right):
        note_in(axes.figure, f"wanted: {', '.join(f'{name} {kind} []' for name, kind in KINDS.items())}")


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
