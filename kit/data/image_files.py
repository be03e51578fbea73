"""One image file: its size, and whether it is whole."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Sequence

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.errors import UserError, tensorflow_reason

FORMATS = ("PNG", "JPEG", "GIF")  # that tf.image.decode_image reads with any colours
MOST_PIXELS = 4096 * 4096  # an image with more is refused before it is decoded


def image_size(path: str) -> tuple[str | None, tuple[int, int] | None]:
    """The size of an image file, from its header.

    Returns:
      (problem, size): a sentence without a full stop for the user, and None; or None, and (height, width) in pixels.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                width, height = image.size
    except FileNotFoundError:
        return f"image '{path}' does not exist", None
    except Image.DecompressionBombError:
        return f"image '{path}' claims far too many pixels to be true", None
    except Exception as error:  # Pillow's decoders raise many types: OSError, SyntaxError, struct.error, ...
        reason = error.strerror if isinstance(error, OSError) and error.strerror else f"not one of {', '.join(FORMATS)}"
        return f"image '{path}' cannot be read ({reason})", None
    if width * height > MOST_PIXELS:
        return f"image '{path}' claims {width} x {height} pixels, more than {MOST_PIXELS:,}", None
    return None, (height, width)


def common_size(paths: Sequence[str]) -> tuple[int, int]:
    """The (height, width) of several image files.

    Raises:
      UserError: one can't be read, or they differ in size.
    """
    check, size = ImageCheck(), None
    for path in paths:
        problem = check.problem(path, size)
        if problem:
            raise UserError(f"{problem}.")
        if size is None:
            _, size = image_size(path)
    if size is None:
        raise UserError("--images: no image file is named.")
    return size


class ImageCheck:
    """Checks images by decoding them with TensorFlow, as training does."""

    def problem(self, path: str, size: Sequence[int] | None = None) -> str | None:
        """What is wrong with an image file.

        Args:
          path: of the file.
          size: the (height, width) that it must have; None for any.
        Returns:
          A sentence without a full stop for the user; None if the image is good.
        """
        problem, found = image_size(path)
        if problem or found is None:
            return problem
        if size is not None and found != tuple(size):
            return f"image '{path}' is {_times(found)} pixels, expected {_times(size)} like the others"
        try:
            pixels = self._read(path)
        except tf.errors.OpError as error:
            return f"image '{path}' is damaged or cut short ({tensorflow_reason(error)})"
        if pixels.shape[:2] != found:  # a GIF has a size, and each of its frames another
            return f"image '{path}' claims {_times(found)} pixels and holds {_times(pixels.shape[:2])}"
        return None

    @functools.cached_property
    def _read(self) -> Callable[[str], np.ndarray]:
        """Decodes an image file: path -> uint8 [H, W, 3]."""
        graph = tf.Graph()
        with graph.as_default():
            path_ph = tf.placeholder(tf.string, [])
            image = tf.image.decode_image(tf.read_file(path_ph), channels=3, expand_animations=False)
        session = tf.Session(graph=graph)
        return lambda path: session.run(image, feed_dict={path_ph: path})


def _times(size):
    return " x ".join(str(side) for side in size)
