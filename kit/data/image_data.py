"""The images that a CSV lists: the data of the lesson."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.data.data_spec import ImageSpec
from kit.data.image_lines import HEADER, images_of, locate
from kit.data.image_place import file_of
from kit.data.interface import Data, Lesson, Predictions
from kit.data.parts import SKIPPED, TRAINING, VALIDATION
from kit.system.files import file_digest, file_state, write_csv


@dataclass(frozen=True, eq=False, kw_only=True)
class ImageData(Data):
    """The images of a CSV with lines image_name,image_path,label."""

    folder: str  # put before a relative image path: "" or the CSV's folder
    image_size: tuple[int, int]  # (height, width) in pixels
    number_of_word: dict[str, int] = field(default_factory=dict)  # of each label that is a word; {}: they are numbers

    dtype = np.uint8
    has_images = True
    unit = "images"
    described = "images"
    parsing = "decode"
    more = "draw more images; the split goes by image_name, so each image needs its own name"
    flags = ("skip_bad",)
    network = "cnn"
    learns_like_keras = False
    suits_bfloat16 = True
    keeps_scores = False

    @classmethod
    def scan(
        cls,
        path: str,
        validation: float,
        skip_bad: bool = False,
        class_names: Sequence[str] | None = None,
        initial_classes: Sequence[str] | None = None,
        *,
        is_part: bool = False,
        lesson: Lesson,
    ) -> ImageData:
        """Reads a CSV; arguments and errors are those of kit.data.image_csv.scan_csv."""
        from kit.data.image_csv import scan_csv  # here, like others below: `--help` needs none
        from kit.data.tfrecord.folder import check_whole, csv_in

        found = scan_csv(csv_in(path), validation, skip_bad, class_names, initial_classes, is_part)._asdict()
        record_files, folder = found.pop("record_files"), found.pop("parts_folder")
        if record_files:
            from kit.data.tfrecord.sharded_images import ShardedImages

            is_raw = check_whole(record_files, skip_bad)
            return ShardedImages(**found, is_raw=is_raw, parts_folder=folder, lesson=lesson)
        return cls(**found, lesson=lesson)

    def located(self, path: str) -> str:
        """Where an image is, from what the CSV says."""
        return locate(self.folder, path)

    @property
    def shape(self) -> tuple[int, ...]:
        return (*self.image_size, 3)

    @property
    def spec(self) -> ImageSpec:
        counts = self.num_training, self.num_validation
        size = tuple(self.image_size)
        return ImageSpec(size, self.class_names, *counts, file_digest(self.path), bool(self.number_of_word))

    def parse(self, number: tf.Tensor, line: tf.Tensor) -> tuple:
        from kit.data.image_labels import numbered
        from kit.data.shown_content import decoded_as_shown

        if self.number_of_word:
            line = tf.autograph.experimental.do_not_convert(numbered)(line, self.number_of_word)
        return decoded_as_shown(lambda: self.lesson.parse_line(line, self.folder, self.image_size))

    def number_of(self, label: str) -> int:
        """The number of a label as it is written in the file; a ValueError if there was none such."""
        from kit.data.image_labels import WHITESPACE, whole_number

        label = label.strip(WHITESPACE)
        number = self.number_of_word.get(label) if self.number_of_word else whole_number(label)
        if number is None:
            raise ValueError(label)
        return number

    def scale(self, examples: tf.Tensor) -> tf.Tensor:
        return self.lesson.scale_pixels(examples)

    def find_bad_example(self, *parts: int) -> UserError | None:
        from kit.data.bad_images import find_bad_image

        return find_bad_image(self, *parts)

    def fingerprint(self, update: Callable[[bytes], Any]) -> None:
        for _, _, path, label in images_of(self, TRAINING):
            update(repr((path, label, file_state(file_of(path)))).encode())

    def predictions(self, probabilities: np.ndarray, labels: np.ndarray | None) -> Predictions:
        header = ["image_name", "label", "predicted", *(f"probability_{i}" for i in range(probabilities.shape[1]))]
        if labels is None:
            raise ValueError("images without labels have no table of predictions")
        names = (name for _, name, _, _ in images_of(self, VALIDATION))
        rows = zip(names, labels, self.decide(probabilities), probabilities, strict=True)
        written = self.class_names if self.number_of_word else range(self.num_classes)  # of each label
        lines = (
            [name, written[label], written[predicted], *map("{:.6f}".format, each)]
            for name, label, predicted, each in rows
        )
        return Predictions("predictions.csv", header, lines, ",")


@dataclass(frozen=True, eq=False, kw_only=True)
class UnlabelledImages(ImageData):
    """Image files without labels, of `evaluating.py --images`."""

    is_shown_only = True

    @classmethod
    def of_files(cls, paths: Sequence[str], spec: ImageSpec, lesson: Lesson) -> UnlabelledImages:
        """Lists image files in a temporary CSV, which is then read like any other.

        Args:
          paths: of the files; those of another size than the network's are brought to it.
          spec: what the network knows of its images.
          lesson: dlho2018.py.
        Raises:
          UserError: a file can't be read.
        """
        import tempfile

        from kit.data.image_files import brought_to_size

        height, width = spec.image_size
        folder = tempfile.TemporaryDirectory(prefix="images-")
        files = brought_to_size(paths, (height, width), folder.name)
        csv_path = os.path.join(folder.name, "images.csv")
        names = map(console.one_line, paths)
        write_csv(csv_path, HEADER, ((name, os.path.abspath(file), 0) for name, file in zip(names, files)))
        found = cls(
            path=csv_path,
            folder="",
            split_of_line=bytes([SKIPPED, *[VALIDATION] * len(paths)]),
            num_training=0,
            num_validation=len(paths),
            class_names=spec.class_names,
            image_size=(height, width),
            lesson=lesson,
        )
        weakref.finalize(found, folder.cleanup)  # or as the process ends
        return found

    @property
    def has_labels(self) -> bool:
        return False

    @property
    def names(self) -> list[str]:
        """The files, as the user named them."""
        return [name for _, name, _, _ in images_of(self, VALIDATION)]
