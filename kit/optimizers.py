"""The optimisers: how a step changes the weights, given the loss's gradient."""

from collections.abc import Callable
from dataclasses import dataclass

import kit.tensorflow1 as tf


@dataclass(frozen=True)
class Optimizer:
    """An optimiser and the learning rate that suits it when the user gives none."""

    learning_rate: float
    make: Callable  # learning rate -> tf.train.Optimizer


OPTIMIZERS = {
    "gradient_descent": Optimizer(0.02, lambda rate: tf.train.GradientDescentOptimizer(rate)),
    "momentum": Optimizer(0.01, lambda rate: tf.train.MomentumOptimizer(rate, momentum=0.9)),
    "rmsprop": Optimizer(0.001, lambda rate: tf.train.RMSPropOptimizer(rate)),
    "adagrad": Optimizer(0.01, lambda rate: tf.train.AdagradOptimizer(rate)),
    "adadelta": Optimizer(1.0, lambda rate: tf.train.AdadeltaOptimizer(rate)),
    "adam": Optimizer(0.003, lambda rate: tf.train.AdamOptimizer(rate)),
}
