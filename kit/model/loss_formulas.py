"""The losses' formulas, as Keras has them.

Each takes targets and outputs of the same shape, float32 [B, K], and gives float32 [B]: a number for each example.
Those of labels take int64 [B] for targets; those of logits take what goes into the network's last activation.
"""

import kit.tensorflow1 as tf

EPSILON = 1e-7  # Keras's: it keeps logarithms and quotients finite


def softmax_of_labels(labels, logits):
    """-log(the probability that softmax gives the label)."""
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)


def softmax_of_logits(targets, logits):
    """The same, of one-hot targets."""
    return tf.nn.softmax_cross_entropy_with_logits_v2(labels=targets, logits=logits)


def sigmoid_of_logits(targets, logits):
    """Each output a yes-or-no question of its own: the mean of their cross-entropies."""
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=targets, logits=logits), axis=1)


def binary_crossentropy(targets, outputs):
    """The same, of outputs that are probabilities."""
    outputs = _open_interval(outputs)
    return -tf.reduce_mean(targets * tf.log(outputs) + (1 - targets) * tf.log(1 - outputs), axis=1)


def categorical_crossentropy(targets, outputs):
    """-log(the share that the label's output has in the sum of all)."""
    shares = _open_interval(outputs / tf.reduce_sum(outputs, axis=1, keepdims=True))
    return -tf.reduce_sum(targets * tf.log(shares), axis=1)


def sparse_categorical_crossentropy(labels, outputs):
    """The same, of labels; here the outputs are cut off before their shares are taken."""
    return softmax_of_labels(labels, tf.log(_open_interval(outputs)))


def mean_squared_error(targets, outputs):
    return tf.reduce_mean(tf.square(targets - outputs), axis=1)


def mean_absolute_error(targets, outputs):
    return tf.reduce_mean(tf.abs(targets - outputs), axis=1)


def mean_absolute_percentage_error(targets, outputs):
    """100 * |error / target|: made for targets far from 0."""
    return 100 * tf.reduce_mean(tf.abs((targets - outputs) / tf.maximum(tf.abs(targets), EPSILON)), axis=1)


def mean_squared_logarithmic_error(targets, outputs):
    """The square of log((1 + target) / (1 + output)); below 0 both count as 0."""
    targets, outputs = tf.maximum(targets, EPSILON), tf.maximum(outputs, EPSILON)
    return tf.reduce_mean(tf.square(tf.log(outputs + 1) - tf.log(targets + 1)), axis=1)


def log_cosh(targets, outputs):
    """log(cosh(error)): half its square near 0, its absolute value less log 2 far out."""
    errors = outputs - targets
    return tf.reduce_mean(errors + tf.nn.softplus(-2 * errors) - tf.log(2.0), axis=1)


def poisson(targets, outputs):
    """-log likelihood of counts, the targets, of which the outputs are the means; without its constant."""
    return tf.reduce_mean(outputs - targets * tf.log(outputs + EPSILON), axis=1)


def hinge(targets, outputs):
    """How far each output falls short of 1 on its target's side of 0; targets 0 and 1 stand for -1 and 1."""
    return tf.reduce_mean(_shortfall(targets, outputs), axis=1)


def squared_hinge(targets, outputs):
    return tf.reduce_mean(tf.square(_shortfall(targets, outputs)), axis=1)


def categorical_hinge(targets, outputs):
    """How far the label's output falls short of being 1 above the largest other, or 0 if that is larger."""
    of_label = tf.reduce_sum(targets * outputs, axis=1)
    largest_other = tf.reduce_max((1 - targets) * outputs, axis=1)
    return tf.maximum(largest_other - of_label + 1, 0)


def kl_divergence(targets, outputs):
    """The sum of target * log(target / output), both kept within [1e-7, 1]."""
    targets, outputs = tf.clip_by_value(targets, EPSILON, 1), tf.clip_by_value(outputs, EPSILON, 1)
    return tf.reduce_sum(targets * tf.log(targets / outputs), axis=1)


def cosine_similarity(targets, outputs):
    """Minus the cosine of the angle between targets and outputs: -1 where they point the same way."""
    return -tf.reduce_sum(_of_length_1(targets) * _of_length_1(outputs), axis=1)


def _open_interval(outputs):
    """Within (0, 1), where log(p) and log(1 - p) are finite."""
    return tf.clip_by_value(outputs, EPSILON, 1 - EPSILON)


def _shortfall(targets, outputs):
    return tf.maximum(1 - (2 * targets - 1) * outputs, 0)


def _of_length_1(vectors):
    return tf.nn.l2_normalize(vectors, axis=1, epsilon=EPSILON**2)
