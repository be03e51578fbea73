"""Checks of image files: whether each is whole and of the right size; or brought to it."""

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
from kit.data.image_shown import image_size, open_image, plain_content


def brought_to_size(paths: Sequence[str], size: tuple[int, int], folder: str) -> list[str]:
    """Image files of one size: those that have it already, and for the others PNGs, which are written; says which.

    Args:
      paths: of image files of any size, in any format that Pillow reads.
      size: (height, width) in pixels.
      folder: for the PNGs.
    Returns:
      The files, in the order of `paths`.
    Raises:
      UserError: one can't be read.
    """
    check, files, resized = ImageCheck(), [], []
    for number, path in enumerate(paths):
        shown, is_of_size = console.one_line(path), image_size(path) == (None, size)
        if is_of_size and _can_be_listed(path):
            problem = check.problem(path)
            files.append(path)
        else:
            files.append(os.path.join(folder, f"{number}.png"))
            problem = _write_fitted(path, size, files[-1])
            resized += [] if is_of_size else [shown]
        if problem:
            problem = problem.replace(path, shown)
            sentence, _, way_out = problem.partition("\n")
            way_out = way_out or "  Name another file after --images, or leave this one out."
            raise UserError(f"{sentence}.\n{way_out}")
    if resized:
        console.say(
            f"Brought to the network's {_times(size)} pixels, whole, on the colour of their border: "
            f"{console.listed(resized)}"
        )
    return files


def _can_be_listed(path: str) -> bool:
    """Whether a CSV of images can name a file: its name, and those of its folders, are UTF-8 in one line."""
    path = os.path.abspath(path)
    return path == console.one_line(path)


def _write_fitted(path, size, new_path):
    """Writes a picture as a PNG of a size; returns what is wrong with it, if anything."""
    from kit.data.drawing import png  # here, like PIL: `--help` needs neither
    from kit.data.fitted_picture import fitted_file

    try:
        content = png.encode(fitted_file(path, size), png.STORED)
    except NotShown as problem:
        return str(problem)
    with open(new_path, "wb") as file:
        file.write(content)
    return None


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
            with open_image(path) as file:
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
