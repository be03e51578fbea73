"""Styles for labs/transfer_style.py: patterns that NumPy makes, or a picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kit.cli.errors import UserError
from kit.data.fitted_picture import fitted_file
from kit.data.image_refusals import NotShown


def styles_for(path: str | None, shape: Sequence[int]) -> tuple[list[str], np.ndarray]:
    """The styles of a sheet.

    Args:
      path: of a picture; None for the patterns of PATTERNS.
      shape: (H, W, 3), of the images.
    Returns:
      (names, pictures): one of each style; uint8 [styles, H, W, 3].
    Raises:
      UserError: the picture can't be read.
    """
    height, width = shape[:2]
    if path is None:
        return list(PATTERNS), np.stack([pattern(height, width) for pattern in PATTERNS.values()])
    try:
        return [path], np.asarray(fitted_file(path, (height, width)))[None]
    except NotShown as error:
        raise UserError(f"--style: {error}.\n  Name a picture, or leave --style out.") from None


def stripes(height: int, width: int) -> np.ndarray:
    """Slanted stripes in two colours: uint8 [height, width, 3]."""
    x, y = _places(height, width)
    return _coloured((x + y) % 16 < 8, (20, 40, 120), (250, 220, 60))


def waves(height: int, width: int) -> np.ndarray:
    """Waves from dark to light blue: uint8 [height, width, 3]."""
    x, y = _places(height, width)
    return _coloured(
        0.5 + 0.5 * np.sin(2 * np.pi * (y / 14 + 0.6 * np.sin(2 * np.pi * x / 64))), (10, 60, 130), (240,) * 3
    )


def mosaic(height: int, width: int) -> np.ndarray:
    """Stones in warm and cool colours with dark joints: uint8 [height, width, 3]."""
    random = np.random.default_rng(1)
    count = max(2, height * width // 150)
    stones = random.random([count, 2]) * (width, height)
    away = np.hypot(
        *(np.stack(_places(height, width), axis=-1)[..., None, :] - stones).transpose(3, 0, 1, 2)
    )  # [H, W, N]
    colours = np.array([(190, 50, 40), (250, 180, 60), (30, 120, 110), (240, 235, 210)], np.uint8)
    picture = colours[random.integers(len(colours), size=count)][away.argmin(axis=2)]
    nearest, second = np.partition(away, 1, axis=2)[..., :2].transpose(2, 0, 1)
    picture[second - nearest < 1.5] = 25
    return picture


def dots(height: int, width: int) -> np.ndarray:
    """Red dots on cream: uint8 [height, width, 3]."""
    x, y = _places(height, width)
    return _coloured(np.hypot(x % 13 - 6, y % 13 - 6) < 4, (250, 240, 220), (200, 30, 60))


PATTERNS = {"stripes": stripes, "waves": waves, "mosaic": mosaic, "dots": dots}


def _places(height, width):
    """x and y of each pixel: float64 [height, width] each."""
    return np.meshgrid(np.arange(width, dtype=float), np.arange(height, dtype=float))


def _coloured(share, low, high):
    """From one colour to another: shares from 0 to 1, [H, W] -> uint8 [H, W, 3]."""
    share = np.asarray(share, float)[..., None]
    return np.round(np.array(low) * (1 - share) + np.array(high) * share).astype(np.uint8)
