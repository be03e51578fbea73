"""The data of a lab: images, and the truth of where their shapes are."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.cli.lab_settings import ImagesSettings, LabSettings, SegmentSettings
from kit.data.image_data import ImageData
from kit.data.image_lines import fields_of, images_of, numbered_lines
from kit.data.image_refusals import NotShown
from kit.data.interface import Lesson
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pipeline import decode_all
from kit.data.truth_file import TruthData, truth_of
from kit.labs.lab import Lab
from kit.runs.run_data import check_batch_size, check_parts
from kit.runs.session_errors import readable_data_errors, readable_event_errors

HELD_OUT = 0.2  # share of the images that a lab doesn't learn from


def open_images(settings: ImagesSettings, lesson: Lesson) -> ImageData:
    """Opens the images of --data, split into training and held-out images.

    Args:
      settings: of the lab.
      lesson: dlho2018.py.
    Raises:
      UserError: a line is wrong, a part is empty, or a batch is larger than the training images.
    """
    data = ImageData.scan(settings.data, HELD_OUT, lesson=lesson)
    check_parts(data, [TRAINING, VALIDATION])
    if isinstance(settings, LabSettings):
        check_batch_size(data, settings.batch_size)
    return data


def open_images_and_truth(settings: ImagesSettings, truth: str, lesson: Lesson) -> tuple[ImageData, TruthData]:
    """Opens the images of --data, and their truth; a UserError as open_images, or if the truth isn't theirs."""
    data = open_images(settings, lesson)
    return data, truth_of(data, truth)


def decoded(data: ImageData, part: int) -> tuple[np.ndarray, np.ndarray]:
    """All images of a part, and their labels: arrays, uint8 [N, H, W, 3] and int64 [N].

    Raises:
      UserError: they don't fit in memory.
    """
    from kit.cli import memory  # here: `--help` needs none

    count = data.count(part)
    needed = count * math.prod(data.shape)
    memory.check(needed, f"{data.path}, with {count:,} images in memory,", "Use fewer images, or smaller ones.")
    return decode_all(data, lambda: data.lesson.read_lines(data, part), count)


class Known(NamedTuple):
    """What TensorFlow shall give, read without it: by Python and Pillow."""

    images: np.ndarray  # uint8 [N, H, W, 3]
    masks: np.ndarray  # uint8 [N, H, W, 1]
    centres: np.ndarray  # float64 [N, 2], x and y in pixels


def first_examples(data: ImageData, truth: TruthData, part: int, count: int) -> Known:
    """The first images of a part, in the file's order, with their truth.

    Args:
      data, truth: of open_images_and_truth.
      part: TRAINING or VALIDATION.
      count: how many.
    Raises:
      UserError: there are fewer.
    """
    if data.count(part) < count:
        found = f"{data.path}: its {'training' if part == TRAINING else 'held-out'} images are {data.count(part):,}"
        raise UserError(f"{found}, expected at least {count:,}.\n  Draw more images.")
    from kit.data.image_shown import shown_image  # here: `--help` needs none

    paths = [path for _, _, path, _ in islice(images_of(data, part), count)]
    facts = [fields for _, fields in islice(_facts(truth, part), count)]
    masks = [np.asarray(shown_image(truth.located(mask_path)))[..., :1] for _, mask_path, *_ in facts]
    centres = np.array([[float(x), float(y)] for _, _, x, y, *_ in facts])
    return Known(np.stack([np.asarray(shown_image(path)) for path in paths]), np.stack(masks), centres)


def _facts(truth: TruthData, *parts: int) -> Iterator[tuple[int, list[str]]]:
    """The lines of a truth in some parts: (number from 1, fields)."""
    for number, line in numbered_lines(truth.path):
        if truth.split_of_line[number - 1] in parts:
            yield number, fields_of(line)


@contextlib.contextmanager
def readable_lab_errors(*read: ImageData) -> Iterator[None]:
    """Around a lab's session: names an image or a mask that can't be read, or a file that can't be written.

    Args:
      *read: all images that are read, and the truths whose masks are.
    Raises:
      UserError: there is such a file.
    """
    with readable_event_errors(), readable_data_errors(read[0]):
        try:
            yield
        except (tf.errors.OpError, NotShown):
            for data in read:
                bad = find_bad_mask(data) if isinstance(data, TruthData) else data.find_bad_example()
                if bad:
                    raise bad from None
            raise


def find_bad_mask(truth: TruthData) -> UserError | None:
    """The error for the first mask that can't be read; None if all are good."""
    from kit.data.image_files import ImageCheck  # here: only errors need it

    check = ImageCheck()
    for number, (_, path, *_) in _facts(truth, TRAINING, VALIDATION):
        if problem := check.problem(truth.located(path), truth.image_size):
            sentence, _, _ = problem.partition("\n")
            return UserError(
                f"{truth.path}:{number}: the mask: {sentence}.\n"
                "  Delete it: the command that drew it, dataset_creation.py with --truth, draws a deleted one again."
            )
    return None


def open_sets(lab: Lab[SegmentSettings], multiple: int, lesson: Lesson) -> list[tuple[ImageData, TruthData]]:
    """Opens the images of --data, and those of --other_data, none of them to learn from; each with their truth.

    Args:
      lab: with its settings.
      multiple: what their sides must be multiples of, in pixels.
      lesson: dlho2018.py.
    Raises:
      UserError: as open_images_and_truth and check_sides, or the others have a class that --data hasn't.
    """
    settings = lab.settings
    if "other_truth" in lab.given and settings.other_data is None:
        raise UserError("--other_truth: the truth of which images?\n  Name their CSV, too: --other_data FILE")
    pairs = [open_images_and_truth(settings, settings.truth, lesson)]
    if settings.other_data:
        classes = pairs[0][0].class_names
        other = ImageData.scan(settings.other_data, 1.0, class_names=classes, lesson=lesson)
        check_parts(other, [VALIDATION])
        pairs.append((other, truth_of(other, settings.other_truth)))
    for data, _ in pairs:
        check_sides(data, multiple)
    return pairs


def check_sides(data: ImageData, multiple: int) -> None:
    """Checks that height and width are multiples of a number; otherwise a UserError."""
    if any(side % multiple for side in data.image_size):
        height, width = data.image_size
        raise UserError(
            f"{data.path}: images of {width} x {height} pixels; this network halves both numbers again and again.\n"
            f"  Use images whose width and height are multiples of {multiple}: draw them with --size {4 * multiple}."
        )
