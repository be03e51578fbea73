"""How well a network learns from little: trained on a few hundred small images, tried on others."""

import itertools
import math
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
MOST = 6_000_000  # multiplications per image that leave all STEPS, where `cnn` takes 1 million; more leave fewer
SHAPE_ONLY = ("Shape", "Size", "Rank", "ZerosLike", "OnesLike")  # operations that don't look at the values
RATE = 0.003  # of the first step, for Adam


@dataclass(frozen=True)
class Learnt:
    """What came out of a training."""

    accuracy: float  # on the images to compare on
    steps: int  # that were done, of STEPS
    loss: float  # of the last batch
    varies: bool  # whether different images get different scores
    parameters: int


def drawn_images(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Plain images and their labels: float32 [TRAINED + COMPARED, SIZE, SIZE, 3] in [-1, 1], int64 [...]."""
    labels = np.arange(TRAINED + COMPARED) % len(SHAPES)
    drawn = [draw(SHAPES[label], number, SIZE, seed, "plain") for number, label in enumerate(labels)]
    return np.stack([np.asarray(image) for image in drawn]).astype(np.float32) / 127.5 - 1, labels


def train(network: Callable, images: np.ndarray, labels: np.ndarray) -> Learnt:
    """Trains a network in a graph of its own, on one core, and always in the same way.

    Args:
      network: (images, num_classes, is_training) -> logits, as in dlho2018_nns.py.
      images, labels: as drawn_images gives them.
    """
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        images_ph = tf.placeholder(tf.float32, [None, SIZE, SIZE, 3], "images")
        labels_ph = tf.placeholder(tf.int64, [None], "labels")
        is_training = tf.placeholder_with_default(False, [], "is_training")
        logits = network(images_ph, len(SHAPES), is_training)
        parameters, steps = count_parameters(), steps_for(count_multiplications(logits))
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels_ph, logits=logits)
        loss = tf.reduce_mean(losses) + tf.losses.get_regularization_loss()
        step = tf.train.get_or_create_global_step()
        # Smaller and smaller steps: with large ones to the end, the last few would decide how good simple_fc is.
        rate = tf.train.polynomial_decay(RATE, step, steps, 0.0, power=0.5)
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            train_op = tf.train.AdamOptimizer(rate, epsilon=1e-7).minimize(loss, step)
        with session_on_one_core(graph) as session:
            session.run(tf.global_variables_initializer())
            value = float("nan")
            for chosen in itertools.islice(batches(), steps):
                feed = {images_ph: images[chosen], labels_ph: labels[chosen], is_training: True}
                _, value = session.run([train_op, loss], feed)
            scores = compared(session, logits, images_ph, images[TRAINED:])
    accuracy = np.mean(scores.argmax(axis=1) == labels[TRAINED:])
    return Learnt(float(accuracy), steps, float(value), bool(np.ptp(scores, axis=0).any()), parameters)


def session_on_one_core(graph: Any) -> Any:
    """A tf.Session that computes in the same order each time, whatever the machine."""
    return tf.Session(
        graph=graph,
        config=tf.ConfigProto(
            intra_op_parallelism_threads=1, inter_op_parallelism_threads=1, use_per_session_threads=True
        ),
    )


def steps_for(multiplications: int) -> int:
    """How many of STEPS a network is trained for, which takes so many multiplications per image; it may be 0."""
    return min(STEPS, STEPS * MOST // max(multiplications, 1))


def count_multiplications(logits: Any) -> int:
    """How many multiplications of convolutions and of matrices lead from an image to its scores."""
    return sum(map(multiplications_of, leading_to(logits.op)))


def multiplications_of(operation: Any) -> int:
    """How many of them one operation takes."""
    if operation.type in ("Conv2D", "DepthwiseConv2dNative"):
        kernel, output = (tensor.shape.as_list() for tensor in (operation.inputs[1], operation.outputs[0]))
        per_output = kernel[0] * kernel[1] * (kernel[2] if operation.type == "Conv2D" else 1)
        return per_output * math.prod(size or 1 for size in output[1:])
    return (operation.inputs[1].shape.num_elements() or 0) if operation.type == "MatMul" else 0


def batches() -> Iterator[np.ndarray]:
    """The images of each step: arrays of their numbers, every image once per epoch."""
    random = np.random.default_rng(1)
    for _ in range(EPOCHS):
        order = random.permutation(TRAINED)
        yield from (order[first : first + BATCH] for first in range(0, TRAINED, BATCH))


def compared(session: Any, logits: Any, images_ph: Any, images: np.ndarray) -> np.ndarray:
    """The scores of images, batch by batch."""
    parts = [images[first : first + BATCH] for first in range(0, len(images), BATCH)]
    return np.concatenate([session.run(logits, {images_ph: part}) for part in parts])


def leading_to(operation: Any) -> set:
    """All operations whose results make up that of an operation: a set."""
    found, waiting = set(), [operation]
    while waiting:
        operation = waiting.pop()
        if operation in found:
            continue
        found.add(operation)
        if operation.type not in SHAPE_ONLY:
            waiting += [tensor.op for tensor in operation.inputs]
    return found


def count_parameters() -> int:
    """How many numbers the default graph's network learns."""
    return sum(variable.shape.num_elements() for variable in tf.trainable_variables())


def count_parameters_of(network: Callable) -> int:
    """How many numbers a network learns, for images of the same size."""
    with tf.Graph().as_default():
        network(tf.placeholder(tf.float32, [None, SIZE, SIZE, 3]), len(SHAPES), tf.placeholder_with_default(False, []))
        return count_parameters()


def signature(logits: Any) -> list[tuple[str, str]]:
    """What a network computes, whatever its layers are called: the types and shapes of its operations, sorted."""
    return sorted((each.type, str([output.shape for output in each.outputs])) for each in leading_to(logits.op))


def signature_of(network: Callable) -> list[tuple[str, str]]:
    """The signature of a network, built for the same images and classes as in `train`."""
    with tf.Graph().as_default():
        images = tf.placeholder(tf.float32, [None, SIZE, SIZE, 3])
        return signature(network(images, len(SHAPES), tf.placeholder_with_default(False, [])))
