"""What the names of the scripts stand for on a stage, where its check doesn't give them: see exercises/script_scope.py.

A maker is a function that gives the value of a name; its parameters are names that it needs, None where there is none.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.stages.stand_ins import StageRun, image_data
from kit.cli.settings import EvaluatingSettings, TrainingSettings
from kit.data.parts import VALIDATION

Makers = dict[str, Callable[..., Any]]  # {name: its maker}
IMAGES = 4  # of a batch
RATE = 0.25


class Recorder:
    """`recorder`, which does nothing."""

    wants_point = epoch_is_over = False

    def remaining_batches(self, training: Any) -> Any:
        return training

    def learning_rate(self, global_step: Any) -> Any:
        return tf.constant(RATE, name="learning_rate")

    def add(self, *numbers: Any) -> int:
        return 1

    def goes_on(self) -> bool:
        return True


class Head:
    """`head`: softmax and its cross-entropy."""

    def per_example(self, labels: Any, logits: Any) -> Any:
        return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)

    def probabilities(self, logits: Any) -> Any:
        return tf.nn.softmax(logits)


def _run(settings: Any) -> StageRun:
    run = StageRun("stage")
    run.settings = settings or TrainingSettings()
    return run


def _batches(data: Any) -> Any:
    images, labels = np.zeros([IMAGES, *data.shape], data.dtype), np.arange(IMAGES) % 2
    return tf.data.Dataset.from_tensor_slices((images, labels)).batch(IMAGES)


def _network(run: Any, inputs: Any, num_classes: int, is_training: Any) -> tuple[Any, Head]:
    """build_network without weights: a checkpoint of the stage knows nothing of them."""
    means = tf.reduce_mean(tf.reshape(inputs, [tf.shape(inputs)[0], -1]), axis=1, keepdims=True)  # [B, 1]
    return tf.multiply(means, np.linspace(-1, 1, num_classes, dtype=np.float32), "logits"), Head()


def _lines() -> Any:
    texts = [f"square_{number}.png,squares/square_{number}.png,0" for number in range(IMAGES)]
    return tf.data.Dataset.from_tensor_slices(texts).enumerate(start=1)


def _placeholders(data: Any) -> tuple:
    """(images_ph, labels_ph, is_training), which a stage that knows nothing of them needn't feed."""
    images, labels = np.zeros([IMAGES, *data.shape], data.dtype), np.zeros([IMAGES], data.label_dtype)
    fed = (tf.placeholder_with_default(each, [None, *each.shape[1:]]) for each in (images, labels))
    return (*fed, tf.placeholder_with_default(False, []))


def _outputs(images_ph: Any, labels_ph: Any, is_training: Any) -> tuple:
    logits, head = _network(None, tf.cast(images_ph, tf.float32), 2, is_training)
    return head.per_example(labels_ph, logits), head.probabilities(logits)


def _in_order(data: Any, part: int, batch_size: int) -> tuple:
    iterator = tf.data.make_initializable_iterator(_batches(data))
    return iterator, iterator.get_next()


# What the caller of a script's function gives.
GIVEN: Makers = {
    "graph": lambda: tf.get_default_graph(),  # not now: it would import TensorFlow
    "run": _run,
    "data": lambda: image_data(),
    "settings": lambda: EvaluatingSettings(),
    "session": lambda: tf.Session(graph=tf.get_default_graph()),
    "batches": lambda data: _in_order(data, VALIDATION, IMAGES),
    "placeholders": lambda data: _placeholders(data),
    "outputs": lambda placeholders: _outputs(*placeholders),
    "after_batch": lambda: lambda count: None,
}

# What a blank makes for the lines after it, by its place: so that no check depends on another blank.
MADE: dict[str, Makers] = {
    "4": {"training": _batches},
    "5": {
        "iterator": lambda training: tf.data.make_initializable_iterator(training),
        "next_element": lambda iterator: iterator.get_next(),
    },
    "6a": {
        "images_ph": lambda data: _placeholders(data)[0],
        "labels_ph": lambda data: _placeholders(data)[1],
    },
    "7": {
        "losses": lambda labels_ph, logits: Head().per_example(labels_ph, logits),
        "batch_loss": lambda losses: tf.reduce_mean(losses),
        "is_right": lambda labels_ph: tf.equal(labels_ph, 0),
        "batch_accuracy": lambda: tf.constant(0.5),
        "train_op": lambda global_step: tf.assign_add(global_step, 1),
    },
    "8a": {
        "scalars": lambda batch_loss: tf.summary.scalar("curves/loss", batch_loss),
        "train_writer": lambda run: tf.summary.FileWriter(run.events("train")),
    },
    "9a": {
        "images": lambda data: np.zeros([IMAGES, *data.shape], data.dtype),
        "labels": lambda: np.arange(IMAGES) % 2,
        "loss": lambda: 0.5,
        "score": lambda: 0.5,
        "rate": lambda: RATE,
        "summary": lambda: b"",
    },
    "10b": {
        "images": lambda data: np.zeros([IMAGES, *data.shape], data.dtype),
        "feed": lambda placeholders, images, batch_labels: dict(zip(placeholders, (images, batch_labels, False))),
        "batch_labels": lambda: np.arange(IMAGES) % 2,
        "batch_losses": lambda: np.full([IMAGES], 0.5, np.float32),
        "batch_probabilities": lambda data: np.full([IMAGES, data.num_classes], 0.5, np.float32),
    },
}

# What needs more than a stage has, in the scripts' own statements.
REPLACED: dict[str, Any] = {
    "build_network": _network,
    "open_recorder": lambda run, data: Recorder(),
    "in_order": _in_order,
    "dlho2018": SimpleNamespace(read_lines=lambda data, part, places=1: _lines()),
    "EvaluationReport": lambda settings, run, data: SimpleNamespace(batch_size=IMAGES),
}
