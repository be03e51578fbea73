"""The data of a lab: images, and the truth of where their shapes are."""

from __future__ import annotations

from kit.cli.lab_settings import LabSettings
from kit.data.image_data import ImageData
from kit.data.interface import Lesson
from kit.data.parts import TRAINING, VALIDATION
from kit.data.truth_file import TruthData, truth_of
from kit.runs.run_data import check_batch_size, check_parts

HELD_OUT = 0.2  # share of the images that a lab doesn't learn from


def open_images(settings: LabSettings, lesson: Lesson) -> ImageData:
    """Opens the images of --data, split into training and held-out images.

    Args:
      settings: of the lab.
      lesson: dlho2018.py.
    Raises:
      UserError: a line is wrong, a part is empty, or a batch is larger than the training images.
    """
    data = ImageData.scan(settings.data, HELD_OUT, lesson=lesson)
    check_parts(data, [TRAINING, VALIDATION])
    check_batch_size(data, settings.batch_size)
    return data


def open_images_and_truth(settings: LabSettings, truth: str, lesson: Lesson) -> tuple[ImageData, TruthData]:
    """Opens the images of --data, and their truth; a UserError as open_images, or if the truth isn't theirs."""
    data = open_images(settings, lesson)
    return data, truth_of(data, truth)
