"""Whether the data lasts as long as the epochs: a forgotten repeat, or a take left over from a try, is said."""

from __future__ import annotations

from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.data.interface import Data
from kit.evaluation.result import EvaluationResult
from kit.runs.history import History


class Epochs:
    """How many steps the epochs should have, held against those that there were."""

    def __init__(self, data: Data, settings: TrainingSettings, steps_per_epoch: int, first_step: int) -> None:
        """
        Args:
          data: that is trained on.
          settings: of training.py.
          steps_per_epoch: batches that hold each training example once.
          first_step: how many steps a resumed run has behind it.
        """
        self._data, self._settings, self._steps_per_epoch = data, settings, steps_per_epoch
        self.steps = settings.epochs * steps_per_epoch
        self._last_step = max(self.steps, first_step)
        self._has_warned = False

    def are_over(self, step: int) -> bool:
        """Whether there was a step after the last epoch's: the data doesn't end, so the loop must."""
        return step > self._last_step

    def check_epoch(self, number: int, examples: int) -> None:
        """Warns, once, if an epoch's batches didn't hold as many examples as there are."""
        if examples != self._data.num_training and not self._has_warned:
            self._has_warned = True
            console.warn(
                f"epoch {number} had {examples:,} {self._data.unit} in its {self._steps_per_epoch:,} batches; "
                f"there are {self._data.num_training:,}.\n"
                f"  {self._where}: each of them once per epoch, in batches of settings.batch_size,\n"
                "  and batch before repeat, so that no batch holds the end of one epoch and the start of the next."
            )

    def check_end(self, step: int, complete: int) -> None:
        """Warns if the training ended before its epochs did, or went on after them.

        Args:
          step: how many steps there were.
          complete: epochs that were completed.
        Raises:
          UserError: not even one was: there is nothing to evaluate.
        """
        epochs, per_epoch = self._settings.epochs, self._steps_per_epoch
        if self.are_over(step):
            console.warn(
                f"the data goes on after its {epochs:,} epochs ({self.steps:,} steps); the training stops here.\n"
                f"  {self._where}: repeat(settings.epochs), once; without a number it never ends."
            )
        elif step < self.steps:
            why = "repeat(settings.epochs), after batch, for all the epochs."
            if step % per_epoch:
                why = "a take, a filter, drop_remainder or another batch size leaves steps out."
            text = (
                f"the data ended, or a break left the loop, after {complete:,} of {epochs:,} epochs "
                f"({step:,} of {self.steps:,} steps).\n  {self._where}: {why}"
            )
            if not complete:
                raise UserError(f"{text}\n  No epoch is complete, so no weights are kept.")
            console.warn(text)

    def say_done(self, history: History) -> None:
        """Prints how many epochs there were, if not all."""
        done, patience = history.epochs[-1].epoch, self._settings.patience
        if done < self._settings.epochs:
            why = f": none of the last {patience} was better (--patience)" if history.is_stale(patience) else ""
            console.say(f"Trained {done:,} of {self._settings.epochs:,} epochs{why}.")

    @property
    def _where(self) -> str:
        """Where the batches of the epochs are made."""
        if self._settings.input == "memory":
            return "Look at batches_in_memory in dlho2018.py"
        return "Look at section 1 of training.py, and at read_lines in dlho2018.py"


def check_evaluated(result: EvaluationResult, data: Data) -> None:
    """Checks that an evaluation has seen every example of its data.

    Raises:
      UserError: it has seen fewer, or more.
    """
    if len(result.labels) != data.num_validation:
        raise UserError(
            f"{data.path}: {len(result.labels):,} of {data.num_validation:,} {data.unit} were evaluated.\n"
            "  Look at dlho2018.py: a take or a filter in read_lines, or a break in the loop of evaluate, leaves some "
            "out."
        )
