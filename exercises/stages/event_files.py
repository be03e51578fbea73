"""TensorBoard's event files, as a check reads what a student's lines have written."""

from pathlib import Path
from typing import Any

import kit.tensorflow1 as tf

CURVES = {"curves/loss": "batch_loss", "curves/accuracy": "batch_score", "curves/learning_rate": "learning_rate"}
VALUES = {"batch_loss": 0.625, "batch_score": 0.75, "learning_rate": 0.0625}  # of the tensors, in a stage


def values_of(summary: bytes) -> dict[str, float]:
    """{tag: value} of a summary's bytes."""
    return {value.tag: value.simple_value for value in tf.Summary.FromString(summary).value}


def events_in(folder: str | Path, ending: str = "") -> list:
    """Every event in the files of a folder whose names end so."""
    paths = sorted(path for path in Path(folder).glob("*tfevents*") if path.name.endswith(ending))
    return [event for path in paths for event in tf.train.summary_iterator(str(path))]


def points_in(folder: str | Path, ending: str = "") -> list[tuple[int, dict[str, float]]]:
    """(step, {tag: value}) of every summary in the files of a folder."""
    events = [event for event in events_in(folder, ending) if event.summary.value]
    return [(event.step, values_of(event.summary.SerializeToString())) for event in events]


def curves() -> Any:
    """The tensor `scalars` in the default graph: the three curves merged, of VALUES."""
    return tf.summary.merge([tf.summary.scalar(tag, tf.constant(VALUES[name])) for tag, name in CURVES.items()])
