"""The rows of a table of numbers, with a label for each: what training.py learns from if it is given one."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from kit.data.data_spec import TableSpec
from kit.data.interface import Data, Predictions
from kit.data.parts import MOST_SHUFFLED, TEST, TRAINING, VALIDATION
from kit.data.tables.delimited import cells_of, numbered_lines
from kit.data.tables.row_parser import parse_row
from kit.data.tables.standardization import Scaling, scale_columns
from kit.system.files import file_digest, file_state

OF_ROWS = (  # settings of training.py for rows of any kind
    *("test", "stratified", "folds", "repeats", "class_weights", "positive_class"),
    *("training_share", "learning_curve", "search", "search_space"),
)
BYTES_SHUFFLED = 1 << 27  # of lines, at once


@dataclasses.dataclass(frozen=True, eq=False, kw_only=True)
class TableData(Data):
    """The rows of a table; `path` is a temporary copy if they stand in the columns of the user's file."""

    own_file: str  # the user's
    labels: np.ndarray | None  # int64 or float32 [lines], 0 if not a row; None if unknown
    columns: tuple[str, ...]  # the inputs' names in order; without a header, their numbers from 1
    fields: tuple[int, ...]  # their places in a line, from 0
    num_fields: int  # per row
    has_header: bool
    label_column: str | None  # name or number; None if the labels have a file of their own
    name_field: int | None  # of the rows' names: the first column, unless it is an input or the label
    delimiter: str  # a key of kit.data.tables.delimited.DELIMITERS
    decimal: str  # "", "." or ","; see kit.data.tables.decimals.decimal_of
    compression: str  # "" or "GZIP", as TextLineDataset calls it
    has_quotes: bool  # in any row
    has_missing: bool  # values, in the chosen columns
    scaling: Scaling | None  # fitted on the training rows; None for a trained network, which has its own
    bytes_per_line: int  # mean length of a row, decompressed
    labels_path: str | None  # the labels' own file
    constant_columns: tuple[str, ...]  # that have one value in all training rows
    constants: tuple[float, ...]  # these values

    unit = "rows"
    parsing = "parse"
    more = "get more rows"
    flags = (
        *("transpose", "columns", "without_columns", "header", "decimal", "scale", "fill_missing", "group_column"),
        *OF_ROWS,
    )
    described = "tables; for a table, give --labels or --label_column"
    network = "simple_fc"
    dtype = np.float32

    @property
    def source(self) -> str:
        return self.own_file

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self.columns),)

    @property
    def spec(self) -> TableSpec:
        digest = " ".join(file_digest(path) for path in (self.source, self.labels_path) if path)
        same = (each.name for each in dataclasses.fields(TableSpec) if each.name not in ("digest", "alphabet"))
        return TableSpec(**{name: getattr(self, name) for name in same}, digest=digest)

    @property
    def num_test(self) -> int:
        """How many rows are kept for a test."""
        return self.split_of_line.count(TEST)

    def with_test_rows(self) -> TableData:
        """The same table, with the test rows as the VALIDATION part."""
        swapped = bytes.maketrans(bytes([TEST, VALIDATION]), bytes([VALIDATION, TEST]))
        return dataclasses.replace(
            self, split_of_line=self.split_of_line.translate(swapped), num_validation=self.num_test
        )

    @property
    def has_labels(self) -> bool:
        return self.labels is not None

    @property
    def has_values(self) -> bool:
        """Whether the labels are values, not classes."""
        return not self.class_names

    @property
    def label_dtype(self) -> Any:
        return np.float32 if self.has_values else np.int64

    @property
    def score_name(self) -> str:
        return "R2" if self.has_values else "accuracy"

    @property
    def most_shuffled(self) -> int:
        return max(1, min(MOST_SHUFFLED, BYTES_SHUFFLED // max(1, self.bytes_per_line)))

    @property
    def labels_of_lines(self) -> np.ndarray:
        """The labels, or as many zeros where they aren't known: [lines of the file]."""
        return np.zeros(len(self.split_of_line), self.label_dtype) if self.labels is None else self.labels

    def labels_of(self, part: int) -> np.ndarray:
        """The labels of the rows of one part, in the file's order: [N]."""
        return self.labels_of_lines[np.frombuffer(self.split_of_line, np.uint8) == part]

    def parse(self, number: tf.Tensor, line: tf.Tensor) -> tuple:
        parse_as_it_stands = tf.autograph.experimental.do_not_convert(parse_row)
        return parse_as_it_stands(line, self), tf.gather(tf.constant(self.labels_of_lines), number)

    def scale(self, examples: tf.Tensor) -> tf.Tensor:
        return scale_columns(examples, self.scaling)

    def batch_score(self, accuracy: tf.Tensor, labels: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
        if not self.has_values:
            return accuracy
        variance = float(self.labels_of(TRAINING).astype(np.float64).var()) or math.nan  # equal labels: undefined
        return 1.0 - tf.reduce_mean(tf.square(labels - probabilities[:, 0])) / variance

    def score(self, accuracy: float, labels: np.ndarray, probabilities: np.ndarray) -> float:
        if not self.has_values:
            return float(accuracy)
        labels, values = np.asarray(labels, np.float64), np.asarray(probabilities[:, 0], np.float64)
        return float(1.0 - np.square(labels - values).mean() / (labels.var() or math.nan))

    def fingerprint(self, update: Callable[[bytes], Any]) -> None:
        is_copy = ("transposed",) if self.path != self.source else ()
        update(repr((file_state(self.source), self.fields, self.delimiter, self.decimal, *is_copy)).encode())
        update(self.labels_of_lines.tobytes())

    def numbered_lines(self) -> Iterator[tuple[int, bytes]]:
        """The lines of the table: (number from 1, line without its line end)."""
        return numbered_lines(self.path, self.compression, "--data")

    def names_of_rows(self, part: int, field: int) -> Iterator[str]:
        """What the rows of one part are called, in the file's order: the cells of a field."""
        for number, line in self.numbered_lines():
            if self.split_of_line[number - 1] == part:
                yield cells_of(line, self.delimiter)[field].decode("utf-8").strip()

    def predictions(self, probabilities: np.ndarray, labels: np.ndarray | None) -> Predictions:
        in_words = self._value_in_words if self.has_values else self.class_names.__getitem__
        predicted = probabilities[:, 0] if self.has_values else self.decide(probabilities)
        columns = {
            "row": self.numbers(VALIDATION),
            "name": None if self.name_field is None else self.names_of_rows(VALIDATION, self.name_field),
            "label": None if labels is None else map(in_words, labels),
            "predicted": map(in_words, predicted),
        }
        known = {name: values for name, values in columns.items() if values is not None}
        header = [*known, *(f"probability_{name}" for name in self.class_names)]
        shares = (map("{:.6f}".format, each[: self.num_classes]) for each in probabilities)
        lines = ([*first, *last] for *first, last in zip(*known.values(), shares, strict=True))
        return Predictions("predictions.tabular", header, lines, "\t")

    @staticmethod
    def _value_in_words(value: np.float32) -> str:
        """A float32 in as few digits as tell it from all others."""
        return f"{float(str(value)):.9g}"
