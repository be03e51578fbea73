"""A table whose lines are in TFRecord files: lines.csv lists their places, and has a line for each."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.tables.table_data import TableData
from kit.data.tfrecord.table_lines import lines_of, read_line


@dataclasses.dataclass(frozen=True, eq=False, kw_only=True)
class ShardedTable(TableData):
    """TableData whose `path` is lines.csv."""

    parsing = "read"

    @property
    def folder(self) -> str:
        """Of the TFRecord files."""
        return os.path.dirname(self.path)

    def parse(self, number: tf.Tensor, line: tf.Tensor) -> tuple:
        return super().parse(number, tf.autograph.experimental.do_not_convert(self._line_at)(line))

    def numbered_lines(self) -> Iterator[tuple[int, bytes]]:
        return lines_of(self.folder)

    def find_bad_example(self, *parts: int) -> UserError | None:
        try:
            for _ in lines_of(self.folder):
                pass
        except UserError as error:
            return error
        return None

    def _line_at(self, listed: tf.Tensor) -> tf.Tensor:
        """A line of the table, string [], from the line of lines.csv."""
        line = tf.numpy_function(self._read, [tf.strings.split([listed], ",").values[0]], tf.string, stateful=False)
        return tf.ensure_shape(line, [])

    def _read(self, place: bytes) -> np.ndarray:
        return np.array(read_line(os.path.join(self.folder, place.decode())), object)
