"""Class weights: rows of a rare class count more in training.

As Keras's `fit(class_weight=...)`: each example's loss is multiplied by its class's weight, in training only; the mean
is still over the number of examples.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.model.losses import LossHead, loss_head

BALANCED = "balanced"


def class_weights(
    words: Sequence[str], labels: np.ndarray, class_names: Sequence[str], tells: bool = True
) -> tuple[float, ...]:
    """What --class_weights asks for.

    Args:
      words: a number per class, in the order of the class names; or "balanced": rows / (classes * rows of the class),
        so that all classes count the same (King and Zeng 2001; scikit-learn's "balanced"). () for no weights.
      labels: int64 [N], of the training rows.
      class_names: one per class; () for values.
      tells: whether to print the weights.
    Returns:
      A weight per class; () for no weights.
    Raises:
      UserError: the labels are values, or there isn't a number above 0 for each class.
    """
    if not words:
        return ()
    given = f"--class_weights {' '.join(words)}"
    if not class_names:
        raise UserError(f"{given}: the labels are numbers to predict, not classes. Leave out the flag.")
    count = len(class_names)
    if tuple(words) == (BALANCED,):
        counts = np.bincount(labels, minlength=count)
        weights = [len(labels) / (count * rows) if rows else 1.0 for rows in counts.tolist()]
    else:
        try:
            weights = [float(word) for word in words]
        except ValueError:
            weights = []
        if len(weights) != count or not all(0 < weight < math.inf for weight in weights):
            raise UserError(
                f"{given}: expected {count} numbers above 0, for {console.listed(class_names)} in this order; or "
                f"{BALANCED}."
            )
    if tells:
        told = [f"{name} {weight:.4g}" for name, weight in zip(class_names, weights)]
        console.say(f"Class weights: {console.listed(told)}")
    return tuple(weights)


def head_of_run(run: Any, end: tuple, num_classes: int, is_training: tf.Tensor) -> LossHead:
    """The loss of a run, with its class weights if it has any.

    Args:
      run: kit.runs.run_folder.Run: its settings name the loss.
      end: what the network ends in: the arguments of kit.model.losses.loss_head after the loss's name.
      num_classes: how many classes; 0 for values.
      is_training: bool [].
    Raises:
      UserError: the loss, the outputs and the labels don't fit each other.
    """
    return weighted(loss_head(run.settings.loss, *end, num_classes=num_classes), run.class_weights, is_training)


def weighted(head: LossHead, weights: Sequence[float], is_training: tf.Tensor) -> LossHead:
    """A loss whose examples count by the weight of their class while is_training is true.

    Args:
      head: the loss.
      weights: of class_weights; () leaves the loss as it is.
      is_training: bool [].
    """
    return _WeightedHead(**_fields(head), weights=tuple(weights), is_training=is_training) if weights else head


def _fields(head):
    return {field.name: getattr(head, field.name) for field in dataclasses.fields(head)}


@dataclasses.dataclass(frozen=True, kw_only=True)
class _WeightedHead(LossHead):
    weights: tuple[float, ...]
    is_training: tf.Tensor

    def per_example(self, labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
        """As LossHead.per_example, times the weights in training: int64 [B], float32 [B, classes] -> float32 [B]."""
        of_label = tf.gather(tf.constant(self.weights, tf.float32), labels)  # [B]
        return super().per_example(labels, logits) * (1 + tf.cast(self.is_training, tf.float32) * (of_label - 1))
