"""What the placeholders hold when a batch is fed, and what becomes of its pixels."""

from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.stages.drawn import BLUE, CLASSES, COLOURS, GREY, ORANGE, figure_of, heading, is_filled, refuse, say_in
from exercises.stages.drawn_batches import SIZE, Cell, Row, draw_rows, drawn_images
from exercises.stages.stand_ins import image_data
from exercises.stages.tensors import shape_text
from exercises.student_blank import StudentBlank

from . import placeholders, scaling

COUNT = 4  # images of the batch


def look(blank: StudentBlank) -> Any:
    figure, (left, right) = figure_of("Blank 6: a batch in the graph", 12, 4.2, 2, (1, 1))
    if is_filled(blank, "a"):
        draw_placeholders(blank, left)
    else:
        say_in(left, "blank 6a is still empty")
    heading(right, "6b: what a pixel becomes in scaled")
    if is_filled(blank, "b"):
        draw_scale(blank, right)
    else:
        say_in(right, "blank 6b is still empty")
    return figure


def draw_placeholders(blank: StudentBlank, axes: Any) -> None:
    """The values of the placeholders, while a batch is fed."""
    lines = blank.at("a")
    with tf.Graph().as_default() as graph:
        names = {**lines.run({"data": image_data(shape=(SIZE, SIZE, 3))}), "graph": graph}
        images_ph = placeholders.placeholder_called(lines, names, "images_ph")
        labels_ph = placeholders.placeholder_called(lines, names, "labels_ph")
        labels = np.arange(COUNT) * len(CLASSES) // COUNT
        fed = {images_ph: drawn_images(COUNT, blank.seed), labels_ph: labels}
        with tf.Session(graph=graph) as session:
            try:
                held, classes = session.run([images_ph, labels_ph], feed_dict=fed)
            except ValueError:
                expected = "[None, *data.shape] and [None]"
                refuse(blank, "a batch can't be fed", expected, lines.line_with("placeholder"))
    kinds = "\n".join(
        f"{name}: {tensor.dtype.name} {shape_text(tensor)}"
        for name, tensor in (("images_ph", images_ph), ("labels_ph", labels_ph))
    )
    heading(axes, f"6a: what the placeholders hold while {COUNT} images are fed\n{kinds}")
    cells = [
        Cell(np.asarray(pixels).clip(0, 255).astype(np.uint8), f"label {label:g}", COLOURS[int(label) % 2])
        for pixels, label in zip(held, classes)
    ]
    draw_rows(axes, [Row("", cells)], COUNT)
    axes.set_anchor("N")


def draw_scale(blank: StudentBlank, axes: Any) -> None:
    """What each of the 256 shades of a pixel becomes."""
    values, _, line = scaling.scaled_values(blank.at("b"))
    scaling.check_shape(values, line)
    axes.axhspan(-1, 1, color=BLUE, alpha=0.1)
    axes.plot(scaling.FIRST_IMAGE.ravel(), values[0].ravel(), ".", color=ORANGE, markersize=3)
    axes.text(250, -0.96, "from -1 to 1", color=GREY, ha="right", va="bottom")
    axes.set(xlabel="pixel, as in the file (uint8)", ylabel="scaled (float32)", xticks=(0, 64, 128, 192, 255))
