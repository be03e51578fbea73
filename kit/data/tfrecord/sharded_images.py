"""Images in TFRecord files: a CSV lists the place of each record where it lists image files otherwise."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.settings import TrainingSettings
from kit.data.image_data import ImageData
from kit.data.image_lines import HEADER, images_of
from kit.data.image_place import MARK, beside, record_place
from kit.data.image_refusals import NotShown
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pipeline import interleaved
from kit.data.tfrecord.raw_images import IMAGE, RawImages
from kit.data.tfrecord.records import RAW, Stored, read_record


@dataclass(frozen=True, eq=False, kw_only=True)
class ShardedImages(ImageData):
    """ImageData whose images are records."""

    is_raw: bool  # whether all are known to be RAW
    parts_folder: str | None  # of the files, if they stand beside the CSV; else the CSV's paths lead to them

    parsing = "read"

    def located(self, path: str) -> str:
        if self.parts_folder is not None and MARK in path:
            return beside(self.parts_folder, path)
        return super().located(path)

    def parse(self, number: tf.Tensor, line: tf.Tensor) -> tuple:
        return tf.autograph.experimental.do_not_convert(self._parse)(line)

    def parse_lines(self, numbers: tf.Tensor, lines: tf.Tensor) -> tf.Tensor:
        if not self.is_raw:
            return super().parse_lines(numbers, lines)
        images, index_of_line = self._images_of_lines

        def read(numbers):
            return images.read(index_of_line[numbers])[0]

        return tf.ensure_shape(tf.numpy_function(read, [numbers], tf.uint8, stateful=False), [None, *self.shape])

    def training_batches(self, settings: TrainingSettings, from_lines: tf.data.Dataset) -> tf.data.Dataset:
        """Reads a whole batch at once: called for each image, Python and tf.data would take longer than the reading."""
        if not self.is_raw:
            return from_lines
        images = self._training_images()
        numbers = tf.data.Dataset.range(self.num_training)
        numbers = numbers.shuffle(min(self.num_training, self.most_shuffled), seed=settings.seed)
        numbers = numbers.batch(settings.batch_size)

        def parse(batch):
            pixels, labels = tf.numpy_function(images.read, [batch], [tf.uint8, tf.int64], stateful=False)
            return tf.ensure_shape(pixels, [None, *self.shape]), tf.ensure_shape(labels, [None])

        parse_as_it_stands = tf.autograph.experimental.do_not_convert(parse)
        return numbers.map(parse_as_it_stands, num_parallel_calls=tf.data.AUTOTUNE).repeat(settings.epochs)

    def _training_images(self) -> RawImages:
        """The training images, in the lesson's order."""
        files, images = self._listed(TRAINING)
        if self.places > 1:
            images = images[interleaved(self.num_training, self.places)]
        return RawImages(files, images, self.shape, self._checked)

    @functools.cached_property
    def _images_of_lines(self) -> tuple[RawImages, np.ndarray]:
        """The images of both parts, and the number of each line's among them: int32 [lines], from 0."""
        parts = TRAINING, VALIDATION
        files, images = self._listed(*parts)
        lines = np.concatenate([np.flatnonzero(self._split == part) for part in parts])
        index_of_line = np.zeros(len(self.split_of_line), np.int32)
        index_of_line[lines] = np.arange(len(lines))
        return RawImages(files, images, self.shape, self._checked), index_of_line

    def _listed(self, *parts: int) -> tuple[list[str], np.ndarray]:
        """The files, and where the images of some parts are in them, in the order of the CSV: IMAGE [N]."""
        numbers: dict[str, int] = {}  # of the files
        images = np.zeros(sum(map(self.count, parts)), IMAGE)
        for index, (_, _, path, label) in enumerate(each for part in parts for each in images_of(self, part)):
            file, start = record_place(path) or (path, 0)
            images[index] = numbers.setdefault(file, len(numbers)), start, label, 0, 0
        return list(numbers), images

    def _parse(self, line):
        from kit.data.image_labels import numbered

        line = numbered(line, self.number_of_word) if self.number_of_word else line
        fields = tf.decode_csv(line, [[""]] * len(HEADER))  # strings []
        image, is_raw = tf.numpy_function(self._read, [fields[1]], [tf.string, tf.bool], stateful=False)
        image = tf.ensure_shape(image, [])
        pixels = tf.cond(
            tf.ensure_shape(is_raw, []),
            lambda: tf.reshape(tf.decode_raw(image, tf.uint8), self.shape),
            lambda: tf.image.decode_png(image, channels=3),
        )
        return tf.ensure_shape(pixels, self.shape), tf.strings.to_number(tf.strings.strip(fields[2]), tf.int64)

    def _read(self, place: bytes) -> tuple[np.ndarray, np.ndarray]:
        stored = self._checked(read_record(self.located(place.decode("utf-8"))))
        return np.array(stored.image, object), np.array(stored.format == RAW)

    def _checked(self, stored: Stored) -> Stored:
        if stored.shape != self.shape:
            raise NotShown(f"an image is {stored.shape[0]} x {stored.shape[1]} pixels")
        return stored
