"""truth.csv: where the shape of each image is. dataset_creation.py --truth writes it, labs read it."""

from __future__ import annotations

import dataclasses
import os
from typing import NamedTuple

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.image_data import ImageData
from kit.data.image_lines import LineProblem, fields_of, images_of, numbered_lines
from kit.data.parts import SKIPPED, TRAINING, VALIDATION

DRAW = "  Draw the images with --truth, and join the files truth.csv of their folders."
JOIN = (
    "  Join both kinds of files in the same order: cat squares/info.csv triangles/info.csv > dataset.csv, and\n"
    "  cat squares/truth.csv triangles/truth.csv > truth.csv"
)
HEADER = ("image_name", "mask_path", "centre_x", "centre_y", "area", "turn", "symmetry", "outline")


class Truth(NamedTuple):
    """A line of truth.csv, or a batch of them: [] is then [B], and [2] is [B, 2]."""

    mask_path: tf.Tensor  # string []
    centre: tf.Tensor  # float32 [2]: x and y in pixels, from the image's upper left corner
    area: tf.Tensor  # float32 []: pixels within the outline
    turn: tf.Tensor  # float32 []: degrees clockwise, 0 to 360 / symmetry
    symmetry: tf.Tensor  # float32 []: how often it looks the same while it turns once around; 0 for a circle
    is_outline: tf.Tensor  # float32 []: 1 if only its border is painted


class TruthData(ImageData):
    """The truth of images. Its lines are read like theirs, by dlho2018.read_lines: the same lines in each part."""

    def parse(self, number: tf.Tensor, line: tf.Tensor) -> Truth:
        """Turns a line of truth.csv into a Truth: int64 [], string [] -> scalars."""
        defaults = [[""], [""], *[[0.0]] * (len(HEADER) - 2)]
        _, path, x, y, area, turn, symmetry, is_outline = tf.decode_csv(line, defaults)
        return Truth(path, tf.stack([x, y]), area, turn, symmetry, is_outline)

    def mask(self, truth: Truth) -> tf.Tensor:
        """Reads the mask of one image: uint8 [H, W, 1], 255 where the shape is, less at its edge."""
        path = truth.mask_path
        if self.folder:
            is_absolute = tf.strings.regex_full_match(path, self.lesson.ABSOLUTE_PATH)
            path = tf.where(is_absolute, path, self.folder + path)
        mask = tf.image.decode_png(tf.read_file(path), channels=1)
        return tf.ensure_shape(mask, [*self.image_size, 1])


def truth_of(data: ImageData, path: str) -> TruthData:
    """The truth of images.

    Args:
      data: the images.
      path: of the CSV of their truths: the same lines in the same order.
    Raises:
      UserError: it can't be read, a line isn't the truth of the image in the same line, or a mask is missing.
    """
    if os.path.isdir(path):
        raise UserError(f"{path}: a folder; expected a file, such as truth.csv in it.\n{DRAW}")
    if not os.path.isfile(path):
        raise UserError(f"{path}: no such file.\n{DRAW}")
    images = {
        number: (name, image_path)
        for part in (TRAINING, VALIDATION)
        for number, name, image_path, _ in images_of(data, part)
    }
    found = 0
    for number, line in numbered_lines(path):
        if number in images:
            found += 1
            _check_line(f"{path}:{number}", line, *images[number], data)
        elif data.split_of_line[number - 1 : number] != bytes([SKIPPED]):
            raise UserError(f"{path}:{number}: a line more than {data.path} has.\n{JOIN}")
    if found < len(images):
        raise UserError(f"{path}: the truth of {found:,} images, but {data.path} has {len(images):,}.\n{JOIN}")
    same = {field.name: getattr(data, field.name) for field in dataclasses.fields(ImageData)}
    return TruthData(**{**same, "path": path})


def _check_line(where: str, line: bytes, name: str, image_path: str, data: ImageData) -> None:
    """Checks that a line is the truth of an image; otherwise a UserError."""
    try:
        fields = fields_of(line)
    except LineProblem as problem:
        raise UserError(f"{where}: {problem}.\n{DRAW}") from None
    if len(fields) != len(HEADER):
        raise UserError(f"{where}: {len(fields)} fields, expected {len(HEADER)}: {','.join(HEADER)}.\n{DRAW}")
    if fields[0] != name:
        raise UserError(f"{where}: the truth of '{fields[0]}', but {data.path} has '{name}' in this line.\n{JOIN}")
    for column, field in zip(HEADER[2:], fields[2:]):
        try:
            float(field)
        except ValueError:
            raise UserError(f"{where}: {column} is '{field}', expected a number.\n{DRAW}") from None
    mask_path = data.located(fields[1])
    if not os.path.isfile(mask_path):
        raise UserError(f"{where}: the mask '{mask_path}' does not exist.\n{DRAW}")
    if not os.path.samefile(os.path.dirname(image_path) or ".", os.path.join(os.path.dirname(mask_path), os.pardir)):
        raise UserError(
            f"{where}: the mask '{mask_path}' isn't in the folder masks beside the image '{image_path}': this is the "
            f"truth of other images.\n{JOIN}"
        )
