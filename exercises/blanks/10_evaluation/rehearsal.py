"""A rehearsal of the evaluation's loop: a small data set, a session that keeps its errors, and a network
that writes down what it was fed."""

from dataclasses import dataclass
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.broken_image import batches_with_files
from exercises.stages.sessions import NeverEnding, watched_session
from exercises.stages.stand_ins import image_data
from exercises.stages.tensors import number_of
from exercises.student_lines import StudentLines

SIZES = (1200, 1200, 2)  # images of the batches: the last is smaller; more than a number typed in to cut them short
BEFORE = 1_000_000  # batches that came before: a `len(losses) >= 100` that was left in ends the loop at once
SHAPE = (4, 6, 3)  # of an image
BROKEN = 1  # the batch with an image that can't be decoded, in a data set that has one
RESULTS = ("batch_labels", "batch_losses", "batch_probabilities")  # what each turn has to define
LISTS = ("losses", "labels", "probabilities")  # that the script appends them to


@dataclass(frozen=True)
class Fed:
    """What the network was fed once."""

    turn: int  # of the loop, from 0
    images: int | None  # the number of the batch, or None if it is none
    labels: int | None  # likewise
    is_training: bool


@dataclass(frozen=True)
class Turn:
    """What a turn of the loop has left."""

    names: dict[str, Any]  # {name: value}, of the RESULTS
    touched: list[str]  # names of the LISTS that are no longer as they were


def names_before(shape: tuple[int, ...], batches: tuple, placeholders: tuple, outputs: tuple) -> dict[str, Any]:
    """What dlho2018.evaluate is given, and takes apart, before its loop.

    Args:
      shape: of an image.
      batches: (iterator, next_element).
      placeholders: (images_ph, labels_ph, is_training).
      outputs: (losses, probabilities) of a batch.
    """
    return {
        "data": image_data(shape=shape),
        "batches": batches,
        **dict(zip(("iterator", "next_element"), batches)),
        "placeholders": placeholders,
        **dict(zip(("images_ph", "labels_ph", "is_training"), placeholders)),
        "outputs": outputs,
        "after_batch": lambda count: None,
    }


class Evaluation:
    """The student's loop, run to its end.

    Attributes:
      fed: a list of Fed.
      turns: a list of Turn.
      finding: the Finding that ended the loop, or None.
      errors: what the session has raised.
      placeholders: {name in the graph: Python's name}.
    """

    def __init__(self, lines: StudentLines, broken: bool = False) -> None:
        """
        Args:
          lines: the student's.
          broken: whether an image of the batch BROKEN can't be decoded.
        """
        random = np.random.default_rng(10)
        self._images = [random.integers(0, 256, [size, *SHAPE], dtype=np.uint8) for size in SIZES]
        self._labels = [random.integers(0, 2, size) for size in SIZES]
        self.placeholders: dict[str, str] = {"images": "images_ph", "labels": "labels_ph"}
        self.fed: list[Fed] = []
        self.turns: list[Turn] = []
        self.finding: Finding | None = None
        self.errors: list[Exception] = []
        with tf.Graph().as_default() as graph:
            iterator, names = self._names(broken)
            graph.finalize()
            with watched_session(graph, on_error=self.errors.append) as session:
                session.run(iterator.initializer)
                try:
                    lines.run({**names, "session": session}, loop=True, after_each=self._end_turn)
                except Finding as finding:
                    self.finding = finding

    def expected(self, number: int) -> dict[str, np.ndarray]:
        """What a turn has to define for a batch: {name: array}."""
        losses, probabilities = outputs_for(self._images[number], self._labels[number], False)
        return {
            "batch_labels": self._labels[number],
            "batch_losses": losses,
            "batch_probabilities": probabilities,
        }

    def _names(self, broken: bool) -> tuple[Any, dict[str, Any]]:
        """(iterator, what the script defines before its loop)."""
        iterator = batches_with_files(self._images, self._labels, BROKEN if broken else None)
        images_ph = tf.placeholder(tf.uint8, [None, *SHAPE], "images")
        labels_ph = tf.placeholder(tf.int64, [None], "labels")
        is_training = tf.placeholder_with_default(False, [], "is_training")
        placeholders = (images_ph, labels_ph, is_training)
        losses, probabilities = tf.py_func(self._compute, placeholders, [tf.float32, tf.float32])
        losses.set_shape([None])
        probabilities.set_shape([None, 2])
        self._lists: dict[str, list] = {name: [None] * BEFORE for name in LISTS}
        next_element = iterator.get_next()
        return iterator, {
            **names_before(SHAPE, (iterator, next_element), placeholders, (losses, probabilities)),
            **self._lists,
        }

    def _compute(self, images: np.ndarray, labels: np.ndarray, is_training: bool) -> tuple[np.ndarray, np.ndarray]:
        numbers = number_of(images, self._images), number_of(labels, self._labels)
        self.fed.append(Fed(len(self.turns), *numbers, bool(is_training)))
        return outputs_for(images, labels, is_training)

    def _end_turn(self, names: dict[str, Any]) -> None:
        lists = self._lists
        touched = [name for name in LISTS if names.get(name) is not lists[name] or len(lists[name]) != BEFORE]
        self.turns.append(Turn({name: names[name] for name in RESULTS if name in names}, touched))
        if len(self.turns) > len(SIZES) + 1:
            raise NeverEnding


def outputs_for(images: np.ndarray, labels: np.ndarray, is_training: bool) -> tuple[np.ndarray, np.ndarray]:
    """A network's (losses [B], probabilities [B, 2]); with dropout on, it is as wrong as it is right without."""
    chance = images.reshape(len(images), -1)[:, :5].mean(axis=1) / 300 + 0.05
    probabilities = np.stack([1 - chance, chance][:: -1 if is_training else 1], axis=1).astype(np.float32)
    if len(labels) != len(images):
        raise ValueError(f"{len(images)} images and {len(labels)} labels are fed")
    return -np.log(probabilities[np.arange(len(labels)), labels]), probabilities
