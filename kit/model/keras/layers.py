"""Keras's layers as TensorFlow operations: builds an architecture in the graph.

Variables have Keras's names, shapes and order: `<layer>/kernel`, `<layer>/bias`, ...
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model.activations import ACTIVATIONS
from kit.model.batch_norm import batch_norm
from kit.model.dropout import dropout
from kit.model.keras.architectures import Architecture, LayerConfig, activation_of
from kit.model.keras.initializers import initializer_of
from kit.model.keras.option_checks import MOST
from kit.model.layer_registry import Layer, register_layer
from kit.model.micro_batches import mean_of_batch

# Gives what goes into the layer's activation: float32 [B, ...].
Builder = Callable[[LayerConfig, "tf.Tensor", "tf.Tensor"], "tf.Tensor"]


def build(architecture: Architecture, inputs: tf.Tensor, is_training: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, str]:
    """Adds a network to the graph.

    The operations that update batch normalisation's averages are in tf.GraphKeys.UPDATE_OPS: train_op must depend on
    them. The penalties of regularisers are in tf.GraphKeys.REGULARIZATION_LOSSES.

    Args:
      architecture: the network.
      inputs: float32 [B, ...], all sizes known but B.
      is_training: bool [], a placeholder.
    Returns:
      (outputs, logits, activation): the outputs, float32 [B, ...]; the inputs of the last activation, of the same
      shape; and the name of that activation, a key of ACTIVATIONS: "linear" if there is none.
    Raises:
      UserError: a layer doesn't fit the output of the one before; the message has its name and the shape.
    """
    if any(layer.class_name == "Dropout" for layer in architecture.layers):
        tf.train.get_or_create_global_step()  # here, outside of the layers' scopes
    outputs, logits, activation = inputs, inputs, "linear"
    for layer in architecture.layers:
        with tf.variable_scope(layer.name) as scope:
            logits = _BUILDERS[layer.class_name](layer, outputs, is_training)
            activation = activation_of(layer)
            outputs = ACTIVATIONS[activation](logits)
            _penalise_activity(layer, outputs)
            register_layer(Layer(scope.name, layer.class_name, outputs))
    return outputs, logits, activation


# ----------------------------------------------------------------------------- layers with weights


def _dense(layer: LayerConfig, inputs: tf.Tensor, is_training: tf.Tensor) -> tf.Tensor:
    sizes = inputs.shape.as_list()
    if len(sizes) < 2 or sizes[-1] is None:
        raise _misfit(layer, inputs, "[B, ..., D], D known")
    kernel = _weights(layer, "kernel", [sizes[-1], layer.config["units"]])
    outputs = tf.matmul(inputs, kernel) if len(sizes) == 2 else tf.tensordot(inputs, kernel, 1)  # [B, ..., units]
    return _with_bias(layer, outputs)


def _conv2d(layer: LayerConfig, inputs: tf.Tensor, is_training: tf.Tensor) -> tf.Tensor:
    config = layer.config
    channels, filters, groups = _channels(layer, inputs), config["filters"], config["groups"]
    if channels % groups or filters % groups:
        raise _misfit(layer, inputs, f"channels (C) and filters ({filters}) that {groups} groups divide")
    _check_window(layer, inputs, _reach(config))
    kernel = _weights(layer, "kernel", [*config["kernel_size"], channels // groups, filters])
    parts = [
        tf.nn.conv2d(images, part, config["strides"], config["padding"].upper(), dilations=config["dilation_rate"])
        for images, part in zip(tf.split(inputs, groups, axis=3), tf.split(kernel, groups, axis=3))
    ]
    return _with_bias(layer, tf.concat(parts, axis=3))  # [B, H_out, W_out, filters]


def _separable_conv2d(layer: LayerConfig, inputs: tf.Tensor, is_training: tf.Tensor) -> tf.Tensor:
    config = layer.config
    channels, multiplier = _channels(layer, inputs), config["depth_multiplier"]
    rows, columns = config["strides"]
    if rows != columns:
        raise UserError(f"{_place(layer)}: strides={config['strides']}, expected the same for rows and columns.")
    _check_window(layer, inputs, _reach(config))
    depthwise = _weights(layer, "depthwise_kernel", [*config["kernel_size"], channels, multiplier], "depthwise")
    pointwise = _weights(layer, "pointwise_kernel", [1, 1, channels * multiplier, config["filters"]], "pointwise")
    strides, padding = [1, rows, columns, 1], config["padding"].upper()
    outputs = tf.nn.separable_conv2d(inputs, depthwise, pointwise, strides, padding, config["dilation_rate"])
    return _with_bias(layer, outputs)  # [B, H_out, W_out, filters]


def _batch_normalization(layer: LayerConfig, inputs: tf.Tensor, is_training: tf.Tensor) -> tf.Tensor:
    config, sizes = layer.config, inputs.shape.as_list()
    if config["axis"] not in (-1, len(sizes) - 1):
        raise UserError(f"{_place(layer)}: axis={config['axis']}, expected -1: only the last axis is supported.")
    if len(sizes) < 2 or sizes[-1] is None:
        raise _misfit(layer, inputs, "[B, ..., C], C known")
    channels = sizes[-1:]
    gamma = _weights(layer, "gamma", channels) if config["scale"] else None
    beta = _weights(layer, "beta", channels) if config["center"] else None
    moving_mean, moving_variance = (
        tf.get_variable(
            name, channels, initializer=initializer_of(config[f"{name}_initializer"], name), trainable=False
        )
        for name in ("moving_mean", "moving_variance")
    )
    averages, numbers = (moving_mean, moving_variance), (config["momentum"], config["epsilon"])
    return batch_norm(inputs, is_training, *averages, beta, gamma, *numbers, config["trainable"])


# ----------------------------------------------------------------------------- layers without weights


def _unchanged(layer: LayerConfig, inputs: tf.Tensor, is_training: tf.Tensor) -> tf.Tensor:
    return inputs


def _softmax(layer: LayerConfig, inputs: tf.Tensor, is_training: tf.Tensor) -> tf.Tensor:
    if layer.config["axis"] not in (-1, inputs.shape.ndims - 1):
        raise UserError(f"{_place(layer)}: axis={layer.config['axis']}, expected -1: only the last axis is supported.")
    return inputs  # `build` applies the activation


def _dropout(layer: LayerConfig, inputs: tf.Tensor, is_training: tf.Tensor) -> tf.Tensor:
    config, sizes = layer.config, inputs.shape.as_list()
    mask = config["noise_shape"]
    if mask is not None and (
        len(mask) != len(sizes) or any(b not in (None, 1) and a not in (None, b) for a, b in zip(sizes, mask))
    ):
        raise _misfit(layer, inputs, f"a shape that noise_shape={list(mask)} fits")
    step, name = tf.train.get_global_step(), tf.get_variable_scope().name
    return dropout(inputs, config["rate"], is_training, name, step, config["seed"] or 0, mask)


def _flatten(layer: LayerConfig, inputs: tf.Tensor, is_training: tf.Tensor) -> tf.Tensor:
    return tf.reshape(inputs, [-1, _num_values(layer, inputs)])  # [B, D]


def _reshape(layer: LayerConfig, inputs: tf.Tensor, is_training: tf.Tensor) -> tf.Tensor:
    target = layer.config["target_shape"]
    values, known = _num_values(layer, inputs), math.prod(size for size in target if size != -1)
    if values % known or (-1 not in target and values != known):
        raise _misfit(layer, inputs, f"{known} values for target_shape={list(target)}, or a multiple if it has a -1")
    sizes = [values // known if size == -1 else size for size in target]
    return tf.reshape(inputs, [-1, *sizes])


def _pooling(pool: Callable[..., tf.Tensor]) -> Builder:
    def build_pooling(layer: LayerConfig, inputs: tf.Tensor, is_training: tf.Tensor) -> tf.Tensor:
        config = layer.config
        _channels(layer, inputs)
        _check_window(layer, inputs, config["pool_size"])
        strides = config["strides"] or config["pool_size"]
        return pool(inputs, config["pool_size"], strides, config["padding"].upper())  # [B, H_out, W_out, C]

    return build_pooling


def _global_pooling(reduce: Callable[..., tf.Tensor]) -> Builder:
    def build_global_pooling(layer: LayerConfig, inputs: tf.Tensor, is_training: tf.Tensor) -> tf.Tensor:
        _channels(layer, inputs)
        return reduce(inputs, axis=[1, 2], keepdims=layer.config["keepdims"])  # [B, C], or [B, 1, 1, C]

    return build_global_pooling


def _leaky_relu(layer: LayerConfig, inputs: tf.Tensor, is_training: tf.Tensor) -> tf.Tensor:
    return tf.nn.leaky_relu(inputs, layer.config["negative_slope"])


def _relu(layer: LayerConfig, inputs: tf.Tensor, is_training: tf.Tensor) -> tf.Tensor:
    config = layer.config
    threshold, most = config["threshold"], config["max_value"]
    passed = inputs if most is None else tf.minimum(inputs, most)
    return tf.where_v2(inputs > threshold, passed, config["negative_slope"] * (inputs - threshold))


def _elu(layer: LayerConfig, inputs: tf.Tensor, is_training: tf.Tensor) -> tf.Tensor:
    return tf.where_v2(inputs > 0.0, inputs, layer.config["alpha"] * tf.nn.elu(inputs))


_BUILDERS: dict[str, Builder] = {
    "Dense": _dense,
    "Activation": _unchanged,
    "Dropout": _dropout,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Conv2D": _conv2d,
    "SeparableConv2D": _separable_conv2d,
    "MaxPooling2D": _pooling(lambda *arguments: tf.nn.max_pool2d(*arguments)),
    "AveragePooling2D": _pooling(lambda *arguments: tf.nn.avg_pool2d(*arguments)),
    "GlobalAveragePooling2D": _global_pooling(lambda *inputs, **options: tf.reduce_mean(*inputs, **options)),
    "GlobalMaxPooling2D": _global_pooling(lambda *inputs, **options: tf.reduce_max(*inputs, **options)),
    "BatchNormalization": _batch_normalization,
    "LeakyReLU": _leaky_relu,
    "ReLU": _relu,
    "ELU": _elu,
    "Softmax": _softmax,
}


# ----------------------------------------------------------------------------- variables


def _weights(layer: LayerConfig, name: str, shape: list[int], role: str | None = None) -> tf.Variable:
    """A variable, with the initialiser and the regulariser of its role ("depthwise" for depthwise_kernel)."""
    role = role or name
    if math.prod(shape) > MOST:
        raise UserError(f"{_place(layer)}: its {name} of shape {shape} has more than {MOST:,} values. Make it smaller.")
    initializer = initializer_of(layer.config[f"{role}_initializer"], name)
    variable = tf.get_variable(name, shape, initializer=initializer, trainable=layer.config["trainable"])
    _penalise(layer.config[f"{role}_regularizer"], variable)
    return variable


def _with_bias(layer: LayerConfig, outputs: tf.Tensor) -> tf.Tensor:
    if not layer.config["use_bias"]:
        return outputs
    return tf.nn.bias_add(outputs, _weights(layer, "bias", [outputs.shape[-1].value]))


def _penalise(regularizer: dict | None, weights: tf.Variable) -> None:
    """Adds a regulariser's penalty on weights to the graph's."""
    if regularizer is not None:
        tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, _penalty(regularizer, weights))


def _penalise_activity(layer: LayerConfig, outputs: tf.Tensor) -> None:
    """Adds the penalty on a layer's outputs: a mean over the batch."""
    regularizer = layer.config.get("activity_regularizer")
    if regularizer is not None:
        share = 1.0 / tf.cast(tf.maximum(tf.shape(outputs)[0], 1), tf.float32)
        penalties = tf.GraphKeys.REGULARIZATION_LOSSES
        mean_of_batch(_penalty(regularizer, outputs) * share, lambda mean: tf.add_to_collection(penalties, mean))


