"""Notices a training that doesn't get beyond guessing.

With validation, the network gives every example much the same answer: its loss is that of its mean answer. Without, its
loss and its accuracy are no better than by chance, and the loss doesn't fall.
"""

from __future__ import annotations

import dataclasses
import itertools
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
ERRORS = 3  # standard errors above chance, from which an accuracy isn't by chance
CHANGE = 0.001  # of the loss: a smaller rise or fall doesn't count
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
        self._losses: list[float] = []  # training's, of the epochs in a row
        self._is_told = False

    def advice(self, epoch: Epoch, result: EvaluationResult | None) -> str | None:
        """What to say after an epoch: only after the third of guessing, and then once.

        Args:
          epoch: that has ended.
          result: on the validation examples; None if there are none.
        """
        if result is not None and np.ptp(result.labels) == 0:
            result = None  # of one class, a perfect network also gives one answer
        if result is None:
            loss, guesses = epoch.training_loss, self._is_chance(epoch)
        else:
            loss, guess = result.loss, loss_of_mean_answer(self._settings.loss or "", result)
            guesses = bool(guess) and abs(loss - guess) <= NEAR * guess
        self._losses = [*self._losses, epoch.training_loss] if guesses else []
        if self._is_told or len(self._losses) < EPOCHS:
            return None
        if result is None:
            learns, found = self._falls_steadily(), "been no better than guessing"
        else:
            learns, found = self._falls_below(loss), f"given all {self._data.unit} much the same answer"
        self._is_told = not learns
        return None if learns else self._text(found, loss, epoch.learning_rate)

    @property
    def _guess(self) -> float:
        """The loss of equal probabilities for all classes; infinite if the labels are values."""
        return math.log(self._data.num_classes) if self._data.num_classes else math.inf

    def _is_chance(self, epoch: Epoch) -> bool:
        """Whether neither loss nor accuracy of an epoch's training is better than by chance."""
        chance = 1 / max(1, self._data.num_classes)
        error = math.sqrt(chance * (1 - chance) / self._data.num_training)  # standard error of that accuracy
        accuracy = epoch.training_score or 0.0
        return epoch.training_loss >= (1 - NEAR) * self._guess and accuracy <= chance + ERRORS * error

    def _falls_steadily(self) -> bool:
        """Whether the loss falls, without ups and downs: that is learning, though it may be worse than guessing yet."""
        last = self._losses[-EPOCHS:]
        rises = any(after > before * (1 + CHANGE) for before, after in itertools.pairwise(last))
        return not rises and last[-1] < last[0] * (1 - CHANGE)

    def _falls_below(self, guess: float) -> bool:
        """Whether training's loss falls and is less than that of guessing: the network learns, so far by heart."""
        return self._losses[-1] < (1 - NEAR) * min(guess, self._guess, self._losses[-2])

    def _text(self, found: str, loss: float, learning_rate: float) -> str:
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
        if "scale" in data.flags and settings.scale == "none":
            ways_out.insert(0, "--scale standard")
        if not settings.architecture:
            ways_out.append("in dlho2018_nns.py batch normalisation (cnn_regularized has it), elu in place of relu")
        text = f"For {EPOCHS} epochs the network has {found}: the loss is {loss:.4f}{of_classes}. What usually helps:"
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
