"""The losses: how far a network's outputs are from the labels, as one number to make small.

Those with Keras's names are computed as Keras computes them in `fit`, image by image and row by row.
"""

from collections.abc import Callable
from dataclasses import dataclass

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model import loss_formulas as formulas
from kit.model.activations import ACTIVATIONS

LINEAR, SIGMOID, SOFTMAX = "linear", "sigmoid", "softmax"
NEVER_NEGATIVE = ("exponential", "hard_sigmoid", "relu", "relu6", SIGMOID, SOFTMAX, "softplus")  # activations


@dataclass(frozen=True)
class Loss:
    """A loss, and what it makes of a network that ends in bare logits, one a class."""

    formula: Callable | None  # (targets float32 [B, K], outputs float32 [B, K]) -> float32 [B]
    of_logits: Callable | None = None  # (targets, logits) -> float32 [B]: the exact way, behind sigmoid or softmax
    activation: str = SOFTMAX  # what turns bare logits into outputs
    of_labels: bool = False  # its targets are the labels themselves, int64 [B]
    is_margin: bool = False  # it wants scores on the right side of 0, not near 0 and 1
    of_numbers: bool = False  # it suits regression
    of_single: bool = True  # it suits two classes and a single output

    def per_example(self, labels, logits):
        """int64 [B], float32 [B, classes] -> float32 [B]."""
        return self._of_bare_logits().per_example(labels, logits)

    def probabilities(self, logits):
        """float32 [B, classes] -> float32 [B, classes] in [0, 1]."""
        return self._of_bare_logits().probabilities(logits)

    def _of_bare_logits(self):
        return LossHead(self, self.activation, ACTIVATIONS[self.activation])


@dataclass(frozen=True)
class LossHead:
    """A loss behind the activation that a network ends in. `loss_head` makes it.

    `logits` are what goes into that activation: float32 [B, classes]. Of a network with a single output z, which
    tells two classes apart, they are [0, z]; for regression they are [B, 1].
    """

    loss: Loss
    activation: str  # its name
    apply: Callable  # logits -> outputs, float32 of the same shape
    is_single: bool = False  # two classes, one output
    is_regression: bool = False

    def outputs(self, logits):
        """What the network gives: float32 [B, classes], [B, 1] of a single output or for regression."""
        return self.apply(self._own(logits))

    def per_example(self, labels, logits):
        """The loss of each example.

        Args:
          labels: int64 [B]; float32 [B] for regression.
          logits: float32 [B, classes] or [B, 1], as above.
        Returns:
          float32 [B]. Behind sigmoid and softmax the cross-entropies come from the logits, which is exact; behind any
          other activation they come from the outputs, kept within [1e-7, 1 - 1e-7].
        """
        targets = self._targets(labels, logits)
        if self.loss.of_logits and self.activation in (SIGMOID, SOFTMAX):
            return self.loss.of_logits(targets, self._own(logits))
        return self.loss.formula(targets, self.outputs(logits))

    def probabilities(self, logits):
        """How probable the network holds each class; the largest is its prediction.

        A single output p becomes [1 - p, p], so that class 1 is predicted where p is above 0.5; what is outside [0, 1]
        is cut off. A hinge wants scores below and above 0: its p is (1 + tanh(score)) / 2, unless the activation is
        never negative. A unit for each class: the outputs as they are behind softmax, where they sum to 1, and behind
        sigmoid, where they need not; the softmax of the outputs behind any other activation.

        Args:
          logits: float32 [B, classes] or [B, 1], as above.
        Returns:
          float32 [B, classes] in [0, 1]; for regression the outputs themselves, [B, 1].
        """
        outputs = self.outputs(logits)
        if self.is_regression:
            return outputs
        if self.is_single:
            chance = self._chance(outputs)
            return tf.concat([1 - chance, chance], axis=1)
        return outputs if self.activation in (SIGMOID, SOFTMAX) else tf.nn.softmax(outputs)

    def accuracy_per_example(self, labels, logits):
        """For classification: float32 [B], 1.0 where the prediction is the label, int64 [B]; otherwise 0.0."""
        return tf.cast(tf.equal(tf.argmax(self.probabilities(logits), axis=1), labels), tf.float32)

    def _own(self, logits):
        """The logits of the network's own outputs."""
        return logits[:, 1:] if self.is_single else logits

    def _targets(self, labels, logits):
        if self.loss.of_labels:
            return labels
        if self.is_single or self.is_regression:
            return tf.cast(labels, tf.float32)[:, tf.newaxis]
        return tf.one_hot(labels, logits.shape[-1].value)

    def _chance(self, outputs):
        """Single outputs, float32 [B, 1] -> the probability of class 1."""
        if self.loss.is_margin and self.activation not in NEVER_NEGATIVE:
            return tf.nn.sigmoid(2 * outputs)  # (1 + tanh) / 2
        return tf.clip_by_value(outputs, 0.0, 1.0)


