"""Sequences of letters, with a label for each: the rows of a table whose columns are places."""

from __future__ import annotations

import dataclasses

import kit.tensorflow1 as tf
from kit.data.data_spec import TableSpec
from kit.data.tables.table_data import OF_ROWS, TableData

ONE_HOT, INDEX = "one_hot", "index"


@dataclasses.dataclass(frozen=True, eq=False, kw_only=True)
class SequenceData(TableData):
    """The sequences of a FASTA file. An example is a row of the letters' numbers, 0 where a shorter one is padded."""

    alphabet: str  # the letters, in the order of their numbers, from 1; others have the number after the last
    encoding: str  # ONE_HOT or INDEX

    more = "get more sequences"
    flags = ("encoding", "decimal", *OF_ROWS)
    described = "sequences in a FASTA file, such as reads.fasta"

    @property
    def network_shape(self) -> tuple[int, ...]:
        return (*self.shape, len(self.alphabet)) if self.encoding == ONE_HOT else self.shape

    @property
    def spec(self) -> TableSpec:
        return dataclasses.replace(super().spec, alphabet=self.alphabet)

    def scale(self, examples: tf.Tensor) -> tf.Tensor:
        """Numbers of letters as a network takes them: float32 [B, length] -> the same, or one-hot [B, length, letters].

        One-hot, padding and unknown letters are all 0.
        """
        if self.encoding == INDEX:
            return examples
        with tf.name_scope("one_hot"):
            return tf.one_hot(tf.cast(examples, tf.int32) - 1, len(self.alphabet))
