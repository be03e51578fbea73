"""The files of TensorBoard's projector: points in space, each with a thumbnail and labels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from kit.evaluation.sheets import enlarged
from kit.system.files import make_folder, write_text, write_whole

CONFIG, FOLDER = "projector_config.pbtxt", "projector"  # the projector finds the first; what it names is in the second
VECTORS, LABELS, THUMBNAILS = "vectors.tsv", "labels.tsv", "thumbnails.png"
MOST_PIXELS = 8192  # of the sheet's side: browsers refuse larger ones
THUMBNAIL = 48  # pixels


def write_projector(
    folder: Path, name: str, vectors: np.ndarray, header: Sequence[str], rows: Iterable[Sequence], images: np.ndarray
) -> None:
    """Writes what the projector shows of a run.

    Args:
      folder: of the run's event files, where TensorBoard looks for it.
      name: of the points.
      vectors: float32 [N, D], the points.
      header: the names of the labels, two or more: with one, the file would have no header.
      rows: a point's labels, N of them.
      images: uint8 [N, H, W, 3].
    Raises:
      UserError: a file can't be written.
    """
    make_folder(folder / FOLDER)
    side = thumbnail_side(len(images))
    write_text(folder / FOLDER / VECTORS, _lines([f"{value:.5g}" for value in vector] for vector in vectors))
    write_text(folder / FOLDER / LABELS, _lines([header, *rows]))
    with write_whole(folder / FOLDER / THUMBNAILS) as partial:
        _thumbnails(images, side).save(partial)
    write_text(folder / CONFIG, _config(name, vectors.shape, side))


def thumbnail_side(count: int) -> int:
    """The side of each of so many thumbnails, in pixels."""
    return max(1, min(THUMBNAIL, MOST_PIXELS // math.ceil(math.sqrt(count))))


def _lines(rows):
    """Rows as the projector reads them: it knows no quotes."""
    return "".join("\t".join(" ".join(str(cell).split()) for cell in row) + "\n" for row in rows)


def _thumbnails(images, side):
    """The sheet of thumbnails: square, filled row by row, as the projector takes it to be."""
    from PIL import Image

    columns = math.ceil(math.sqrt(len(images)))
    sheet = Image.new("RGB", (columns * side, columns * side), "white")
    for number, image in enumerate(images):
        row, column = divmod(number, columns)
        small = enlarged(image, side)
        sheet.paste(small, (column * side + (side - small.width) // 2, row * side + (side - small.height) // 2))
    return sheet


def _config(name, shape, side):
    return f"""\
embeddings {{
  tensor_name: "{name}"
  tensor_shape: {shape[0]}
  tensor_shape: {shape[1]}
  tensor_path: "{FOLDER}/{VECTORS}"
  metadata_path: "{FOLDER}/{LABELS}"
  sprite {{
    image_path: "{FOLDER}/{THUMBNAILS}"
    single_image_dim: {side}
    single_image_dim: {side}
  }}
}}
"""
