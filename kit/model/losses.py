"""The losses: one number per example that training makes small, whatever the network ends in.

Those with Keras's names compute the same numbers as Keras's `fit`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model import loss_formulas as formulas
from kit.model.activations import ACTIVATIONS, Activation
from kit.model.micro_batches import joined

LINEAR, SIGMOID, SOFTMAX = "linear", "sigmoid", "softmax"
NEVER_NEGATIVE = ("exponential", "hard_sigmoid", "relu", "relu6", SIGMOID, SOFTMAX, "softplus")  # activations


@dataclass(frozen=True)
class Loss:
    """A loss, and what it fits.

    Its methods take bare logits, one per class, as the networks of dlho2018_nns.py give them.
    """

    formula: Callable  # (targets float32 [B, K], outputs float32 [B, K]) -> float32 [B]
    logits_formula: Callable | None = None  # (targets, logits) -> float32 [B]: exact, for sigmoid and softmax
    activation: str = SOFTMAX  # what turns bare logits into outputs
    takes_labels: bool = False  # its targets are the labels, int64 [B], not one-hot
    is_margin: bool = False  # a hinge: it pushes scores away from 0, not towards 0 and 1
    for_regression: bool = False
    for_single_output: bool = True  # fits two classes told apart by one output

    def per_example(self, labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
        """int64 [B], float32 [B, classes] -> float32 [B]."""
        return self._of_bare_logits().per_example(labels, logits)

    def probabilities(self, logits: tf.Tensor) -> tf.Tensor:
        """float32 [B, classes] -> float32 [B, classes] in [0, 1]."""
        return self._of_bare_logits().probabilities(logits)

    def _of_bare_logits(self) -> LossHead:
        return LossHead(self, self.activation, ACTIVATIONS[self.activation])


@dataclass(frozen=True)
class LossHead:
    """A loss on top of a network's last activation. `loss_head` makes it.

    `logits` are the inputs of that activation: float32 [B, classes]. If a single output z tells two classes apart,
    they are [0, z]; for regression they are [B, 1].
    """

    loss: Loss
    activation: str  # its name
    apply: Activation  # logits -> outputs
    is_single: bool = False  # two classes, one output
    predicts_values: bool = False

    def outputs(self, logits: tf.Tensor) -> tf.Tensor:
        """The network's outputs: float32 [B, classes]; [B, 1] for a single output or for regression."""
        return self.apply(self._own(logits))

    def per_example(self, labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
        """The loss of each example.

        Args:
          labels: int64 [B]; float32 [B] for regression.
          logits: float32 [B, classes] or [B, 1], as above.
        Returns:
          float32 [B]. After sigmoid or softmax, a cross-entropy is computed from the logits, which is exact. After any
          other activation it is computed from the outputs, cut off at 1e-7 and 1 - 1e-7.
        """
        targets = self._targets(labels, logits)
        if self.loss.logits_formula and self.activation in (SIGMOID, SOFTMAX):
            return self.loss.logits_formula(targets, self._own(logits))
        return self.loss.formula(targets, self.outputs(logits))

    def probabilities(self, logits: tf.Tensor) -> tf.Tensor:
        """Each class's predicted probability. The prediction is the class with the largest.

        - One output per class, softmax: the outputs; they sum to 1.
        - One output per class, sigmoid: the outputs; they need not sum to 1.
        - One output per class, another activation: the softmax of the outputs.
        - A single output p: [1 - p, p], with p cut off at 0 and 1; class 1 is predicted if p is above 0.5. For a
          hinge, whose scores may be negative, p is (1 + tanh(score)) / 2.

        Args:
          logits: float32 [B, classes] or [B, 1], as above.
        Returns:
          float32 [B, classes] in [0, 1]; for regression the outputs, [B, 1].
        """
        outputs = self.outputs(logits)
        if self.predicts_values:
            return outputs
        if self.is_single:
            chance = self._chance(outputs)
            return tf.concat([1 - chance, chance], axis=1)
        return outputs if self.activation in (SIGMOID, SOFTMAX) else tf.nn.softmax(outputs)

    def _own(self, logits: tf.Tensor) -> tf.Tensor:
        """The logits of the batch, without the 0 that stands before a single output's."""
        logits = joined(logits)
        return logits[:, 1:] if self.is_single else logits

    def _targets(self, labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
        if self.loss.takes_labels:
            return labels
        if self.is_single or self.predicts_values:
            return tf.cast(labels, tf.float32)[:, tf.newaxis]
        return tf.one_hot(labels, logits.shape[-1].value)

    def _chance(self, outputs: tf.Tensor) -> tf.Tensor:
        """Single outputs, float32 [B, 1] -> the probability of class 1."""
        if self.loss.is_margin and self.activation not in NEVER_NEGATIVE:
            return tf.nn.sigmoid(2 * outputs)  # (1 + tanh) / 2
        return tf.clip_by_value(outputs, 0.0, 1.0)


def loss_head(
    loss_name: str,
    activation: str | None = None,
    units: int | None = None,
    apply: Activation | None = None,
    *,
    num_classes: int,
) -> LossHead:
    """The loss for a network, given what the network ends in.

    Args:
      loss_name: a key of LOSSES or of ALIASES.
      activation: the name of the network's last activation. None: the network ends in bare logits, and the loss adds
        its own: softmax or sigmoid; linear for a hinge and for regression.
      units: the number of outputs. None: one per class, or one for regression.
      apply: that activation's function; not needed for a key of ACTIVATIONS.
      num_classes: number of classes; 0 for regression.
    Returns:
      LossHead.
    Raises:
      UserError: the loss, the outputs and the labels don't fit each other.
    """
    loss_name = ALIASES.get(loss_name, loss_name)
    predicts_values = num_classes == 0
    units = units or num_classes or 1
    is_single = units == 1 and not predicts_values
    if activation is None:
        activation = LINEAR if predicts_values else LOSSES[loss_name].activation
    _check_units(units, activation, num_classes)
    _check_loss(loss_name, is_single, predicts_values)
    if loss_name in LOSSES_OF_LOGITS:
        activation, apply = _own_activation(loss_name, activation, is_single), None
        if is_single:  # the softmax cross-entropy of [0, z] is the sigmoid cross-entropy of z
            loss_name = "sigmoid_cross_entropy"
    return LossHead(LOSSES[loss_name], activation, apply or ACTIVATIONS[activation], is_single, predicts_values)


def _check_units(units: int, activation: str, num_classes: int) -> None:
    if num_classes == 0 and units != 1:
        raise UserError(
            f"The network ends in {units} units, expected 1: the labels are numbers to predict.\n  End it in 'dense 1'."
        )
    if num_classes and units != num_classes and (units, num_classes) != (1, 2):
        single = " or in 'dense 1 sigmoid'" if num_classes == 2 else ""
        raise UserError(
            f"The network ends in {units} unit{'s' * (units != 1)}, but the data has {num_classes} classes.\n"
            f"  End it in 'dense {num_classes} softmax'{single}."
        )
    if units == 1 and activation in (SOFTMAX, "log_softmax"):
        better = "in 'dense 1 sigmoid' or in 'dense 2 softmax'" if num_classes else "in 'dense 1'"
        raise UserError(
            f"The network ends in {activation} of a single unit, which is the same number for every input.\n"
            f"  End it {better}."
        )


def _check_loss(name: str, is_single: bool, predicts_values: bool) -> None:
    if predicts_values and name not in REGRESSION:
        raise UserError(
            f"--loss {name} is for classes, but the labels are numbers to predict.\n"
            f"  Losses for numbers: {', '.join(REGRESSION)}. End the network in 'dense 1'."
        )
    if is_single and not LOSSES[name].for_single_output:
        raise UserError(
            f"--loss {name} expects one output per class, but the network ends in a single unit.\n"
            "  Use --loss binary_crossentropy, or end the network in 'dense 2 softmax'."
        )


def _own_activation(name: str, activation: str, is_single: bool) -> str:
    """The activation that a loss of logits applies itself. The network must end in it, or in none."""
    own = SIGMOID if is_single else LOSSES[name].activation
    if activation not in (own, LINEAR):
        raise UserError(
            f"--loss {name} applies {own} itself, but the network ends in {activation}.\n"
            f"  End it in {own} or in linear, or choose another loss: {', '.join(LOSSES)}."
        )
    return own


LOSSES = {
    # applied to logits: they add softmax or sigmoid themselves
    "softmax_cross_entropy": Loss(
        formulas.sparse_categorical_crossentropy, formulas.softmax_of_labels, takes_labels=True
    ),
    "sigmoid_cross_entropy": Loss(formulas.binary_crossentropy, formulas.sigmoid_of_logits, SIGMOID),
    # Keras's
    "binary_crossentropy": Loss(formulas.binary_crossentropy, formulas.sigmoid_of_logits, SIGMOID),
    "categorical_crossentropy": Loss(
        formulas.categorical_crossentropy, formulas.softmax_of_logits, for_single_output=False
    ),
    "sparse_categorical_crossentropy": Loss(
        formulas.sparse_categorical_crossentropy,
        formulas.softmax_of_labels,
        takes_labels=True,
        for_single_output=False,
    ),
    "mean_squared_error": Loss(formulas.mean_squared_error, for_regression=True),
    "mean_absolute_error": Loss(formulas.mean_absolute_error, for_regression=True),
    "mean_absolute_percentage_error": Loss(formulas.mean_absolute_percentage_error, for_regression=True),
    "mean_squared_logarithmic_error": Loss(formulas.mean_squared_logarithmic_error, for_regression=True),
    "log_cosh": Loss(formulas.log_cosh, for_regression=True),
    "poisson": Loss(formulas.poisson, for_regression=True),
    "hinge": Loss(formulas.hinge, activation=LINEAR, is_margin=True),
    "squared_hinge": Loss(formulas.squared_hinge, activation=LINEAR, is_margin=True),
    "categorical_hinge": Loss(formulas.categorical_hinge, activation=LINEAR, is_margin=True),
    "kl_divergence": Loss(formulas.kl_divergence, for_single_output=False),  # a target of 0 counts for nothing
    "cosine_similarity": Loss(formulas.cosine_similarity, for_single_output=False),  # of one number it is the sign
}
LOSSES_OF_LOGITS = ("softmax_cross_entropy", "sigmoid_cross_entropy")
ALIASES = {  # Keras's other spellings
    "bce": "binary_crossentropy",
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "logcosh": "log_cosh",
    "kld": "kl_divergence",
    "kullback_leibler_divergence": "kl_divergence",
    "cosine": "cosine_similarity",
    "cosine_proximity": "cosine_similarity",
}
REGRESSION = tuple(name for name, loss in LOSSES.items() if loss.for_regression)
