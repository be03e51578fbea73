"""A look at batches: each image that came out, drawn, with its label; a row for each batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.stages.datasets import SHAPE, numbers_of, read
from exercises.stages.drawn import CLASSES, COLOURS, GREY, SMALL, WRONG, figure_of, note_in, refuse
from exercises.stages.training_images import TrainingImages
from exercises.student_blank import StudentBlank
from kit.data.drawing.draw import draw

SIZE = 32  # height and width of an image, in pixels
STAGE = TrainingImages(36, 8, 3)  # 18 squares, then 18 triangles; the last batch of an epoch holds 4
BATCHES = 6  # that are drawn: an epoch, and one more
MOST = 10  # images of a batch that are drawn
LONGEST_TEXT = 10  # characters of a field of a line in a cell

EXPECTED = "batches of images with their labels: uint8 [B, H, W, 3] and int64 [B]"


@dataclass(frozen=True)
class Cell:
    """An image of a row.

    Attributes:
      pixels: uint8 [H, W, 3]; None where it is no image.
      caption: what stands below it.
      colour: of its frame.
      text: what stands in it, if it is no image.
    """

    pixels: np.ndarray | None
    caption: str
    colour: str
    text: str = "?"


@dataclass(frozen=True)
class Row:
    """A row of images."""

    title: str
    cells: Sequence[Cell]
    colour: str = "black"  # of the title


def drawn_images(count: int, seed: int) -> np.ndarray:
    """Images, the first half squares, the others triangles: uint8 [count, SIZE, SIZE, 3]."""
    labels = (np.arange(count) >= count // 2).astype(int)
    return np.stack(
        [np.asarray(draw(CLASSES[label], number, SIZE, seed, "varied")) for number, label in enumerate(labels)]
    )


def figure_of_training(title: str, dataset: Any, feed: dict | None, blank: StudentBlank) -> Any:
    """The first batches of a data set of STAGE's numbered images.

    Args:
      title: of the picture.
      dataset: that the student's lines made.
      feed: what its iterator is fed.
      blank: the student's.
    """
    images, line = drawn_images(STAGE.count, blank.seed), blank.at().line_with("training =")
    rows = []
    for number, element in enumerate(read(dataset, BATCHES, feed), start=1):
        rows.append(row_of_element(number, element, images))
    if not rows:
        refuse("no batch comes out of training", EXPECTED, line)
    figure = figure_of_rows(
        f"{title}\nIn the file, 18 squares come first (label 0), then 18 triangles (label 1).", rows
    )
    if any(row.colour == WRONG for row in rows):
        note_in(figure, f"wanted: {EXPECTED}")
    return figure


def row_of_element(number: int, element: Any, images: np.ndarray) -> Row:
    """The Row of an element of a data set: a batch of numbered images, or, in red, whatever else it is."""
    parts = tf.nest.flatten(element)
    batch = as_batch(*parts) if len(parts) == 2 else None
    if batch is None:
        return row_of_others(f"element {number}", parts, images)
    row = row_of(f"batch {number}", *batch, images)
    is_single, labels = np.ndim(parts[1]) == 0, np.asarray(parts[1])
    if not is_single and labels.dtype == np.int64:
        return row
    title = row.title if labels.dtype == np.int64 else f"{row.title}\nlabels: {labels.dtype.name}"
    return replace(row, title=title.replace("batch", "element") if is_single else title, colour=WRONG)


def row_of_others(title: str, parts: Sequence[Any], images: np.ndarray) -> Row:
    """The Row of what is no batch of images with labels: its images or texts, in red frames, and its kinds."""
    arrays = [np.asarray(part) for part in parts]
    pixels = next((each for each in arrays if each.shape[1:] == SHAPE and each.dtype == np.uint8), None)
    texts = next((each.ravel() for each in arrays if each.dtype.kind in "OS"), None)
    if pixels is not None:
        numbers = [number if 0 <= number < len(images) else None for number in numbers_of(pixels)]
        cells = [Cell(None if number is None else images[number], "", WRONG) for number in numbers]
    elif texts is not None:
        cells = [Cell(None, "", WRONG, shown_text(text)) for text in texts]
    else:
        count = max((each.shape[0] for each in arrays if each.ndim), default=1)
        cells = [Cell(None, "", WRONG) for _ in range(count)]
    kinds = [f"{'text' if each.dtype.kind in 'OS' else each.dtype.name} {list(each.shape)}" for each in arrays]
    return Row("\n".join([f"{title}:", *kinds]), cells, WRONG)


def shown_text(text: Any) -> str:
    """A text in a cell: its fields below one another, cut off where they are long."""
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return "\n".join(field[:LONGEST_TEXT] for field in text.split(",")[:3])


def as_batch(pixels: Any, labels: Any) -> tuple[np.ndarray, np.ndarray] | None:
    """(images [B, 2, 4, 3], labels [B]) of an element, which may be a single image; None if it is something else."""
    pixels, labels = np.asarray(pixels), np.atleast_1d(labels)
    if pixels.shape == SHAPE:
        pixels = pixels[None]
    is_batch = pixels.shape[1:] == SHAPE and pixels.dtype == np.uint8 and labels.shape == pixels.shape[:1]
    return (pixels, labels) if is_batch else None


def row_of(title: str, pixels: np.ndarray, labels: np.ndarray, images: np.ndarray) -> Row:
    """The Row of a batch of numbered images, as they look."""
    cells = []
    for number, label in zip(numbers_of(pixels), labels):
        colour = COLOURS[int(label)] if label in (0, 1) else GREY
        cells.append(Cell(images[number] if 0 <= number < len(images) else None, str(label), colour))
    counts = [int((labels == label).sum()) for label in range(len(CLASSES))]
    count = f"{len(labels)} image{'s' * (len(labels) != 1)}"
    held = "\n".join(f"{number or 'no'} {name}{'s' * (number != 1)}" for number, name in zip(counts, CLASSES))
    return Row(f"{title}: {count}\n{held}", cells)


def figure_of_rows(title: str, rows: Sequence[Row]) -> Any:
    """A figure of rows of images, their captions below them, their titles at their left."""
    columns = max(6, *(min(len(row.cells), MOST + 1) for row in rows))
    figure, (axes,) = figure_of(title, 2.2 + 0.75 * columns, 0.9 + 0.98 * len(rows))
    draw_rows(axes, rows, columns)
    return figure


def draw_rows(axes: Any, rows: Sequence[Row], columns: int) -> None:
    """Draws rows of images into axes."""
    from matplotlib.patches import Rectangle

    axes.set_axis_off()
    for number, row in enumerate(rows):
        top = 1.3 * number
        axes.text(-0.15, top + 0.45, row.title, ha="right", va="center", fontsize=SMALL, color=row.colour)
        for place, cell in enumerate(row.cells[:MOST]):
            extent = (place + 0.05, place + 0.95, top + 0.9, top)
            if cell.pixels is None:
                size = 6 if len(cell.text) > 1 else 10
                axes.text(place + 0.5, top + 0.45, cell.text, ha="center", va="center", color=GREY, fontsize=size)
            else:
                axes.imshow(cell.pixels, extent=extent, interpolation="nearest")
            axes.add_patch(Rectangle((place + 0.05, top), 0.9, 0.9, fill=False, edgecolor=cell.colour, linewidth=2))
            axes.text(
                place + 0.5, top + 1.06, cell.caption, ha="center", va="center", color=cell.colour, fontsize=SMALL
            )
        if len(row.cells) > MOST:
            more = f"and {len(row.cells) - MOST:,}\nmore"
            axes.text(MOST + 0.1, top + 0.45, more, va="center", color=GREY, fontsize=SMALL)
    axes.set(
        xlim=(-2.2 if any(row.title for row in rows) else -0.1, columns), ylim=(1.3 * len(rows), -0.1), aspect="equal"
    )
