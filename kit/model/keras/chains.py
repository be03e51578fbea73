"""Functional models of Keras that are a plain chain: their layers in order, as a Sequential model has them."""

from __future__ import annotations

from typing import Any

from kit.cli.console import listed
from kit.cli.errors import UserError

WAY_OUT = (
    "Only a chain is supported, each layer on the one before. Build it as keras.Sequential, without the layers beside\n"
    "  the chain; or write the network in dlho2018_nns.py."
)
PLAIN = {"training": (None, False), "mask": (None,)}  # arguments of a layer's call that change nothing
KERAS_TENSOR = "__keras_tensor__"  # Keras 3's class of what a layer is called on


def layers_in_order(config: dict, where: str) -> list[dict]:
    """The layers of a functional model, from its input to its output.

    Args:
      config: of the model: layers, each with its inbound_nodes, input_layers, output_layers; of Keras 2 or Keras 3.
      where: the file's path, for errors.
    Returns:
      The layers' JSON objects, the InputLayer first.
    Raises:
      UserError: the model isn't a chain; it names the layer at which it branches, joins or is used again.
    """
    layers = {_name(layer): layer for layer in config["layers"]}
    before = {name: _layer_before(name, layer, where) for name, layer in layers.items()}
    inputs = [name for name, other in before.items() if other is None]
    if len(inputs) != 1 or len(layers) != len(config["layers"]):
        raise _no_chain(where, f"it has {len(inputs)} inputs: {listed(inputs)}")
    chain, name = inputs, inputs[0]
    while following := [other for other in before if before[other] == name]:
        if len(following) > 1:
            raise _no_chain(where, f"it branches after the layer '{name}', into {listed(following)}")
        name = following[0]
        chain.append(name)
    outputs = _names_of(config.get("output_layers"))
    if outputs != [name]:
        raise _no_chain(
            where, f"its outputs are those of {listed(outputs) or 'no layer'}, expected of the last, '{name}'"
        )
    if len(chain) != len(layers):
        beside = [name for name in layers if name not in chain]
        raise _no_chain(where, f"these layers are not connected with its input: {listed(beside)}")
    return [layers[name] for name in chain]


def _layer_before(name: str, layer: dict, where: str) -> str | None:
    """The name of the layer on which this one is called; None of an InputLayer."""
    nodes = layer.get("inbound_nodes") or []
    if not nodes:
        return None
    if len(nodes) > 1:
        raise _no_chain(where, f"the layer '{name}' is used {len(nodes)} times")
    tensors, options = _call(nodes[0])
    names = [str(tensor[0]) for tensor in tensors]
    if len(names) != 1:
        raise _no_chain(where, f"the layer '{name}' joins {listed(names) or 'no tensors of layers'}")
    is_old = isinstance(nodes[0], list)
    for option, value in options.items():
        plain = PLAIN.get(option, ())[
            : 1 if is_old else None
        ]  # Keras 2 writes training=False only where it was asked for
        if not any(value is each for each in plain):
            raise UserError(
                f"{where}: the layer '{name}' is called with {option}={value!r}, which is not supported.\n"
                "  Leave this out where the model is built, and write the file again."
            )
    return names[0]


def _call(node: Any) -> tuple[list, dict]:
    """(what a layer is called on: [layer's name, ...] each, its other arguments); of Keras 3, or of Keras 1 and 2."""
    if isinstance(node, dict):
        return _tensors_in(node.get("args")), {
            name: _tensors_in(value) or value for name, value in (node.get("kwargs") or {}).items()
        }
    tensors = node if isinstance(node, list) and all(isinstance(each, list) and each for each in node) else []
    options = [each[3] for each in tensors if len(each) > 3 and isinstance(each[3], dict)]
    return tensors, {name: value for each in options for name, value in each.items()}


def _tensors_in(value: Any) -> list:
    """The keras_history of every tensor of Keras 3's JSON in a value."""
    if isinstance(value, list):
        return [tensor for each in value for tensor in _tensors_in(each)]
    if not isinstance(value, dict):
        return []
    config = value.get("config")
    if value.get("class_name") == KERAS_TENSOR and isinstance(config, dict) and config.get("keras_history"):
        return [config["keras_history"]]
    return [tensor for each in value.values() for tensor in _tensors_in(each)]


def _names_of(ends: Any) -> list[str]:
    """The layers that input_layers or output_layers names: [name, 0, 0], a list or a dict of these."""
    if isinstance(ends, dict):
        ends = list(ends.values())
    if not isinstance(ends, list):
        return []
    return [ends[0]] if ends and isinstance(ends[0], str) else [name for each in ends for name in _names_of(each)]


def _name(layer: dict) -> str:
    return str(layer.get("name") or layer["config"].get("name"))


def _no_chain(where: str, found: str) -> UserError:
    return UserError(f"{where}: this functional model is no plain chain of layers: {found}.\n  {WAY_OUT}")
