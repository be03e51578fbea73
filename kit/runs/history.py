"""The history of a training, epoch by epoch: history.csv in the run's folder."""

from __future__ import annotations

import csv
import math
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from kit.cli import console
from kit.cli.console import listed
from kit.cli.errors import UserError
from kit.data.interface import Data
from kit.evaluation.result import EvaluationResult
from kit.system.files import write_csv

NAME = "history.csv"
LEAST_PROGRESS = 1e-4  # by which the validation loss must fall to count as lower; Keras's min_delta


@dataclass(frozen=True)
class Epoch:
    """A line of the history."""

    epoch: int  # from 1
    step: int  # steps of training until its end
    learning_rate: float
    training_loss: float  # mean over the epoch's images, while the network learnt from them, with dropout
    training_score: float | None  # accuracy; of values, R2; None if it is undefined: all labels are equal
    validation_loss: float | None  # mean over the validation images after the epoch; None if there are none
    validation_score: float | None
    seconds: float  # of training, without validation

    @classmethod
    def of(
        cls,
        number: int,
        step: int,
        learning_rate: float,
        means: EpochMeans,
        seconds: float,
        result: EvaluationResult | None,
    ) -> Epoch:
        """Of an epoch that has ended.

        Args:
          number: from 1.
          step: steps of training until its end.
          learning_rate: of its last step.
          means: over its training images.
          seconds: of training.
          result: on the validation images; None if there are none.
        """
        return cls(
            epoch=number,
            step=step,
            learning_rate=float(learning_rate),
            training_loss=means.loss,
            training_score=_unless_nan(means.score),
            validation_loss=result and result.loss,
            validation_score=result and _unless_nan(result.score),
            seconds=seconds,
        )

    def __str__(self):
        validation = f"{'':9} {'':9}"
        if self.validation_loss is not None:
            validation = f"{_number(self.validation_loss):>9} {score_text(self.validation_score):>9}"
        training = f"{_number(self.training_loss):>9} {score_text(self.training_score):>9}"
        return f"epoch {self.epoch:4}  {training}  {validation}  {self.seconds:7.1f} s"

    @property
    def rank(self) -> tuple[float, float]:
        """The best epoch has the highest: (validation score, minus the loss). Without validation data, the last has.

        An undefined score is lower than any. It is undefined in all epochs of a run, so the loss alone decides.
        """
        if self.validation_loss is None:
            return self.epoch, 0.0
        return -math.inf if self.validation_score is None else self.validation_score, -self.validation_loss


def heading(score_name: str) -> str:
    """The heading above the lines of epochs, within 80 columns."""
    columns = f"{'loss':>9} {score_name:>9}"
    return f"{'':10}  {'training':>19}  {'validation':>19}\n{'':10}  {columns}  {columns}"


def _number(loss):
    return f"{loss:.4f}" if loss < 1000 else f"{loss:.2e}"


def score_text(score: float | None) -> str:
    """A score as it is printed, in at most 9 characters. R2 has no lower bound."""
    if score is None or math.isnan(score):
        return "undefined"
    return f"{score:.4f}" if score > -1000 else f"{score:.1e}"


def _unless_nan(score: float) -> float | None:
    return None if math.isnan(score) else score


class EpochMeans:
    """Means of loss and score over the images of an epoch so far."""

    NOTHING = 0.0, 0.0, 0.0, 0.0  # `so_far` at an epoch's start

    def __init__(self, data: Data, so_far: Sequence[float] = NOTHING) -> None:
        """
        Args:
          data: that is trained on.
          so_far: of a stopped epoch that is resumed.
        """
        self._score_name, self._unit = data.score_name, data.unit
        self._loss_sum, self._score_sum, images, seconds = map(float, so_far)
        self._images = int(images)
        self._began = time.monotonic() - seconds

    def add(self, loss: float, score: float, images: int) -> None:
        """Adds a batch: its mean loss and score, and how many images it has."""
        self._loss_sum += float(loss) * images
        self._score_sum += float(score) * images
        self._images += images

    @property
    def loss(self) -> float:
        return self._loss_sum / self._images

    @property
    def score(self) -> float:
        return self._score_sum / self._images

    @property
    def so_far(self) -> tuple[float, float, int, float]:
        """For a checkpoint: the sums of the images' losses and scores, how many images, seconds."""
        return self._loss_sum, self._score_sum, self._images, self.seconds

    @property
    def seconds(self) -> float:
        """Since the epoch began."""
        return time.monotonic() - self._began

    def __str__(self):
        rate = self._images / max(self.seconds, 1e-9)
        score = "undefined" if math.isnan(self.score) else f"{self.score:.3f}"
        return f"loss {_number(self.loss)}, {self._score_name} {score}, {rate:,.0f} {self._unit}/s"


