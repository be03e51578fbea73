"""Images in TFRecord files: a CSV lists the place of each record where it lists image files otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import kit.tensorflow1 as tf
from kit.data.image_data import ImageData
from kit.data.image_lines import locate
from kit.data.tfrecord.records import pixels_of, read_record


@dataclass(frozen=True, eq=False, kw_only=True)
class ShardedImages(ImageData):
    """ImageData whose images are records."""

    parsing = "read"

    def parse(self, number: tf.Tensor, line: tf.Tensor) -> tuple:
        return tf.autograph.experimental.do_not_convert(self._parse)(line)

    def _parse(self, line):
        line = self.with_number(line)
        _, path, label = tf.decode_csv(line, record_defaults=[[""], [""], tf.constant([0], tf.int64)])
        record = tf.numpy_function(self._read, [path], tf.string, stateful=False)
        return pixels_of(tf.ensure_shape(record, []), self.image_size), label

    def _read(self, path: bytes) -> np.ndarray:
        return np.array(read_record(locate(self.folder, path.decode("utf-8"))), object)
