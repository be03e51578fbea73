"""The optimisers: how a step changes the weights, given the loss's gradient.

Those with Keras's names follow Keras 3's rules and have its options and defaults. TensorFlow's own optimisers stand
behind them where their rule is the same; where it isn't, the rule is here.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.kinds import kind_of


@dataclass(frozen=True)
class Optimizer:
    """An optimiser, its options, and the learning rates that suit it when the user gives none."""

    learning_rate: float  # Keras's default
    images_rate: float  # for the networks of dlho2018_nns.py
    build: Callable  # (learning rate, **options) -> tf.train.Optimizer
    options: dict = field(default_factory=dict)  # {option: Keras's default}

    def make(self, learning_rate, **options):
        """The optimiser that a graph works with.

        Args:
          learning_rate: a number, or a tensor float32 [] that may change from step to step.
          options: those that differ from their defaults, as `options_from` gives them.
        Returns:
          tf.train.Optimizer.
        """
        return self.build(learning_rate, **{**self.options, **options})


def make_optimizer(settings, learning_rate):
    """The optimiser of a run.

    Args:
      settings: TrainingSettings; `optimizer` and `optimizer_options` count.
      learning_rate: a number, or a tensor float32 [] that may change from step to step.
    Returns:
      tf.train.Optimizer.
    Raises:
      UserError: an option is unknown, given twice, or has a value that it can't have.
    """
    options = options_from(settings.optimizer, settings.optimizer_options)
    return OPTIMIZERS[settings.optimizer].make(learning_rate, **options)


def first_rate(settings):
    """The learning rate to begin with: the user's, or what suits the optimiser.

    For Keras's architectures, and for tables, that is Keras's own; for the kit's networks of images, what they
    learn best with.
    """
    optimizer = OPTIMIZERS[settings.optimizer]
    like_keras = settings.architecture or kind_of(settings).learns_like_keras
    return settings.learning_rate or (optimizer.learning_rate if like_keras else optimizer.images_rate)


def options_from(name, words):
    """The options of an optimiser, as the user typed them.

    Args:
      name: a key of OPTIMIZERS.
      words: strings like "momentum=0.9" and "nesterov=true".
    Returns:
      {option: float or bool}, for Optimizer.make.
    Raises:
      UserError: an unknown option, one given twice, or a value that it can't have; the options are listed.
    """
    known, options = OPTIMIZERS[name].options, {}
    for word in words:
        option, equals, text = (part.strip() for part in word.partition("="))
        if option not in known:
            hint = "; that is --learning_rate" if option == "learning_rate" else ""
            raise _option_error(name, f"{name} has no option '{option}'{hint}")
        if option in options:
            raise _option_error(name, f"'{option}' is given twice")
        if not equals:
            raise _option_error(name, f"'{option}' has no value; expected {option}={_in_words(known[option])}")
        options[option] = _value(name, option, text)
    return options


def _value(name, option, text):
    if isinstance(OPTIMIZERS[name].options[option], bool):
        if text.lower() not in ("true", "false"):
            raise _option_error(name, f"'{option}' is '{text}', expected true or false")
        return text.lower() == "true"
    expected, holds = BOUNDS[option]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and holds(value)):
        raise _option_error(name, f"'{option}' is '{text}', expected a number {expected}")
    return value


def _option_error(name, problem):
    options = [f"{option}={_in_words(default)}" for option, default in OPTIMIZERS[name].options.items()]
    listed = f"The options of {name}, with their defaults, are: {' '.join(options)}" if options else f"{name} has none"
    return UserError(f"--optimizer_options: {problem}.\n  {listed}.")


def _in_words(value):
    return str(value).lower()  # true, as in Keras's JSON


# ------------------------------------------------------------------------- TensorFlow's own, with Keras's arguments


def _sgd(rate, momentum, nesterov):
    return _by_rule("SGD", rate, _momentum_rule(momentum, nesterov), ["velocity"]) if momentum else _plain(rate)


def _plain(rate):
    return tf.train.GradientDescentOptimizer(rate)


def _momentum(rate):
    return tf.train.MomentumOptimizer(rate, momentum=0.9)


def _rmsprop(rate, rho, momentum, epsilon, centered):
    class RMSPropFromZero(tf.train.RMSPropOptimizer):
        """TensorFlow's, whose mean squares start at 0, as Keras's do, and not at 1."""

        def _create_slots(self, var_list):
            for variable in var_list:
                self._zeros_slot(variable, "rms", self._name)
            super()._create_slots(var_list)

    return RMSPropFromZero(rate, decay=rho, momentum=momentum, epsilon=epsilon, centered=centered)


def _adagrad(rate, initial_accumulator_value, epsilon):
    # Keras adds epsilon to the sum of squares at each step; it may as well stand there from the start.
    return tf.train.AdagradOptimizer(rate, initial_accumulator_value=initial_accumulator_value + epsilon)


def _adadelta(rate, rho, epsilon):
    return tf.train.AdadeltaOptimizer(rate, rho=rho, epsilon=epsilon)


def _adam(rate, beta_1, beta_2, epsilon, amsgrad):
    if amsgrad:
        rule = _amsgrad_rule(beta_1, beta_2, epsilon)
        return _by_rule("AMSGrad", rate, rule, ["mean", "mean_square", "largest_mean_square"], {"step": 0.0})
    return tf.train.AdamOptimizer(rate, beta1=beta_1, beta2=beta_2, epsilon=epsilon)


def _adamax(rate, beta_1, beta_2, epsilon):
    return _by_rule("Adamax", rate, _adamax_rule(beta_1, beta_2, epsilon), ["mean", "norm"], {"step": 0.0})


def _nadam(rate, beta_1, beta_2, epsilon):
    rule, scalars = _nadam_rule(beta_1, beta_2, epsilon), {"step": 0.0, "schedule": 1.0}
    return _by_rule("Nadam", rate, rule, ["mean", "mean_square"], scalars)


def _ftrl(rate, **options):
    return tf.train.FtrlOptimizer(rate, **options)


# ---------------------------------------------------------------------------------- rules that TensorFlow hasn't got


def _by_rule(name, rate, rule, slots, scalars=None):
    """An optimiser that follows a rule.

    Args:
      name: of its variables in the graph.
      rate: the learning rate, a number or a tensor float32 [].
      rule: (gradient, before, rate) -> (change, after): what is added to the weights, of their shape, and the new
        value of each slot, where `before` is {slot: its variable}.
      slots: what the rule remembers for each weight, at first 0.
      scalars: {name: first value}, numbers that it remembers for each variable as a whole.
    Returns:
      tf.train.Optimizer, whose slots are global variables and saved with the weights.
    """
    scalars = scalars or {}

    class ByRule(tf.train.Optimizer):
        def _create_slots(self, var_list):
            for variable in var_list:
                for slot in slots:
                    self._zeros_slot(variable, slot, f"{name}/{slot}")
                for slot, first in scalars.items():
                    self._get_or_make_slot(variable, tf.constant(first), slot, f"{name}/{slot}")

        def _apply_dense(self, grad, var):
            before = {slot: self.get_slot(var, slot) for slot in (*slots, *scalars)}
            change, after = rule(grad, before, rate)
            return tf.group(tf.assign_add(var, change), *(tf.assign(before[slot], after[slot]) for slot in before))

    return ByRule(use_locking=False, name=name)


def _momentum_rule(momentum, nesterov):
    """Keras's momentum: the velocity holds the learning rates of its time, TensorFlow's does not."""

    def rule(gradient, before, rate):
        velocity = momentum * before["velocity"] - rate * gradient
        change = momentum * velocity - rate * gradient if nesterov else velocity
        return change, {"velocity": velocity}

    return rule


def _amsgrad_rule(beta_1, beta_2, epsilon):
    """Adam with the largest mean square so far (Reddi et al., 2018)."""

    def rule(gradient, before, rate):
        step = before["step"] + 1
        mean = _moved(before["mean"], gradient, beta_1)
        mean_square = _moved(before["mean_square"], tf.square(gradient), beta_2)
        largest = tf.maximum(before["largest_mean_square"], mean_square)
        rate *= tf.sqrt(1 - tf.pow(beta_2, step)) / (1 - tf.pow(beta_1, step))
        after = {"mean": mean, "mean_square": mean_square, "largest_mean_square": largest, "step": step}
        return -rate * mean / (tf.sqrt(largest) + epsilon), after

    return rule


def _adamax_rule(beta_1, beta_2, epsilon):
    """Adam with a decaying maximum in place of the mean square (Kingma and Ba, 2015, section 7)."""

    def rule(gradient, before, rate):
        step = before["step"] + 1
        mean = _moved(before["mean"], gradient, beta_1)
        norm = tf.maximum(beta_2 * before["norm"], tf.abs(gradient))
        change = -rate * mean / ((1 - tf.pow(beta_1, step)) * (norm + epsilon))
        return change, {"mean": mean, "norm": norm, "step": step}

    return rule


def _nadam_rule(beta_1, beta_2, epsilon):
    """Adam with Nesterov's momentum, whose weight grows from step to step (Dozat, 2016)."""

    def weight(step):
        return beta_1 * (1 - 0.5 * tf.pow(0.96, step))

    def rule(gradient, before, rate):
        step = before["step"] + 1
        schedule = before["schedule"] * weight(step)  # the product of all weights so far
        mean = _moved(before["mean"], gradient, beta_1)
        mean_square = _moved(before["mean_square"], tf.square(gradient), beta_2)
        of_next, of_this = weight(step + 1), weight(step)
        ahead = of_next * mean / (1 - schedule * of_next) + (1 - of_this) * gradient / (1 - schedule)
        change = -rate * ahead / (tf.sqrt(mean_square / (1 - tf.pow(beta_2, step))) + epsilon)
        return change, {"mean": mean, "mean_square": mean_square, "step": step, "schedule": schedule}

    return rule