class History:
    """The epochs so far: written to history.csv after each, read when a run is resumed."""

    def __init__(self, folder: str | Path, score_name: str = "score") -> None:
        """
        Args:
          folder: the run's.
          score_name: "accuracy" or "R2", for the file's columns.
        """
        self._path = Path(folder) / NAME
        self._columns = [field.name.replace("score", score_name) for field in fields(Epoch)]
        self.epochs: list[Epoch] = []

    def read(self, up_to_step: float = math.inf) -> None:
        """Reads the file, up to the checkpoint's step: later epochs are trained again.

        Raises:
          UserError: it can't be read, or isn't a history.
        """
        self.epochs = [epoch for epoch in self._in_file() if epoch.step <= up_to_step]

    def resume(self, step: int, steps_per_epoch: int, epochs: int, patience: int | None) -> None:
        """Reads the epochs of a run that goes on; says which are missing, and whether --patience has ended it.

        Args:
          step: of the checkpoint from which it goes on.
          steps_per_epoch: how many steps an epoch has.
          epochs, patience: of the run's settings.
        Raises:
          UserError: as for `read`; or all epochs are trained, and none is known.
        """
        self.read(up_to_step=step)
        missing = sorted({*range(1, step // steps_per_epoch + 1)} - {epoch.epoch for epoch in self.epochs})
        if missing and not self.epochs and step >= epochs * steps_per_epoch:
            raise UserError(
                f"{self._path}: all {epochs:,} epochs are trained, and none of them is in this file, so the best isn't "
                "known.\n"
                f"  Put the file back as it was, or train longer: --resume --epochs {2 * epochs}. evaluating.py needs "
                "no history."
            )
        if missing:
            console.warn(
                f"{self._path}: of the epochs trained so far, these are missing: {listed(list(map(str, missing)))}.\n"
                "  The run goes on without them: the best epoch is chosen among the others."
            )
        if self.is_stale(patience):
            console.say(
                f"Stopped after epoch {self.epochs[-1].epoch} by --patience {patience}: the best was epoch "
                f"{self.best.epoch}. To train on, give a larger --patience."
            )

    def _in_file(self) -> list[Epoch]:
        try:
            with open(self._path, newline="", encoding="utf-8-sig") as file:
                header, *rows = csv.reader(file)
            wanted = [name.replace("accuracy", "score").replace("R2", "score") for name in header]
            if wanted != [field.name for field in fields(Epoch)]:
                raise ValueError(f"its first line is {listed(header)!r}, expected {', '.join(self._columns)}")
            return [_epoch_of(row, number) for number, row in enumerate(rows, 2)]
        except FileNotFoundError:
            return []  # stopped within the first epoch
        except (OSError, ValueError, TypeError, csv.Error) as error:
            reason = "it is empty" if "not enough values to unpack" in str(error) else error
            raise UserError(
                f"{self._path}: cannot read the history of the run: {reason}.\n"
                "  Put the file back as it was. Or rename it: the run then goes on without its earlier epochs."
            ) from error

    def add(self, epoch: Epoch) -> None:
        """Adds an epoch and writes the file."""
        self.epochs.append(epoch)
        write_csv(self._path, self._columns, [astuple(each) for each in self.epochs])

    @property
    def best(self) -> Epoch:
        """The best epoch so far; the first of equals."""
        return max(self.epochs, key=lambda epoch: epoch.rank)

    @property
    def last_is_best(self) -> bool:
        return self.best is self.epochs[-1]

    def reductions(self, patience: int) -> int:
        """How often the learning rate has been reduced, by the rule of Keras's ReduceLROnPlateau.

        Once for each `patience` epochs in a row whose validation loss wasn't lower, by LEAST_PROGRESS, than the lowest.
        """
        lowest, waited, count = math.inf, 0, 0
        for epoch in self.epochs:
            loss = math.inf if epoch.validation_loss is None else epoch.validation_loss
            if loss < lowest - LEAST_PROGRESS:
                lowest, waited = loss, 0
                continue
            waited += 1
            if waited >= patience:
                waited, count = 0, count + 1
        return count

    def is_stale(self, patience: int | None) -> bool:
        """Whether the last `patience` epochs, or more, were no better than the best; False for None."""
        return patience is not None and bool(self.epochs) and self.epochs[-1].epoch - self.best.epoch >= patience


def epochs_in(folder: str | Path) -> int:
    """How many epochs a run's history.csv has, whether or not they can be read."""
    try:
        return max(0, len((Path(folder) / NAME).read_bytes().splitlines()) - 1)
    except OSError:
        return 0


def _epoch_of(row: list[str], line: int) -> Epoch:
    """The Epoch of a line of the file; a ValueError if it isn't one."""
    if len(row) != len(fields(Epoch)):
        raise ValueError(f"line {line} has {len(row)} fields, expected {len(fields(Epoch))}")
    try:
        number, step = map(int, row[:2])
        rate, loss, score, validation_loss, validation_score, seconds = (
            _unless_nan(float(cell)) if cell else None for cell in row[2:]
        )
    except ValueError as error:
        raise ValueError(f"line {line}: {error}") from error
    if rate is None or loss is None or seconds is None:
        raise ValueError(f"line {line}: a number is missing")
    return Epoch(number, step, rate, loss, score, validation_loss, validation_score, seconds)
