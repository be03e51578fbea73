"""An image that somebody drew, dropped or pasted, brought to the size that a network takes."""

from __future__ import annotations

import numpy as np

from kit.data.image_shown import shown_in


def fitted(content: bytes, image_size: tuple[int, int]) -> np.ndarray:
    """The whole image in the network's size, on the colour of its border where the sides' ratio differs.

    Args:
      content: of an image file.
      image_size: (height, width) in pixels.
    Returns:
      uint8 [H, W, 3], of what a viewer shows.
    Raises:
      kit.data.image_refusals.NotShown: it isn't an image, is damaged, or is of a kind that the kit doesn't read.
    """
    from PIL import Image, ImageOps

    height, width = image_size
    image = shown_in(content, "drawing")
    ground = tuple(int(level) for level in np.median(_border(np.asarray(image)), axis=0))
    return np.asarray(ImageOps.pad(image, (width, height), Image.Resampling.LANCZOS, color=ground))


def _border(pixels: np.ndarray) -> np.ndarray:
    """The pixels along the border: [N, 3]."""
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
