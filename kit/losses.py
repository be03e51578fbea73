"""The losses: how far a network's scores are from the labels, as one number to make small."""

from collections.abc import Callable
from dataclasses import dataclass

import kit.tensorflow1 as tf


@dataclass(frozen=True)
class Loss:
    """A loss, and the way it reads logits as probabilities."""

    probabilities: Callable  # logits [B, classes] -> float32 [B, classes] in [0, 1]
    of_each: Callable  # (labels int64 [B], logits [B, classes]) -> float32 [B]


def _one_hot(labels, logits):
    """int64 [B] -> float32 [B, classes]: 1 at the label, 0 elsewhere."""
    return tf.one_hot(labels, logits.shape[-1].value)


def _softmax_cross_entropy(labels, logits):
    """-log(the probability that softmax gives the label)."""
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)


def _sigmoid_cross_entropy(labels, logits):
    """Each class a yes-or-no question of its own: the mean of their cross-entropies."""
    each = tf.nn.sigmoid_cross_entropy_with_logits(labels=_one_hot(labels, logits), logits=logits)  # [B, classes]
    return tf.reduce_mean(each, axis=1)


def _mean_squared_error(labels, logits):
    """The mean over the classes of (softmax - one-hot)^2."""
    return tf.reduce_mean(tf.square(tf.nn.softmax(logits) - _one_hot(labels, logits)), axis=1)


LOSSES = {
    "softmax_cross_entropy": Loss(lambda logits: tf.nn.softmax(logits), _softmax_cross_entropy),
    "sigmoid_cross_entropy": Loss(lambda logits: tf.nn.sigmoid(logits), _sigmoid_cross_entropy),
    "mean_squared_error": Loss(lambda logits: tf.nn.softmax(logits), _mean_squared_error),
}
