"""Batches that came on different ways, held against what Python and Pillow read; drawn, a row for each way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.data.image_data import ImageData
from kit.data.parts import TRAINING, VALIDATION
from kit.data.truth_file import TruthData
from kit.evaluation.sheets import Row, sheet_png
from kit.labs.data import Known, first_examples
from kit.labs.lab import Lab
from kit.system.files import make_folder

BATCH, COUNT = 2, 8  # images per batch, and in all of each part
FIELDS = 8  # an image is divided into 8 x 8 fields
SIDE = 72  # of an image in the picture, in pixels


class Comparison:
    """Names the batches that came: T1 to T4 are those of the first training images, V1 to V4 those of held-out ones."""

    def __init__(self, lab: Lab, data: ImageData, truth: TruthData) -> None:
        """Reads the first images without TensorFlow; arguments and errors are those of first_examples."""
        parts = {"T": TRAINING, "V": VALIDATION}
        self.known = {letter: first_examples(data, truth, part, COUNT) for letter, part in parts.items()}
        self._batches = [batch for letter, known in self.known.items() for batch in _named_batches(letter, known)]
        self._lab, self._rows = lab, list[Row]()
        self._tried = self._right = 0
        make_folder(lab.folder)

    def add(self, way: Callable, wanted: str, given: Sequence[np.ndarray]) -> None:
        """Says what a way gave, and keeps its graph for TensorBoard: the default one.

        Args:
          way: its function; the docstring says what it is for.
          wanted: names of the batches that must come, "T1 T2 V1".
          given: the batches that came: uint8 [B, H, W, 3], images or only their shapes; or one-hots, float32 [B, 8, 8].
        """
        tf.summary.FileWriter(self._lab.events(way.__name__), tf.get_default_graph()).close()
        expected = wanted.split()
        names = [self._name(batch, guess) for batch, guess in zip_longest(given, expected[: len(given)])]
        is_right = names == expected
        self._tried, self._right = self._tried + 1, self._right + is_right
        console.say(f"{way.__name__}: {' '.join(names)}{'' if is_right else f', expected {wanted}'}\n  {way.__doc__}")
        pictures = [
            picture if picture.ndim == 3 else (255 * picture).astype(np.uint8) for batch in given for picture in batch
        ]
        self._rows.append(Row(way.__name__, pictures, np.repeat(names, [len(batch) for batch in given]).tolist()))

    def end(self) -> None:
        """Draws a row for each way, and says how many gave what they must."""
        title = "T1 to T4: batches of training images. V1 to V4: batches of held-out images."
        self._lab.picture("ways", sheet_png(title, self._rows, SIDE))
        text = f"{self._right} of {self._tried} ways gave the batches that they must, to the last bit."
        self._lab.end(text, right=self._right, tried=self._tried)

    def _name(self, batch: np.ndarray, guess: str | None) -> str:
        """What a batch is called, the guess if there are several that are equal; "?" if it isn't known."""
        names = [name for name, known in self._batches if np.array_equal(known, batch)]
        return guess if guess in names else [*names, "?"][0]


def _named_batches(letter: str, known: Known) -> Iterator[tuple[str, np.ndarray]]:
    """The batches of some examples: their images, the shapes alone, and the fields of their centres."""
    side = known.images.shape[1]
    columns, rows = (known.centres * FIELDS // side).astype(int).T
    fields = np.zeros([len(rows), FIELDS, FIELDS], np.float32)
    fields[np.arange(len(rows)), rows, columns] = 1
    for examples in (known.images, np.maximum(known.images, 255 - known.masks), fields):
        for number, first in enumerate(range(0, COUNT, BATCH), 1):
            yield f"{letter}{number}", examples[first : first + BATCH]
