"""What labs draw on images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kit.data.drawing.shapes import SHAPES, corners_of, symmetry_of
from kit.evaluation.sheets import enlarged

FINE = 4  # an image is enlarged so many times, or lines on it would be as coarse as its pixels


def shape_corners(symmetry: int, centre: Sequence[float], area: float, turn: float) -> np.ndarray:
    """The corners of the first shape of SHAPES with a symmetry: float64 [N, 2], x and y in pixels.

    Args:
      symmetry: how often it looks the same while it turns once around; 0 for a circle.
      centre: x and y, in pixels.
      area: in pixels.
      turn: degrees clockwise.
    """
    name = next((name for name in SHAPES if symmetry_of(name) == symmetry), "circle")
    angle = np.radians(turn)
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.array(corners_of(name)) @ rotation * np.sqrt(max(area, 0)) + np.asarray(centre)


def outlined(image: np.ndarray, outlines: Sequence[tuple[np.ndarray, str]]) -> np.ndarray:
    """An image with outlines drawn on it.

    Args:
      image: uint8 [H, W, 3].
      outlines: (corners float64 [N, 2], colour) of each.
    Returns:
      uint8 [FINE * H, FINE * W, 3].
    """
    from PIL import ImageDraw

    picture = enlarged(image, FINE * max(image.shape[:2]))
    pen = ImageDraw.Draw(picture)
    for corners, colour in outlines:
        points = [tuple(point) for point in corners * FINE]
        pen.line([*points, points[0]], fill=colour, width=FINE // 2)
    return np.asarray(picture)
