"""What is decided of an image before it is painted: where its shape is."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image


@dataclass(frozen=True)
class Plan:
    """An image to paint."""

    corners: np.ndarray  # of the shape, float64 [N, 2]: x and y in pixels, from the image's upper left corner
    is_outline: bool  # whether only its border is painted
    paint: Callable[
        [], tuple[Image.Image, Image.Image]
    ]  # once: an RGB image, and its mask: 'L', 255 where the shape is
