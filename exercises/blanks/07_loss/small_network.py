"""The stage: a network of two linear layers, and what NumPy says of it: losses, accuracy, gradients."""

from dataclasses import dataclass
from typing import Any

import numpy as np

import kit.tensorflow1 as tf

CLASSES = 5
IMAGES = 8  # of a batch: another number than that of the classes
PIXELS = (2, 2, 3)  # height, width, colours of an image
HIDDEN = 4
RATE = 0.5  # the learning rate
OWN = 1.25  # head's loss is so many times softmax and cross-entropy: a loss of one's own is told apart
L2 = 0.1  # the weight decay of both layers
_random = np.random.default_rng(31)
WEIGHTS = {
    "layer1/weights": 0.5 * _random.standard_normal([int(np.prod(PIXELS)), HIDDEN]),
    "layer1/biases": 0.5 * _random.standard_normal([HIDDEN]),
    "layer2/weights": 0.5 * _random.standard_normal([HIDDEN, CLASSES]),
    "layer2/biases": 0.5 * _random.standard_normal([CLASSES]),
}


@dataclass(frozen=True)
class Network:
    """The network in a graph of its own."""

    graph: Any  # tf.Graph
    names: dict[str, Any]  # what the script defines before the blank
    weights: dict[str, Any]  # {name: variable}, the trainable ones
    average: Any  # a moving average, as batch norm keeps it

    def feed(self, batch: "Batch") -> dict:
        """The feed_dict of a batch, in training."""
        names = self.names
        return {names["images_ph"]: batch.images, names["labels_ph"]: batch.labels, names["is_training"]: True}


def optimizer(learning_rate: Any) -> Any:
    """`optimizer`, whose `was_used` says whether it was used."""

    class Optimizer(tf.train.GradientDescentOptimizer):  # made here: to name its base imports TensorFlow
        was_used = False

        def apply_gradients(self, *arguments: Any, **options: Any) -> Any:
            self.was_used = True
            return super().apply_gradients(*arguments, **options)

    return Optimizer(learning_rate)


def build(plain: bool = False) -> Network:
    """The Network, with weight decay and a moving average that is to be updated, or plain, without."""
    with tf.Graph().as_default() as graph:
        names = {
            "graph": graph,
            "images_ph": tf.placeholder(tf.uint8, [None, *PIXELS], "images"),
            "labels_ph": tf.placeholder(tf.int64, [None], "labels"),
            "is_training": tf.placeholder_with_default(False, [], "is_training"),
            "global_step": tf.train.get_or_create_global_step(),
            "learning_rate": tf.constant(RATE),
        }
        weights = {
            name: tf.get_variable(name, initializer=tf.constant(value, tf.float32)) for name, value in WEIGHTS.items()
        }
        rows = tf.reshape(tf.cast(names["images_ph"], tf.float32) / 127.5 - 1.0, [-1, int(np.prod(PIXELS))])
        hidden = tf.matmul(rows, weights["layer1/weights"]) + weights["layer1/biases"]  # [B, HIDDEN]
        average = tf.get_variable("layer1/moving_mean", [HIDDEN], initializer=tf.zeros_initializer(), trainable=False)
        if not plain:
            update = tf.assign_add(average, 0.1 * (tf.reduce_mean(hidden, axis=0) - average))
            tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, update)
            for name in ("layer1/weights", "layer2/weights"):
                decay = L2 * tf.reduce_sum(tf.square(weights[name]))
                tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, decay)
        logits = tf.add(
            tf.matmul(hidden, weights["layer2/weights"]), weights["layer2/biases"], "logits"
        )  # [B, CLASSES]
        names.update(
            logits=logits,
            probabilities=tf.nn.softmax(logits, name="probabilities"),
            optimizer=optimizer(names["learning_rate"]),
            network_variables=tf.global_variables(),
        )
    return Network(graph, names, weights, average)


@dataclass(frozen=True)
class Batch:
    """Images uint8 [B, height, width, 3] and their labels, int64 [B]."""

    images: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class RightAnswers:
    """What is right for a batch, and what comes out of some classic mistakes."""

    losses: np.ndarray  # [B]
    losses_of_probabilities: np.ndarray  # [B]
    decay: float
    accuracy: float
    accuracy_of_axis_0: float | None
    gradients: dict[str, np.ndarray]
    gradients_with_decay: dict[str, np.ndarray]


def batch_of(count: int) -> Batch:
    """Images and labels, of which all but the last two are the network's answers."""
    images = np.random.default_rng(count).integers(0, 256, [count, *PIXELS], dtype=np.uint8)
    labels = forward(images)[2].argmax(axis=1)
    labels[-2:] += 1
    return Batch(images, labels % CLASSES)


def forward(images: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(rows [B, pixels], hidden [B, HIDDEN], logits [B, CLASSES]) of images."""
    rows = images.reshape(len(images), -1) / 127.5 - 1
    hidden = rows @ WEIGHTS["layer1/weights"] + WEIGHTS["layer1/biases"]
    return rows, hidden, hidden @ WEIGHTS["layer2/weights"] + WEIGHTS["layer2/biases"]


def answers_to(batch: Batch) -> RightAnswers:
    """What is right for a batch, computed by NumPy."""
    rows, hidden, logits = forward(batch.images)
    count, labels = len(logits), batch.labels
    probabilities = softmax(logits)
    first, second = WEIGHTS["layer1/weights"], WEIGHTS["layer2/weights"]
    to_logits = OWN * (probabilities - np.eye(CLASSES)[labels]) / count  # the gradient of the mean loss, [B, CLASSES]
    to_hidden = to_logits @ second.T
    gradients = {
        "layer1/weights": rows.T @ to_hidden,
        "layer1/biases": to_hidden.sum(axis=0),
        "layer2/weights": hidden.T @ to_logits,
        "layer2/biases": to_logits.sum(axis=0),
    }
    of_decay = {name: 2 * L2 * value * name.endswith("weights") for name, value in WEIGHTS.items()}
    return RightAnswers(
        losses=OWN * losses_of(logits, labels),
        losses_of_probabilities=OWN * losses_of(probabilities, labels),
        decay=float(L2 * (np.square(first).sum() + np.square(second).sum())),
        accuracy=float(np.mean(logits.argmax(axis=1) == labels)),
        accuracy_of_axis_0=float(np.mean(logits.argmax(axis=0) == labels)) if count == CLASSES else None,
        gradients=gradients,
        gradients_with_decay={name: gradient + of_decay[name] for name, gradient in gradients.items()},
    )


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def losses_of(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return -np.log(softmax(logits)[np.arange(len(labels)), labels])
