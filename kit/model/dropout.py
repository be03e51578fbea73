"""Dropout without a hidden state: a training that was resumed drops what it would have dropped."""

import kit.tensorflow1 as tf
from kit.model.seeds import seed_of


def drop(inputs, rate, is_training, name, step, seed=0, noise_shape=None):
    """In training, sets a random share of the values to 0 and scales up the others; else does nothing.

    What is dropped depends on the graph's seed (tf.set_random_seed), `seed`, the name and the step alone.
    Srivastava et al., 2014, https://jmlr.org/papers/v15/srivastava14a.html

    Args:
      inputs: float32 [B, ...].
      rate: the share to drop, 0 to 1.
      is_training: bool [].
      name: the layer's, so that each layer drops others.
      step: int64 [], the global step, so that each step drops others.
      seed: int, another seed drops others.
      noise_shape: the mask's sizes, None for the inputs' own; along a size of 1, values are dropped together.
    Returns:
      float32, the shape of inputs.
    """
    layer_seed = (tf.get_default_graph().seed or 0) + seed + seed_of(name)

    def dropped():
        shape = tf.shape(inputs)
        if noise_shape is not None:
            shape = tf.stack([shape[i] if size is None else size for i, size in enumerate(noise_shape)])
        chance = tf.random.stateless_uniform(shape, seed=tf.stack([tf.constant(layer_seed, tf.int64), step]))
        kept_share = (1 - rate) or 1.0  # where all is dropped, nothing is divided
        return tf.where_v2(chance >= rate, inputs / kept_share, 0.0)

    outputs = tf.cond(is_training, dropped, lambda: tf.identity(inputs))
    outputs.set_shape(inputs.shape)
    return outputs
