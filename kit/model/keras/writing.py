"""Writes Keras's JSON, which keras.models.model_from_json loads, in Keras 3 and in Keras 2."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from kit.model.keras import classes
from kit.model.keras.structure import Architecture, LayerConfig, chain, wrapped
from kit.model.keras.translation import OLD_HARD_SIGMOID


def to_json(architecture: Architecture) -> str:
    """Writes Keras's JSON, which keras.models.model_from_json loads, in Keras 3 and in Keras 2."""
    text = json.dumps(_written(architecture), indent=2) + "\n"
    if OLD_HARD_SIGMOID in text:
        model = _written(architecture)
        text = json.dumps({**model, "keras_version": "2.15.0", "backend": "tensorflow"}, indent=2) + "\n"
    return text.replace(f'"{OLD_HARD_SIGMOID}"', '"hard_sigmoid"')


def _written(architecture: Architecture, kind: str = "Sequential") -> dict:
    names = [layer.name for layer in architecture.layers]
    start = next(name for name in ("input", "input_layer", "inputs_of_all_layers") if name not in names)
    shape = architecture.input_shape
    is_chain = architecture.is_chain and kind == "Sequential"
    layers = [_written_layer(layer, "" if is_chain else start) for layer in architecture.layers]
    if shape is not None or not is_chain:
        config = {"batch_input_shape": [None, *(shape or [None])], "sparse": False, "ragged": False}
        entry = _keras_object("keras.layers", "InputLayer", {"name": start, "dtype": "float32", **config})
        layers.insert(0, entry if is_chain else {**entry, "name": start, "inbound_nodes": []})
    config = {"name": architecture.name, "layers": layers}
    if is_chain:
        return _keras_object("keras", "Sequential", config)
    config |= {"input_layers": [start, 0, 0], "output_layers": [*architecture.output, 0]}
    return _keras_object("keras", "Model", config)  # the name that Keras 2 and 3 both find


def _written_layer(layer: LayerConfig, start: str) -> dict:
    """A layer's JSON in Keras 2's words, which Keras 3 reads too; `start` names the InputLayer, "" of a chain."""
    if layer.network and layer.class_name == "TimeDistributed":
        chained = chain([wrapped(each) for each in layer.network.layers])
        model = _written(Architecture(f"{layer.name}_model", None, chained, (chained[-1].name, 0)))
        written = _keras_object("keras.layers", layer.class_name, {"name": layer.name, "layer": model})
    elif layer.network:
        written = _written(replace(layer.network, name=layer.name), layer.class_name)
    else:
        config = {"name": layer.name, "dtype": "float32", **{k: _written_value(v) for k, v in layer.config.items()}}
        written = _keras_object("keras.layers", layer.class_name, config)
    if not start:
        return written
    nodes = [
        [
            [name or start, number, 0, {} if call.is_training is None else {"training": False}]
            for name, number in call.sources
        ]
        for call in layer.calls
    ]
    return {**written, "name": layer.name, "inbound_nodes": nodes}


def _written_value(value: Any) -> Any:
    if value == "silu":
        return "swish"  # the only name that Keras 2 knows
    if isinstance(value, list):
        return [_written_value(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "class_name" not in value:
        return {key: _written_value(each) for key, each in value.items()}
    modules = {"keras.layers": classes.LAYERS, "keras.initializers": classes.INITIALIZERS}
    modules |= {"keras.regularizers": classes.REGULARIZERS, "keras.constraints": classes.CONSTRAINTS}
    module = next((module for module, known in modules.items() if value["class_name"] in known), "keras.layers")
    return _keras_object(module, value["class_name"], _written_value(value["config"]))


def _keras_object(module: str, class_name: str, config: dict) -> dict:
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None}