def loss_head(loss_name, activation=None, units=None, apply=None, *, num_classes):
    """The loss of a network, given what the network ends in.

    Args:
      loss_name: a key of LOSSES or of ALIASES.
      activation: the name of the network's last activation; None for a network that ends in bare logits, which then
        get the loss's own: mostly softmax, linear for a hinge and for regression.
      units: how many outputs the network has; None: one a class, or one for regression.
      num_classes: how many classes there are; 0 for regression.
      apply: that activation's function, float32 -> float32 of the same shape; it may be left out for those in
        ACTIVATIONS.
    Returns:
      LossHead.
    Raises:
      UserError: the loss, the outputs and the data don't go together.
    """
    loss_name = ALIASES.get(loss_name, loss_name)
    loss, is_regression = LOSSES[loss_name], num_classes == 0
    units = units or num_classes or 1
    is_single = units == 1 and not is_regression
    if activation is None:
        activation = LINEAR if is_regression else loss.activation
    _check_units(units, activation, num_classes)
    _check_loss(loss_name, is_single, is_regression)
    if loss_name in OF_BARE_LOGITS:
        loss_name, activation, apply = _of_bare_logits(loss_name, activation, is_single)
    return LossHead(LOSSES[loss_name], activation, apply or ACTIVATIONS[activation], is_single, is_regression)


def _check_units(units, activation, num_classes):
    if num_classes == 0 and units != 1:
        raise UserError(
            f"The network ends in {units} units; one is expected, as the labels are numbers to predict.\n"
            "  End it in 'dense 1'."
        )
    if num_classes and units != num_classes and (units, num_classes) != (1, 2):
        single = " or in 'dense 1 sigmoid'" if num_classes == 2 else ""
        raise UserError(
            f"The network ends in {units} unit{'s' * (units != 1)}, and the data has {num_classes} classes.\n"
            f"  End it in 'dense {num_classes} softmax'{single}."
        )
    if units == 1 and activation in (SOFTMAX, "log_softmax"):
        better = "in 'dense 1 sigmoid' or in 'dense 2 softmax'" if num_classes else "in 'dense 1'"
        raise UserError(
            f"The network ends in {activation} of a single unit, which is the same number whatever goes in.\n"
            f"  End it {better}."
        )


def _check_loss(name, is_single, is_regression):
    if is_regression and name not in REGRESSION:
        raise UserError(
            f"--loss {name} is for classes, and the labels are numbers to predict.\n"
            f"  Losses for numbers are: {', '.join(REGRESSION)}; end the network in 'dense 1'."
        )
    if is_single and not LOSSES[name].of_single:
        raise UserError(
            f"--loss {name} expects one output a class, and the network ends in a single unit.\n"
            "  Use --loss binary_crossentropy, or end the network in 'dense 2 softmax'."
        )


def _of_bare_logits(name, activation, is_single):
    """What the kit's own cross-entropies are behind a network's end: (name of the loss, activation, its function).

    Of [0, z], the softmax cross-entropy is the sigmoid cross-entropy of z.
    """
    equal = "sigmoid_cross_entropy" if is_single else name
    own = LOSSES[equal].activation
    if activation not in (own, LINEAR):
        raise UserError(
            f"--loss {name} applies {own} itself, and the network ends in {activation}.\n"
            f"  End it in {own} or in linear, or choose another loss: {', '.join(LOSSES)}."
        )
    return equal, own, ACTIVATIONS[own]


LOSSES = {
    "softmax_cross_entropy": Loss(None, formulas.softmax_of_labels, of_labels=True),
    "sigmoid_cross_entropy": Loss(None, formulas.sigmoid_of_logits, SIGMOID),
    # Keras's
    "binary_crossentropy": Loss(formulas.binary_crossentropy, formulas.sigmoid_of_logits, SIGMOID),
    "categorical_crossentropy": Loss(formulas.categorical_crossentropy, formulas.softmax_of_logits, of_single=False),
    "sparse_categorical_crossentropy": Loss(
        formulas.sparse_categorical_crossentropy, formulas.softmax_of_labels, of_labels=True, of_single=False
    ),
    "mean_squared_error": Loss(formulas.mean_squared_error, of_numbers=True),
    "mean_absolute_error": Loss(formulas.mean_absolute_error, of_numbers=True),
    "mean_absolute_percentage_error": Loss(formulas.mean_absolute_percentage_error, of_numbers=True),
    "mean_squared_logarithmic_error": Loss(formulas.mean_squared_logarithmic_error, of_numbers=True),
    "log_cosh": Loss(formulas.log_cosh, of_numbers=True),
    "poisson": Loss(formulas.poisson, of_numbers=True),
    "hinge": Loss(formulas.hinge, activation=LINEAR, is_margin=True),
    "squared_hinge": Loss(formulas.squared_hinge, activation=LINEAR, is_margin=True),
    "categorical_hinge": Loss(formulas.categorical_hinge, activation=LINEAR, is_margin=True),
    "kl_divergence": Loss(formulas.kl_divergence, of_single=False),  # of one number it's nothing to train on
    "cosine_similarity": Loss(formulas.cosine_similarity, of_single=False),  # of one number it's the sign
}
OF_BARE_LOGITS = ("softmax_cross_entropy", "sigmoid_cross_entropy")  # they apply their activation themselves
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
REGRESSION = tuple(name for name, loss in LOSSES.items() if loss.of_numbers)
