"""How much memory a network needs, before it runs: TensorFlow ends the process where it finds too little."""

from __future__ import annotations

import math

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import memory
from kit.data.interface import Data
from kit.data.pipeline import BATCHES_AHEAD
from kit.model.layer_registry import layers_of


def check_memory(graph: tf.Graph, data: Data, batch_size: int, is_training: bool = True) -> None:
    """Checks that the memory holds a network's variables and a batch on its way through it.

    Args:
      graph: of the network; in training, with its optimiser's variables.
      data: whose examples are fed.
      batch_size: examples in a batch.
      is_training: whether gradients are computed: then each layer's output is kept, and each weight has a gradient.
    Raises:
      UserError: there is less than the least that this takes.
    """
    variables = graph.get_collection(tf.GraphKeys.GLOBAL_VARIABLES)
    of_variables = sum(map(_size, variables))
    outputs = [_size(layer.output) for layer in layers_of(graph)]
    per_example = sum(outputs) if is_training else max(outputs, default=0)
    per_example += math.prod(data.shape) * ((1 + BATCHES_AHEAD) * np.dtype(data.dtype).itemsize + tf.float32.size)
    if is_training:
        of_variables += sum(map(_size, graph.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES)))
    of_batch = batch_size * per_example
    way_out = "Use a smaller --batch_size." if of_batch > of_variables else "Use a network with fewer parameters."
    memory.check(of_variables + of_batch, f"A step with {batch_size:,} {data.unit}", way_out)


def _size(tensor: tf.Tensor | tf.Variable) -> int:
    """Bytes of a variable, or of a tensor for one example; a size that isn't known counts as 1."""
    return math.prod(size or 1 for size in tensor.shape.as_list()) * tensor.dtype.base_dtype.size
