"""What the scripts ask of their data, be it the images of a CSV or the rows of a table."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.data_spec import ImageSpec, TableSpec
from kit.data.parts import MOST_SHUFFLED, TRAINING, VALIDATION


class Lesson(Protocol):
    """What the kit takes from dlho2018.py: it can't import a script, so a script hands its functions over."""

    def parse_line(self, line: tf.Tensor, folder: str, image_size: tuple) -> tuple: ...

    def scale_pixels(self, images: tf.Tensor) -> tf.Tensor: ...

    def read_lines(self, data: Data, part: int, places: int = 1) -> tf.data.Dataset: ...

    def batches_in_memory(self, images: np.ndarray, labels: np.ndarray, data: Data, settings: Any) -> tuple: ...

    def evaluate(self, session: Any, data: Data, batches: tuple, placeholders: tuple, outputs: tuple) -> Any: ...


@dataclass(frozen=True, eq=False, kw_only=True)
class Data:
    """Examples and their labels, each a line of a file. ImageData and TableData are the two kinds."""

    path: str  # the file
    split_of_line: bytes  # the part of each line of the file: SKIPPED, TRAINING or VALIDATION
    num_training: int  # examples
    num_validation: int  # examples
    class_names: tuple[str, ...]  # () where the labels are values
    lesson: Lesson  # dlho2018.py
    arrays: dict = field(default_factory=dict)  # {placeholder: array} to start an iterator with: data kept in memory

    # of the kind
    unit = ""  # what there are so many of: it names the placeholder, too
    compression = ""  # of the file, as TextLineDataset calls it
    parsing = ""  # what turns a line into an example, in a word
    more = ""  # how to get more examples
    flags: ClassVar[tuple[str, ...]] = ()  # settings of training.py that are for this kind only
    described = ""  # what the data is, for an error about such a flag
    network = ""  # the design, unless the user names one
    has_images = False
    is_shown_only = False  # predictions go to the console, not into files
    learns_like_keras = True  # with the optimiser's own learning rate
    suits_bfloat16 = False
    keeps_scores = True  # a training writes scores.tabular
    dtype: ClassVar[Any] = None  # of an example

    # ------------------------------------------------------------------------- what they differ in

    @property
    def shape(self) -> tuple[int, ...]:
        """Of an example: (H, W, 3), or (columns,)."""
        raise NotImplementedError

    @property
    def spec(self) -> ImageSpec | TableSpec:
        """What a run keeps of its data."""
        raise NotImplementedError

    @property
    def has_labels(self) -> bool:
        """Whether each example's label is known."""
        return True

    @property
    def label_dtype(self) -> Any:
        """Of a label: int64, a class; or float32, a value."""
        return np.int64

    @property
    def names(self) -> list[str]:
        """What the evaluated examples are called, where predictions go to the console."""
        raise NotImplementedError

    @property
    def score_name(self) -> str:
        """What is counted beside the loss."""
        return "accuracy"

    @property
    def most_shuffled(self) -> int:
        """How many lines may be in memory at once to shuffle them."""
        return MOST_SHUFFLED

    def parse(self, number: tf.Tensor, line: tf.Tensor) -> tuple:
        """Turns a line, string [], and its number in the file, int64 [] from 0, into (example, label)."""
        raise NotImplementedError

    def placeholders(self) -> tuple[tf.Tensor, tf.Tensor]:
        """What a network that was trained is fed: (examples [B, ...], labels [B]), as training.py makes them."""
        examples_ph = tf.placeholder(self.dtype, (None, *self.shape), name=self.unit)
        return examples_ph, tf.placeholder(self.label_dtype, (None,), name="labels")

    def scale(self, examples: tf.Tensor) -> tf.Tensor:
        """What a network is given of what it is fed, examples [B, ...]: float32 [B, ...], around 0."""
        raise NotImplementedError

    def batch_score(self, accuracy: tf.Tensor, labels: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
        """What is counted of a batch beside the loss, float32 []: its accuracy, unless the labels are values."""
        return accuracy

    def score(self, accuracy: float, labels: np.ndarray, probabilities: np.ndarray) -> float:
        """The same of a whole data set, from arrays."""
        return float(accuracy)

    def find_bad_example(self) -> UserError | None:
        """The error for the first example that can't be read, once TensorFlow has met one; None if none is found."""
        return None

    def fingerprint(self, update: Callable[[bytes], Any]) -> None:
        """Hands over what tells whether the examples have changed: sizes and times of files, labels."""
        raise NotImplementedError

    def predictions(self, probabilities: np.ndarray, labels: np.ndarray | None) -> Predictions:
        """The table of predictions that evaluating.py writes."""
        raise NotImplementedError

    # ------------------------------------------------------------------------- what they share

    @property
    def num_classes(self) -> int:
        """How many classes; 0 where the labels are values."""
        return len(self.class_names)

    @property
    def places(self) -> int:
        """At how many places the file is read at once in training: 1, unless it is too large to be shuffled whole."""
        return math.ceil(self.num_training / self.most_shuffled)

    def count(self, part: int) -> int:
        """How many examples a part holds."""
        return {TRAINING: self.num_training, VALIDATION: self.num_validation}[part]

    def marks(self, part: int) -> tf.data.Dataset:
        """For each line of the file, whether it belongs to a part: a tf.data.Dataset of bool []."""
        return tf.data.Dataset.from_tensor_slices(tf.constant(self._split == part))

    def numbers(self, part: int) -> np.ndarray:
        """Which of the examples of the file belong to a part: int64 [N], from 1; headers don't count."""
        examples = self._split[self._split != 0]
        return np.flatnonzero(examples == part) + 1

    @property
    def _split(self) -> np.ndarray:
        return np.frombuffer(self.split_of_line, np.uint8)


@dataclass(frozen=True)
class Predictions:
    """A table of predictions: a line for each example."""

    name: str  # of the file
    header: list[str]
    lines: Any  # an iterable of lists
    delimiter: str
