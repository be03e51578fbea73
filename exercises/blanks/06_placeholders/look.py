"""What the placeholders hold when a batch is fed, and what becomes of its pixels."""

from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.stages.drawn import BLUE, CLASSES, COLOURS, GREY, ORANGE, WRONG, figure_of, heading, note_in
from exercises.stages.drawn_batches import SIZE, Cell, Row, draw_rows, drawn_images
from exercises.stages.drawn_places import draw_places
from exercises.stages.stand_ins import image_data
from exercises.stages.tensors import shape_text
from exercises.student_blank import StudentBlank

from . import placeholders, scaling

COUNT = 4  # images of the batch
WANTED = {"images_ph": f"uint8 [None, {SIZE}, {SIZE}, 3]", "labels_ph": "int64 [None]"}


def look(blank: StudentBlank) -> Any:
    figure, (left, right) = figure_of("Blank 6: a batch in the graph", 12, 4.2, 2, (1, 1))
    heading(right, "6b: what a pixel becomes in scaled")
    places = {
        "a": ([left], lambda: draw_placeholders(blank, left)),
        "b": ([right], lambda: draw_scale(blank, right)),
    }
    draw_places(blank, places)
    return figure


def draw_placeholders(blank: StudentBlank, axes: Any) -> None:
    """The values of the placeholders, while a batch is fed."""
    lines = blank.at("a")
    batch = {"images_ph": drawn_images(COUNT, blank.seed), "labels_ph": np.arange(COUNT) * len(CLASSES) // COUNT}
    with tf.Graph().as_default() as graph:
        names = {**lines.run({"data": image_data(shape=(SIZE, SIZE, 3))}), "graph": graph}
        made = {name: placeholders.placeholder_called(lines, names, name) for name in batch}
        with tf.Session(graph=graph) as session:
            images, labels = (held_by(made[name], values, session) for name, values in batch.items())
    kinds = {name: f"{tensor.dtype.name} {shape_text(tensor)}" for name, tensor in made.items()}
    told = "\n".join(f"{name}: {kind}" for name, kind in kinds.items())
    are_right = [kinds[name] == WANTED[name] for name in kinds]
    heading(axes, f"6a: what the placeholders hold while {COUNT} images are fed\n{told}")
    draw_rows(axes, [Row("", cells_of(images, labels, are_right))], COUNT)
    axes.set_anchor("N")
    for name, values, is_right in zip(kinds, (images, labels), are_right):
        refused = f"a batch {list(batch[name].shape)} can't be fed; " if values is None else ""
        if not is_right:
            note_in(axes.figure, f"{name} takes {kinds[name]}: {refused}wanted: {WANTED[name]}")


def held_by(placeholder: Any, values: np.ndarray, session: Any) -> np.ndarray | None:
    """What a placeholder holds while values are fed; None if they can't be."""
    try:
        return session.run(placeholder, feed_dict={placeholder: values})
    except (TypeError, ValueError):
        return None


def cells_of(images: np.ndarray | None, labels: np.ndarray | None, are_right: list[bool]) -> list[Cell]:
    """A Cell for each image of the batch; in red what isn't held, or not as it should be."""
    cells = []
    for place in range(COUNT):
        pixels = None if images is None else images[place].clip(0, 255).astype(np.uint8)
        label = "no label" if labels is None else f"label {labels[place]:g}"
        colour = COLOURS[int(labels[place]) % 2] if labels is not None and all(are_right) else WRONG
        cells.append(Cell(pixels, label, colour))
    return cells


def draw_scale(blank: StudentBlank, axes: Any) -> None:
    """What each of the 256 shades of a pixel becomes."""
    values, _, line = scaling.scaled_values(blank.at("b"))
    scaling.check_shape(values, line)
    axes.axhspan(-1, 1, color=BLUE, alpha=0.1)
    axes.plot(scaling.FIRST_IMAGE.ravel(), values[0].ravel(), ".", color=ORANGE, markersize=3)
    axes.text(250, -0.96, "from -1 to 1", color=GREY, ha="right", va="bottom")
    axes.set(xlabel="pixel, as in the file (uint8)", ylabel="scaled (float32)", xticks=(0, 64, 128, 192, 255))
