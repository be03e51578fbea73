"""Cross-validations: which runs they consist of, and what these say together.

--folds K are K trainings, each of which holds out another part of the table. --repeats R are R such cross-validations,
each with another seed: the rows are dealt anew, and the weights begin anew. Each fold is a run of its own.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from kit.cli import console
from kit.cli.settings import TrainingSettings
from kit.evaluation.intervals import CONFIDENCE, of_folds_mean
from kit.evaluation.scores import classification_scores, read_scores, regression_scores, write_scores
from kit.runs.held_out import PREDICTIONS, read_held_out
from kit.runs.run_folder import FOLD, SCORES, Run
from kit.system.files import make_folder, write_csv, write_whole

MOST_SHOWN = 20  # folds, on the screen
HEADINGS = {  # short, so that a table fits into 80 columns
    "accuracy": "acc.",
    "balanced_accuracy": "bal.",
    "precision": "prec.",
    "f1": "F1",
    "roc_auc": "AUC",
    "average_precision": "AP",
    "log_loss": "log loss",
    "rmse": "RMSE",
    "mae": "MAE",
    "r2": "R2",
}


def repeat_of(run: Run) -> int:
    """Which repeat a fold is part of, from 1; 1 for any other run."""
    found = FOLD.search(run.name)
    return int((found and found["repeat"]) or 1)


def folds_of(name: str, settings: TrainingSettings) -> dict[str, TrainingSettings]:
    """The runs of a cross-validation: {name: settings}, in the order in which they are trained.

    Args:
      name: of the cross-validation.
      settings: with --folds, and perhaps --repeats.
    """
    assert settings.folds
    runs = {}
    for repeat in range(settings.repeats or 1):
        stem = f"{name}_repeat_{repeat + 1}" if settings.repeats else name
        for fold in range(1, settings.folds + 1):
            runs[f"{stem}_fold_{fold}"] = dataclasses.replace(settings, fold=fold, seed=settings.seed + repeat)
    return runs


# ----------------------------------------------------------------------------- what they say together


def summarize(runs: list[Run]) -> None:
    """Writes and prints what the folds say together, in runs/<name>.

    scores.tabular: a row per fold; then means, standard deviations (of a sample: divided by folds - 1) and confidence
    intervals of the mean; and "all", the scores of all held-out rows together. A fold in which a score is undefined
    doesn't count in its mean, and this is said.
    predictions.tabular: all held-out rows, each predicted by a network that didn't learn from it; and their pictures.

    Args:
      runs: of folds_of, all trained.
    Raises:
      UserError: a file can't be read or written.
    """
    folder = runs[0].folder.with_name(runs[0].name_to_resume)
    class_names = runs[0].data_spec.class_names
    scores = [read_scores(run.folder / SCORES)[0] for run in runs]
    held_out = [read_held_out(run.folder / PREDICTIONS, class_names) for run in runs]
    labels = np.concatenate([each.labels for each in held_out])
    probabilities = np.concatenate([each.probabilities for each in held_out])
    pooled = (
        classification_scores(labels, probabilities) if class_names else regression_scores(labels, *probabilities.T)
    )
    rows = _rows(runs, scores, pooled)
    make_folder(folder)
    write_scores(folder / SCORES, rows)
    _write_pooled(folder / PREDICTIONS, runs, held_out)
    _write_pictures(folder, labels, probabilities, class_names)
    console.say(f"\n{folder / SCORES}: each fold after its last epoch, on the rows that it did not learn from")
    _say(rows, runs, scores)
    console.say(f"{folder / PREDICTIONS}: each row, by a network that held it out")


def _rows(runs, scores, pooled):
    """The rows of scores.tabular: of each fold, of all of them together, of all held-out rows."""
    names = [name for name in scores[0] if name != "epoch"]
    of_each = {name: [each[name] for each in scores] for name in names}
    rows = [{"fold": _name(run), **{name: each[name] for name in names}} for run, each in zip(runs, scores)]
    return [
        *rows,
        *_statistics(of_each, 1 / runs[0].settings.folds),
        {"fold": "all", **{name: pooled[name] for name in names}},
    ]


def _say(rows, runs, scores):
    from kit.evaluation.undefined import of_folds  # here: `--help` needs none

    names = [name for name in rows[0] if name != "fold"]
    shown = rows if len(runs) <= MOST_SHOWN else rows[len(runs) :]
    headings = ["fold", *(HEADINGS.get(name, name) for name in names)]
    console.say_table(headings, [[str(row["fold"]), *(row[name] for name in names)] for row in shown])
    for line in of_folds([{name: fold[name] for name in names} for fold in scores], [run.left_out for run in runs]):
        console.say(line)
    console.say(f"low, high: where the mean of all folds lies, with a confidence of {CONFIDENCE:.0%}")


def _statistics(of_each, test_share):
    """The rows of scores.tabular below the folds' own; of_each: {score: values, None where undefined}."""
    known = {name: [value for value in values if value is not None] for name, values in of_each.items()}
    intervals = {name: _interval(name, values, test_share) for name, values in known.items()}
    rows = {
        "mean": {name: float(np.mean(values)) if values else None for name, values in known.items()},
        "std": {name: float(np.std(values, ddof=1)) if len(values) > 1 else None for name, values in known.items()},
        "low": {name: low for name, (low, _) in intervals.items()},
        "high": {name: high for name, (_, high) in intervals.items()},
    }
    return [{"fold": what, **values} for what, values in rows.items()]


def _interval(name, values, test_share):
    """The confidence interval of a score's mean, as far as such a score can be; (None, None) of fewer than two."""
    found = of_folds_mean(values, test_share)
    low, high = (-np.inf if name == "r2" else 0.0), (np.inf if name in ("log_loss", "rmse", "mae") else 1.0)
    return (max(low, found[0]), min(high, found[1])) if found else (None, None)


def _name(run):
    """A fold's name in scores.tabular: 3; of repeated ones, 2.3 for the third of the second repeat."""
    fold = run.settings.fold
    return f"{repeat_of(run)}.{fold}" if run.settings.repeats else fold


def _write_pooled(path, runs, held_out):
    """Writes all held-out rows, in the table's order, of each repeat."""
    place = {"fold": lambda run: run.settings.fold}
    if runs[0].settings.repeats:
        place = {"repeat": repeat_of, **place}
    row = held_out[0].header.index("row")
    lines = [([of(run) for of in place.values()], line) for run, each in zip(runs, held_out) for line in each.lines]
    lines.sort(key=lambda pair: (pair[0][:-1], int(pair[1][row])))
    write_csv(path, [*place, *held_out[0].header], (first + line for first, line in lines), "\t")


def _write_pictures(folder, labels, probabilities, class_names):
    """Draws the pictures of an evaluation, of all held-out rows."""
    from kit.evaluation.plots import result_pictures  # here: `--help` needs none
    from kit.evaluation.scores import class_scores

    matrix = class_scores(labels, probabilities, class_names)["confusion_matrix"] if class_names else ()
    pictures = result_pictures(labels, probabilities, class_names, matrix)
    for name, png in pictures.items():
        with write_whole(folder / name) as partial:
            Path(partial).write_bytes(png)
