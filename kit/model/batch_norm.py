"""Batch normalisation, for the j_ layers and for Keras's. The layer makes the variables."""

from __future__ import annotations

import kit.tensorflow1 as tf
from kit.model.micro_batches import mean_of_batch


def batch_norm(
    inputs: tf.Tensor,
    is_training: tf.Tensor,
    moving_mean: tf.Variable,
    moving_variance: tf.Variable,
    shift: tf.Variable | None,
    scale: tf.Variable | None,
    momentum: float,
    epsilon: float,
    trainable: bool = True,
) -> tf.Tensor:
    """Normalises each channel to mean 0 and variance 1, then scales and shifts it.

    In training the mean and variance are the batch's, and the moving averages follow them. Otherwise they are the
    moving averages. The operations that update the averages are in tf.GraphKeys.UPDATE_OPS: train_op must depend on
    them.
    Ioffe and Szegedy, 2015, https://arxiv.org/abs/1502.03167

    Args:
      inputs: float32 [B, ..., C].
      is_training: bool [].
      moving_mean: float32 [C], not trainable.
      moving_variance: float32 [C], not trainable.
      shift: float32 [C], Keras's beta; None for no shift.
      scale: float32 [C], Keras's gamma; None for no scaling.
      momentum: the share of a moving average that stays at each step, 0 to 1.
      epsilon: added to the variance, to avoid dividing by 0.
      trainable: False for a frozen layer: in training, too, it uses the moving averages, and they stay as they are.
    Returns:
      float32, the shape of inputs.
    """
    if not trainable:
        return tf.nn.batch_normalization(inputs, moving_mean, moving_variance, shift, scale, epsilon)
    batch_axes = list(range(inputs.shape.ndims - 1))  # all but the channels
    mean, variance = tf.cond(
        is_training,
        lambda: tuple(tf.nn.moments(inputs, batch_axes)),
        lambda: (tf.identity(moving_mean), tf.identity(moving_variance)),
    )
    mean_of_batch(mean, lambda value: _follow(moving_mean, value, momentum))
    mean_of_batch(variance, lambda value: _follow(moving_variance, value, momentum))
    return tf.nn.batch_normalization(inputs, mean, variance, shift, scale, epsilon)


def _follow(average: tf.Variable, value: tf.Tensor, momentum: float) -> None:
    update = tf.assign_sub(average, (1 - momentum) * (average - value))
    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, update)
