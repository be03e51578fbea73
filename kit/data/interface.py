"""The interface of the data: what the scripts need of images and of tables alike."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.data.data_spec import ImageSpec, TableSpec
from kit.data.parts import MOST_SHUFFLED, SKIPPED, TRAINING, VALIDATION


class Lesson(Protocol):
    """What the kit uses of dlho2018.py. The kit can't import a script, so it is given the module."""

    __file__: str  # its path
    ABSOLUTE_PATH: str  # a regular expression

    def parse_line(self, line: tf.Tensor, folder: str, image_size: tuple) -> tuple: ...

    def scale_pixels(self, images: tf.Tensor) -> tf.Tensor: ...

    def read_lines(self, data: Data, part: int, places: int = 1) -> tf.data.Dataset: ...

    def batches_in_memory(self, images: np.ndarray, labels: np.ndarray, data: Data, settings: Any) -> tuple: ...

    def evaluate(self, session: Any, data: Data, batches: tuple, placeholders: tuple, outputs: tuple) -> Any: ...


@dataclass(frozen=True, eq=False, kw_only=True)
class Data:
    """Examples and their labels, each from a line of a file. ImageData and TableData are the two kinds."""

    path: str  # the file
    split_of_line: bytes  # the part of each line of the file: SKIPPED, TRAINING or VALIDATION
    num_training: int  # examples
    num_validation: int  # examples
    class_names: tuple[str, ...]  # () if the labels are values
    lesson: Lesson  # dlho2018.py
    threshold: float | None = None  # of two classes: from which probability on the second is predicted
    arrays: dict = field(
        default_factory=dict
    )  # {placeholder: array}, to be fed at the iterator's start (--input memory)

    # ------------------------------------------------------------------------- constants of the kind

    # the examples and their file
    dtype: ClassVar[Any] = None  # of an example
    compression = ""  # of the file, for TextLineDataset
    has_images = False  # whether examples can be shown as pictures

    # words
    unit = ""  # what an example is, in the plural; also the placeholder's name
    described = ""  # what the data is, for an error about `flags`
    parsing = ""  # the verb for turning a line into an example
    more = ""  # what to do to get more examples

    # training
    flags: ClassVar[tuple[str, ...]] = ()  # settings of training.py that are only for this kind
    network = ""  # the default of --network
    learns_like_keras = True  # whether the default learning rate is the one of Keras's optimiser
    suits_bfloat16 = False  # whether --precision auto may choose bfloat16

    # results
    keeps_scores = True  # whether training.py writes scores.tabular
    is_shown_only = False  # whether evaluating.py only prints its predictions

    # ------------------------------------------------------------------------- what the kinds define

    @property
    def source(self) -> str:
        """The file that the user named, for messages: `path`, unless that is a copy of it."""
        return self.path

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of an example: (H, W, 3), or (columns,)."""
        raise NotImplementedError

    @property
    def network_shape(self) -> tuple[int, ...]:
        """The shape of an example as the network gets it from `scale`."""
        return self.shape

    @property
    def spec(self) -> ImageSpec | TableSpec:
        """What a run saves of its data in config.json."""
        raise NotImplementedError

    @property
    def has_labels(self) -> bool:
        """Whether the labels are known."""
        return True

    @property
    def label_dtype(self) -> Any:
        """Of a label: int64 for a class, float32 for a value."""
        return np.int64

    @property
    def names(self) -> list[str]:
        """The names of the evaluated examples, if is_shown_only."""
        raise NotImplementedError

    @property
    def score_name(self) -> str:
        """The name of the score: "accuracy" or "R2"."""
        return "accuracy"

    @property
    def most_shuffled(self) -> int:
        """How many lines may be in memory at once, to shuffle them."""
        return MOST_SHUFFLED

    def parse(self, number: tf.Tensor, line: tf.Tensor) -> tuple:
        """Turns a line into an example.

        Args:
          number: int64 [], of the line in the file, from 0.
          line: string [].
        Returns:
          (example, label): of `dtype` and `shape`; and of `label_dtype`, [].
        """
        raise NotImplementedError

    def parse_lines(self, numbers: tf.Tensor, lines: tf.Tensor) -> tf.Tensor:
        """The examples of several lines: int64 [B], string [B] -> `dtype` [B, ...]."""
        return self.parse_each(self.parse, numbers, lines)

    def parse_each(self, parse: Callable[..., tuple], numbers: tf.Tensor, lines: tf.Tensor) -> tf.Tensor:
        """What parse_lines returns, from a function that does what `parse` does."""
        parse_as_it_stands = tf.autograph.experimental.do_not_convert(lambda each: parse(*each)[0])
        spec = tf.TensorSpec(self.shape, self.dtype)
        examples = tf.map_fn(parse_as_it_stands, (numbers, lines), fn_output_signature=spec)
        return tf.ensure_shape(examples, [None, *self.shape])

    def training_batches(self, settings: TrainingSettings, from_lines: tf.data.Dataset) -> tf.data.Dataset:
        """The batches of all epochs: the lesson's; or the same to the last bit, where many are read faster at once.

        Args:
          settings: of training.py.
          from_lines: the lesson's batches.
        """
        return from_lines

    def placeholders(self) -> tuple[tf.Tensor, tf.Tensor]:
        """Placeholders for a batch, as in training.py: (examples [B, ...], labels [B]), of any size B."""
        examples_ph = tf.placeholder(self.dtype, (None, *self.shape), name=self.unit)
        return examples_ph, tf.placeholder(self.label_dtype, (None,), name="labels")

    def scale(self, examples: tf.Tensor) -> tf.Tensor:
        """Scales fed examples for the network: `dtype` [B, ...] -> float32 [B, ...], around 0."""
        raise NotImplementedError

    def batch_score(self, accuracy: tf.Tensor, labels: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
        """The score of a batch, float32 []: its accuracy; R2 if the labels are values.

        Args:
          accuracy: float32 [], of the batch.
          labels: [B].
          probabilities: float32 [B, classes]; of values, the predictions [B, 1].
        """
        return accuracy

    def score(self, accuracy: float, labels: np.ndarray, probabilities: np.ndarray) -> float:
        """The score of a whole data set, from arrays; see batch_score. NaN if it is undefined: R2 of equal labels."""
        return float(accuracy)

    def find_bad_example(self, *parts: int) -> UserError | None:
        """Finds the example that TensorFlow couldn't read: the error for it; None if it isn't found.

        Args:
          *parts: those that were read, TRAINING or VALIDATION; both if none is named.
        """
        return None

    def fingerprint(self, update: Callable[[bytes], Any]) -> None:
        """Calls `update` with bytes that change when the examples do: sizes and times of files, labels."""
        raise NotImplementedError

    def predictions(self, probabilities: np.ndarray, labels: np.ndarray | None) -> Predictions:
        """The table of predictions that evaluating.py writes.

        Args:
          probabilities: float32 [N, classes] of the VALIDATION part; of values, the predictions [N, 1].
          labels: [N]; None if they aren't known.
        """
        raise NotImplementedError

    # ------------------------------------------------------------------------- what the kinds share

    def decide(self, probabilities: np.ndarray) -> np.ndarray:
        """The class predicted for each example: float32 [N, classes] -> int64 [N]; see `threshold`."""
        if self.threshold is None:
            return probabilities.argmax(axis=1)
        return (probabilities[:, 1] >= self.threshold).astype(np.int64)

    @property
    def num_classes(self) -> int:
        """How many classes; 0 if the labels are values."""
        return len(self.class_names)

    @property
    def places(self) -> int:
        """How many places of the file training reads at once: 1, unless it has more lines than can be shuffled."""
        return math.ceil(self.num_training / self.most_shuffled)

    def count(self, part: int) -> int:
        """How many examples a part has."""
        return {TRAINING: self.num_training, VALIDATION: self.num_validation}[part]

    def marks(self, part: int) -> tf.data.Dataset:
        """Whether each line of the file belongs to a part: a tf.data.Dataset of bool []."""
        return tf.data.Dataset.from_tensor_slices(tf.constant(self._split == part))

    def numbers(self, part: int) -> np.ndarray:
        """The numbers of a part's examples among all of the file, from 1, without headers: int64 [N]."""
        examples = self._split[self._split != SKIPPED]
        return np.flatnonzero(examples == part) + 1

    @property
    def _split(self) -> np.ndarray:
        return np.frombuffer(self.split_of_line, np.uint8)


@dataclass(frozen=True)
class Predictions:
    """A table of predictions, with a line per example."""

    name: str  # of the file
    header: list[str]
    lines: Any  # an iterable of lists
    delimiter: str
