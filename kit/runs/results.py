"""The results of a training: its best epoch, its weights for Keras, a table's scores."""

from __future__ import annotations

import kit.tensorflow1 as tf
from kit.cli import console
from kit.data.interface import Data
from kit.evaluation.result import EvaluationResult
from kit.evaluation.scores import scores_of, write_scores
from kit.runs import checkpoints
from kit.runs.held_out import write_held_out
from kit.runs.history import History, score_text
from kit.runs.run_folder import SCORES, Run

WEIGHTS = "weights.h5"  # in the run's folder


def save_results(run: Run, data: Data, history: History, result: EvaluationResult | None) -> None:
    """Prints the best epoch, and writes the run's weights.h5, scores.tabular, and predictions.tabular of a fold.

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
        if run.settings.fold:
            write_held_out(run, data, result)
        run.left_out = classes_left_out(result.labels, result.probabilities) if data.class_names else {}
        for line in of_evaluation(scores, run.left_out, data.class_names, data.unit):
            console.say(line)


def _write_weights(run):
    from kit.model.keras.weights import write_weights

    path = checkpoints.find(run, "best")
    with checkpoints.readable_checkpoint_errors(path):
        reader = tf.train.load_checkpoint(path)
        values = {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}
    write_weights(run.folder / WEIGHTS, run.architecture, values)
