"""The layers from which the networks of dlho2018_nns.py are built.

Each layer takes a tensor and a name, adds its operations to the graph under that name, and returns its output.
Images are float32 [B, H, W, C]: a batch of B images with H rows, W columns and C channels.

The prefix j_ sets these layers apart from TensorFlow's own functions.

A layer with trainable=False is frozen: the optimiser leaves its weights alone, and l2 adds nothing. They are saved,
restored and loaded by --initial_weights like all others.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator

import kit.tensorflow1 as tf
from kit.model import activations
from kit.model.batch_norm import batch_norm
from kit.model.dropout import dropout
from kit.model.layer_checks import (
    LayerError,
    check_choice,
    check_counts,
    check_inputs,
    check_is_training,
    check_number,
    check_window,
    shape_text,
)
from kit.model.layer_registry import Layer, layers_of, register_layer
from kit.model.seeds import seed_of

ACTIVATIONS = ("linear", "sigmoid", "tanh", "relu", "elu", "softmax")  # what a layer's `activation` may be


# ----------------------------------------------------------------------------- layers with weights


def j_conv_layer(
    inputs: tf.Tensor,
    filters: int,
    name: str,
    kernel_size: int = 3,
    strides: int = 1,
    padding: str = "SAME",
    activation: str = "relu",
    l2: float = 0.0,
    trainable: bool = True,
) -> tf.Tensor:
    """Convolution: activation(conv(inputs, kernel) + biases).

    The same kernel is used at every position: a pattern that was learned at one position is found at all of them.
    LeCun et al., 1998, http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf

    Args:
      inputs: float32 [B, H, W, C].
      filters: number of patterns to learn, C_out.
      name: variable scope, unique in the graph.
      kernel_size: height and width of a pattern, in pixels.
      strides: pixels from one position to the next; 2 halves H and W.
      padding: 'SAME' (zeros around the image; with strides 1, H and W stay the same) or 'VALID' (no zeros).
      activation: one of ACTIVATIONS.
      l2: weight decay: l2 * sum(kernel^2) is added to the loss.
      trainable: False freezes the layer.
    Returns:
      float32 [B, H_out, W_out, filters].
    Raises:
      LayerError: inputs is not [B, H, W, C], the name is taken, an argument is out of range, or with 'VALID' the
        kernel is larger than the image.
    """
    check_inputs(name, inputs, rank=4, wants="images [B, H, W, C]")
    check_counts(name, filters=filters, kernel_size=kernel_size, strides=strides)
    check_choice(name, "padding", padding, ("SAME", "VALID"))
    check_choice(name, "activation", activation, ACTIVATIONS)
    check_number(name, "l2", l2, least=0)
    check_choice(name, "trainable", trainable, (True, False))
    check_window(name, inputs, kernel_size, padding)
    with _layer_scope(name):
        channels = inputs.shape[-1].value
        kernel = _weights([kernel_size, kernel_size, channels, filters], activation, l2, trainable)
        biases = _biases(filters, trainable)
        outputs = tf.nn.conv2d(inputs, kernel, strides=strides, padding=padding)  # [B, H_out, W_out, filters]
        outputs = activations.ACTIVATIONS[activation](outputs + biases)
        return _finish("conv", outputs)


def j_deconv_layer(
    inputs: tf.Tensor,
    filters: int,
    name: str,
    kernel_size: int = 4,
    strides: int = 2,
    padding: str = "SAME",
    activation: str = "relu",
    l2: float = 0.0,
    trainable: bool = True,
) -> tf.Tensor:
    """Transposed convolution: makes images larger, as a convolution with strides makes them smaller.

    Each pixel puts the kernel, multiplied by its value, into the output; the next pixel puts it `strides` further.
    Where kernels overlap, they add up. This is how the gradient of a convolution goes back to its inputs.
    Dumoulin and Visin, 2016, https://arxiv.org/abs/1603.07285

    Let kernel_size be a multiple of strides. Else more kernels overlap at some pixels than at others, and the output
    has a pattern like a checkerboard: Odena et al., 2016, https://distill.pub/2016/deconv-checkerboard

    Args:
      inputs: float32 [B, H, W, C]; B, H and W may be unknown.
      filters: number of channels of the output, C_out.
      name: variable scope, unique in the graph.
      kernel_size: height and width of the kernel, in pixels of the output.
      strides: how many times larger H and W get.
      padding: 'SAME' (H_out = H * strides) or 'VALID' (the kernels at the edge are kept whole: max(kernel_size -
        strides, 0) pixels more).
      activation: one of ACTIVATIONS.
      l2: weight decay: l2 * sum(kernel^2) is added to the loss.
      trainable: False freezes the layer.
    Returns:
      float32 [B, H_out, W_out, filters].
    Raises:
      LayerError: inputs is not [B, H, W, C], the name is taken, or an argument is out of range.
    """
    check_inputs(name, inputs, rank=4, wants="images [B, H, W, C]")
    check_counts(name, filters=filters, kernel_size=kernel_size, strides=strides)
    check_choice(name, "padding", padding, ("SAME", "VALID"))
    check_choice(name, "activation", activation, ACTIVATIONS)
    check_number(name, "l2", l2, least=0)
    check_choice(name, "trainable", trainable, (True, False))
    with _layer_scope(name):
        batch, height, width, channels = _sizes(inputs)
        beyond = max(kernel_size - strides, 0) if padding == "VALID" else 0
        shape = [batch, height * strides + beyond, width * strides + beyond, filters]
        kernel = _weights([kernel_size, kernel_size, filters, channels], activation, l2, trainable, upscale=strides)
        biases = _biases(filters, trainable)
        outputs = tf.nn.conv2d_transpose(inputs, kernel, shape, strides, padding)  # [B, H_out, W_out, filters]
        outputs = activations.ACTIVATIONS[activation](outputs + biases)
        return _finish("deconv", outputs)


def j_fc_layer(
    inputs: tf.Tensor, units: int, name: str, activation: str = "relu", l2: float = 0.0, trainable: bool = True
) -> tf.Tensor:
    """Fully connected layer: activation(inputs @ weights + biases).

    Args:
      inputs: float32 [B, D]; flatten images first.
      units: number of neurons, D_out.
      name: variable scope, unique in the graph.
      activation: one of ACTIVATIONS.
      l2: weight decay: l2 * sum(weights^2) is added to the loss.
      trainable: False freezes the layer.
    Returns:
      float32 [B, units].
    Raises:
      LayerError: inputs is not [B, D] with a known D, the name is taken, or an argument is out of range.
    """
    check_inputs(name, inputs, rank=2, wants="rows [B, D]; put a j_flatten_layer before it")
    check_counts(name, units=units)
    check_choice(name, "activation", activation, ACTIVATIONS)
    check_number(name, "l2", l2, least=0)
    check_choice(name, "trainable", trainable, (True, False))
    with _layer_scope(name):
        weights = _weights([inputs.shape[-1].value, units], activation, l2, trainable)
        biases = _biases(units, trainable)
        outputs = activations.ACTIVATIONS[activation](tf.matmul(inputs, weights) + biases)  # [B, units]
        return _finish("fc", outputs)


def j_logits(inputs: tf.Tensor, num_classes: int, name: str = "logits", trainable: bool = True) -> tf.Tensor:
    """The last layer: one score per class, any real number. The largest is the prediction.

    It has no activation: the loss applies softmax or sigmoid itself, in a way that stays exact for large scores.

    Args:
      inputs: float32 [B, D].
      num_classes: number of classes.
      name: variable scope, unique in the graph.
      trainable: False freezes the layer.
    Returns:
      float32 [B, num_classes].
    Raises:
      LayerError: as j_fc_layer.
    """
    check_counts(name, num_classes=num_classes)
    return j_fc_layer(inputs, num_classes, name, activation="linear", trainable=trainable)


def j_batch_norm_layer(
    inputs: tf.Tensor,
    is_training: tf.Tensor,
    name: str,
    momentum: float = 0.9,
    epsilon: float = 1e-3,
    trainable: bool = True,
) -> tf.Tensor:
    """Batch normalisation: each channel to mean 0 and variance 1, then a learned scale and shift.

    In training the mean and variance are the batch's, and moving averages of them are kept. In evaluation the moving
    averages are used, so that the result for an image doesn't depend on the rest of its batch.
    The operations that update the averages are in tf.GraphKeys.UPDATE_OPS: train_op must depend on them.
    Ioffe and Szegedy, 2015, https://arxiv.org/abs/1502.03167

    Args:
      inputs: float32 [B, ..., C].
      is_training: bool [], a placeholder.
      name: variable scope, unique in the graph.
      momentum: the share of a moving average that stays at each step, 0 to 1.
      epsilon: added to the variance, to avoid dividing by 0 if a channel is constant.
      trainable: False freezes the layer: in training, too, it uses the moving averages, and they stay as they are.
    Returns:
      float32, the shape of inputs.
    Raises:
      LayerError: C is not known, is_training is not a bool tensor, the name is taken, or an argument is out of range.
    """
    check_inputs(name, inputs, rank=None, wants="[B, ..., C]")
    if inputs.shape[-1].value is None:
        raise LayerError(name, shape_text(inputs), "[B, ..., C], C known")
    check_is_training(name, is_training)
    check_number(name, "momentum", momentum, least=0, most=1)
    check_number(name, "epsilon", epsilon, least=0)
    check_choice(name, "trainable", trainable, (True, False))
    with _layer_scope(name):
        channels = [inputs.shape[-1].value]
        scale = tf.get_variable("scale", channels, initializer=tf.ones_initializer(), trainable=trainable)
        shift = tf.get_variable("shift", channels, initializer=tf.zeros_initializer(), trainable=trainable)
        moving_mean = tf.get_variable("moving_mean", channels, initializer=tf.zeros_initializer(), trainable=False)
        moving_variance = tf.get_variable(
            "moving_variance", channels, initializer=tf.ones_initializer(), trainable=False
        )
        outputs = batch_norm(
            inputs, is_training, moving_mean, moving_variance, shift, scale, momentum, epsilon, trainable
        )
        return _finish("batch norm", outputs)


# ----------------------------------------------------------------------------- layers without weights


def j_max_pool_layer(
    inputs: tf.Tensor, name: str, pool_size: int = 2, strides: int | None = None, padding: str = "VALID"
) -> tf.Tensor:
    """Max pooling: the largest value in each window.

    It keeps what was found, and forgets exactly where; the image gets smaller, and the next layer cheaper.

    Args:
      inputs: float32 [B, H, W, C].
      name: variable scope, unique in the graph.
      pool_size: height and width of the window, in pixels.
      strides: pixels from one window to the next; pool_size by default.
      padding: 'VALID' (only whole windows) or 'SAME' (windows may reach over the edge).
    Returns:
      float32 [B, H_out, W_out, C].
    Raises:
      LayerError: inputs is not [B, H, W, C], the name is taken, an argument is out of range, or with 'VALID' the
        window is larger than the image.
    """
    return _pool_layer("max pool", tf.nn.max_pool2d, inputs, name, pool_size, strides, padding)


def j_avg_pool_layer(
    inputs: tf.Tensor, name: str, pool_size: int = 2, strides: int | None = None, padding: str = "VALID"
) -> tf.Tensor:
    """Average pooling: the mean of each window. Arguments, result and errors are those of j_max_pool_layer."""
    return _pool_layer("avg pool", tf.nn.avg_pool2d, inputs, name, pool_size, strides, padding)


def _pool_layer(
    kind: str,
    pool: Callable[..., tf.Tensor],
    inputs: tf.Tensor,
    name: str,
    pool_size: int,
    strides: int | None,
    padding: str,
) -> tf.Tensor:
    strides = pool_size if strides is None else strides
    check_inputs(name, inputs, rank=4, wants="images [B, H, W, C]")
    check_counts(name, pool_size=pool_size, strides=strides)
    check_choice(name, "padding", padding, ("SAME", "VALID"))
    check_window(name, inputs, pool_size, padding)
    with _layer_scope(name):
        return _finish(kind, pool(inputs, ksize=pool_size, strides=strides, padding=padding))


def j_upsample_layer(inputs: tf.Tensor, name: str, factor: int = 2, method: str = "nearest") -> tf.Tensor:
    """Makes images larger by a whole factor; nothing is learned.

    With a j_conv_layer behind it, it does what j_deconv_layer does, without any checkerboard.

    Args:
      inputs: float32 [B, H, W, C]; B, H and W may be unknown.
      name: variable scope, unique in the graph.
      factor: how many times larger H and W get; 32 at most.
      method: 'nearest' (each pixel becomes factor x factor equal ones) or 'bilinear' (values between the nearest four).
    Returns:
      float32 [B, H * factor, W * factor, C].
    Raises:
      LayerError: inputs is not [B, H, W, C], the name is taken, or an argument is out of range.
    """
    check_inputs(name, inputs, rank=4, wants="images [B, H, W, C]")
    check_counts(name, factor=factor)
    check_number(name, "factor", factor, least=1, most=32)
    check_choice(name, "method", method, ("nearest", "bilinear"))
    with _layer_scope(name):
        resize = tf.image.resize_nearest_neighbor if method == "nearest" else tf.image.resize_bilinear
        sizes = [factor * size for size in _sizes(inputs)[1:3]]
        # Without half_pixel_centers, nearest can be exported to ONNX; its rounding is exact for these factors.
        outputs = resize(inputs, sizes, half_pixel_centers=method == "bilinear")  # [B, H * factor, W * factor, C]
        outputs.set_shape([None, *(size if isinstance(size, int) else None for size in sizes), None])
        return _finish("upsample", outputs)


def j_global_avg_pool_layer(inputs: tf.Tensor, name: str) -> tf.Tensor:
    """Global average pooling: the mean of each channel over the whole image.

    It leads from convolutions to fully connected layers, for images of any size.
    Lin et al., 2013, https://arxiv.org/abs/1312.4400

    Args:
      inputs: float32 [B, H, W, C].
      name: variable scope, unique in the graph.
    Returns:
      float32 [B, C].
    Raises:
      LayerError: inputs is not [B, H, W, C], or the name is taken.
    """
    check_inputs(name, inputs, rank=4, wants="images [B, H, W, C]")
    with _layer_scope(name):
        return _finish("global avg pool", tf.reduce_mean(inputs, axis=[1, 2]))


def j_flatten_layer(inputs: tf.Tensor, name: str = "flatten") -> tf.Tensor:
    """Flattens each image to one row: [B, H, W, C] -> [B, H * W * C].

    Args:
      inputs: float32 [B, ...], all sizes known but B.
      name: variable scope, unique in the graph.
    Returns:
      float32 [B, D].
    Raises:
      LayerError: a size is not known, or the name is taken.
    """
    check_inputs(name, inputs, rank=None, wants="[B, ...]")
    sizes = inputs.shape.as_list()[1:]
    if None in sizes:
        raise LayerError(
            name,
            shape_text(inputs),
            "every size but the batch's known; for images of any size, use j_global_avg_pool_layer",
        )
    with _layer_scope(name):
        return _finish("flatten", tf.reshape(inputs, [-1, math.prod(sizes)]))


def j_dropout_layer(inputs: tf.Tensor, rate: float, is_training: tf.Tensor, name: str) -> tf.Tensor:
    """Dropout: in training, sets a random share of the values to 0 and scales up the others.

    No neuron can then rely on a single other one. In evaluation it changes nothing.
    Srivastava et al., 2014, https://jmlr.org/papers/v15/srivastava14a.html
    Which values are dropped depends only on the graph's seed (tf.set_random_seed), the layer's name and the global
    step. There is no hidden random state, so a resumed training drops the same values.

    Args:
      inputs: float32 [B, ...].
      rate: the share to drop, 0 <= rate < 1.
      is_training: bool [], a placeholder.
      name: variable scope, unique in the graph.
    Returns:
      float32, the shape of inputs.
    Raises:
      LayerError: rate is out of range, is_training is not a bool tensor, or the name is taken.
    """
    check_inputs(name, inputs, rank=None, wants="[B, ...]")
    check_is_training(name, is_training)
    check_number(name, "rate", rate, least=0, below=1)
    step = tf.train.get_or_create_global_step()
    with _layer_scope(name):
        outputs = dropout(inputs, rate, is_training, tf.get_variable_scope().name, step)
        return _finish("dropout", outputs)


# ----------------------------------------------------------------------------- what the layers share


@contextlib.contextmanager
def _layer_scope(name: str) -> Iterator[None]:
    """The scope of a layer's operations and variables. No two layers share a name."""
    with tf.variable_scope(name) as scope:
        if scope.name in (layer.name for layer in layers_of(tf.get_default_graph())):
            raise LayerError(scope.name, "a name that another layer of this graph has", "a name of its own")
        if not f"/{tf.get_default_graph().get_name_scope()}".endswith(f"/{name}"):  # TensorFlow has made it name_1
            raise LayerError(scope.name, "a name that another operation of this graph has", "a name of its own")
        yield


