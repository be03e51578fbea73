"""For the tests of layers: placeholders, one layer of each kind, and what a kernel sees, in NumPy."""

import math

import numpy as np

import kit.tensorflow1 as tf
from tf_layers import (
    j_avg_pool_layer,
    j_batch_norm_layer,
    j_conv_layer,
    j_deconv_layer,
    j_dropout_layer,
    j_fc_layer,
    j_flatten_layer,
    j_global_avg_pool_layer,
    j_max_pool_layer,
    j_upsample_layer,
)

EPSILON = 1e-3  # of batch normalisation, by default
IMAGES = [None, 8, 8, 3]

ACTIVATIONS_IN_NUMPY = {
    "linear": lambda x: x,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
    "relu": lambda x: np.where(x > 0, x, 0),
    "elu": lambda x: np.where(x > 0, x, np.exp(x) - 1),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True),
}

# One layer of each kind, given its name, its inputs and is_training.
ONE_OF_EACH = {
    "conv": lambda name, images, is_training: j_conv_layer(images, 4, name, l2=0.1),
    "deconv": lambda name, images, is_training: j_deconv_layer(images, 4, name, l2=0.1),
    "fc": lambda name, rows, is_training: j_fc_layer(rows, 4, name, l2=0.1),
    "batch norm": lambda name, images, is_training: j_batch_norm_layer(images, is_training, name),
    "max pool": lambda name, images, is_training: j_max_pool_layer(images, name),
    "avg pool": lambda name, images, is_training: j_avg_pool_layer(images, name),
    "upsample": lambda name, images, is_training: j_upsample_layer(images, name),
    "global avg pool": lambda name, images, is_training: j_global_avg_pool_layer(images, name),
    "flatten": lambda name, images, is_training: j_flatten_layer(images, name),
    "dropout": lambda name, images, is_training: j_dropout_layer(images, 0.5, is_training, name),
}


def numbers(*shape, seed=0):
    """Normally distributed float32, the same every time."""
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def images_ph(shape=IMAGES):
    """A placeholder for images."""
    return tf.placeholder(tf.float32, shape, "images")


def inputs_of(kind, dtype="float32"):
    """A placeholder for what a layer of this kind takes."""
    return tf.placeholder(dtype, [None, 5] if kind == "fc" else IMAGES)


def is_training_ph():
    """The placeholder that the scripts have."""
    return tf.placeholder_with_default(False, [], "is_training")


def begin(session, **variables):
    """Initialises the variables; those named, to the value given ('/' written '__')."""
    session.run(tf.global_variables_initializer())
    by_name = {variable.op.name: variable for variable in tf.global_variables()}
    for name, value in variables.items():
        by_name[name.replace("__", "/")].load(value, session)


def result(outputs, feed=None, **variables):
    """A tensor's value in a new session."""
    with tf.Session() as session:
        begin(session, **variables)
        return session.run(outputs, feed)


def windows(images, size, strides, padding, outside=0.0):
    """What a kernel or a pool sees at each place: [B, H, W, C] -> [B, H_out, W_out, size, size, C]."""
    if padding == "SAME":
        frame = [(0, 0)]
        for side in images.shape[1:3]:
            missing = max((math.ceil(side / strides) - 1) * strides + size - side, 0)
            frame.append((missing // 2, missing - missing // 2))  # an odd one goes to the bottom and the right
        images = np.pad(images, [*frame, (0, 0)], constant_values=outside)
    rows, columns = ([first * strides for first in range((side - size) // strides + 1)] for side in images.shape[1:3])
    seen = [[images[:, row : row + size, column : column + size] for column in columns] for row in rows]
    return np.array(seen).transpose(2, 0, 1, 3, 4, 5)
