"""A process's share of each batch: it reads the examples of its own rows only, and the labels of all.

The lesson's pipeline shuffles lines and batches them as ever. It carries the lines themselves, until it is known which
of a batch are the process's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import kit.tensorflow1 as tf
from kit.data.interface import Data


@dataclass(frozen=True)
class Share:
    """Which rows of a batch are a process's own; at the end of an epoch there may be fewer, or none."""

    begin: int
    size: int

    def of(self, values: tf.Tensor) -> tf.Tensor:
        """[B, ...] -> [own rows, ...]."""
        return values[self.begin : self.begin + self.size]


class ParsedLater:
    """Data whose `parse` leaves the line as it is: (number, line) in place of the example; and the label."""

    def __init__(self, data: Data) -> None:
        self._data = data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._data, name)

    def parse(self, number: tf.Tensor, line: tf.Tensor) -> tuple:
        _, label = self._data.parse(number, line)  # TensorFlow leaves out what only the example needs
        return (number, line), label


def parsed_later(data: Data) -> Data:
    """The same data for training.py's pipeline, whose batches `own_examples` takes."""
    return cast(Data, ParsedLater(data))


def parsed_at_once(data: Data) -> Data:
    """The data whose `parse` gives examples: what `parsed_later` was given, or any other."""
    return data._data if isinstance(data, ParsedLater) else data


def own_examples(batches: tf.data.Dataset, data: Data, share: Share) -> tf.data.Dataset:
    """Reads a process's examples of each batch.

    Args:
      batches: of (examples [B, ...], labels [B]); or of ((numbers [B], lines [B]), labels [B]), see parsed_later.
      data: that parses lines.
      share: the process's.
    Returns:
      A tf.data.Dataset of (examples [own rows, ...], labels [B]).
    """

    def read(examples: Any, labels: tf.Tensor) -> tuple:
        if not isinstance(examples, tuple):
            return share.of(examples), labels
        numbers, lines = map(share.of, examples)
        return data.parse_lines(numbers, lines), labels

    read_as_it_stands = tf.autograph.experimental.do_not_convert(read)
    return batches.map(read_as_it_stands, num_parallel_calls=tf.data.AUTOTUNE)
