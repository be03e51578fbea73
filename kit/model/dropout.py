"""Dropout without a hidden random state, so that a resumed training drops the same values."""

from __future__ import annotations

from collections.abc import Sequence

import kit.tensorflow1 as tf
from kit.model.micro_batches import number_of_micro_batch
from kit.model.seeds import seed_of


def dropout(
    inputs: tf.Tensor,
    rate: float,
    is_training: tf.Tensor,
    name: str,
    step: tf.Tensor,
    seed: int = 0,
    noise_shape: Sequence[int | None] | None = None,
) -> tf.Tensor:
    """In training, sets a random share of the values to 0 and scales up the others; otherwise changes nothing.

    Which values are dropped depends only on the graph's seed (tf.set_random_seed), `seed`, the name and the step.
    Srivastava et al., 2014, https://jmlr.org/papers/v15/srivastava14a.html

    Args:
      inputs: float32 [B, ...].
      rate: the share to drop, 0 to 1.
      is_training: bool [].
      name: the layer's name; each layer drops different values.
      step: int64 [], the global step; each step drops different values.
      seed: each seed drops different values.
      noise_shape: the shape of the mask, None for a size of the inputs; along a size of 1 values are dropped
        together. By default the shape of the inputs.
    Returns:
      float32, the shape of inputs.
    """
    layer_seed = (tf.get_default_graph().seed or 0) + seed + seed_of(name)

    def dropped() -> tf.Tensor:
        shape = tf.shape(inputs)
        if noise_shape is not None:
            shape = tf.stack([shape[i] if size is None else size for i, size in enumerate(noise_shape)])
        own_seed = tf.convert_to_tensor(layer_seed + 2**32 * number_of_micro_batch(), tf.int64)
        chance = tf.random.stateless_uniform(shape, seed=tf.stack([own_seed, step]))
        kept_share = (1 - rate) or 1.0  # at rate 1 nothing is kept; don't divide by 0
        return tf.where_v2(chance >= rate, inputs / kept_share, 0.0)

    outputs = tf.cond(is_training, dropped, lambda: tf.identity(inputs))
    outputs.set_shape(inputs.shape)
    return outputs
