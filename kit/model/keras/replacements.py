"""What the kit computes itself in layers of tf_keras: random numbers, batch normalisation, lookups, convolutions.

tf_keras makes the variables, their initialisers and penalties. Replaced is only what would break a promise of the kit:
an exact resume, micro-batches, a clear error; or what TensorFlow has no operation for on a CPU.
"""

from __future__ import annotations

import functools
from typing import Any

import kit.tensorflow1 as tf
from kit.model.batch_norm import batch_norm
from kit.model.dropout import layer_seed, seed_of_step

ROUNDING = 1e-3  # how far from a whole number an index may be


@functools.cache
def random_generator() -> type:
    """A class in place of tf_keras's RandomGenerator, whose random state no checkpoint holds.

    Its numbers depend only on the graph's seed, the layer's seed and name, how often the layer has drawn, and the
    global step: so a resumed training drops what it would have dropped.
    """
    from tf_keras.src import backend

    class ResumableGenerator(backend.RandomGenerator):
        def __init__(self, seed: int | None, name: str) -> None:
            super().__init__(seed=seed, rng_type="stateless")
            self._layer_seed = layer_seed(name) + (seed or 0)
            self._draws = 0

        def make_seed_for_stateless_op(self) -> tf.Tensor:
            seed = self._layer_seed + 2**48 * self._draws
            self._draws += 1
            return seed_of_step(seed, tf.cast(tf.train.get_or_create_global_step(), tf.int64))

        def dropout(self, inputs: tf.Tensor, rate: float, noise_shape: Any = None) -> tf.Tensor:
            if rate == 1:  # which TensorFlow's refuses
                return tf.zeros_like(inputs)
            return super().dropout(inputs, rate, noise_shape)

        def make_legacy_seed(self) -> None:
            raise NotImplementedError("a hidden random state")

    return ResumableGenerator


@functools.cache
def custom_objects() -> dict[str, Any]:
    """{class name: class}, in place of tf_keras's own."""
    import tf_keras

    class BatchNormalization(tf_keras.layers.BatchNormalization):
        """kit.model.batch_norm's, for any axis."""

        def call(self, inputs: tf.Tensor, training: tf.Tensor | bool | None = None, mask: Any = None) -> tf.Tensor:
            rank: int = inputs.shape.ndims
            axes = [axis % rank for axis in list(self.axis)]  # pyright: ignore[reportArgumentType]
            if len(axes) != 1:
                raise ValueError(f"axis={self.axis}, expected one axis")
            training = False if training is None else training
            order = [axis for axis in range(rank) if axis != axes[0]] + axes  # the channels last
            is_last = order == list(range(rank))
            outputs = batch_norm(
                inputs if is_last else tf.transpose(inputs, order),
                tf.convert_to_tensor(training),
                self.moving_mean,
                self.moving_variance,
                self.beta,
                self.gamma,
                self.momentum,
                self.epsilon,
                self.trainable and training is not False,
            )
            return outputs if is_last else tf.transpose(outputs, [order.index(axis) for axis in range(rank)])

    class Embedding(tf_keras.layers.Embedding):
        """Refuses what is no index, and has a dense gradient, which every optimiser and constraint takes."""

        def call(self, inputs: tf.Tensor) -> tf.Tensor:
            rows = self.input_dim
            indices = tf.cast(tf.round(inputs), tf.int32)
            is_whole = tf.abs(tf.cast(inputs, tf.float32) - tf.cast(indices, tf.float32)) < ROUNDING
            is_index = is_whole & (indices >= 0) & (indices < rows)
            text = f"layer {self.name} (Embedding) takes whole numbers from 0 to {rows - 1}, found"
            found = tf.boolean_mask(inputs, ~is_index)
            with tf.control_dependencies([tf.Assert(tf.reduce_all(is_index), [text, found], summarize=3)]):
                indices = tf.identity(indices)
            return tf.gather(self.embeddings * 1.0, indices)  # the product's gradient is dense

    class OrthogonalRegularizer(tf_keras.regularizers.OrthogonalRegularizer):
        """The same penalty; tf_keras's stumbles over TensorFlow 1's sizes."""

        def __call__(self, inputs: tf.Tensor) -> tf.Tensor:
            rows = tf.math.l2_normalize(inputs if self.mode == "rows" else tf.transpose(inputs), axis=1)
            count = rows.shape.as_list()[0]
            alike = tf.reduce_sum(tf.abs(tf.matmul(rows, rows, transpose_b=True) * (1.0 - tf.eye(count))))
            return self.factor * 0.5 * alike / max(count * (count - 1.0) / 2.0, 1.0)

    replaced = (BatchNormalization, Embedding, OrthogonalRegularizer)
    return {each.__name__: each for each in replaced}


def computed_here(layer: Any) -> None:
    """Replaces a convolution that TensorFlow can't do, or can't learn, on a CPU: in groups, or dilated.

    Args:
      layer: of tf_keras, a Conv1D to Conv3D, not transposed.
    """
    if layer.groups == 1 and max(layer.dilation_rate) == 1:
        return
    padding = "SAME" if layer.padding == "same" else "VALID"  # a causal one: tf_keras pads before
    strides, rates, groups = layer.strides, layer.dilation_rate, layer.groups

    def convolution(inputs: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
        split = zip(tf.split(inputs, groups, axis=-1), tf.split(kernel, groups, axis=-1))
        return tf.concat([one(images, part) for images, part in split], axis=-1)

    def one(images: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
        def plain(values: tf.Tensor, _: Any, padding: str) -> tf.Tensor:
            return tf.nn.convolution(values, kernel, padding, strides)

        if max(rates) == 1:
            return plain(images, None, padding)
        sizes = kernel.shape.as_list()[:-2]
        return tf.nn.with_space_to_batch(images, rates, padding, plain, filter_shape=sizes)

    layer.convolution_op = convolution
