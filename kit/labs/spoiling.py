"""Spoils images, for a network that learns to mend them."""

from __future__ import annotations

import numpy as np

NOISE = 50  # standard deviation, in grey levels
COVERED = 0.25  # side of the covered square, in sides of the image
GREY = 128  # of the covered square


def spoilt(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Adds noise to images, and covers a square of each, anywhere: uint8 [B, H, W, 3] -> the same."""
    count, height, width, _ = images.shape
    noisy = images + NOISE * random.standard_normal(images.shape, np.float32)
    side = round(COVERED * min(height, width))
    rows, columns = random.integers(height - side + 1, size=count), random.integers(width - side + 1, size=count)
    for image, row, column in zip(noisy, rows, columns):
        image[row : row + side, column : column + side] = GREY
    return np.clip(np.round(noisy), 0, 255).astype(np.uint8)
