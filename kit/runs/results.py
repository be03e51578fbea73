"""The results of a training: its best epoch, its weights for Keras, a table's scores."""

from __future__ import annotations

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.data.interface import Data
from kit.evaluation.result import EvaluationResult
from kit.evaluation.scores import read_scores, scores_of, write_scores
from kit.runs import checkpoints
from kit.runs.history import History, score_text
from kit.runs.run_folder import SCORES, Run
from kit.system.files import make_folder

WEIGHTS = "weights.h5"  # in the run's folder
HEADINGS = {  # short, so that a cross-validation's table fits into 80 columns
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


def save_results(run: Run, data: Data, history: History, result: EvaluationResult | None) -> None:
    """Prints the best epoch, and writes the run's weights.h5 and scores.tabular.

    weights.h5 is written for an architecture of Keras's, from the best checkpoint. scores.tabular is written for a
    table, from its validation rows after the last epoch: the best epoch was chosen by these rows, so its scores on
    them would be too good.

    Args:
      run: that has ended.
      data: that it learnt from.
      history: of its epochs.
      result: on validation after the last epoch; None without validation data.
    Raises:
      UserError: a file can't be written, or the checkpoint can't be read.
    """
    best, score = history.best, data.score_name
    if best.validation_loss is None:
        console.say(f"Trained on everything: epoch {best.epoch}, training {score} {score_text(best.training_score)}")
    elif best.validation_score is None:  # all epochs have the same labels, so it is the one with the lowest loss
        console.say(
            f"The best: epoch {best.epoch}, with a validation loss of {best.validation_loss:.4g}; {score} undefined"
        )
    else:
        console.say(f"The best: epoch {best.epoch}, with a validation {score} of {score_text(best.validation_score)}")
    if run.architecture:
        _write_weights(run)
        console.say(f"{run.folder / WEIGHTS}: its weights, for Keras")
    if result and data.keeps_scores:
        from kit.evaluation.undefined import classes_left_out, of_evaluation  # here, like others: `--help` needs none

        last = history.epochs[-1].epoch
        scores = scores_of(data, result)
        write_scores(run.folder / SCORES, [{"epoch": last, **scores}])
        console.say(f"{run.folder / SCORES}: of epoch {last}, the last; the best was chosen by these very rows")
        run.left_out = classes_left_out(result.labels, result.probabilities) if data.class_names else {}
        for line in of_evaluation(scores, run.left_out, data.class_names, data.unit):
            console.say(line)


def save_mean_scores(runs: list[Run]) -> None:
    """Writes and prints the scores of a cross-validation, runs/<name>/scores.tabular.

    It has a row per fold, then the means and the standard deviations (of a sample: divided by folds - 1). A fold in
    which a score is undefined doesn't count in them, and this is said.

    Args:
      runs: <name>_fold_1 and so on, each with its scores.tabular.
    Raises:
      UserError: a file can't be read or written.
    """
    from kit.evaluation.undefined import of_folds

    folder = runs[0].folder.with_name(runs[0].name.removesuffix("_fold_1"))
    folds = [read_scores(run.folder / SCORES)[0] for run in runs]
    names = [name for name in folds[0] if name != "epoch"]
    known = {name: [fold[name] for fold in folds if fold[name] is not None] for name in names}
    rows = [
        *({"fold": number, **{name: fold[name] for name in names}} for number, fold in enumerate(folds, 1)),
        {"fold": "mean", **{name: _mean(values) for name, values in known.items()}},
        {"fold": "std", **{name: _deviation(values) for name, values in known.items()}},
    ]
    make_folder(folder)
    write_scores(folder / SCORES, rows)
    console.say(f"\n{folder / SCORES}: each fold after its last epoch, on the rows that it did not learn from")
    shown = [[str(row["fold"]), *(row[name] for name in names)] for row in rows]
    console.say_table(["fold", *(HEADINGS.get(str(name), str(name)) for name in names)], shown)
    for line in of_folds([{name: fold[name] for name in names} for fold in folds], [run.left_out for run in runs]):
        console.say(line)


def _mean(values):
    return float(np.mean(values)) if values else None


def _deviation(values):
    return float(np.std(values, ddof=1)) if len(values) > 1 else None


def _write_weights(run):
    from kit.model.keras.weights import write_weights

    path = checkpoints.find(run, "best")
    with checkpoints.readable_checkpoint_errors(path):
        reader = tf.train.load_checkpoint(path)
        values = {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}
    write_weights(run.folder / WEIGHTS, run.architecture, values)
