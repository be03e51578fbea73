"""A rehearsal of the training loop: a small data set, a session that keeps its errors, and a train_op that learns
nothing but writes down what it was fed."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.broken_image import batches_with_files
from exercises.stages.event_files import CURVES
from exercises.stages.sessions import NeverEnding, watched_session
from exercises.stages.stand_ins import StageRun, image_data
from exercises.student_lines import StudentLines

SIZES = (1200, 1200, 1)  # images of the batches: the last is smaller; more than a number typed in to cut them short
BEFORE = 1_000_000  # steps done already, as in a resumed run: a `step >= 100` that was left in ends the loop at once
SHAPE = (4, 6, 3)  # of an image
RATE = 0.25
NOT_TRAINING = 1000.0  # what the loss is larger by where is_training is False
BROKEN = 1  # the batch with an image that can't be decoded, in a data set that has one
RESULTS = ("images", "labels", "loss", "score", "rate", "summary")  # what each turn has to define


@dataclass(frozen=True)
class Fed:
    """What the graph was fed once."""

    by: str  # "train_op" or "batch_loss": what was run
    turn: int  # of the loop, from 0
    images: np.ndarray
    labels: np.ndarray
    is_training: bool


class Recorder:
    """`recorder`, which the lines around the blank call, and no others.

    Attributes:
      calls: names of what was called.
    """

    wants_point = False
    step = BEFORE

    def __init__(self) -> None:
        self.calls: list[str] = []

    def goes_on(self) -> bool:
        self.calls.append("goes_on")
        return True

    def add(self, *numbers: Any) -> int:
        self.calls.append("add")
        return 1


class Rehearsal:
    """A graph, finalized, and what was done with it.

    Attributes:
      images, labels: of each batch, as they are to be fed.
      fed: a list of Fed.
      turns: what the student's names held after each turn of the loop, a dict per turn.
      finding: the Finding that ended the loop, or None.
      errors: what the session has raised.
      recorder_calls: what the student's lines called of `recorder`, by name.
      placeholders: {name in the graph: Python's name}.
      runs_of_step: for each turn, what each run of the session fetched of train_op and the others: lists of names.
    """

    def __init__(self, names_in_graph: list[str], broken: bool = False) -> None:
        """
        Args:
          names_in_graph: of the placeholders of images and of labels.
          broken: whether an image of the batch BROKEN can't be decoded.
        """
        self._names_in_graph = names_in_graph
        self.placeholders: dict[str, str] = dict(zip(names_in_graph, ("images_ph", "labels_ph")))
        self.runs_of_step: list[list[list[str]]] = [[]]
        random = np.random.default_rng(8)
        self.images = [random.integers(0, 256, [size, *SHAPE], dtype=np.uint8) for size in SIZES]
        self.labels = [random.integers(0, 2, size) for size in SIZES]
        self.fed: list[Fed] = []
        self.turns: list[dict[str, Any]] = []
        self.finding: Finding | None = None
        self.errors: list[Exception] = []
        self._recorder = Recorder()
        self.recorder_calls = self._recorder.calls
        with tf.Graph().as_default() as self.graph:
            self._iterator = batches_with_files(self.images, self.labels, BROKEN if broken else None)
            self.names = self._names()
            self._initializer = tf.global_variables_initializer()
        self.graph.finalize()

    def play(self, lines: StudentLines) -> None:
        """Runs the student's loop, to its end or to its Finding."""
        with (
            self.graph.as_default(),
            watched_session(self.graph, on_error=self.errors.append, on_fetches=self._note_fetches) as session,
        ):
            session.run([self._initializer, self._iterator.initializer])
            try:
                lines.run({**self.names, "session": session}, loop=True, after_each=self._end_turn)
            except Finding as finding:
                self.finding = finding

    def loss(self, batch: int) -> float:
        """batch_loss of a batch in training, by its number."""
        return self.images[batch].mean() / 255

    def score(self, batch: int) -> float:
        """batch_score of a batch."""
        return self.labels[batch].mean()

    def _names(self) -> dict[str, Any]:
        """What the script defines before its loop."""
        next_element = self._iterator.get_next()
        initial = tf.constant(BEFORE, tf.int64)
        self._global_step = tf.get_variable("global_step", initializer=initial, trainable=False)
        images_ph = tf.placeholder(tf.uint8, [None, *SHAPE], self._names_in_graph[0])
        labels_ph = tf.placeholder(tf.int64, [None], self._names_in_graph[1])
        is_training = tf.placeholder_with_default(False, [], "is_training")
        fed = [images_ph, labels_ph, is_training]
        batch_loss = tf.py_func(self._compute_loss, fed, tf.float32)
        batch_loss.set_shape([])
        batch_score = tf.reduce_mean(tf.cast(labels_ph, tf.float32))
        run = StageRun("rehearsal")
        run.settings = replace(run.settings, batch_size=SIZES[0])
        learning_rate = tf.constant(RATE)
        scalars = tf.summary.merge([tf.summary.scalar(tag, batch_loss) for tag in CURVES])
        train_op = tf.py_func(self._train, fed, [])
        self._of_step = {
            "train_op": train_op,
            "batch_loss": batch_loss,
            "batch_score": batch_score,
            "learning_rate": learning_rate,
            "scalars": scalars,
        }
        return {
            **self._of_step,
            "graph": self.graph,
            "iterator": self._iterator,
            "next_element": next_element,
            "images_ph": images_ph,
            "labels_ph": labels_ph,
            "is_training": is_training,
            "global_step": self._global_step,
            "batch_accuracy": batch_score,
            "data": image_data(),
            "run": run,
            "settings": run.settings,
            "recorder": self._recorder,
        }

    def _train(self, images: np.ndarray, labels: np.ndarray, is_training: bool) -> None:
        self.fed.append(Fed("train_op", len(self.turns), images.copy(), labels.copy(), bool(is_training)))

    def _compute_loss(self, images: np.ndarray, labels: np.ndarray, is_training: bool) -> np.float32:
        self.fed.append(Fed("batch_loss", len(self.turns), images.copy(), labels.copy(), bool(is_training)))
        return np.float32(images.mean() / 255 + (0 if is_training else NOT_TRAINING))

    def _note_fetches(self, fetched: list) -> None:
        names = [
            name for name, each in self._of_step.items() if each in fetched or getattr(each, "op", None) in fetched
        ]
        if names:
            self.runs_of_step[-1].append(names)

    def _end_turn(self, names: dict[str, Any]) -> None:
        self.runs_of_step.append([])
        self.turns.append({name: names[name] for name in RESULTS if name in names})
        if len(self.turns) > len(SIZES) + 1:
            raise NeverEnding
