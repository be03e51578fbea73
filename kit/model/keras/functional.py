"""Functional models: which layer is called on what, as Keras 1 and 2 (lists) and Keras 3 (objects) write it."""

from __future__ import annotations

from typing import Any

from kit.cli.console import listed
from kit.cli.errors import UserError
from kit.model.keras.classes import MODELS
from kit.model.keras.structure import INPUT, Call, Source, name_of

PLAIN = (None, [], {})  # values of arguments of a call that change nothing
KERAS_TENSOR = "__keras_tensor__"  # Keras 3's class of what a layer is called on
ONE_INPUT = "Give it one input: put the columns of all of them into one table, or cut the model to one of them."
ONE_OUTPUT = "Write the file with one output: keras.Model(model.input, model.outputs[0]).to_json()."


def calls_of(config: dict, where: str) -> tuple[dict[str, tuple[Call, ...]], Source, str]:
    """What each layer of a functional model is called on.

    Args:
      config: of the model: layers, each with its inbound_nodes, input_layers, output_layers.
      where: the file's path, for errors.
    Returns:
      (calls, output, input): {layer's name: its calls} without the InputLayer; the network's output; and the name of
      its InputLayer.
    Raises:
      UserError: there are several inputs or outputs, or what a layer is called on can't be found, or is its own output.
    """
    layers = {name_of(layer, where): layer for layer in config["layers"]}
    if "" in layers:
        raise UserError(
            f"{where}: this file is damaged: a layer of the class {layers['']['class_name']} has no name, by which "
            "other layers name it."
        )
    if len(layers) != len(config["layers"]):
        raise UserError(f"{where}: two layers have the same name. Give each its own.")
    inputs = _sources(config.get("input_layers")) or [(name, 0) for name in layers if not _nodes(layers[name])]
    outputs = _sources(config.get("output_layers"))
    if len(inputs) != 1:
        raise UserError(
            f"{where}: this functional model has {len(inputs)} inputs: {listed([name for name, _ in inputs])}; only "
            f"one is supported.\n  {ONE_INPUT}"
        )
    if len(outputs) != 1:
        raise UserError(
            f"{where}: this functional model has {len(outputs) or 'no'} outputs: "
            f"{listed([name for name, _ in outputs]) or 'none is named'}; expected one.\n  {ONE_OUTPUT}"
        )
    start, output = inputs[0][0], outputs[0]
    calls = {name: _calls(name, layer, start, where) for name, layer in layers.items() if name != start}
    calls, output = _numbered_from_0(calls, output, layers)
    wanted = _wanted(output, calls, start, where)
    calls = {name: each for name, each in calls.items() if name in wanted}
    _check_no_loop(calls, where)
    return calls, _seen_from(output, start), start


def _calls(name: str, layer: dict, start: str, where: str) -> tuple[Call, ...]:
    return tuple(_call(name, node, start, where) for node in _nodes(layer))


def _call(name: str, node: Any, start: str, where: str) -> Call:
    """A call of a layer, from one of its inbound nodes."""
    tensors, options = _parts(node)
    sources = [_seen_from((str(tensor[0]), tensor[1]), start) for tensor in tensors if _is_source(tensor)]
    if not sources or len(sources) != len(tensors):
        raise UserError(f"{where}: this file is damaged: it doesn't say what the layer '{name}' is called on.")
    if any(len(tensor) > 2 and tensor[2] != 0 for tensor in tensors):
        raise UserError(
            f"{where}: the layer '{name}' is called on a second output of {sources[0][0]!r}, which is not supported.\n"
            "  Build the model from layers with one output each."
        )
    is_training = options.pop("training", None)
    options = {option: value for option, value in options.items() if option != "mask" and value not in PLAIN}
    if is_training not in (None, False, 0):
        options["training"] = is_training
    if options:
        option, value = next(iter(options.items()))
        raise UserError(
            f"{where}: the layer '{name}' is called with {option}={value!r}, which is not supported.\n"
            "  Leave this out where the model is built, and write the file again."
        )
    return Call(tuple(sources), None if is_training is None else False)


def _numbered_from_0(
    calls: dict[str, tuple[Call, ...]], output: Source, layers: dict[str, dict]
) -> tuple[dict[str, tuple[Call, ...]], Source]:
    """Keras counts the calls of a model within the model from 1: its call 0 is on its own InputLayer."""
    used = [output, *(source for each in calls.values() for call in each for source in call.sources)]
    shifts = {name: 0 for name in calls}
    for name, number in used:
        if name in calls and layers[name].get("class_name") in MODELS:
            shifts[name] = max(shifts[name], number - len(calls[name]) + 1)

    def shifted(source: Source) -> Source:
        return source[0], max(source[1] - shifts.get(source[0], 0), 0)

    return {
        name: tuple(Call(tuple(map(shifted, call.sources)), call.is_training) for call in each)
        for name, each in calls.items()
    }, shifted(output)


def _wanted(output: Source, calls: dict[str, tuple[Call, ...]], start: str, where: str) -> set[str]:
    """The layers that the output is computed from."""
    wanted, waiting = set(), [output]
    while waiting:
        name, number = waiting.pop()
        if name in ("", start) or name in wanted:
            continue
        if number >= len(calls.get(name, ())):
            raise UserError(f"{where}: this file is damaged: the layer '{name}' or its call is missing.")
        wanted.add(name)
        waiting += [source for call in calls[name] for source in call.sources]
    return wanted


def _check_no_loop(calls: dict[str, tuple[Call, ...]], where: str) -> None:
    """Checks that each call is on what comes before it."""
    known = {INPUT}
    waiting = {(name, number): set(call.sources) for name, each in calls.items() for number, call in enumerate(each)}
    while ready := [source for source, needed in waiting.items() if needed <= known]:
        known.update(ready)
        waiting = {source: needed for source, needed in waiting.items() if source not in known}
    if waiting:
        names = listed(list(dict.fromkeys(name for name, _ in waiting)))
        raise UserError(f"{where}: this file is damaged: layers are called in a loop, on their own output: {names}.")


def _parts(node: Any) -> tuple[list, dict]:
    """(what a layer is called on: [layer's name, call, ...] each, its other arguments)."""
    if isinstance(node, dict):  # of Keras 3
        kwargs = node.get("kwargs")
        kwargs = kwargs if isinstance(kwargs, dict) else {}
        return _tensors_in(node.get("args")), {name: _tensors_in(value) or value for name, value in kwargs.items()}
    if isinstance(node, list) and node and isinstance(node[0], str):  # Keras 2, a single tensor
        node = [node]
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


def _sources(ends: Any) -> list[Source]:
    """What input_layers or output_layers name: [name, call, 0], a list or a dict of these."""
    if isinstance(ends, dict):
        ends = list(ends.values())
    if not isinstance(ends, list):
        return []
    if _is_source(ends):
        return [(ends[0], ends[1])]
    return [source for each in ends for source in _sources(each)]


def _is_source(value: Any) -> bool:
    is_pair = isinstance(value, list) and len(value) > 1
    return is_pair and isinstance(value[0], str) and isinstance(value[1], int) and value[1] >= 0


def _seen_from(source: Source, start: str) -> Source:
    return INPUT if source[0] == start else source


def _nodes(layer: dict) -> list:
    nodes = layer.get("inbound_nodes")
    return nodes if isinstance(nodes, list) else []
