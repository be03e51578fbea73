"""The activation functions, by Keras's names. Layers, losses and Keras's formats all take them from here."""

from collections.abc import Callable

import kit.tensorflow1 as tf

Activation = Callable[["tf.Tensor"], "tf.Tensor"]  # float32 of any shape -> float32 of the same shape

ACTIVATIONS: dict[str, Activation] = {
    "linear": lambda x: x,
    "relu": lambda x: tf.nn.relu(x),
    "relu6": lambda x: tf.nn.relu6(x),
    "leaky_relu": lambda x: tf.nn.leaky_relu(x, alpha=0.2),
    "elu": lambda x: tf.nn.elu(x),
    "selu": lambda x: tf.nn.selu(x),
    "gelu": lambda x: 0.5 * x * tf.math.erfc(-x * 0.5**0.5),  # x times the share of a normal distribution below x
    "silu": lambda x: x * tf.nn.sigmoid(x),
    "mish": lambda x: x * tf.nn.tanh(tf.nn.softplus(x)),
    "tanh": lambda x: tf.nn.tanh(x),
    "sigmoid": lambda x: tf.nn.sigmoid(x),
    "hard_sigmoid": lambda x: tf.nn.relu6(x + 3.0) / 6.0,  # as in Keras 3
    "hard_sigmoid_of_keras_2": lambda x: tf.clip_by_value(0.2 * x + 0.5, 0.0, 1.0),  # its name for hard_sigmoid here
    "softmax": lambda x: tf.nn.softmax(x),
    "log_softmax": lambda x: tf.nn.log_softmax(x),
    "softplus": lambda x: tf.nn.softplus(x),
    "softsign": lambda x: tf.nn.softsign(x),
    "exponential": lambda x: tf.exp(x),
    "celu": lambda x: tf.nn.elu(x),
    "hard_silu": lambda x: x * tf.nn.relu6(x + 3.0) / 6.0,
    "hard_tanh": lambda x: tf.clip_by_value(x, -1.0, 1.0),
    "hard_shrink": lambda x: tf.where_v2(tf.abs(x) > 0.5, x, 0.0),
    "soft_shrink": lambda x: tf.nn.relu(x - 0.5) - tf.nn.relu(-x - 0.5),
    "tanh_shrink": lambda x: x - tf.nn.tanh(x),
    "log_sigmoid": lambda x: -tf.nn.softplus(-x),
    "sparse_plus": lambda x: tf.where_v2(x >= 1.0, x, 0.25 * tf.square(tf.nn.relu(x + 1.0))),
    "sparse_sigmoid": lambda x: tf.clip_by_value(0.5 * (x + 1.0), 0.0, 1.0),
    "squareplus": lambda x: 0.5 * (x + tf.sqrt(tf.square(x) + 4.0)),
}
ACTIVATION_ALIASES = {"swish": "silu", "hard_swish": "hard_silu"}  # Keras's other spellings
