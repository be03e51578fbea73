"""Images in TFRecord files: a CSV lists the place of each record where it lists image files otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import kit.tensorflow1 as tf
from kit.data.image_data import ImageData
from kit.data.image_lines import locate
from kit.data.tfrecord.records import Stored, dtypes, pixels_of, read_record


@dataclass(frozen=True, eq=False, kw_only=True)
class ShardedImages(ImageData):
    """ImageData whose images are records."""

    parsing = "read"

    def parse(self, number: tf.Tensor, line: tf.Tensor) -> tuple:
        return tf.autograph.experimental.do_not_convert(self._parse)(line)

    def _parse(self, line):
        line = self.with_number(line)
        _, path, label = tf.decode_csv(line, record_defaults=[[""], [""], tf.constant([0], tf.int64)])
        stored = tf.numpy_function(self._read, [path], dtypes(), stateful=False)
        return pixels_of(stored, self.image_size), label

    def _read(self, path: bytes) -> Stored:
        return read_record(locate(self.folder, path.decode("utf-8")))
