"""A picture of any size, brought to the size that a network takes: own photos, --images, drawings that are sent.

The whole picture is kept: it is scaled to fit, not stretched and not cut, and laid on the colour of its border.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kit.data.image_refusals import NotShown
from kit.data.image_shown import shown_image

if TYPE_CHECKING:
    from PIL import Image


def fitted_file(path: str, image_size: Sequence[int]) -> Image.Image:
    """The picture in a file of any kind and size that Pillow reads, as `fitted` brings it to a size.

    Raises:
      NotShown: it can't be read; the text says why.
    """
    try:
        return fitted(shown_image(path, any_kind=True), image_size)
    except FileNotFoundError:
        raise NotShown(f"image '{path}' does not exist") from None
    except OSError as error:
        raise NotShown(f"image '{path}' cannot be read ({error.strerror or error})") from None


def fitted(picture: Image.Image, image_size: Sequence[int]) -> Image.Image:
    """The whole picture in another size.

    Args:
      picture: in mode RGB; kit.data.image_shown makes it of a file.
      image_size: (height, width) in pixels.
    Returns:
      An RGB image of that size, resampled with a Lanczos filter, which smooths what it makes smaller; on the median
      colour of the picture's border where the ratio of the sides differs. A picture of that size is returned as it is.
    """
    from PIL import Image  # here: `--help` needs none

    height, width = image_size
    if picture.size == (width, height):
        return picture
    scale = min(width / picture.width, height / picture.height)
    inner = [max(1, round(side * scale)) for side in picture.size]
    ground = tuple(int(level) for level in np.median(_border(np.asarray(picture)), axis=0))
    whole = Image.new("RGB", (width, height), ground)
    whole.paste(picture.resize(inner, Image.Resampling.LANCZOS), ((width - inner[0]) // 2, (height - inner[1]) // 2))
    return whole


def _border(pixels: np.ndarray) -> np.ndarray:
    """The pixels along the border: [N, 3]."""
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
