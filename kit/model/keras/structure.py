"""What an architecture is made of: layers, and what each is called on. The library builds it, see network.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from kit.cli.errors import UserError

MOST = 2**31 - 1  # units, pixels, ...: the largest int32, in which TensorFlow counts
Source = tuple[str, int]  # a layer's name, and which of its calls: 0 for the first
INPUT: Source = ("", 0)  # the network's input


class Call(NamedTuple):
    """A use of a layer. Only a shared layer has several."""

    sources: tuple[Source, ...]
    is_training: bool | None = None  # False: always as in evaluation, whatever is_training says


@dataclass(frozen=True)
class LayerConfig:
    """A layer: its class, its name, its options as tf_keras (Keras 2) reads them, and its calls."""

    class_name: str  # one of kit.model.keras.classes.LAYERS, or Sequential or Functional
    name: str
    config: dict
    calls: tuple[Call, ...] = (Call((INPUT,)),)
    network: Architecture | None = None  # of a network within the network


@dataclass(frozen=True)
class Architecture:
    """A network."""

    name: str
    input_shape: tuple | None  # of one example, without the batch size; None in it: any size
    layers: tuple[LayerConfig, ...]  # without Keras's InputLayer, in Keras's order
    output: Source

    @property
    def is_chain(self) -> bool:
        """Whether it is one layer after the other, each used once: what Keras calls Sequential."""
        before = INPUT
        for layer in self.layers:
            if layer.calls != (Call((before,)),):
                return False
            before = (layer.name, 0)
        return self.output == before

    def layer(self, name: str) -> LayerConfig | None:
        """The layer of this name."""
        return next((layer for layer in self.layers if layer.name == name), None)


def name_of(layer: dict, where: str) -> str:
    """The name in a layer's JSON, beside its config or in it; "" if it has none.

    Args:
      layer: the JSON.
      where: the file's path, for errors.
    Raises:
      UserError: the name is no text.
    """
    config = layer.get("config")
    name = layer.get("name") or (config.get("name") if isinstance(config, dict) else None)
    if name is not None and not isinstance(name, str):
        raise UserError(f"{where}: a layer's name is {name!r}, expected a text.")
    return name or ""


def chain(layers: list[LayerConfig]) -> tuple[LayerConfig, ...]:
    """The same layers, each called on the one before."""
    before, chained = INPUT, []
    for layer in layers:
        chained.append(LayerConfig(layer.class_name, layer.name, layer.config, (Call((before,)),), layer.network))
        before = (layer.name, 0)
    return tuple(chained)


def wrapped(layer: LayerConfig) -> LayerConfig:
    """The layer in a TimeDistributed, under the name of the one around it."""
    inner = layer.config["layer"]
    options = {option: value for option, value in inner["config"].items() if option != "name"}
    return LayerConfig(inner["class_name"], layer.name, options)
