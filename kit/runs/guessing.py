"""Notices a training that stays at the loss of guessing: the network gives every example much the same answer."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from kit.cli.settings import TrainingSettings
from kit.data.interface import Data
from kit.evaluation.result import EvaluationResult
from kit.model.losses import ALIASES
from kit.model.optimizers import first_rate
from kit.runs.history import Epoch

EPOCHS = 3  # in a row, until it is said
NEAR = 0.01  # of the loss: a smaller difference doesn't count
LEAST = 1e-7  # probability, whose logarithm is finite
OF_CLASSES = ("softmax_cross_entropy", "categorical_crossentropy", "sparse_categorical_crossentropy")
OF_YES_OR_NO = ("sigmoid_cross_entropy", "binary_crossentropy")  # a question for each class


class Guessing:
    """Counts the epochs of a run in which its network only guessed."""

    def __init__(self, data: Data, settings: TrainingSettings) -> None:
        """
        Args:
          data: that is trained on.
          settings: of the run.
        """
        self._data, self._settings = data, settings
        self._count, self._loss_before = 0, math.inf  # epochs in a row; training loss of the last

    def advice(self, epoch: Epoch, result: EvaluationResult | None) -> str | None:
        """What to say after an epoch: only after the third of guessing, and then once.

        Args:
          epoch: that has ended.
          result: on the validation examples; None if there are none.
        """
        loss, guess = epoch.training_loss, math.log(self._data.num_classes or 1)
        if result is not None:
            loss, guess = result.loss, loss_of_mean_answer(self._settings.loss or "", result)
        guesses = bool(guess) and abs(loss - guess) <= NEAR * guess
        if guess and self._count == EPOCHS - 1 and epoch.training_loss < (1 - NEAR) * min(self._loss_before, guess):
            guesses = False  # it is learning, so far by heart
        self._count = self._count + 1 if guesses or self._count >= EPOCHS else 0
        self._loss_before = epoch.training_loss
        return self._text(loss, epoch.learning_rate) if self._count == EPOCHS else None

    def _text(self, loss: float, learning_rate: float) -> str:
        data, settings = self._data, self._settings
        of_classes = ""
        if data.num_classes:
            of_classes = f", that of guessing among {data.num_classes} classes {math.log(data.num_classes):.4f}"
        usual = first_rate(dataclasses.replace(settings, learning_rate=None))
        smaller = usual if learning_rate > usual else learning_rate / 10
        ways_out = [
            f"a smaller --learning_rate ({smaller:.1g})",
            f"other first weights (--seed {settings.seed + 1})",
            f"more {data.unit}",
        ]
        if not data.has_images and settings.scale == "none":
            ways_out.insert(0, "--scale standard")
        if not settings.architecture:
            ways_out.append("in dlho2018_nns.py batch normalisation (cnn_regularized has it), elu in place of relu")
        text = (
            f"For {EPOCHS} epochs the network has given all {data.unit} much the same answer: the loss is {loss:.4f}"
            f"{of_classes}. What usually helps:"
        )
        return "\n  - ".join([text, *ways_out])


def loss_of_mean_answer(loss: str, result: EvaluationResult) -> float | None:
    """The loss if every example were given the mean of the network's answers.

    A network that tells nothing apart has this loss. Of a network that gives each of K equally frequent classes the
    same probability, it is the cross-entropy ln(K).

    Args:
      loss: a key of kit.model.losses.LOSSES or of ALIASES.
      result: of the network.
    Returns:
      The loss; None if it isn't known for this loss.
    """
    loss, labels = ALIASES.get(loss, loss), result.labels
    answer = result.probabilities.astype(np.float64).mean(axis=0)  # [classes]; of values [1]
    if loss in OF_CLASSES:
        return float(-np.log(np.maximum(answer / answer.sum(), LEAST))[labels].mean())
    if loss in OF_YES_OR_NO:
        is_class = labels[:, np.newaxis] == np.arange(len(answer))  # [N, classes]
        return float(-np.log(np.maximum(np.where(is_class, answer, 1 - answer), LEAST)).mean())
    if loss == "mean_squared_error" and len(answer) == 1:
        return float(np.square(labels - answer).mean())
    if loss == "mean_absolute_error" and len(answer) == 1:
        return float(np.abs(labels - answer).mean())
    return None
