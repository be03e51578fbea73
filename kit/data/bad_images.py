"""Finds the image that TensorFlow couldn't read: its errors don't name the file."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

from kit.cli import console
from kit.cli.errors import UserError
from kit.data.image_files import ImageCheck
from kit.data.image_lines import csv_error, images_of, line_error
from kit.data.image_shown import image_size
from kit.data.parts import TRAINING, VALIDATION

if TYPE_CHECKING:
    from kit.data.image_data import ImageData

IMAGES_COMPARED = 100  # to tell which size is the usual one


def find_bad_image(data: ImageData, *parts: int) -> UserError | None:
    """Finds the image that TensorFlow couldn't read.

    Args:
      data: the images.
      *parts: those that were read, TRAINING or VALIDATION; both if none is named.
    Returns:
      The UserError for the first bad one; None if all are good.
    """
    check, size = ImageCheck(), _usual_size(data)
    if size != tuple(data.image_size):  # the first image's, which the graph expects: so that image is to blame
        number, path = _first(data)
        if problem := check.problem(path, size):  # --skip_bad would skip all others
            return csv_error(data.path, number, problem, "  Fix the image, or remove this line: it is the first.")
    with console.progress("looking for the bad image", len(data.split_of_line), "lines") as bar:
        for part in parts or (TRAINING, VALIDATION):
            for number, _, path, _ in images_of(data, part):
                problem = check.problem(path, size)
                bar.advance(1)
                if problem:
                    return line_error(data.path, number, problem, others=0)
    return None


def _first(data):
    """(number of the line, path) of the file's first image."""
    firsts = itertools.chain(*(itertools.islice(images_of(data, part), 1) for part in (TRAINING, VALIDATION)))
    return min((number, path) for number, _, path, _ in firsts)


def _usual_size(data):
    """The (height, width) of most of the first images."""
    images = itertools.chain(*(itertools.islice(images_of(data, part), IMAGES_COMPARED) for part in (1, 2)))
    sizes = Counter(size for _, _, path, _ in images if (size := image_size(path)[1]))
    most = max(sizes.values(), default=0)
    expected = tuple(data.image_size)
    return expected if sizes[expected] == most else max(sizes, key=sizes.__getitem__)
