"""What dataset_creation.py --truth tells of each image: the mask of its shape, and a line of truth.csv."""

from __future__ import annotations

import cmath
import math
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kit.cli import console
from kit.cli.settings import DrawingSettings
from kit.data.drawing.shapes import corners_of, symmetry_of
from kit.system.files import make_folder, write_csv
from kit.system.locks import remove_partial_files

if TYPE_CHECKING:
    import numpy as np

FOLDER, FILE = "masks", "truth.csv"  # in the output directory


def mask_path(settings: DrawingSettings, name: str) -> str:
    """Where the mask of an image is."""
    return os.path.join(settings.output_directory, FOLDER, name)


def claim_masks(settings: DrawingSettings) -> None:
    """Makes the folder of the masks, and removes what a killed drawing left there; a UserError if it can't be made."""
    folder = os.path.dirname(mask_path(settings, ""))
    make_folder(folder)
    remove_partial_files(folder)


def has_mask(settings: DrawingSettings, name: str) -> bool:
    """Whether the mask of an image is there, and not empty."""
    path = mask_path(settings, name)
    return os.path.isfile(path) and os.path.getsize(path) > 0


def write_truth(settings: DrawingSettings, names: Sequence[str]) -> None:
    """Writes truth.csv, a line per image; nothing is painted for it."""
    from kit.data.truth_file import HEADER  # here, like others below: --help needs none

    path = os.path.join(settings.output_directory, FILE)
    write_csv(path, HEADER, _rows(settings, names))
    folder = os.path.dirname(mask_path(settings, ""))
    console.say(f"{path}: {console.counted(len(names), 'lines')}; the masks are in {folder}")


def _rows(settings: DrawingSettings, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    from kit.data.drawing.draw import plan

    symmetry = symmetry_of(settings.shape)
    for index, name in enumerate(names):
        planned = plan(settings.shape, index, settings.size, settings.seed, settings.style)
        area, (x, y) = area_and_centre(planned.corners)
        numbers = [f"{number:.2f}" for number in (x, y, area, turn_of(planned.corners, settings.shape))]
        yield name, mask_path(settings, name), *numbers, str(symmetry), str(int(planned.is_outline))


def area_and_centre(corners: np.ndarray) -> tuple[float, tuple[float, float]]:
    """The area within an outline, and its centroid, by the shoelace formula: float64 [N, 2] -> area, (x, y)."""
    following = [*corners[1:], corners[0]]
    cross = [x * next_y - next_x * y for (x, y), (next_x, next_y) in zip(corners, following)]
    sums = [sum((a[axis] + b[axis]) * c for a, b, c in zip(corners, following, cross)) for axis in (0, 1)]
    return abs(sum(cross)) / 2, (sums[0] / (3 * sum(cross)), sums[1] / (3 * sum(cross)))


def turn_of(corners: np.ndarray, shape: str) -> float:
    """How far a shape is turned clockwise from where shapes.py draws it: degrees, from 0 to 360 / its symmetry.

    A sketch is no exact copy of the shape: the turn is the one that brings the corners nearest (Procrustes analysis).
    It may go around either way; a shape that is its own mirror image, like ours, looks the same both ways.

    Args:
      corners: float64 [N, 2].
      shape: a key of kit.data.drawing.shapes.SHAPES.
    """
    symmetry = symmetry_of(shape)
    if not symmetry:
        return 0.0
    original = [complex(x, y) for x, y in corners_of(shape)]
    mirrored = [-each.conjugate() for each in original]
    turned = [complex(x, y) for x, y in corners]
    sums = [sum(a.conjugate() * b for a, b in zip(each, turned)) for each in (original, mirrored)]
    degrees = math.degrees(cmath.phase(max(sums, key=abs))) % (360 / symmetry)
    return degrees if round(degrees, 2) < 360 / symmetry else 0.0
