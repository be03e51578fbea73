"""Builds an architecture in the graph: tf_keras makes the layers, the kit calls them on its own tensors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model.activations import ACTIVATIONS
from kit.model.keras import classes
from kit.model.keras.architectures import RESHAPE, activation_of, end_of
from kit.model.keras.library import CHANNELS_FIRST, called, explained, made, place, quiet, variables_of
from kit.model.keras.structure import INPUT, MOST, Architecture, LayerConfig, Source
from kit.model.layer_registry import Layer, register_layer
from kit.model.micro_batches import mean_of_batch


@dataclass(frozen=True)
class BuiltLayer:
    """A layer of tf_keras with its variables; or a network within the network."""

    config: LayerConfig
    layer: Any = None
    parts: tuple[BuiltLayer, ...] = ()

    @property
    def trained(self) -> list[tf.Variable]:
        """Its variables that Keras lists first: those that are trained, unless the layer is frozen."""
        if self.layer is None:
            return [variable for part in self.parts for variable in part.trained]
        return list(self.layer.trainable_weights)

    @property
    def others(self) -> list[tf.Variable]:
        """Its other variables."""
        if self.layer is None:
            return [variable for part in self.parts for variable in part.others]
        return list(self.layer.non_trainable_weights)


def build(architecture: Architecture, inputs: tf.Tensor, is_training: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, str]:
    """Adds a network to the graph.

    The operations that update batch normalisation's averages are in tf.GraphKeys.UPDATE_OPS: train_op must depend on
    them. The penalties of regularisers are in tf.GraphKeys.REGULARIZATION_LOSSES.

    Args:
      architecture: the network.
      inputs: float32 [B, ...], all sizes known but B; a row [B, D] is reshaped to the architecture's input.
      is_training: bool [], a placeholder.
    Returns:
      (outputs, logits, activation): the outputs, float32 [B, ...]; the inputs of the last activation, of the same
      shape; and the name of that activation, a key of ACTIVATIONS: "linear" if there is none.
    Raises:
      UserError: a layer doesn't fit the output of the one before, or an option is wrong; the message has its name.
    """
    builder = Builder(architecture, is_training)
    logits = builder(inputs)
    return ACTIVATIONS[builder.activation](logits), logits, builder.activation


def check(architecture: Architecture) -> None:
    """Checks the options of all layers, as far as that goes without the shape of the inputs; a UserError names one."""
    with tf.Graph().as_default(), quiet():
        for layer in architecture.layers:
            if layer.network:
                check(layer.network)
            else:
                made(layer, layer.name, layer.config)


class Builder:
    """Builds a network; afterwards `layers` are its layers, in Keras's order."""

    def __init__(self, architecture: Architecture, is_training: tf.Tensor) -> None:
        self._architecture, self._is_training = architecture, is_training
        self._end = end_of(architecture)
        self.activation = activation_of(self._end) if self._end else "linear"
        if self.activation == "linear":
            self._end = None
        self.layers: tuple[BuiltLayer, ...] = ()
        self._is_after_end = False

    def __call__(self, inputs: tf.Tensor) -> tf.Tensor:
        """Calls the network; returns the logits."""
        shape = self._architecture.input_shape
        tf.train.get_or_create_global_step()  # here, outside of the layers' scopes
        if shape is not None and inputs.shape.ndims == 2 and len(shape) != 1:
            inputs = tf.reshape(inputs, [-1, *shape])
        with tf.name_scope(None), quiet():
            build = tf.autograph.experimental.do_not_convert(self._network)  # no layer's Python is to be rewritten
            self.layers, logits = build(self._architecture, inputs, "", None)
        return logits

    def _network(
        self, architecture: Architecture, inputs: tf.Tensor, scope: str, mode: bool | None
    ) -> tuple[tuple[BuiltLayer, ...], tf.Tensor]:
        tensors: dict[Source, tf.Tensor] = {INPUT: inputs}
        built: dict[str, BuiltLayer] = {}
        waiting = [(layer, number, call) for layer in architecture.layers for number, call in enumerate(layer.calls)]
        while waiting:
            ready = next(each for each in waiting if set(each[2].sources) <= tensors.keys())
            waiting.remove(ready)
            layer, number, call = ready
            given = [tensors[source] for source in call.sources]
            training = False if call.is_training is False else mode
            name = f"{scope}{layer.name}"
            if layer.network:
                parts, outputs = self._network(layer.network, given[0], f"{name}/", training)
                built.setdefault(layer.name, BuiltLayer(layer, None, parts))
                if number:
                    raise UserError(f"The architecture's network '{name}' is used {number + 1} times, expected once.")
            else:
                if layer.name not in built:
                    built[layer.name] = BuiltLayer(layer, self._made(layer, name))
                outputs = self._called(built[layer.name], name, given, training)
            tensors[layer.name, number] = outputs
        return tuple(built[layer.name] for layer in architecture.layers), tensors[architecture.output]

    def _made(self, layer: LayerConfig, name: str) -> Any:
        """The layer of tf_keras, without its variables yet."""
        config = dict(layer.config)
        if layer is self._end:
            config = {**config, "activation": "linear"} if "activation" in config else config
        return made(layer, name, config)

    def _called(self, built: BuiltLayer, name: str, given: list[tf.Tensor], mode: bool | None) -> tf.Tensor:
        config, layer = built.config, built.layer
        if config is self._end and config.class_name == "Softmax":
            outputs, self._is_after_end = given[0], True
            register_layer(Layer(name, config.class_name, outputs))
            return outputs
        penalty = layer.activity_regularizer if config is self._end else None
        if penalty is not None:  # it is of the outputs, not of the logits
            layer.activity_regularizer = None
        is_new = not layer.built
        options = {}
        if layer._expects_training_arg:
            options["training"] = self._is_training if mode is None else mode
        with explained(config, name, given), variables_of(layer, name):
            inputs = given if len(given) > 1 or config.class_name in (*classes.MERGES, *classes.ATTENTION) else given[0]
            outputs = called(config, layer, inputs, options)
        if not isinstance(outputs, tf.Tensor):
            raise UserError(f"{place(config, name)}: gives several outputs, expected one.")
        sizes = outputs.shape.as_list()[1:] if outputs.shape.ndims else []
        if (values := math.prod(size or 1 for size in sizes)) > MOST:
            raise UserError(f"{place(config, name)}: gives {values:,} values, at most {MOST:,} are possible.")
        if self._is_after_end and config.class_name in RESHAPE:
            self._check_order(config, name, given[0], outputs)
        self._is_after_end |= config is self._end
        self._penalise(layer, given, outputs, penalty, is_new)
        if is_new:
            is_channels_first = config.config.get("data_format") == CHANNELS_FIRST
            register_layer(Layer(name, config.class_name, outputs, is_channels_first))
        return outputs

    def _check_order(self, config: LayerConfig, name: str, inputs: tf.Tensor, outputs: tf.Tensor) -> None:
        """A softmax goes over the last axis: reshaping its logits instead of its outputs mustn't change that."""
        goes_over_an_axis = self.activation in ("softmax", "log_softmax")
        if goes_over_an_axis and inputs.shape.as_list()[-1] != outputs.shape.as_list()[-1]:
            raise UserError(
                f"{place(config, name)}: comes after the last {self.activation}, and changes the axis that it goes "
                f"over.\n  Put {self.activation} at the end."
            )

    def _penalise(self, layer: Any, given: list[tf.Tensor], outputs: tf.Tensor, penalty: Any, is_new: bool) -> None:
        """Adds a layer's penalties and updates to the graph's."""
        penalties = tf.GraphKeys.REGULARIZATION_LOSSES
        of_outputs = list(layer.get_losses_for(given))
        if penalty is not None:
            share = 1.0 / tf.cast(tf.maximum(tf.shape(outputs)[0], 1), tf.float32)
            of_outputs.append(penalty(ACTIVATIONS[self.activation](outputs)) * share)
        for loss in of_outputs:
            mean_of_batch(tf.reshape(loss, []), lambda mean: tf.add_to_collection(penalties, mean))
        for loss in layer.get_losses_for(None) if is_new else ():
            tf.add_to_collection(penalties, loss)
        for update in layer.get_updates_for(given):
            tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, update)