def _moved(mean, value, share):
    """A running mean, moved towards a value: `share` of it stays."""
    return mean + (value - mean) * (1 - share)


# ------------------------------------------------------------------------------------------------- the table

BOUNDS = {  # {option: (in words, whether a value is within them)}
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
OPTIMIZERS = {
    "gradient_descent": Optimizer(0.01, 0.02, _plain),
    "momentum": Optimizer(0.01, 0.01, _momentum),
    # Keras's
    "sgd": Optimizer(0.01, 0.02, _sgd, {"momentum": 0.0, "nesterov": False}),
    "rmsprop": Optimizer(0.001, 0.001, _rmsprop, {"rho": 0.9, "momentum": 0.0, "epsilon": 1e-7, "centered": False}),
    "adagrad": Optimizer(0.001, 0.01, _adagrad, {"initial_accumulator_value": 0.1, "epsilon": 1e-7}),
    "adadelta": Optimizer(0.001, 1.0, _adadelta, {"rho": 0.95, "epsilon": 1e-7}),
    "adam": Optimizer(0.001, 0.003, _adam, {**ADAM, "amsgrad": False}),
    "adamax": Optimizer(0.001, 0.003, _adamax, ADAM),
    "nadam": Optimizer(0.001, 0.001, _nadam, ADAM),
    "ftrl": Optimizer(  # as in Keras, its first step all but wipes out the initial weights: `cnn` doesn't learn
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
