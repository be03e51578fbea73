"""The commands that made a run and its evaluation, to type again."""

from __future__ import annotations

import dataclasses
import sys

from kit.cli.console import python
from kit.cli.settings import TrainingSettings
from kit.runs.run_folder import Run

ONLY_ONCE = ("run", "resume", "explain_time", "write_architecture")  # settings that don't belong to the result


def training_command(run: Run) -> str:
    """The command that trains a run again, as its settings say; those that have their default are left out."""
    words = []
    for field in dataclasses.fields(TrainingSettings):
        value = getattr(run.settings, field.name)
        if field.name in ONLY_ONCE or value == field.default:
            continue
        flag = f"--{field.name}"
        if isinstance(value, tuple):
            words += [flag, *value]
        else:
            words += [flag] if value is True else [flag, str(value)]
    return python("training.py", *words, "--run", run.name)


def evaluating_command() -> str:
    """The command of this process, which is evaluating.py."""
    return python("evaluating.py", *sys.argv[1:])
