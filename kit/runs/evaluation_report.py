"""What evaluating.py prints and writes: progress, scores, predictions, pictures."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Any

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.settings import EvaluatingSettings
from kit.data.interface import Data
from kit.evaluation import report_files
from kit.evaluation.result import EvaluationResult
from kit.runs.run_folder import Run

LARGEST_BATCH = 256  # examples
MOST_PIXELS = LARGEST_BATCH * 128 * 128  # in a batch


class EvaluationReport:
    """Reports on one evaluation."""

    def __init__(self, settings: EvaluatingSettings, run: Run, data: Data) -> None:
        """
        Args:
          settings: of evaluating.py.
          run: whose network is evaluated.
          data: its VALIDATION part is evaluated.
        """
        self._settings, self._run, self._data = settings, run, data

    @property
    def batch_size(self) -> int:
        """How many examples to evaluate at once: --batch_size, or as many as are quick and fit in memory."""
        if self._settings.batch_size:
            return self._settings.batch_size
        if not self._data.has_images:
            return LARGEST_BATCH
        height, width, _ = self._data.shape
        return min(LARGEST_BATCH, max(1, MOST_PIXELS // (height * width)))

    @contextlib.contextmanager
    def progress(self) -> Iterator[Any]:
        """Around the evaluation: shows a progress bar, which it yields; then prints how fast it was."""
        data, began = self._data, time.monotonic()
        from kit.runs.memory_needs import check_memory  # here, like others below: `--help` needs none

        check_memory(tf.get_default_graph(), data, min(self.batch_size, data.num_validation), is_training=False)
        with console.progress("evaluating", data.num_validation, data.unit) as bar:
            yield bar
        seconds = time.monotonic() - began
        if not data.is_shown_only:
            rate = f"{data.num_validation / max(seconds, 1e-3):,.0f} {data.unit}/s"
            console.say(f"Evaluated {console.counted(data.num_validation, data.unit)} in {seconds:.1f} s ({rate}).")

    def write(self, result: EvaluationResult, checkpoint: str) -> None:
        """Prints the scores, and writes them, the predictions and pictures into the run's folder.

        Predictions of --images are only printed.

        Args:
          result: of the whole data.
          checkpoint: the path of the one that was evaluated.
        Raises:
          UserError: not all was evaluated, a prediction isn't a finite number, or a file can't be written.
        """
        data, run = self._data, self._run
        from kit.runs.data_length import check_evaluated

        check_evaluated(result, data)
        if data.is_shown_only:
            rows = [
                [name, data.class_names[shares.argmax()], *map(float, shares)]
                for name, shares in zip(data.names, result.probabilities)
            ]
            console.say_table(["image", "predicted", *data.class_names], rows)
            return
        source = {"run": run.name, "checkpoint": self._settings.weights or checkpoint, "data": data.source}
        if data.has_labels:
            report = report_files.write_all(run.evaluation, source, data, result, run.epochs())
            report_files.say_scores(report)
            from kit.runs import tensorboard

            tensorboard.write_pictures(run, report_files.pictures_summary(run.evaluation), checkpoint)
        else:
            report_files.write_predictions_only(run.evaluation, source, data, result.probabilities)
        console.say_next(console.tensorboard("runs"))
