"""A rehearsal of the training loop, for blank 8: a small data set, a session that keeps what it was asked, and a
train_op that learns nothing but writes down what it was fed."""

from dataclasses import dataclass

import numpy as np

import kit.tensorflow1 as tf
from exercises.checks.sessions import NeverEnding, recording_session
from exercises.findings import Finding
from kit.cli.settings import TrainingSettings

SIZES = (2, 2, 1)  # images of the batches: the last is smaller
LABELS = ([0, 1], [1, 0], [1])  # no two batches alike
SHAPE = (4, 6, 3)  # of an image
RATE = 0.25
NOT_TRAINING = 1000.0  # what the loss is larger by where is_training is False
BROKEN = 1  # the batch with an image that can't be decoded, in a data set that has one
RESULTS = ("images", "labels", "loss", "accuracy", "rate", "summary")  # what each turn has to define


@dataclass(frozen=True)
class Fed:
    """What the graph was fed once."""

    by: str  # "train_op" or "batch_loss": what was run
    turn: int  # of the loop, from 0
    images: np.ndarray
    labels: np.ndarray
    is_training: bool


class Rehearsal:
    """A graph, finalized, and what was done with it.

    Attributes:
      images, labels: of each batch, as they are to be fed.
      fed: a list of Fed.
      turns: what the student's names held after each turn of the loop, a dict a turn.
      finding: the Finding that ended the loop, or None.
      errors: what the session has raised.
    """

    def __init__(self, broken=False):
        """
        Args:
          broken: whether an image of the batch BROKEN can't be decoded.
        """
        random = np.random.default_rng(8)
        self.images = [random.integers(0, 256, [size, *SHAPE], dtype=np.uint8) for size in SIZES]
        self.labels = [np.array(labels, np.int64) for labels in LABELS]
        self.fed, self.turns, self.finding, self.errors = [], [], None, []
        with tf.Graph().as_default() as self.graph:
            self._iterator = self._data(broken)
            self.names = self._names()
            self._initializer = tf.global_variables_initializer()
        self.graph.finalize()

    def play(self, lines):
        """Runs the student's loop, to its end or to its Finding."""
        with self.graph.as_default(), recording_session(self.graph, self.errors) as session:
            session.run([self._initializer, self._iterator.initializer])
            try:
                lines.run(
                    "8b", {**self.names, "session": session}, loop=True, after_each=self._end_turn, keeps=("step",)
                )
            except Finding as finding:
                self.finding = finding

    def loss(self, batch):
        """batch_loss of a batch in training, by its number."""
        return self.images[batch].mean() / 255

    def accuracy(self, batch):
        """batch_accuracy of a batch."""
        return self.labels[batch].mean()

    def _data(self, broken):
        is_broken = np.arange(sum(SIZES)) == sum(SIZES[:BROKEN])
        dataset = tf.data.Dataset.from_tensor_slices(
            (np.concatenate(self.images), np.concatenate(self.labels), is_broken & broken)
        )

        def through_a_file(image, label, is_broken):
            png = tf.where(is_broken, "what was a PNG", tf.image.encode_png(image))
            return tf.ensure_shape(tf.image.decode_png(png, channels=3), SHAPE), label

        return tf.data.make_initializable_iterator(dataset.map(through_a_file).batch(SIZES[0]))

    def _names(self):
        """What the script defines before its loop."""
        next_element = self._iterator.get_next()
        images_ph = tf.placeholder(tf.uint8, [None, *SHAPE], "images")
        labels_ph = tf.placeholder(tf.int64, [None], "labels")
        is_training = tf.placeholder_with_default(False, [], "is_training")
        fed = [images_ph, labels_ph, is_training]
        batch_loss = tf.py_func(self._compute_loss, fed, tf.float32)
        batch_loss.set_shape([])
        return {
            "graph": self.graph,
            "iterator": self._iterator,
            "next_element": next_element,
            "images_ph": images_ph,
            "labels_ph": labels_ph,
            "is_training": is_training,
            "global_step": tf.train.get_or_create_global_step(),
            "train_op": tf.py_func(self._train, fed, []),
            "batch_loss": batch_loss,
            "batch_accuracy": tf.reduce_mean(tf.cast(labels_ph, tf.float32)),
            "learning_rate": tf.constant(RATE),
            "scalars": tf.summary.merge([tf.summary.scalar("curves/loss", batch_loss)]),
            "fed_arrays": {},
            "settings": TrainingSettings(),
            "step": 0,
        }

    def _train(self, images, labels, is_training):
        self.fed.append(Fed("train_op", len(self.turns), images.copy(), labels.copy(), bool(is_training)))

    def _compute_loss(self, images, labels, is_training):
        self.fed.append(Fed("batch_loss", len(self.turns), images.copy(), labels.copy(), bool(is_training)))
        return np.float32(images.mean() / 255 + (0 if is_training else NOT_TRAINING))

    def _end_turn(self, names):
        self.turns.append({name: names[name] for name in RESULTS if name in names})
        if len(self.turns) > len(SIZES) + 1:
            raise NeverEnding
