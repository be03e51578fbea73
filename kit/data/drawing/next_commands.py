"""The commands that follow a drawing."""

import dataclasses
import glob
import os
import shlex

from kit.cli import console
from kit.cli.settings import DrawingSettings
from kit.data.drawing.folder import path_of


def say_next(settings: DrawingSettings, seed_is_given: bool) -> None:
    """Prints the commands to type next: draw the other shape, join both, train.

    Args:
      settings: of the drawing that has ended.
      seed_is_given: whether --seed was; else the next command need not name it.
    """
    commands = []
    if settings.shape == "square":
        seed = settings.seed if seed_is_given else DrawingSettings.seed
        beside = os.path.dirname(os.path.normpath(settings.output_directory)) or "."
        folder = os.path.join(beside, "triangles")
        changes = {"shape": "triangle", "output_directory": folder, "label": None, "seed": seed}
        other = dataclasses.replace(settings, **changes)
        flags = [
            (f"--{field.name}", str(getattr(other, field.name)))
            for field in dataclasses.fields(other)
            if getattr(other, field.name) != field.default
        ]
        commands.append(console.python("dataset_creation.py", *(word for flag in flags for word in flag)))
        joined = [os.path.normpath(path_of(each, "info.csv")) for each in (settings, other)]
    else:
        beside = os.path.join(os.path.dirname(os.path.normpath(settings.output_directory)), "*", "info.csv")
        joined = sorted({*glob.glob(beside), os.path.normpath(path_of(settings, "info.csv"))})
    files = shlex.join(joined)
    console.say_next(*commands, f"cat {files} > dataset.csv", console.python("training.py"))
