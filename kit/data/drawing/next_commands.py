"""The commands that follow a drawing."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import glob
import itertools
import os
import shlex
from collections.abc import Container

from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.settings import DrawingSettings, DrawnSettings
from kit.data.drawing.folder import drawn_settings, drawn_with, is_complete
from kit.data.drawing.shapes import SHAPES, default_label
from kit.data.drawing.truth import FILE
from kit.data.image_place import file_of


def say_next(settings: DrawingSettings, seed_is_given: bool) -> None:
    """Prints the commands to type next: draw the shape that is missing, join the sets of all shapes, train.

    Args:
      settings: of the drawing that has ended.
      seed_is_given: whether --seed was; else the next command need not name it.
    """
    own, sets, commands = drawn_settings(settings), _sets_beside(settings), []
    missing = _first_missing(sets)
    while len(sets) < 2 or missing < own.label:
        unused = [shape for shape in SHAPES if shape not in {shape for shape, _ in sets.values()}]
        shape = min(unused, key=lambda name: default_label(name) != missing, default=own.shape)
        other = _of_shape(settings, shape, missing, seed_is_given)
        commands.append(_drawing_command(other))
        sets[missing] = shape, other.output_directory
        missing = _first_missing(sets)
        if own.label >= len(SHAPES):  # not a label of ours: one step at a time
            break
    if missing > own.label:
        joined = [os.path.normpath(os.path.join(sets[label][1], "info.csv")) for label in range(missing)]
        commands.append(f"cat {shlex.join(joined)} > dataset.csv")
        if settings.truth:
            truths = [os.path.join(os.path.dirname(info), FILE) for info in joined]
            commands.append(f"cat {shlex.join(truths)} > {FILE}")
        commands.append(console.python("training.py"))
    console.say_next(*commands)


def _sets_beside(settings: DrawingSettings) -> dict[int, tuple[str, str]]:
    """This set, and the complete ones beside it that differ only in the shape: {label: (shape, folder)}, each once."""
    own = drawn_settings(settings)
    sets = {own.label: (own.shape, settings.output_directory)}
    for folder in sorted(glob.glob(os.path.join(glob.escape(_beside(settings)), "*", ""))):
        other = _settings_in(folder)
        if other is None or not is_complete(folder) or other.label in sets or not _is_right_from_here(folder):
            continue
        is_like = own == dataclasses.replace(other, shape=own.shape, label=own.label)
        if is_like and all(other.shape != shape for shape, _ in sets.values()):
            sets[other.label] = other.shape, folder
    return sets


def _is_right_from_here(folder: str) -> bool:
    """Whether the first path in a folder's info.csv leads to its image from the current folder."""
    with contextlib.suppress(OSError, ValueError, IndexError, csv.Error):  # a spreadsheet has saved it otherwise
        with open(os.path.join(folder, "info.csv"), encoding="utf-8", newline="") as file:
            _, path, _ = list(itertools.islice(csv.reader(file), 2))[-1]
        return os.path.isfile(file_of(path))
    return False


def _beside(settings: DrawingSettings) -> str:
    return os.path.dirname(os.path.normpath(settings.output_directory)) or os.curdir


def _settings_in(folder: str) -> DrawnSettings | None:
    """What a folder's images were drawn with; None if dataset_creation.py didn't draw them."""
    with contextlib.suppress(UserError):
        return drawn_with(folder)
    return None


def _first_missing(labels: Container[int]) -> int:
    return next(label for label in itertools.count() if label not in labels)


def _of_shape(settings: DrawingSettings, shape: str, label: int, seed_is_given: bool) -> DrawingSettings:
    """The settings of another shape beside a set, in a folder that is free or was begun with them."""
    other = dataclasses.replace(settings, shape=shape, label=label)
    stem = os.path.join(_beside(settings), f"{shape}s")
    names = (stem, f"{stem}_{settings.size}", *(f"{stem}_{settings.size}_{number}" for number in range(2, 1000)))
    folder = next(name for name in names if not os.path.exists(name) or _settings_in(name) == drawn_settings(other))
    seed = settings.seed if seed_is_given else DrawingSettings.seed
    shown_label = None if label == default_label(shape) else label
    return dataclasses.replace(other, label=shown_label, seed=seed, output_directory=folder)


def _drawing_command(settings: DrawingSettings) -> str:
    words = []
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if value != field.default:
            words += [f"--{field.name}"] if value is True else [f"--{field.name}", str(value)]
    return console.python("dataset_creation.py", *words)