def _penalty(regularizer: dict, values: tf.Tensor) -> tf.Tensor:
    l1, l2 = regularizer["config"]["l1"], regularizer["config"]["l2"]
    return l1 * tf.reduce_sum(tf.abs(values)) + l2 * tf.reduce_sum(tf.square(values))


# ----------------------------------------------------------------------------- checks


def _channels(layer: LayerConfig, inputs: tf.Tensor) -> int:
    if inputs.shape.ndims != 4 or inputs.shape[3].value is None:
        raise _misfit(layer, inputs, "images [B, H, W, C]; a Reshape makes them")
    return inputs.shape[3].value


def _reach(config: dict) -> list[int]:
    """The rows and columns that a kernel covers. Dilation spreads its pixels apart."""
    return [(size - 1) * rate + 1 for size, rate in zip(config["kernel_size"], config["dilation_rate"])]


def _check_window(layer: LayerConfig, inputs: tf.Tensor, window: Sequence[int]) -> None:
    rows, columns = window
    if "dilation_rate" in layer.config and max(layer.config["dilation_rate"]) > 1 < max(layer.config["strides"]):
        raise UserError(f"{_place(layer)}: strides and dilation_rate are both above 1; only one of them may be.")
    sides = zip(inputs.shape.as_list()[1:3], window)
    if layer.config["padding"] == "valid" and any(side is not None and side < reach for side, reach in sides):
        raise _misfit(
            layer,
            inputs,
            f"images of at least {rows} x {columns} pixels: they have shrunk too far, use less pooling or padding same",
        )


def _num_values(layer: LayerConfig, inputs: tf.Tensor) -> int:
    """The number of values in an example."""
    sizes = inputs.shape.as_list()[1:]
    if None in sizes:
        raise _misfit(layer, inputs, "every size but the batch's known")
    return math.prod(sizes)


def _misfit(layer: LayerConfig, inputs: tf.Tensor, wants: str) -> UserError:
    shape = ", ".join(["B", *("?" if size is None else str(size) for size in inputs.shape.as_list()[1:])])
    return UserError(f"{_place(layer)}: gets inputs of shape [{shape}], wants {wants}.")


def _place(layer: LayerConfig) -> str:
    return f"The architecture's layer '{layer.name}' ({layer.class_name})"
