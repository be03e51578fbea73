"""What evaluating.py prints and writes: progress, scores, predictions, pictures."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.settings import EvaluatingSettings
from kit.data.interface import Data
from kit.evaluation import report_files
from kit.evaluation.findings import Findings
from kit.evaluation.result import EvaluationResult
from kit.runs import export, insight
from kit.runs.judged_rows import caution
from kit.runs.run_folder import Run
from kit.runs.threshold import choose, with_threshold

if TYPE_CHECKING:
    from kit.evaluation.report_page import About

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
        Raises:
          UserError: the data doesn't have what a flag needs.
        """
        self._settings, self._run, self._data = settings, run, with_threshold(settings, run, data)
        self._findings = Findings()
        insight.check_data(settings, run, data)

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

    def use_network(
        self, session: tf.Session, batches: tuple, inputs: tf.Tensor, logits: tf.Tensor, probabilities: tf.Tensor
    ) -> None:
        """Does what other flags ask of the network: --export, --write_weights, --importance, --explain_rows.

        Args:
          session: with the weights in place.
          batches: (iterator, next_element) of the data.
          inputs: the placeholder of a batch: uint8 [B, H, W, 3], or float32 [B, columns].
          logits: float32 [B, classes]; of values, [B, 1].
          probabilities: float32 [B, classes]; of values, the predictions [B, 1].
        Raises:
          UserError: a file can't be written.
        """
        threshold = self._data.threshold
        export.export_network(session, self._settings, self._run, batches, inputs, probabilities, threshold)
        self._findings = insight.look_into(session, self._settings, self._data, batches, inputs, logits, probabilities)

    def write(self, result: EvaluationResult, checkpoint: str) -> None:
        """Prints the scores, and writes them, the predictions and pictures into the run's folder.

        Predictions of --images are only printed.

        Args:
          result: of the whole data.
          checkpoint: the path of the one that was evaluated.
        Raises:
          UserError: not all was evaluated, a prediction isn't a finite number, or a file can't be written.
        """
        from kit.runs.data_length import check_evaluated

        run = self._run
        check_evaluated(result, self._data)
        self._data = data = choose(self._settings, run, self._data, result, checkpoint)
        if data.is_shown_only:
            rows = [
                [name, data.class_names[label], *map(float, shares)]
                for name, label, shares in zip(data.names, data.decide(result.probabilities), result.probabilities)
            ]
            console.say_table(["image", "predicted", *data.class_names], rows)
            return
        source: dict[str, Any] = {
            "run": run.name,
            "checkpoint": self._settings.weights or self._settings.model or checkpoint,
        }
        source["data"] = data.source
        cautioned = caution(self._settings, run, data)
        if cautioned:
            source["caution"] = cautioned
        if data.threshold is not None:
            source["threshold"] = data.threshold
        if data.has_labels:
            report = report_files.write_all(
                run.evaluation, source, data, result, run.epochs(), self._findings, self._about()
            )
            report_files.say_scores(report)
            from kit.runs import tensorboard

            tensorboard.write_pictures(run, report_files.pictures_summary(run.evaluation), checkpoint)
        else:
            report_files.write_predictions_only(
                run.evaluation, source, data, result.probabilities, self._findings, self._about()
            )
        if cautioned:
            console.say(cautioned)
        self._findings.say()
        console.say_next(console.tensorboard("runs"))

    def _about(self) -> About:
        """What report.html says of the run."""
        from kit.evaluation.report_page import About
        from kit.runs import commands
        from kit.runs.shown_settings import shown_settings

        run = self._run
        if run.is_finished_model:
            return About(run.design, "unknown: this model was finished elsewhere", {}, [commands.evaluating_command()])
        data = f"{run.settings.data}: {run.data_spec}"
        made_by = [commands.training_command(run), commands.evaluating_command()]
        return About(run.design, data, shown_settings(run), made_by)
