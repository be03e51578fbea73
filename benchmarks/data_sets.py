"""The images that the benchmarks work on: squares and triangles, drawn for the occasion, and lists of them."""

import csv
from pathlib import Path
from typing import NamedTuple

from processes import run

from kit.data.image_csv import TRAINING, VALIDATION, look_over, records_of

SHAPES = ("square", "triangle")
VALIDATION_SHARE = 0.2  # training.py's default


def draw(folder, images_a_class, size=128, seed=0):
    """Draws squares and triangles into a folder; returns the path of its dataset.csv."""
    for shape in SHAPES:
        run(folder, "dataset_creation.py", *drawing_flags(shape, images_a_class, size, seed))
    return join(folder)


def drawing_flags(shape, num_images, size, seed):
    """What dataset_creation.py is told; each shape has a folder of its name."""
    return "--shape", shape, "--num_images", num_images, "--size", size, "--seed", seed, "--output_directory", shape


def join(folder):
    """Joins the CSV files of the shapes, as `cat` does; returns the path of dataset.csv."""
    folder = Path(folder)
    path = folder / "dataset.csv"
    path.write_bytes(b"".join((folder / shape / "info.csv").read_bytes() for shape in SHAPES))
    return path


class Lists(NamedTuple):
    """The images of a CSV as training.py splits them: files of lines path,label, and how many there are."""

    training: Path
    validation: Path
    all: Path
    num_training: int
    num_all: int

    @property
    def flags(self):
        """What a peer is told."""
        return "--data_train", self.training, "--data_validation", self.validation


def write_lists(csv_path, folder):
    """Writes the lists of a CSV's images into a folder: Lists."""
    records = look_over(str(csv_path), VALIDATION_SHARE)
    rows = {
        part: [(Path(path).resolve(), label) for _, _, path, label in records_of(records, part)]
        for part in (TRAINING, VALIDATION)
    }
    every = rows[TRAINING] + rows[VALIDATION]
    paths = [
        _write_list(Path(folder) / f"{name}.csv", some)
        for name, some in (("training", rows[TRAINING]), ("validation", rows[VALIDATION]), ("all", every))
    ]
    return Lists(*paths, len(rows[TRAINING]), len(every))


def _write_list(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path
