"""The list of a graph's layers: each layer adds itself, TensorBoard and the printed summary read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import kit.tensorflow1 as tf
from kit.cli import console

_COLLECTION = ("j_layers",)  # not a str: a SavedModel saves collections named by a str, and can't hold a Layer


@dataclass(frozen=True)
class Layer:
    """A layer in the graph."""

    name: str  # its variable scope
    kind: str  # "conv", "fc", ...
    output: tf.Tensor


def register_layer(layer: Layer) -> None:
    """Adds a layer to the list of the default graph."""
    tf.add_to_collection(_COLLECTION, layer)


def layers_of(graph: tf.Graph) -> list[Layer]:
    """The layers of a graph, in the order in which they were built."""
    return graph.get_collection(_COLLECTION)


def say_layers(graph: tf.Graph) -> None:
    """Prints a network's layers: name, kind, output shape, trainable parameters."""
    variables = graph.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES)
    rows = []
    for layer in layers_of(graph):
        own = [variable for variable in variables if variable.op.name.rpartition("/")[0] == layer.name]
        shape = ["B" if size is None else str(size) for size in layer.output.shape.as_list()]
        rows.append([layer.name, layer.kind, f"[{', '.join(shape)}]", _num_parameters(own)])
    rows.append(["total", "", "", _num_parameters(variables)])
    console.say_table(["layer", "kind", "output", "parameters"], rows)


def _num_parameters(variables: Iterable[tf.Variable]) -> int:
    return sum(variable.shape.num_elements() for variable in variables)
