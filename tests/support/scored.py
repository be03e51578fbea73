"""What the tests of scores, pictures and reports share: labels, what a network made of them, epochs."""

import csv
import io

import numpy as np
from PIL import Image

from kit.data.parts import TRAINING, VALIDATION
from kit.data.tables.labels import LabelSource
from kit.runs.history import Epoch
from support.data_sets import table_data

LABELS = np.array([0, 0, 0, 1, 1])
CHANCES = np.array([0.1, 0.6, 0.3, 0.8, 0.4], np.float32)  # of class 1
TWO = np.stack([1 - CHANCES, CHANCES], axis=1)
THREE_LABELS = np.array([0, 0, 1, 1, 2, 2, 2])
THREE = np.array(
    [[8, 1, 1], [3, 5, 2], [2, 6, 2], [5, 3, 2], [1, 1, 8], [4, 2, 4], [2, 3, 5]], np.float32
) / np.float32(10)
BY_HAND = {
    "accuracy": 3 / 5,
    "balanced_accuracy": (2 / 3 + 1 / 2) / 2,
    "precision": 1 / 2,
    "recall": 1 / 2,
    "f1": 1 / 2,
    "roc_auc": 5 / 6,  # of the six pairs of a 1 and a 0, five are in the right order
    "average_precision": (1 + 2 / 3) / 2,
    "log_loss": -np.log([0.9, 0.4, 0.7, 0.8, 0.4]).mean(),
}


def epoch(number, training=(0.5, 0.75), validation=(0.6, 0.7)):
    return Epoch(number, 10 * number, 0.1, *training, *validation, 1.0)


EPOCHS = [epoch(1, (0.9, 0.5), (0.8, 0.6)), epoch(2, (0.5, 0.7), (0.7, 0.9)), epoch(3, (0.3, 0.9), (0.6, 0.8))]


def table(folder, labels, validation=None):
    """TableData of one column whose labels are these words; rows with True in `validation` are evaluated, or all."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "X.csv").write_text("gene\n" + "".join(f"{i}.5\n" for i in range(len(labels))))
    with open(folder / "y.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([label] for label in labels)
    validation = [True] * len(labels) if validation is None else validation
    parts = np.where(validation, VALIDATION, TRAINING).astype(np.uint8)
    return table_data(str(folder / "X.csv"), LabelSource(str(folder / "y.csv")), split=lambda rows: parts)


def text_of(path):
    return path.read_bytes().decode("utf-8")


def picture_of(png):
    """A Pillow image in RGB, of a PNG that is large enough to be looked at, and no larger."""
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG" and min(image.size) > 300 and max(image.size) < 2600
        return image.convert("RGB")


def files_of(folder):
    return {path.name for path in folder.iterdir()}
