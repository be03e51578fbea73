"""A network's first layer, found in the graph: where a table's columns meet their weights.

TensorFlow 1 can feed any tensor, not only placeholders. Who feeds the first layer's sums, columns @ weights, asks the
network what follows from them without multiplying all columns again.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import kit.tensorflow1 as tf

LINEAR = {"Identity", "Reshape", "Add", "AddV2", "BiasAdd", "ConcatV2"}  # types of operations
ONLY_SHAPES = {"Shape", "ZerosLike", "OnesLike"}  # their outputs don't depend on the values of their inputs


class FirstLayer(NamedTuple):
    """A fully connected first layer, up to its sums."""

    columns: tf.Tensor  # float32 [B, columns], what the layer is given for them
    weights: tf.Tensor  # float32 [columns, units]
    sums: tf.Tensor  # float32 [B, units]: columns @ weights. All that the outputs know of the inputs


def first_layer(inputs: tf.Tensor, outputs: tf.Tensor) -> FirstLayer | None:
    """Finds the fully connected layer that a table's columns go through.

    What lies before it, such as scaling, may be anything that is made of the inputs.

    Args:
      inputs: the placeholder of a batch: float32 [B, columns].
      outputs: of the network: float32 [B, ...].
    Returns:
      FirstLayer; None if the network begins otherwise, with a convolution for example.
    """
    for operation in sorted(_between(inputs, outputs), key=lambda each: each.name):
        if operation.type != "MatMul" or operation.get_attr("transpose_a") or operation.get_attr("transpose_b"):
            continue
        (columns, weights), sums = operation.inputs, operation.outputs[0]
        is_whole = inputs not in _known_to(outputs, {sums}) and inputs in _known_to(columns)
        if is_whole and columns.shape[1].value == inputs.shape[1].value and not _has_layer(inputs, columns):
            return FirstLayer(columns, weights, sums)
    return None


def is_only_layer(layer: FirstLayer, logits: tf.Tensor) -> bool:
    """Whether the logits are the layer's sums and constants, so that its weights say what each column adds."""
    return {operation.type for operation in _between(layer.sums, logits)} <= LINEAR


def _has_layer(start: tf.Tensor, end: tf.Tensor) -> bool:
    return any(operation.type == "MatMul" for operation in _between(start, end))


def _between(start: tf.Tensor, end: tf.Tensor) -> set[tf.Operation]:
    """The operations that make `end` of the values of `start`."""
    behind, found, waiting = _known_to(end), set(), [start]
    while waiting:
        for operation in waiting.pop().consumers():
            is_on_the_way = any(output in behind for output in operation.outputs)
            if is_on_the_way and operation not in found and operation.type not in ONLY_SHAPES:
                found.add(operation)
                waiting += operation.outputs
    return found


def _known_to(end: tf.Tensor, fed: Collection[tf.Tensor] = ()) -> set[tf.Tensor]:
    """The tensors whose values `end` is made of, itself among them, if those in `fed` are fed."""
    found, waiting = set(), [end]
    while waiting:
        tensor = waiting.pop()
        if tensor not in found and tensor not in fed:
            found.add(tensor)
            waiting += [] if tensor.op.type in ONLY_SHAPES else tensor.op.inputs
    return found
