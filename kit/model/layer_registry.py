"""The layers of a graph, in order: each layer enters itself, and tables and histograms read them."""

from dataclasses import dataclass

import kit.tensorflow1 as tf
from kit.cli import console

_COLLECTION = ("j_layers",)  # no str: a SavedModel would take the layers for nodes, and could not be loaded


@dataclass(frozen=True)
class Layer:
    """A layer in the graph."""

    name: str  # its scope
    kind: str  # "conv", "fc", ...
    output: object  # the tensor that comes out


def register_layer(layer):
    """Adds a layer to the list of the default graph."""
    tf.add_to_collection(_COLLECTION, layer)


def layers_of(graph):
    """The layers of a tf.Graph, in the order they were built: a list of Layer."""
    return graph.get_collection(_COLLECTION)


def say_layers(graph):
    """Prints a network's layers: name, kind, output shape, trainable parameters."""
    variables = graph.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES)
    rows = []
    for layer in layers_of(graph):
        own = [variable for variable in variables if variable.op.name.rpartition("/")[0] == layer.name]
        shape = ["B" if size is None else str(size) for size in layer.output.shape.as_list()]
        rows.append([layer.name, layer.kind, f"[{', '.join(shape)}]", _count(own)])
    rows.append(["total", "", "", _count(variables)])
    console.say_table(["layer", "kind", "output", "parameters"], rows)


def _count(variables):
    return sum(variable.shape.num_elements() for variable in variables)
