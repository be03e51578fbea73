"""Stand-ins for what the scripts' lines are given: `data` and `run`, as a data set of images has them."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.settings import TrainingSettings
from kit.data.parts import TRAINING, VALIDATION

MOST_SHUFFLED = 50_000  # lines; the stages have fewer


def image_data(**others: Any) -> SimpleNamespace:
    """`data` of images; `others` are the attributes that a stage has its own of."""
    known = {
        "path": "dataset.csv",
        "compression": "",
        "shape": (4, 6, 3),
        "dtype": np.uint8,
        "label_dtype": np.int64,
        "unit": "images",
        "num_training": 100,
        "most_shuffled": MOST_SHUFFLED,
        "num_classes": 2,
        "score_name": "accuracy",
        "arrays": {},
        "num_validation": 20,
        "class_names": ("square", "triangle"),
        "places": 1,
        "scale": lambda images: tf.cast(images, tf.float32) * (2 / 255) - 1,
        "batch_score": lambda accuracy, labels, probabilities: accuracy,
        "placeholders": lambda: (tf.placeholder(tf.uint8, [None, 4, 6, 3]), tf.placeholder(tf.int64, [None])),
        "score": lambda accuracy, labels, probabilities: float(accuracy),
    }
    data = SimpleNamespace(**{**known, **others})
    counts = {TRAINING: data.num_training, VALIDATION: data.num_validation}
    return SimpleNamespace(**{"count": counts.__getitem__, "image_size": data.shape[:2], **vars(data)})


class StageRun:
    """`run`: a folder in runs/."""

    target = ""  # of its session: this process

    def __init__(self, name: str) -> None:
        self.name, self.folder, self.settings = name, Path("runs", name), TrainingSettings()

    def events(self, part: str) -> str:
        """The folder of TensorBoard's event files of a part: "train", "validation", "evaluation"."""
        return os.fspath(self.folder / part)
