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
from kit.runs.run_folder import Run
from kit.system.files import read_json, write_json

FILE, CHOSEN = "threshold.json", "chosen"


def with_threshold(settings: EvaluatingSettings, run: Run, data: Data) -> Data:
    """The data with the threshold that --threshold names, if it is known before anything is evaluated.

    Args:
      settings: of evaluating.py.
      run: whose network is evaluated.
      data: that is evaluated.
    Raises:
      UserError: the flag is wrong, there aren't two classes, or no threshold was chosen for this checkpoint.
    """
    asked = settings.threshold
    if asked is None:
        return data
    if data.num_classes != 2:
        found = f"{data.num_classes} classes" if data.class_names else "values"
        raise UserError(f"--threshold {asked}: run '{run.name}' predicts {found}. A threshold is between two classes.")
    if asked in CHOOSE_BY:
        if settings.data is not None or settings.images or settings.part == "test":
            raise UserError(
                f"--threshold {asked}: chosen on the run's own validation {data.unit}, not on what it is judged by.\n"
                f"  Choose it first, without --data, --images and --part; then: --threshold {CHOSEN}"
            )
        return data
    threshold = _known(asked, settings, run)
    console.say(f"--threshold {asked}: {_from(threshold, data)}")
    return dataclasses.replace(data, threshold=threshold)


def choose(settings: EvaluatingSettings, run: Run, data: Data, result: EvaluationResult) -> Data:
    """The data with a threshold chosen on it, if --threshold names a score; the run keeps it.

    Args:
      settings, run, data: as above.
      result: on the run's validation part.
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
    write_json(path, {"threshold": threshold, "score": score, "checkpoint": settings.checkpoint})
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
    threshold = content.get("threshold") if isinstance(content, dict) else None
    if not isinstance(threshold, float) or not 0 < threshold < 1:
        raise UserError(f"{path}: expected a threshold between 0 and 1, found {threshold!r}. Choose it again.")
    if content.get("checkpoint") != settings.checkpoint:
        raise UserError(
            f"--threshold {CHOSEN}: {path} was chosen for the checkpoint {content.get('checkpoint')}, not for "
            f"{settings.checkpoint}.\n  Name the same --checkpoint, or choose it again."
        )
    return threshold