def _finish(kind: str, outputs: tf.Tensor) -> tf.Tensor:
    """Adds the layer of the current scope to the graph's list of layers; returns its output."""
    register_layer(Layer(tf.get_variable_scope().name, kind, outputs))
    return outputs


def _sizes(inputs: tf.Tensor) -> list[int | tf.Tensor]:
    """The sizes of a tensor: a number where the graph knows it, else a tensor, int32 []."""
    return [tf.shape(inputs)[i] if size is None else size for i, size in enumerate(inputs.shape.as_list())]


def _weights(shape: list[int], activation: str, l2: float, trainable: bool, upscale: int | None = None) -> tf.Variable:
    """The weights of a layer, and their decay.

    They start with random values whose spread fits the activation, so that the variance stays about the same from
    layer to layer. For relu and elu, which flatten the negative half: He et al., 2015,
    https://arxiv.org/abs/1502.01852. For the others: Glorot and Bengio, 2010,
    https://proceedings.mlr.press/v9/glorot10a.html.

    Args:
      shape: [..., C_in, C_out]; of a transposed convolution [k, k, C_out, C_in].
      activation, l2, trainable: the layer's.
      upscale: the strides of a transposed convolution. A pixel of its output then adds up k * k * C_in / upscale^2
        products, so the variance of the weights is upscale^2 times as large.
    """
    seed = seed_of(tf.get_variable_scope().name)
    fan_in, gain = ("fan_out", float(upscale**2)) if upscale else ("fan_in", 1.0)
    if activation in ("relu", "elu"):
        initializer = tf.variance_scaling_initializer(2.0 * gain, fan_in, "truncated_normal", seed)
    else:
        initializer = tf.variance_scaling_initializer(gain, "fan_avg", "uniform", seed)
    weights = tf.get_variable("weights", shape, initializer=initializer, trainable=trainable)
    if l2 and trainable:
        tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, l2 * tf.reduce_sum(tf.square(weights)))
    return weights


def _biases(count: int, trainable: bool) -> tf.Variable:
    return tf.get_variable("biases", [count], initializer=tf.zeros_initializer(), trainable=trainable)
