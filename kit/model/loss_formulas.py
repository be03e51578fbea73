"""The formulas of the losses, as Keras computes them.

Each takes targets and outputs, float32 [B, K], and returns float32 [B]: one number per example. Where the arguments
are `labels`, they are int64 [B]. Where they are `logits`, they are the inputs of the network's last activation.
"""

from __future__ import annotations

import kit.tensorflow1 as tf

EPSILON = 1e-7  # Keras's: keeps logarithms and quotients finite


def softmax_of_labels(labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """-log(the label's softmax)."""
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)


def softmax_of_logits(targets: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """-log(the label's softmax), for one-hot targets."""
    return tf.nn.softmax_cross_entropy_with_logits_v2(labels=targets, logits=logits)


def sigmoid_of_logits(targets: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """The mean cross-entropy of K yes-or-no questions, one per output."""
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=targets, logits=logits), axis=1)


def binary_crossentropy(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """sigmoid_of_logits, for outputs that are probabilities."""
    outputs = _open_interval(outputs)
    return -tf.reduce_mean(targets * tf.log(outputs) + (1 - targets) * tf.log(1 - outputs), axis=1)


def categorical_crossentropy(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """-log(the label's output / the sum of all outputs)."""
    shares = _open_interval(outputs / tf.reduce_sum(outputs, axis=1, keepdims=True))
    return -tf.reduce_sum(targets * tf.log(shares), axis=1)


def sparse_categorical_crossentropy(labels: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """categorical_crossentropy of labels; outputs are cut off before they are divided by their sum, not after."""
    return softmax_of_labels(labels, tf.log(_open_interval(outputs)))


def mean_squared_error(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """The mean of error^2."""
    return tf.reduce_mean(tf.square(targets - outputs), axis=1)


def mean_absolute_error(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """The mean of |error|."""
    return tf.reduce_mean(tf.abs(targets - outputs), axis=1)


def mean_absolute_percentage_error(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """The mean of 100 * |error / target|: for targets far from 0."""
    return 100 * tf.reduce_mean(tf.abs((targets - outputs) / tf.maximum(tf.abs(targets), EPSILON)), axis=1)


def mean_squared_logarithmic_error(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """The mean of log((1 + target) / (1 + output))^2; anything below 0 counts as 0."""
    targets, outputs = tf.maximum(targets, EPSILON), tf.maximum(outputs, EPSILON)
    return tf.reduce_mean(tf.square(tf.log(outputs + 1) - tf.log(targets + 1)), axis=1)


def log_cosh(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """The mean of log(cosh(error)): error^2 / 2 near 0, |error| - log 2 far from it."""
    errors = outputs - targets
    return tf.reduce_mean(errors + tf.nn.softplus(-2 * errors) - tf.log(2.0), axis=1)


def poisson(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """-log likelihood, without its constant, of counts (targets) in Poisson distributions of these means (outputs)."""
    return tf.reduce_mean(outputs - targets * tf.log(outputs + EPSILON), axis=1)


def hinge(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """The mean of max(0, 1 - target * output), with targets 0 and 1 read as -1 and 1."""
    return tf.reduce_mean(_shortfall(targets, outputs), axis=1)


def squared_hinge(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """The mean of max(0, 1 - target * output)^2, with targets 0 and 1 read as -1 and 1."""
    return tf.reduce_mean(tf.square(_shortfall(targets, outputs)), axis=1)


def categorical_hinge(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """max(0, 1 + the largest other output - the label's output)."""
    of_label = tf.reduce_sum(targets * outputs, axis=1)
    largest_other = tf.reduce_max((1 - targets) * outputs, axis=1)  # 0 stands for the label's
    return tf.maximum(largest_other - of_label + 1, 0)


def kl_divergence(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """The sum of target * log(target / output), both cut off at 1e-7 and 1."""
    targets, outputs = tf.clip_by_value(targets, EPSILON, 1), tf.clip_by_value(outputs, EPSILON, 1)
    return tf.reduce_sum(targets * tf.log(targets / outputs), axis=1)


def cosine_similarity(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """-cosine of the angle between targets and outputs: -1 if they point the same way."""
    return -tf.reduce_sum(_of_length_1(targets) * _of_length_1(outputs), axis=1)


def _open_interval(outputs: tf.Tensor) -> tf.Tensor:
    """Cut off just inside (0, 1), where log(p) and log(1 - p) are finite."""
    return tf.clip_by_value(outputs, EPSILON, 1 - EPSILON)


def _shortfall(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    return tf.maximum(1 - (2 * targets - 1) * outputs, 0)


def _of_length_1(vectors: tf.Tensor) -> tf.Tensor:
    return tf.nn.l2_normalize(vectors, axis=1, epsilon=EPSILON**2)
