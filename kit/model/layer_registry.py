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
    is_channels_first: bool = False  # an output of maps is [B, C, h, w]

    @property
    def makes_maps(self) -> bool:
        """Whether it is a convolution whose output is maps, [B, h, w, C]."""
        return "conv" in self.kind.lower() and self.output.shape.ndims == 4 and not self.is_channels_first


def register_layer(layer: Layer) -> None:
    """Adds a layer to the list of the default graph."""
    tf.add_to_collection(_COLLECTION, layer)


def layers_of(graph: tf.Graph) -> list[Layer]:
    """The layers of a graph, in the order in which they were built."""
    return graph.get_collection(_COLLECTION)


def scope_of(variable: tf.Variable) -> str:
    """The name of the layer that a variable is of: its scope, or that of the layer around it."""
    scope = variable.op.name.rpartition("/")[0]
    within = [layer.name for layer in layers_of(variable.graph) if f"{scope}/".startswith(f"{layer.name}/")]
    return max(within, key=len, default=scope)


def weights_of(graph: tf.Graph) -> list[tf.Variable]:
    """The weights of a graph: all that are trained, and those of frozen layers. Moving averages are none."""
    trained = graph.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES)
    names, layers = {variable.op.name for variable in trained}, {layer.name for layer in layers_of(graph)}
    variables = graph.get_collection(tf.GraphKeys.GLOBAL_VARIABLES)
    known = {variable.op.name for variable in variables}
    return [
        variable
        for variable in variables
        if variable.op.name in names
        or (
            scope_of(variable) in layers
            and "/moving_" not in variable.op.name
            and variable.op.name.rpartition("/")[0] not in known  # an optimiser's, of a variable: dense/kernel/Adam
        )
    ]


def say_layers(graph: tf.Graph) -> None:
    """Prints a network's layers: name, kind, output shape, parameters, and of those the trained, if some are frozen."""
    kinds = [weights_of(graph), graph.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES)]
    headings = ["layer", "kind", "output", "parameters", "trained"]
    if len(kinds[0]) == len(kinds[1]):
        del kinds[1], headings[-1]
    rows = []
    for layer in layers_of(graph):
        own = [[variable for variable in each if scope_of(variable) == layer.name] for each in kinds]
        shape = ["B" if size is None else str(size) for size in layer.output.shape.as_list()]
        rows.append([layer.name, layer.kind, f"[{', '.join(shape)}]", *map(_num_parameters, own)])
    rows.append(["total", "", "", *map(_num_parameters, kinds)])
    console.say_table(headings, rows)


def _num_parameters(variables: Iterable[tf.Variable]) -> int:
    return sum(variable.shape.num_elements() for variable in variables)
