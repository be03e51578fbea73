"""A fold's predictions of the rows that it held out: predictions.tabular in its folder."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from kit.cli.errors import UserError
from kit.data.interface import Data
from kit.evaluation.result import EvaluationResult
from kit.runs.run_folder import Run
from kit.system.files import write_csv

PREDICTIONS = "predictions.tabular"


def write_held_out(run: Run, data: Data, result: EvaluationResult) -> None:
    """Writes a fold's predictions of the rows that it held out, after its last epoch: predictions.tabular.

    The probabilities have as many digits as tell a float32 from all others, so that scores of them are exact.

    Args:
      run: the fold.
      data: that it learnt from.
      result: on its validation rows.
    Raises:
      UserError: the file can't be written.
    """
    predictions = data.predictions(result.probabilities, result.labels)
    shares = len(predictions.header) - predictions.header.index("predicted") - 1
    exact = (map("{:.9g}".format, each[:shares]) for each in result.probabilities)
    lines = ([*line[: len(line) - shares], *numbers] for line, numbers in zip(predictions.lines, exact))
    write_csv(run.folder / PREDICTIONS, predictions.header, lines, predictions.delimiter)


class HeldOut(NamedTuple):
    """Predictions of N rows, each by a network that didn't learn from it."""

    header: list[str]  # row, perhaps name, label, predicted, and a probability per class
    lines: list[list[str]]  # of the file: N
    labels: np.ndarray  # int64 [N]; of values, float64 [N]
    probabilities: np.ndarray  # float64 [N, classes]; of values, the predictions [N, 1]


def read_held_out(path: Path, class_names: Sequence[str]) -> HeldOut:
    """Reads what write_held_out wrote.

    Args:
      path: of the file.
      class_names: of the run's data; () for values.
    Raises:
      UserError: it can't be read, or isn't such a file.
    """
    try:
        with open(path, newline="", encoding="utf-8") as file:
            header, *lines = csv.reader(file, delimiter="\t", strict=True)
        columns = dict(zip(header, zip(*lines, strict=True), strict=True))
        if class_names:
            labels = np.array([class_names.index(label) for label in columns["label"]], np.int64)
            of_classes = [columns[f"probability_{name}"] for name in class_names]
        else:
            labels, of_classes = np.array(columns["label"], np.float64), [columns["predicted"]]
        return HeldOut(header, lines, labels, np.array(of_classes, np.float64).T)
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise UserError(
            f"{path}: cannot read these predictions: {error}.\n"
            "  They are what training.py wrote for a fold. Train the fold again, under another name."
        ) from error
