"""evaluating.py --threshold: a number, the one that the run has, or one that is chosen on its validation rows."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.settings import EvaluatingSettings
from kit.data.interface import Data
from kit.evaluation.result import EvaluationResult
from kit.evaluation.thresholds import CHOOSE_BY, best_threshold
from kit.runs.checkpoints import find
from kit.runs.run_folder import Run
from kit.system.files import read_json, write_json

FILE, CHOSEN = "threshold.json", "chosen"
USE_THRESHOLD = ("export", "importance", "explain_rows")  # flags


def with_threshold(settings: EvaluatingSettings, run: Run, data: Data) -> Data:
    """The data with the threshold that --threshold names, if it is known before anything is evaluated.

    Args:
      settings: of evaluating.py.
      run: whose network is evaluated.
      data: that is evaluated.
    Raises:
      UserError: the flag is wrong, there aren't two classes, or no threshold was chosen on these weights.
    """
    asked = settings.threshold
    if asked is None:
        return data
    if data.num_classes != 2:
        found = f"{data.num_classes} classes" if data.class_names else "values"
        raise UserError(f"--threshold {asked}: run '{run.name}' predicts {found}. A threshold is between two classes.")
    if settings.weights and asked in (CHOSEN, *CHOOSE_BY):
        raise UserError(
            f"--threshold {asked}: the run keeps the threshold of its own checkpoint, and --weights are others.\n"
            "  Leave out --weights, or give a number between 0 and 1."
        )
    if asked in CHOOSE_BY:
        if settings.data is not None or settings.images or settings.part == "test":
            raise UserError(
                f"--threshold {asked}: chosen on the run's own validation {data.unit}, not on what it is judged by.\n"
                f"  Choose it first, without --data, --images and --part; then: --threshold {CHOSEN}"
            )
        for flag in USE_THRESHOLD:
            if getattr(settings, flag):
                raise UserError(
                    f"--threshold {asked} and --{flag}: the threshold is only known after the evaluation.\n"
                    f"  Choose it first, without --{flag}; then: --threshold {CHOSEN} --{flag}"
                )
        return data
    threshold = _known(asked, settings, run)
    console.say(f"--threshold {asked}: {_from(threshold, data)}")
    return dataclasses.replace(data, threshold=threshold)


def choose(settings: EvaluatingSettings, run: Run, data: Data, result: EvaluationResult, checkpoint: str) -> Data:
    """The data with a threshold chosen on it, if --threshold names a score; the run keeps it.

    Args:
      settings, run, data: as above.
      result: on the run's validation part.
      checkpoint: the path of the one that was evaluated.
    Raises:
      UserError: only one class is there, or the file can't be written.
    """
    score = settings.threshold
    if score not in CHOOSE_BY:
        return data
    if len(np.unique(result.labels)) < 2:
        raise UserError(f"--threshold {score}: all validation {data.unit} are of one class; nothing to choose by.")
    threshold, reached = best_threshold(result.labels, result.probabilities[:, 1], score)
    path = run.folder / FILE
    write_json(path, {"threshold": threshold, "score": score, "checkpoint": Path(checkpoint).name})
    console.say(f"{path}: {_from(threshold, data)}, the best by {score}: {reached:.4f}")
    console.say(f"These {data.unit} chose it, so the scores on them are too good. On others: --threshold {CHOSEN}")
    return dataclasses.replace(data, threshold=threshold)


def _from(threshold: float, data: Data) -> str:
    return f"{data.class_names[1]} from a probability of {threshold:.4g} on"


def _known(asked: str, settings: EvaluatingSettings, run: Run) -> float:
    if asked == CHOSEN:
        return _read(run.folder / FILE, settings, run)
    try:
        threshold = float(asked)
    except ValueError:
        threshold = -1.0
    if not 0 < threshold < 1:
        raise UserError(
            f"--threshold {asked}: expected a number between 0 and 1, {CHOSEN}, or a score to choose by: "
            f"{', '.join(CHOOSE_BY)}."
        )
    return threshold


def _read(path: Path, settings: EvaluatingSettings, run: Run) -> float:
    if not path.exists():
        raise UserError(
            f"--threshold {CHOSEN}: none was chosen for run '{run.name}'.\n"
            f"  Choose one: {console.python('evaluating.py', '--run', run.name, '--threshold', 'balanced_accuracy')}"
        )
    content = read_json(path, "a threshold")
    threshold = content.get("threshold")
    if not isinstance(threshold, float) or not 0 < threshold < 1:
        raise UserError(f"{path}: expected a threshold between 0 and 1, found {threshold!r}. Choose it again.")
    checkpoint = find(run, settings.checkpoint)
    if content.get("checkpoint") != Path(checkpoint).name:  # which has the step
        raise UserError(
            f"--threshold {CHOSEN}: {path} was chosen on the weights of {content.get('checkpoint')}, not on those of "
            f"{checkpoint}.\n  Name the same --checkpoint; or, if the run has been trained on, choose it again."
        )
    return threshold
