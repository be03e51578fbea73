"""A look at batches: each image that came out, drawn, with its label; a row for each batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from exercises.stages.datasets import SHAPE, numbers_of, read
from exercises.stages.drawn import CLASSES, COLOURS, GREY, SMALL, figure_of, refuse
from exercises.stages.training_images import TrainingImages
from exercises.student_blank import StudentBlank
from kit.data.drawing.draw import draw

SIZE = 32  # height and width of an image, in pixels
STAGE = TrainingImages(36, 8, 3)  # 18 squares, then 18 triangles; the last batch of an epoch holds 4
BATCHES = 6  # that are drawn: an epoch, and one more
MOST = 10  # images of a batch that are drawn


EXPECTED = "batches of images with their labels: uint8 [B, H, W, 3] and int64 [B]"


@dataclass(frozen=True)
class Cell:
    """An image of a row: uint8 [H, W, 3], or None where it is none, what stands below it, the colour of its frame."""

    pixels: np.ndarray | None
    caption: str
    colour: str


@dataclass(frozen=True)
class Row:
    """A row of images."""

    title: str
    cells: Sequence[Cell]


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
    for number, (pixels, labels) in enumerate(read(dataset, BATCHES, feed), start=1):
        batch = as_batch(pixels, labels)
        if batch is None:
            refuse(blank, "an element of training is no batch of images with their labels", EXPECTED, line)
        rows.append(row_of(f"batch {number}", *batch, images))
    if not rows:
        refuse(blank, "no batch comes out of training", EXPECTED, line)
    return figure_of_rows(f"{title}\nIn the file, 18 squares come first (label 0), then 18 triangles (label 1).", rows)


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
        axes.text(-0.15, top + 0.45, row.title, ha="right", va="center", fontsize=SMALL)
        for place, cell in enumerate(row.cells[:MOST]):
            extent = (place + 0.05, place + 0.95, top + 0.9, top)
            if cell.pixels is None:
                axes.text(place + 0.5, top + 0.45, "?", ha="center", va="center", color=GREY)
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
