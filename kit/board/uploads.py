"""An image that somebody drew, dropped or pasted, brought to the size that a network takes."""

from __future__ import annotations

import io
import warnings

import numpy as np

from kit.data.image_files import MOST_PIXELS


class BadImage(Exception):
    """What is wrong with an upload: a sentence for the user."""


def fitted(content: bytes, image_size: tuple[int, int]) -> np.ndarray:
    """The whole image in the network's size, on the colour of its border where the sides' ratio differs.

    Args:
      content: of an image file that Pillow reads.
      image_size: (height, width) in pixels.
    Returns:
      uint8 [H, W, 3].
    Raises:
      BadImage: it isn't an image, is damaged, or has too many pixels.
    """
    from PIL import Image, ImageOps

    height, width = image_size
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content))
        if image.width * image.height > MOST_PIXELS:
            raise BadImage(f"This image has {image.width} x {image.height} pixels; at most {MOST_PIXELS:,} are read.")
        image = ImageOps.exif_transpose(image)
        if image.has_transparency_data:
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
        image = image.convert("RGB")
    except BadImage:
        raise
    except Exception as error:  # Pillow's decoders raise many types
        raise BadImage("This is no image that can be read. Use a PNG or JPEG file.") from error
    ground = tuple(int(level) for level in np.median(_border(np.asarray(image)), axis=0))
    return np.asarray(ImageOps.pad(image, (width, height), Image.Resampling.LANCZOS, color=ground))


def _border(pixels: np.ndarray) -> np.ndarray:
    """The pixels along the border: [N, 3]."""
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
