"""Whether the data lasts as long as the epochs: a forgotten repeat, or a take left over from a try, is said."""

from __future__ import annotations

from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.data.interface import Data
from kit.evaluation.result import EvaluationResult
from kit.runs.history import History


class LengthCheck:
    """Holds the steps and epochs that there were against those that there should be."""

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
        self._first_step, self._last_step = first_step, max(self.steps, first_step)
        self._ended = 0  # epochs, by this process
        self._has_warned = False

    def are_over(self, step: int) -> bool:
        """Whether there was a step after the last epoch's: the data doesn't end, so the loop must."""
        return step > self._last_step

    def check_epoch(self, number: int, examples: int) -> None:
        """Counts an epoch that has ended. Warns, once, if its batches didn't hold as many examples as there are."""
        self._ended += 1
        if examples != self._data.num_training and not self._has_warned:
            self._has_warned = True
            console.warn(
                f"epoch {number} had {examples:,} {self._data.unit} in its {self._steps_per_epoch:,} batches of "
                f"--batch_size {self._settings.batch_size}; there are {self._data.num_training:,}.\n  {self._where}"
            )

    def check_learnt(self, step: int, global_step: int) -> None:
        """Warns, once, if the optimiser hasn't counted the steps that there were."""
        if global_step < step and not self._has_warned:
            self._has_warned = True
            console.warn(
                f"global_step is {global_step:,} after {step:,} steps, so the network may not have learnt.\n"
                "  Look at training.py: section 5 must run train_op in each step, and section 3 must give "
                "global_step to minimize."
            )

    def check_end(self, step: int, known: int) -> None:
        """Warns if the training ended before its epochs did, or went on after them.

        Args:
          step: how many steps there were.
          known: epochs in history.csv.
        Raises:
          UserError: not even one was completed, or is known: there is nothing to evaluate.
        """
        epochs, before = self._settings.epochs, self._first_step // self._steps_per_epoch
        if step // self._steps_per_epoch > before and not self._ended:
            raise UserError(
                f"training.py: {step - self._first_step:,} steps were trained, but no epoch was ended, so no weights "
                "are kept.\n"
                f"  The loop in section 5 must call recorder.end_epoch() after each {self._steps_per_epoch:,} steps: "
                "when recorder.epoch_is_over."
            )
        if self.are_over(step):
            console.warn(
                f"the data goes on after its {epochs:,} epochs ({self.steps:,} steps); the training stops here.\n"
                f"  {self._where}"
            )
        elif step < self.steps:
            complete = before + self._ended
            text = (
                f"the data ended, or a break left the loop, after {complete:,} of {epochs:,} epochs "
                f"({step:,} of {self.steps:,} steps).\n  {self._where}"
            )
            if not known:
                none = "history.csv has none of them" if complete else "No epoch is complete"
                raise UserError(f"{text}\n  {none}, so no weights are kept.")
            console.warn(text)

    def say_done(self, history: History) -> None:
        """Prints how many epochs there were, if not all."""
        done, patience = history.epochs[-1].epoch, self._settings.patience
        if done < self._settings.epochs:
            why = f": none of the last {patience} was better (--patience)" if history.is_stale(patience) else ""
            console.say(f"Trained {done:,} of {self._settings.epochs:,} epochs{why}.")

    @property
    def _where(self) -> str:
        """Where the number of steps, or of the examples in them, can go wrong."""
        data = "section 1 of training.py or read_lines in dlho2018.py"
        if self._settings.input == "memory":
            data = "batches_in_memory in dlho2018.py"
        return (
            f"Look for a take, filter, drop_remainder, or another size of batch or number of repeat, in {data};\n"
            "  and in section 5 of training.py for a break, or another number of recorder.add than one per batch."
        )


def check_evaluated(result: EvaluationResult, data: Data) -> None:
    """Checks that an evaluation has seen every example of its data.

    Raises:
      UserError: it has seen fewer, or more.
    """
    if len(result.labels) != data.num_validation:
        raise UserError(
            f"{data.source}: {len(result.labels):,} of {data.num_validation:,} {data.unit} were evaluated.\n"
            "  Look at dlho2018.py: a take or a filter in read_lines, or a break in the loop of evaluate, leaves some "
            "out."
        )
