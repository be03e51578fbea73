"""Learning curves: the same training on more and more rows. If the score still rises at the end, more rows would help.

--learning_curve N are trainings on 1 / N, 2 / N, ... of the training rows, all validated on the same rows; with --folds
each is a cross-validation.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from pathlib import Path

import numpy as np

from kit.cli import console
from kit.cli.settings import TrainingSettings
from kit.evaluation.scores import write_scores
from kit.runs.cross_validation import folds_of
from kit.runs.run_folder import CURVE, Run
from kit.system.files import make_folder, write_whole

PICTURE = "learning_curve.png"


def shares_of(name: str, settings: TrainingSettings) -> dict[str, TrainingSettings]:
    """The runs of a learning curve: {name: settings}, in the order in which they are trained.

    Args:
      name: of the whole.
      settings: with --learning_curve, and perhaps --folds.
    """
    assert settings.learning_curve
    runs = {}
    for point in range(1, settings.learning_curve + 1):
        share = point / settings.learning_curve
        stem, fewer = f"{name}_share_{round(100 * share)}", dataclasses.replace(settings, training_share=share)
        runs |= folds_of(stem, fewer) if settings.folds else {stem: fewer}
    return runs


def summarize(runs: list[Run]) -> None:
    """Writes and prints the curve, in runs/<name>: learning_curve.tabular and learning_curve.png.

    The scores are those after the last epoch: means over the folds, and the worst and the best of them.

    Args:
      runs: of shares_of, all trained.
    Raises:
      UserError: a file can't be read or written.
    """
    from kit.evaluation.plots import ranges_png  # here: `--help` needs none

    folder, score = runs[0].folder.with_name(runs[0].name_to_resume), "R2"
    if runs[0].data_spec.class_names:
        score = "accuracy"
    training: dict[int, list[float]] = defaultdict(list)  # {rows: the score of each fold}
    validation: dict[int, list[float]] = defaultdict(list)
    for share in dict.fromkeys(run.settings.training_share for run in runs):
        of_share = [run for run in runs if run.settings.training_share == share]
        rows = round(np.mean([run.data_spec.num_training for run in of_share]))
        for last in (run.epochs()[-1] for run in of_share):
            training[rows].append(_known(last.training_score))
            validation[rows].append(_known(last.validation_score))
    table = [_row(rows, training[rows], validation[rows]) for rows in training]
    make_folder(folder)
    write_scores(folder / CURVE, table)
    with write_whole(folder / PICTURE) as partial:
        curves = {"training rows": _defined(training), "validation rows": _defined(validation)}
        Path(partial).write_bytes(ranges_png(curves, "training rows", score))
    console.say(f"\n{folder / CURVE}, {PICTURE}: {score} after the last epoch")
    console.say_table(["rows", "training", "validation", "lowest", "highest"], [list(row.values()) for row in table])


def _known(score):
    return np.nan if score is None else score


def _defined(scores):
    """Without the sizes for which no fold has a score."""
    kept = {rows: [value for value in values if not np.isnan(value)] for rows, values in scores.items()}
    return {rows: values for rows, values in kept.items() if values}


def _row(rows, training, validation):
    known = [value for value in validation if not np.isnan(value)]
    learnt = [value for value in training if not np.isnan(value)]
    return {
        "rows": rows,
        "training": float(np.mean(learnt)) if learnt else None,
        "validation": float(np.mean(known)) if known else None,
        "lowest": min(known, default=None),
        "highest": max(known, default=None),
    }
