"""How well a network learns in seconds: trained on a few hundred small images, tried on others."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from kit.data.drawing.draw import draw

SIZE = 32  # height and width of the images, in pixels
SHAPES = ("square", "triangle")  # the classes
TRAINED = 450  # images to learn from
COMPARED = 350  # other images, to see what was learnt
EPOCHS = 5
BATCH = 32
STEPS = EPOCHS * math.ceil(TRAINED / BATCH)
SECONDS_TO_COMPARE = 2
RATE = 0.003  # of the first step, for Adam


@dataclass(frozen=True)
class Learnt:
    """What came out of a training."""

    accuracy: float  # on the images to compare on
    steps: int  # that were done, of STEPS
    seconds: float  # that they took
    loss: float  # of the last batch
    varies: bool  # whether different images get different scores
    parameters: int


def drawn_images(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Plain images and their labels: float32 [TRAINED + COMPARED, SIZE, SIZE, 3] in [-1, 1], int64 [...]."""
    labels = np.arange(TRAINED + COMPARED) % len(SHAPES)
    drawn = [draw(SHAPES[label], number, SIZE, seed, "plain") for number, label in enumerate(labels)]
    return np.stack([np.asarray(image) for image in drawn]).astype(np.float32) / 127.5 - 1, labels


def train(network: Callable, images: np.ndarray, labels: np.ndarray, deadline: float) -> Learnt:
    """Trains a network in a graph of its own, on one core, and always in the same way.

    Args:
      network: (images, num_classes, is_training) -> logits, as in dlho2018_nns.py.
      images, labels: as drawn_images gives them.
      deadline: in seconds of time.monotonic(); then it ends, with what it has learnt by then.
    """
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        images_ph = tf.placeholder(tf.float32, [None, SIZE, SIZE, 3], "images")
        labels_ph = tf.placeholder(tf.int64, [None], "labels")
        is_training = tf.placeholder_with_default(False, [], "is_training")
        logits = network(images_ph, len(SHAPES), is_training)
        parameters = count_parameters()
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels_ph, logits=logits)
        loss = tf.reduce_mean(losses) + tf.losses.get_regularization_loss()
        step = tf.train.get_or_create_global_step()
        # Smaller and smaller steps: with large ones to the end, the last few would decide how good simple_fc is.
        rate = tf.train.polynomial_decay(RATE, step, STEPS, 0.0, power=0.5)
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            train_op = tf.train.AdamOptimizer(rate, epsilon=1e-7).minimize(loss, step)
        with session_on_one_core(graph) as session:
            session.run(tf.global_variables_initializer())
            began, done, value = time.monotonic(), 0, float("nan")
            for chosen in batches():
                feed = {images_ph: images[chosen], labels_ph: labels[chosen], is_training: True}
                try:
                    _, value = session.run([train_op, loss], feed, options=no_longer_than(deadline))
                except tf.errors.DeadlineExceededError:
                    break
                done += 1
            seconds = time.monotonic() - began
            end = time.monotonic() + SECONDS_TO_COMPARE
            scores = compared(session, logits, images_ph, images[TRAINED:], end)
    accuracy = np.mean(scores.argmax(axis=1) == labels[TRAINED:])
    return Learnt(float(accuracy), done, seconds, float(value), bool(np.ptp(scores, axis=0).any()), parameters)


def session_on_one_core(graph: Any) -> Any:
    """A tf.Session that computes in the same order each time, whatever the machine."""
    return tf.Session(
        graph=graph,
        config=tf.ConfigProto(
            intra_op_parallelism_threads=1, inter_op_parallelism_threads=1, use_per_session_threads=True
        ),
    )


def seconds_per_step(session: Any, logits: Any, images_ph: Any, few: np.ndarray) -> float:
    """How long a step of training would take, about: as long as three times the way from images to logits.

    Args:
      session: on one core, with the weights in place.
      logits, images_ph: of the network.
      few: some images.
    """
    times: list[float] = []
    while len(times) < 4 and sum(times) < 1:  # the first run prepares what the others do without
        began = time.monotonic()
        session.run(logits, {images_ph: few})
        times.append(time.monotonic() - began)
    return 3 * min(times) * BATCH / len(few)


def batches() -> Iterator[np.ndarray]:
    """The images of each step: arrays of their numbers, every image once per epoch."""
    random = np.random.default_rng(1)
    for _ in range(EPOCHS):
        order = random.permutation(TRAINED)
        yield from (order[first : first + BATCH] for first in range(0, TRAINED, BATCH))


def compared(session: Any, logits: Any, images_ph: Any, images: np.ndarray, deadline: float) -> np.ndarray:
    """The scores of images, batch by batch; zeros for those that the deadline came before."""
    scores = np.zeros([len(images), len(SHAPES)], np.float32)
    for first in range(0, len(images), BATCH):
        some = slice(first, first + BATCH)
        try:
            scores[some] = session.run(logits, {images_ph: images[some]}, options=no_longer_than(deadline))
        except tf.errors.DeadlineExceededError:
            break
    return scores


def no_longer_than(deadline: float) -> Any:
    """The options of a run that stops at a deadline, in seconds of time.monotonic()."""
    return tf.RunOptions(timeout_in_ms=max(1, int(1000 * (deadline - time.monotonic()))))


def count_parameters() -> int:
    """How many numbers the default graph's network learns."""
    return sum(variable.shape.num_elements() for variable in tf.trainable_variables())


def count_parameters_of(network: Callable) -> int:
    """How many numbers a network learns, for images of the same size."""
    with tf.Graph().as_default():
        network(tf.placeholder(tf.float32, [None, SIZE, SIZE, 3]), len(SHAPES), tf.placeholder_with_default(False, []))
        return count_parameters()
