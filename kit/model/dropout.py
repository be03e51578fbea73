"""Dropout without a hidden random state, so that a resumed training drops the same values."""

from __future__ import annotations

import kit.tensorflow1 as tf
from kit.model.micro_batches import number_of_micro_batch
from kit.model.seeds import seed_of


def layer_seed(name: str) -> int:
    """The seed of a layer's random numbers, of the graph's seed and the layer's name."""
    return (tf.get_default_graph().seed or 0) + seed_of(name)


def seed_of_step(seed: int, step: tf.Tensor) -> tf.Tensor:
    """The seed of one step, for tf.random.stateless_...: int64 [2]; each micro-batch has its own.

    Args:
      seed: of the layer.
      step: int64 [], the global step.
    """
    own = tf.convert_to_tensor(seed + 2**32 * number_of_micro_batch(), tf.int64)
    return tf.stack([own, step])


def dropout(
    inputs: tf.Tensor,
    rate: float,
    is_training: tf.Tensor,
    name: str,
    step: tf.Tensor,
) -> tf.Tensor:
    """In training, sets a random share of the values to 0 and scales up the others; otherwise changes nothing.

    Which values are dropped depends only on the graph's seed (tf.set_random_seed), the name and the step.
    Srivastava et al., 2014, https://jmlr.org/papers/v15/srivastava14a.html

    Args:
      inputs: float32 [B, ...].
      rate: the share to drop, 0 to 1.
      is_training: bool [].
      name: the layer's name; each layer drops different values.
      step: int64 [], the global step; each step drops different values.
    Returns:
      float32, the shape of inputs.
    """
    seed = layer_seed(name)

    def dropped() -> tf.Tensor:
        chance = tf.random.stateless_uniform(tf.shape(inputs), seed=seed_of_step(seed, step))
        kept_share = (1 - rate) or 1.0  # at rate 1 nothing is kept; don't divide by 0
        return tf.where_v2(chance >= rate, inputs / kept_share, 0.0)

    outputs = tf.cond(is_training, dropped, lambda: tf.identity(inputs))
    outputs.set_shape(inputs.shape)
    return outputs
