"""The optimisers by name, and their options.

Those with Keras's names follow Keras 3: its rules, options and defaults. They are TensorFlow's optimisers if their rule
is the same; otherwise kit/model/optimizer_rules.py has the rule.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.data.kinds import kind_of
from kit.model import micro_batches
from kit.model import optimizer_rules as rules


@dataclass(frozen=True)
class Optimizer:
    """An optimiser, its options, and its default learning rates."""

    learning_rate: float  # Keras's default
    images_rate: float  # the default for the networks of dlho2018_nns.py
    build: Callable[..., tf.train.Optimizer]  # of (learning rate, **options)
    options: Mapping[str, float | bool] = field(default_factory=dict)  # {option: Keras's default}

    def make(self, learning_rate: float | tf.Tensor, **options: float | bool) -> tf.train.Optimizer:
        """Adds the optimiser to the graph.

        Args:
          learning_rate: a number, or a tensor float32 [] that may change from step to step.
          options: those that differ from their defaults, as `options_from` returns them.
        Returns:
          tf.train.Optimizer.
        """
        return self.build(learning_rate, **{**self.options, **options})


def make_optimizer(settings: TrainingSettings, learning_rate: float | tf.Tensor) -> tf.train.Optimizer:
    """The optimiser of a run.

    Args:
      settings: `optimizer` and `optimizer_options` count.
      learning_rate: a number, or a tensor float32 [] that may change from step to step.
    Returns:
      tf.train.Optimizer.
    Raises:
      UserError: a wrong option, see options_from. `minimize` raises one, too, if there are no weights to train.
    """
    options = options_from(settings.optimizer, settings.optimizer_options)
    optimizer = OPTIMIZERS[settings.optimizer].make(learning_rate, **options)
    divided = micro_batches.of_graph()
    if divided:
        optimizer.compute_gradients = divided.compute_gradients
    return _outside_name_scopes(_sure_of_weights(optimizer, settings))


def _sure_of_weights(optimizer: tf.train.Optimizer, settings: TrainingSettings) -> tf.train.Optimizer:
    """The optimiser, made to say it clearly if the network has nothing that it could train."""
    compute_gradients = optimizer.compute_gradients

    def checked(*arguments: Any, **options: Any) -> Any:
        if not tf.trainable_variables():
            network = settings.architecture or settings.network
            raise UserError(
                f"--{'architecture' if settings.architecture else 'network'} {network}: no layer has weights to train, "
                "expected at least one.\n"
                "  A layer is frozen by trainable=False: leave it out, of the last layer for example."
            )
        return compute_gradients(*arguments, **options)

    optimizer.compute_gradients = checked
    return optimizer


def _outside_name_scopes(optimizer: tf.train.Optimizer) -> tf.train.Optimizer:
    """The optimiser, made to add its operations outside the name scope that it is called in.

    TensorBoard draws gradients and updates apart then: in the box of the loss, they would hide how the network runs.
    """

    def outside(method: Callable) -> Callable:
        def called(*arguments: Any, **options: Any) -> Any:
            with tf.name_scope(None):
                return method(*arguments, **options)

        return called

    for name in ("compute_gradients", "apply_gradients"):  # minimize calls both
        setattr(optimizer, name, outside(getattr(optimizer, name)))
    return optimizer


def first_rate(settings: TrainingSettings) -> float:
    """The learning rate to start with: --learning_rate, or else the optimiser's default.

    The default is Keras's for tables and for Keras's architectures. For the networks of dlho2018_nns.py it is the rate
    with which they learn images best.
    """
    optimizer = OPTIMIZERS[settings.optimizer]
    return settings.learning_rate or (optimizer.learning_rate if _like_keras(settings) else optimizer.images_rate)


def falls_at_the_end(settings: TrainingSettings) -> bool:
    """Whether the learning rate falls to 0 over the second half of the epochs: for images, if no flag decides."""
    return settings.decay is None and settings.reduce_on_plateau is None and not _like_keras(settings)


def falling_rate(settings: TrainingSettings, global_step: tf.Tensor, steps_per_epoch: int) -> tf.Tensor:
    """The learning rate at a step: multiplied by --decay after each epoch, or falling to 0 at the end.

    The second keeps its first value for half of the steps, since networks find the shapes with large steps only, and
    falls in a straight line over the other half (Hägele et al. 2024, https://arxiv.org/abs/2405.18392).

    Args:
      settings: `learning_rate`, `decay`, `epochs`, and what their defaults depend on.
      global_step: int64 [], how many batches the network has learnt from.
      steps_per_epoch: batches.
    Returns:
      float32 [].
    """
    rate = first_rate(settings)
    if falls_at_the_end(settings):
        to_come = 1 - tf.cast(global_step, tf.float32) / (steps_per_epoch * settings.epochs)  # 1 to 0
        return rate * tf.clip_by_value(2 * to_come, 0.0, 1.0)
    return tf.train.exponential_decay(rate, global_step, steps_per_epoch, settings.decay or 1.0, staircase=True)


def _like_keras(settings: TrainingSettings) -> bool:
    return bool(settings.architecture) or kind_of(settings).learns_like_keras


def options_from(name: str, words: Iterable[str]) -> dict[str, float | bool]:
    """Parses --optimizer_options.

    Args:
      name: a key of OPTIMIZERS.
      words: such as "momentum=0.9" and "nesterov=true".
    Returns:
      {option: value}, for Optimizer.make.
    Raises:
      UserError: an option is unknown, is given twice or has a wrong value; the message lists the options.
    """
    known, options = OPTIMIZERS[name].options, {}
    for word in words:
        option, equals, text = (part.strip() for part in word.partition("="))
        if option not in known:
            hint = "; use --learning_rate" if option == "learning_rate" else ""
            raise _option_error(name, f"{name} has no option '{option}'{hint}")
        if option in options:
            raise _option_error(name, f"'{option}' is given twice")
        if not equals:
            raise _option_error(name, f"'{option}' has no value; expected {option}={_in_words(known[option])}")
        options[option] = _value(name, option, text)
    return options


def _value(name: str, option: str, text: str) -> float | bool:
    if isinstance(OPTIMIZERS[name].options[option], bool):
        if text.lower() not in ("true", "false"):
            raise _option_error(name, f"'{option}' is '{text}', expected true or false")
        return text.lower() == "true"
    expected, is_valid = BOUNDS[option]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and is_valid(value)):
        raise _option_error(name, f"'{option}' is '{text}', expected a number {expected}")
    return value


def _option_error(name: str, problem: str) -> UserError:
    options = [f"{option}={_in_words(default)}" for option, default in OPTIMIZERS[name].options.items()]
    listed = f"Options of {name}, with their defaults: {' '.join(options)}" if options else f"{name} has no options"
    return UserError(f"--optimizer_options: {problem}.\n  {listed}.")


def _in_words(value: float | bool) -> str:
    return str(value).lower()  # true, as in Keras's JSON


# ----------------------------------------------------------------------------- the optimisers, by Keras's options


def _gradient_descent(rate: float | tf.Tensor) -> tf.train.Optimizer:
    return tf.train.GradientDescentOptimizer(rate)


def _momentum(rate: float | tf.Tensor) -> tf.train.Optimizer:
    return tf.train.MomentumOptimizer(rate, momentum=0.9)


def _sgd(rate: float | tf.Tensor, momentum: float, nesterov: bool) -> tf.train.Optimizer:
    return rules.sgd_with_momentum(rate, momentum, nesterov) if momentum else _gradient_descent(rate)


def _adagrad(rate: float | tf.Tensor, initial_accumulator_value: float, epsilon: float) -> tf.train.Optimizer:
    # Keras adds epsilon to the sum of squares at each step; once at the start does the same.
    return tf.train.AdagradOptimizer(rate, initial_accumulator_value=initial_accumulator_value + epsilon)


def _adadelta(rate: float | tf.Tensor, rho: float, epsilon: float) -> tf.train.Optimizer:
    return tf.train.AdadeltaOptimizer(rate, rho=rho, epsilon=epsilon)


def _adam(rate: float | tf.Tensor, beta_1: float, beta_2: float, epsilon: float, amsgrad: bool) -> tf.train.Optimizer:
    if amsgrad:
        return rules.amsgrad(rate, beta_1, beta_2, epsilon)
    return tf.train.AdamOptimizer(rate, beta1=beta_1, beta2=beta_2, epsilon=epsilon)


def _ftrl(rate: float | tf.Tensor, **options: float) -> tf.train.Optimizer:
    return tf.train.FtrlOptimizer(rate, **options)


BOUNDS: dict[str, tuple[str, Callable[[float], bool]]] = {  # {option: (in words, the check)}
    **dict.fromkeys(["rho", "beta_1", "beta_2"], ("from 0 to below 1", lambda value: 0 <= value < 1)),
    "momentum": ("from 0 to 1", lambda value: 0 <= value <= 1),
    "epsilon": ("above 0", lambda value: value > 0),
    "learning_rate_power": ("of at most 0", lambda value: value <= 0),
    **dict.fromkeys(
        [
            "initial_accumulator_value",
            "l1_regularization_strength",
            "l2_regularization_strength",
            "l2_shrinkage_regularization_strength",
            "beta",
        ],
        ("of at least 0", lambda value: value >= 0),
    ),
}
ADAM = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
OPTIMIZERS: dict[str, Optimizer] = {
    "gradient_descent": Optimizer(0.01, 0.02, _gradient_descent),
    "momentum": Optimizer(0.01, 0.01, _momentum),
    # Keras's
    "sgd": Optimizer(0.01, 0.02, _sgd, {"momentum": 0.0, "nesterov": False}),
    "rmsprop": Optimizer(
        0.001, 0.001, rules.rmsprop, {"rho": 0.9, "momentum": 0.0, "epsilon": 1e-7, "centered": False}
    ),
    "adagrad": Optimizer(0.001, 0.01, _adagrad, {"initial_accumulator_value": 0.1, "epsilon": 1e-7}),
    "adadelta": Optimizer(0.001, 1.0, _adadelta, {"rho": 0.95, "epsilon": 1e-7}),
    "adam": Optimizer(0.001, 0.003, _adam, {**ADAM, "amsgrad": False}),
    "adamax": Optimizer(0.001, 0.003, rules.adamax, ADAM),
    "nadam": Optimizer(0.001, 0.001, rules.nadam, ADAM),
    "ftrl": Optimizer(  # as in Keras, its first step sets the weights almost to 0: `cnn` doesn't learn
        0.001,
        0.1,
        _ftrl,
        {
            "learning_rate_power": -0.5,
            "initial_accumulator_value": 0.1,
            "l1_regularization_strength": 0.0,
            "l2_regularization_strength": 0.0,
            "l2_shrinkage_regularization_strength": 0.0,
            "beta": 0.0,
        },
    ),
}
