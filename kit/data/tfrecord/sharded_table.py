"""A table whose lines are in TFRecord files: lines.csv lists their places, and has a line for each."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.data.parts import TRAINING
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
        _, lines = self._lines_of([number], [line])
        return super().parse(number, lines[0])

    def parse_lines(self, numbers: tf.Tensor, lines: tf.Tensor) -> tf.Tensor:
        return self.parse_each(super().parse, *self._lines_of(numbers, lines))

    def training_batches(self, settings: TrainingSettings, from_lines: tf.data.Dataset) -> tf.data.Dataset:
        """Reads the lines of a batch at once: to call Python for each row would take longer than all else."""
        lines = self.lesson.read_lines(self, TRAINING, self.places)
        lines = lines.shuffle(min(self.num_training, self.most_shuffled), seed=settings.seed)
        lines = lines.batch(settings.batch_size).map(self._lines_of, num_parallel_calls=tf.data.AUTOTUNE).unbatch()
        rows = lines.map(super().parse, num_parallel_calls=tf.data.AUTOTUNE)
        return rows.batch(settings.batch_size).repeat(settings.epochs)

    def numbered_lines(self) -> Iterator[tuple[int, bytes]]:
        return lines_of(self.folder)

    def find_bad_example(self, *parts: int) -> UserError | None:
        try:
            for _ in lines_of(self.folder):
                pass
        except UserError as error:
            return error
        return None

    def _lines_of(self, numbers: Any, listed: Any) -> tuple:
        """Lines of the table, (int64 [B], string [B]), from lines of lines.csv."""
        lines = tf.numpy_function(self._read, [listed], tf.string, stateful=False)
        return numbers, tf.ensure_shape(lines, [None])

    def _read(self, listed: np.ndarray) -> np.ndarray:
        places = (line.decode().split(",")[0] for line in listed)
        return np.array([read_line(os.path.join(self.folder, place)) for place in places], object)
