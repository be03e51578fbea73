"""Pixels of what a network makes."""

import numpy as np


def pixels_of(scaled: np.ndarray) -> np.ndarray:
    """dlho2018.scale_pixels, but back: float [...] from -1 to 1 -> uint8 [...]; what is beyond is black or full."""
    return np.clip(np.round((scaled + 1) * 127.5), 0, 255).astype(np.uint8)
