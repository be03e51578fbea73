"""What is to be known of the rows by which a run is judged: the network has learnt from them, or was chosen by them."""

from __future__ import annotations

from kit.cli.settings import EvaluatingSettings
from kit.data.interface import Data
from kit.runs.run_folder import Run


def caution(settings: EvaluatingSettings, run: Run, data: Data) -> str:
    """Why the scores may be better than on other rows or images, in one sentence; "" if there is no such reason.

    Args:
      settings: of evaluating.py.
      run: whose network is evaluated.
      data: its VALIDATION part is evaluated.
    """
    if settings.weights:  # which nothing is known of
        return ""
    if learnt := learnt_from(settings, run, data):
        return f"{learnt[0].upper()}{learnt[1:]}."
    if settings.data is None and settings.part == "validation" and settings.checkpoint == "best":
        return f"These are the run's validation {data.unit}, by which the best epoch was chosen."
    return ""


def learnt_from(settings: EvaluatingSettings, run: Run, data: Data) -> str:
    """That --data names the file that the run was trained on, as a sentence without an end; "" if it doesn't."""
    if settings.data is None or not run.data_spec.digest:
        return ""
    own, other = (spec.digest.partition(" ")[0] for spec in (run.data_spec, data.spec))  # without that of the labels
    if own != other:
        return ""
    learnt = f"{run.data_spec.num_training:,} of these {data.num_validation:,} {data.unit}"
    return f"run '{run.name}' was trained on {data.source}: the network has learnt from {learnt}"
