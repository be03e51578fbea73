"""What an image is to a network when a part of it is covered.

Zeiler and Fergus 2014, Visualizing and Understanding Convolutional Networks, https://arxiv.org/abs/1311.2901
"""

from __future__ import annotations

import numpy as np

SHARE, STEPS = 6, 4  # the cover's side is a 6th of the image's shorter one; it moves by a 4th of its own


def cover_side(image: np.ndarray) -> int:
    """The side of the square that covers a part of an image, in pixels."""
    return max(1, min(image.shape[:2]) // SHARE)


def covered(image: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Copies of an image, each with a square covered in the colour of the image's border.

    Args:
      image: uint8 [H, W, 3].
      side: of the square, in pixels.
    Returns:
      (copies, corners): uint8 [P, H, W, 3]; and where each square begins, int64 [P, 2], row and column.
    """
    height, width = image.shape[:2]
    step = max(1, side // STEPS)
    tops, lefts = (np.unique(np.append(np.arange(0, n - side, step), n - side)) for n in (height, width))
    corners = np.stack(np.meshgrid(tops, lefts, indexing="ij"), axis=-1).reshape(-1, 2)  # [P, 2]
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    copies = np.repeat(image[None], len(corners), axis=0)
    for copy, (top, left) in zip(copies, corners):
        copy[top : top + side, left : left + side] = np.median(border, axis=0)
    return copies, corners


def occlusion_map(falls: np.ndarray, corners: np.ndarray, side: int, image_size: tuple[int, int]) -> np.ndarray:
    """How much the network needs each pixel: the mean fall of its score over all squares that cover the pixel.

    Args:
      falls: float32 [P], how much lower the score is than the uncovered image's.
      corners: int64 [P, 2], of the squares.
      side: of the squares, in pixels.
      image_size: (H, W).
    Returns:
      float32 [H, W], from 0 to 1, the largest; what raises the score when it is covered is 0.
    """
    total, count = np.zeros(image_size, np.float32), np.zeros(image_size, np.float32)
    for fall, (top, left) in zip(falls, corners):
        total[top : top + side, left : left + side] += fall
        count[top : top + side, left : left + side] += 1
    mean = np.maximum(total / np.maximum(count, 1), 0)
    return mean / max(float(mean.max()), 1e-9)
