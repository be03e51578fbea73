"""The filters of a network's layers, as tensors: how strongly each answers to an image, and where."""

from __future__ import annotations

from dataclasses import dataclass

import kit.tensorflow1 as tf
from kit.model.layer_registry import Layer, layers_of
from kit.model.receptive_field import ReceptiveField, receptive_field

FULLY_CONNECTED = ("fc", "Dense")  # kinds of layers; a neuron of theirs is a filter that sees the whole image


@dataclass(frozen=True)
class Filters:
    """The F filters of a layer, or its F neurons."""

    name: str  # of the layer
    is_convolution: bool
    strongest: tf.Tensor  # float32 [B, F], the largest value of each filter's map
    place: tf.Tensor  # int32 [B, F, 2], its row and column in the map
    middle: tf.Tensor  # float32 [B, F], the unit in the middle of the map, before a relu: where that is 0, it is flat
    middle_place: tuple[int, int]
    field: ReceptiveField  # of the units

    @property
    def count(self) -> int:
        return self.middle.shape[1].value

    @property
    def blurs(self) -> int:
        """How often the way to a picture that excites a filter is blurred over 3 x 3 pixels.

        Never, where a filter sees little more than that. Else twice: blurred once, the way may lead down.
        """
        return 0 if min(self.field.size) < 5 else 2

    @property
    def num_inputs(self) -> int:
        """How many numbers of an image a unit sees."""
        return 3 * self.field.size[0] * self.field.size[1]


def filters_of(graph: tf.Graph, images: tf.Tensor) -> list[Filters]:
    """The filters of each convolution that makes maps, and the neurons of each fully connected layer.

    Args:
      graph: of a network, whose layers are registered.
      images: float32 [B, H, W, 3], what the network was built on.
    """
    return [
        _filters(layer, images)
        for layer in layers_of(graph)
        if layer.makes_maps or (layer.kind in FULLY_CONNECTED and layer.output.shape.ndims == 2)
    ]


def last_hidden(graph: tf.Graph) -> Layer:
    """The layer before the last one, from whose outputs the logits are computed; of a single layer, that one."""
    return layers_of(graph)[-2:][0]


def _filters(layer: Layer, images: tf.Tensor) -> Filters:
    maps, flat = layer.output, _before_relu(layer.output)
    if not layer.makes_maps:
        maps, flat = maps[:, None, None, :], flat[:, None, None, :]  # [B, 1, 1, F]
    height, width, count = maps.shape.as_list()[1:]
    row, column = height // 2, width // 2
    values = tf.reshape(maps, [-1, height * width, count])
    at = tf.argmax(values, axis=1, output_type=tf.int32)  # [B, F]
    return Filters(
        name=layer.name,
        is_convolution=layer.makes_maps,
        strongest=tf.reduce_max(values, axis=1),
        place=tf.stack([at // width, at % width], axis=2),
        middle=flat[:, row, column, :],
        middle_place=(row, column),
        field=receptive_field(layer.output, images),
    )


def _before_relu(output):
    return output.op.inputs[0] if output.op.type == "Relu" else output
