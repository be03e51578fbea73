"""Checks of image files: whether each is whole, and all have one size."""

from __future__ import annotations

import functools
import os
import sys
import tempfile
from collections.abc import Callable, Sequence

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError, tensorflow_reason
from kit.data.image_refusals import NotShown
from kit.data.image_shown import image_size, plain_content


def common_size(paths: Sequence[str]) -> tuple[int, int]:
    """The (height, width) of several image files.

    Raises:
      UserError: one can't be read, or they differ in size.
    """
    check, size = ImageCheck(), None
    for path in paths:
        problem = check.problem(path, size)
        if problem:
            sentence, _, way_out = problem.partition("\n")
            way_out = way_out or "  Name another file after --images, or leave this one out."
            raise UserError(f"{sentence}.\n{way_out}")
        if size is None:
            _, size = image_size(path)
    if size is None:
        raise UserError("--images: no image file is named.")
    return size


class ImageCheck:
    """Checks images by decoding them with TensorFlow, as training does.

    A damaged JPEG whose end is there is mended by the decoder, in viewers as in training: it is read, and named.
    """

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
            with open(path, "rb") as file:
                pixels, said = _with_stderr(self._decode, plain_content(file.read(), path))
        except NotShown as problem:
            return str(problem)
        except OSError as error:
            return f"image '{path}' cannot be read ({error.strerror or error})"
        except tf.errors.OpError as error:
            return f"image '{path}' is damaged or cut short ({tensorflow_reason(error)})"
        if pixels.shape[:2] != found:
            return f"image '{path}' claims {_times(found)} pixels and holds {_times(pixels.shape[:2])}"
        if said:
            console.warn(f"image '{path}' is damaged ({said}); what a viewer shows of it is read")
        return None

    @functools.cached_property
    def _decode(self) -> Callable[[bytes], np.ndarray]:
        """Decodes an image file's content: bytes -> uint8 [H, W, 3]."""
        graph = tf.Graph()
        with graph.as_default():
            content_ph = tf.placeholder(tf.string, [])
            image = tf.image.decode_image(content_ph, channels=3, expand_animations=False)
        session = tf.Session(graph=graph)
        return lambda content: session.run(image, feed_dict={content_ph: content})


def _with_stderr(decode: Callable[[bytes], np.ndarray], content: bytes) -> tuple[np.ndarray, str]:
    """Decodes; returns the pixels, and what the C library has written to stderr: what it mended, without the file."""
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), 2)
        try:
            pixels = decode(content)
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
        caught.seek(0)
        lines = caught.read().decode(errors="replace").splitlines()
    return pixels, lines[0].rpartition(": ")[2] if lines else ""


def _times(size):
    return " x ".join(str(side) for side in size)
