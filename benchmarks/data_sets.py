"""The data that the benchmarks work on: squares and triangles, lists of them for the peers, tables of random rows."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from processes import run

import dlho2018
from kit.cli.settings import TrainingSettings
from kit.data.image_data import ImageData
from kit.data.image_lines import images_of
from kit.data.parts import TRAINING, VALIDATION
from kit.system.files import write_csv

SHAPES = ("square", "triangle")
VALIDATION_SHARE = TrainingSettings.validation  # the default


def draw(folder, images_per_class, size=128, seed=0, style="varied"):
    """Draws squares and triangles into a folder; returns the path of its dataset.csv."""
    for shape in SHAPES:
        run(folder, "dataset_creation.py", *drawing_flags(shape, images_per_class, size, seed), "--style", style)
    return join(folder)


def drawing_flags(shape, num_images, size, seed):
    """Flags of dataset_creation.py; each shape has a folder of its name."""
    return "--shape", shape, "--num_images", num_images, "--size", size, "--seed", seed, "--output_directory", shape


def join(folder):
    """Joins the CSV files of the shapes, as `cat` does; returns the path of dataset.csv."""
    folder = Path(folder)
    path = folder / "dataset.csv"
    path.write_bytes(b"".join((folder / shape / "info.csv").read_bytes() for shape in SHAPES))
    return path


class Lists(NamedTuple):
    """The images of a CSV as training.py splits them: CSV files with the columns path and label, and counts."""

    training: Path
    validation: Path
    all: Path
    num_training: int
    num_all: int

    @property
    def flags(self):
        """Flags of a peer."""
        return "--data_train", self.training, "--data_validation", self.validation


def write_lists(csv_path, folder):
    """Writes the lists of a CSV's images into a folder: Lists."""
    data = ImageData.scan(str(csv_path), VALIDATION_SHARE, lesson=dlho2018)
    training, validation = (
        [(Path(path).resolve(), label) for _, _, path, label in images_of(data, part)]
        for part in (TRAINING, VALIDATION)
    )
    rows = {"training": training, "validation": validation, "all": training + validation}
    paths = [Path(folder) / f"{name}.csv" for name in rows]
    for path, some in zip(paths, rows.values()):
        write_csv(path, ["path", "label"], some)
    return Lists(*paths, len(training), len(rows["all"]))


def write_random_table(path, rows, columns, seed=0):
    """Writes a CSV of random numbers: columns x1, x2, ..., then `kind`, a class, and `value`, a number.

    Both can be learnt: the value is the sum of the numbers and noise, the class is its sign.

    Args:
      path: of the file.
      rows: how many.
      columns: how many, without `kind` and `value`.
      seed: of the numbers.
    """
    random = np.random.default_rng(seed)
    numbers = random.normal(size=(rows, columns))  # [rows, columns]
    values = numbers.sum(axis=1) + random.normal(size=rows)  # [rows]
    header = [*(f"x{number}" for number in range(1, columns + 1)), "kind", "value"]
    lines = (
        [*(f"{number:.4f}" for number in row), "high" if value > 0 else "low", f"{value:.4f}"]
        for row, value in zip(numbers, values)
    )
    write_csv(path, header, lines)
