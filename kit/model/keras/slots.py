"""Where Keras's files keep a network's variables: by layer, in an order that depends on the layout and the version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model.keras.classes import snake_case
from kit.model.keras.network import Builder, BuiltLayer
from kit.model.keras.structure import Architecture, wrapped

WITH_KERNEL_OF_THEANO = ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose")
T = TypeVar("T")


@dataclass(frozen=True)
class Slot:
    """Variables that a file keeps together: those of a layer of tf_keras."""

    path: str  # in Keras 3's layout
    variables: list[str]  # their names, in order
    layer: Any  # of tf_keras
    data_format: str | None = None  # as the architecture says it

    def converted(self, arrays: list[np.ndarray], version: str, backend: str) -> list[np.ndarray]:
        """A file's values in the order of tf_keras's variables.

        Args:
          arrays: the values, in the file's order.
          version: "1", "2" or "3", of Keras; "" if it isn't known.
          backend: of Keras, "" if it isn't known.
        Returns:
          The values; as they are, if they can't be converted.
        Raises:
          UserError: nothing says whether kernels are mirrored, as Theano had them.
        """
        from tf_keras.src.saving.legacy import hdf5_format

        is_convolution = type(self.layer).__name__ in WITH_KERNEL_OF_THEANO
        if version == "1" and not backend and is_convolution and self.data_format == "channels_first":
            raise UserError(
                f"The weights of layer '{self.layer.name}' were written by Keras 1 with dim_ordering 'th'; nothing\n"
                "says whether by Theano, which mirrors kernels.\n"
                "  Load them with Keras 2 on TensorFlow, model.load_weights, and write them again, model.save_weights."
            )
        before = getattr(self.layer, "data_format", None)
        try:
            if is_convolution and self.data_format:
                self.layer.data_format = self.data_format
            found = hdf5_format.preprocess_weights_for_loading(self.layer, list(arrays), version, backend)
        except (AssertionError, ValueError, IndexError, AttributeError):
            return arrays
        finally:
            if is_convolution and self.data_format:
                self.layer.data_format = before
        arrays = [np.asarray(array, np.float32) for array in found]
        if backend == "theano" and is_convolution:  # a convolution proper, where TensorFlow correlates
            arrays[0] = np.flip(arrays[0], tuple(range(arrays[0].ndim - 2)))
        return arrays


@dataclass(frozen=True)
class Group:
    """A group of the legacy layout: a layer, or all layers of a network within the network."""

    name: str
    slots: list[tuple[Slot, int]] = field(default_factory=list)  # each with how many of its variables come early

    @property
    def variables(self) -> list[str]:
        """First what is trained, of all layers; then the rest."""
        early = [name for slot, count in self.slots for name in slot.variables[:count]]
        return early + [name for slot, count in self.slots for name in slot.variables[count:]]

    def split(self, items: list[T]) -> list[tuple[Slot, list[T]]]:
        """A file's items, in the order of `variables`, by layer."""
        if len(self.slots) == 1:
            return [(self.slots[0][0], items)]
        early = sum(count for _, count in self.slots)
        first, rest = iter(items[:early]), iter(items[early:])
        found = []
        for slot, count in self.slots:
            wanted = [*zip(range(count), first)], [*zip(range(len(slot.variables) - count), rest)]
            found.append((slot, [item for part in wanted for _, item in part]))
        return found


class BuiltNetwork:
    """A network that was built in a graph of its own, for the places of its variables."""

    def __init__(self, layers: tuple[BuiltLayer, ...]) -> None:
        self._layers = layers
        self.shapes = {
            variable.op.name: tuple(variable.shape.as_list())
            for layer in layers
            for variable in [*layer.trained, *layer.others]
        }

    def legacy_groups(self) -> list[Group]:
        """The layers with variables, in Keras's order."""
        groups = [Group(layer.config.name, list(_whole(layer))) for layer in self._layers]
        return [group for group in groups if group.variables]

    def slots(self) -> list[Slot]:
        """All places in Keras 3's layout that hold variables."""
        return [
            slot for path, layer in _folders(self._layers) if layer.layer is not None for slot in _slots(layer, path)
        ]

    def folders(self) -> list[tuple[str, str]]:
        """(path, layer's name) of every layer in Keras 3's layout."""
        return [(path, layer.config.name) for path, layer in _folders(self._layers)]


def built(architecture: Architecture) -> BuiltNetwork:
    """Builds a network in a graph of its own.

    Raises:
      UserError: the architecture's input shape isn't known, or its layers don't fit each other.
    """
    if architecture.input_shape is None:
        raise UserError(
            f"The architecture '{architecture.name}' doesn't say the shape of its inputs, on which its weights depend."
        )
    with tf.Graph().as_default():
        builder = Builder(architecture, tf.placeholder_with_default(False, []))
        builder(tf.placeholder(tf.float32, [None, *architecture.input_shape]))
        return BuiltNetwork(builder.layers)


def _whole(layer: BuiltLayer) -> Iterator[tuple[Slot, int]]:
    """A layer, or all those of a network within the network: (its variables, how many of them are trained)."""
    if layer.layer is None:
        for part in layer.parts:
            yield from _whole(part)
        return
    names = [variable.op.name for variable in [*layer.trained, *layer.others]]
    yield Slot("", names, layer.layer, layer.config.config.get("data_format")), len(layer.trained)


def _folders(layers: tuple[BuiltLayer, ...], within: str = "") -> Iterator[tuple[str, BuiltLayer]]:
    """(path, layer) in Keras 3's layout: dense, dense_1, ..., whatever the layers' names."""
    used: dict[str, int] = {}
    for layer in layers:
        path = f"{within}layers/{_next(snake_case(layer.config.class_name), used)}"
        yield path, layer
        if layer.config.class_name == "TimeDistributed":  # around a model: see kit.model.keras.reading
            inner = [BuiltLayer(wrapped(part.config), part.layer.layer) for part in layer.parts]
            yield from _folders(tuple(inner), f"{path}/layer/")
        else:
            yield from _folders(layer.parts, f"{path}/")


def _next(name: str, used: dict[str, int]) -> str:
    used[name] = used.get(name, -1) + 1
    return f"{name}_{used[name]}" if used[name] else name


def _slots(layer: BuiltLayer, path: str) -> Iterator[Slot]:
    data_format = layer.config.config.get("data_format")
    for inner_path, inner in _inner(layer.layer, path):
        names = [each.op.name for each in [*inner._trainable_weights, *inner._non_trainable_weights]]
        if names:
            yield Slot(inner_path, names, inner, data_format)


def _inner(layer: Any, path: str) -> Iterator[tuple[str, Any]]:
    """A layer and the layers in it, each with its path."""
    yield path, layer
    for name in ("forward_layer", "backward_layer", "cell", "layer"):
        inner = getattr(layer, name, None)
        if inner is not None and not (name == "layer" and hasattr(layer, "forward_layer")):
            yield from _inner(inner, f"{path}/{name}")
    used: dict[str, int] = {}
    for cell in getattr(layer, "cells", ()):
        yield from _inner(cell, f"{path}/cells/{_next(snake_case(type(cell).__name__), used)}")
