"""Keras's optimisers that TensorFlow 1 doesn't have: their rules, and a tf.train.Optimizer that follows a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import kit.tensorflow1 as tf

Slots = Mapping[str, "tf.Tensor"]  # {slot: value}
Rule = Callable[["tf.Tensor", Slots, "tf.Tensor"], tuple["tf.Tensor", Slots]]


def sgd_with_momentum(rate: float | tf.Tensor, momentum: float, nesterov: bool) -> tf.train.Optimizer:
    """Keras's momentum: each gradient is multiplied by the rate of its own step.

    TensorFlow's MomentumOptimizer multiplies the whole velocity by the rate of the current step.
    """

    def rule(gradient, before, rate):
        velocity = momentum * before["velocity"] - rate * gradient
        change = momentum * velocity - rate * gradient if nesterov else velocity
        return change, {"velocity": velocity}

    return _by_rule("SGD", rate, rule, ["velocity"], {})


def rmsprop(rate: float | tf.Tensor, rho: float, momentum: float, epsilon: float, centered: bool) -> tf.train.Optimizer:
    """TensorFlow's RMSProp, but its mean squares start at 0, as in Keras, not at 1."""

    class RMSPropFromZero(tf.train.RMSPropOptimizer):
        def _create_slots(self, var_list):
            for variable in var_list:
                self._zeros_slot(variable, "rms", self._name)
            super()._create_slots(var_list)

    return RMSPropFromZero(rate, decay=rho, momentum=momentum, epsilon=epsilon, centered=centered)


def amsgrad(rate: float | tf.Tensor, beta_1: float, beta_2: float, epsilon: float) -> tf.train.Optimizer:
    """Adam with the largest mean square so far (Reddi et al., 2018)."""

    def rule(gradient, before, rate):
        step = before["step"] + 1
        mean = _moving_average(before["mean"], gradient, beta_1)
        mean_square = _moving_average(before["mean_square"], tf.square(gradient), beta_2)
        largest = tf.maximum(before["largest_mean_square"], mean_square)
        rate *= tf.sqrt(1 - tf.pow(beta_2, step)) / (1 - tf.pow(beta_1, step))
        after = {"mean": mean, "mean_square": mean_square, "largest_mean_square": largest, "step": step}
        return -rate * mean / (tf.sqrt(largest) + epsilon), after

    return _by_rule("AMSGrad", rate, rule, ["mean", "mean_square", "largest_mean_square"], {"step": 0.0})


def adamax(rate: float | tf.Tensor, beta_1: float, beta_2: float, epsilon: float) -> tf.train.Optimizer:
    """Adam with a decaying maximum instead of the mean square (Kingma and Ba, 2015, section 7)."""

    def rule(gradient, before, rate):
        step = before["step"] + 1
        mean = _moving_average(before["mean"], gradient, beta_1)
        norm = tf.maximum(beta_2 * before["norm"], tf.abs(gradient))
        change = -rate * mean / ((1 - tf.pow(beta_1, step)) * (norm + epsilon))
        return change, {"mean": mean, "norm": norm, "step": step}

    return _by_rule("Adamax", rate, rule, ["mean", "norm"], {"step": 0.0})


def nadam(rate: float | tf.Tensor, beta_1: float, beta_2: float, epsilon: float) -> tf.train.Optimizer:
    """Adam with Nesterov's momentum, which grows from step to step (Dozat, 2016)."""

    def momentum_at(step):
        return beta_1 * (1 - 0.5 * tf.pow(0.96, step))

    def rule(gradient, before, rate):
        step = before["step"] + 1
        schedule = before["schedule"] * momentum_at(step)  # the product of the momentums of all steps so far
        mean = _moving_average(before["mean"], gradient, beta_1)
        mean_square = _moving_average(before["mean_square"], tf.square(gradient), beta_2)
        of_next, of_this = momentum_at(step + 1), momentum_at(step)
        ahead = of_next * mean / (1 - schedule * of_next) + (1 - of_this) * gradient / (1 - schedule)
        change = -rate * ahead / (tf.sqrt(mean_square / (1 - tf.pow(beta_2, step))) + epsilon)
        return change, {"mean": mean, "mean_square": mean_square, "step": step, "schedule": schedule}

    return _by_rule("Nadam", rate, rule, ["mean", "mean_square"], {"step": 0.0, "schedule": 1.0})


def _by_rule(
    name: str, rate: float | tf.Tensor, rule: Rule, slots: Sequence[str], scalars: Mapping[str, float]
) -> tf.train.Optimizer:
    """An optimiser that follows a rule.

    Args:
      name: name of its variables in the graph.
      rate: the learning rate, a number or a tensor float32 [].
      rule: (gradient, before, rate) -> (change, after). `change` is added to the weights and has their shape; `before`
        is {slot: its value}, `after` {slot: its new value}.
      slots: what the rule keeps for each weight; they start at 0.
      scalars: {slot: first value}, what the rule keeps for each variable as a whole.
    Returns:
      tf.train.Optimizer. Its slots are global variables, saved with the weights.
    """

    class ByRule(tf.train.Optimizer):
        def _create_slots(self, var_list):
            for variable in var_list:
                for slot in slots:
                    self._zeros_slot(variable, slot, f"{name}/{slot}")
                for slot, first in scalars.items():
                    self._get_or_make_slot(variable, tf.constant(first), slot, f"{name}/{slot}")

        def _apply_dense(self, grad, var):
            kept = {slot: self.get_slot(var, slot) for slot in (*slots, *scalars)}
            change, after = rule(grad, {slot: tf.identity(variable) for slot, variable in kept.items()}, rate)
            return tf.group(tf.assign_add(var, change), *(tf.assign(kept[slot], after[slot]) for slot in kept))

        def _resource_apply_dense(self, grad, handle):  # of tf_keras's variables
            return self._apply_dense(grad, handle)

    return ByRule(use_locking=False, name=name)


def _moving_average(average: tf.Tensor, value: tf.Tensor, share: float) -> tf.Tensor:
    """The average after one more value; `share` of it stays."""
    return average + (value - average) * (1 - share)
