"""The commands that made a run and its evaluation, to type again."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable

from kit.cli.console import python
from kit.cli.settings import TrainingSettings
from kit.runs.run_folder import Run
from kit.runs.shown_settings import OF_THE_START

OF_THE_WHOLE = ("repeats", "learning_curve", "search", "search_space")  # a fold keeps them, but is trained without them


def training_command(run: Run) -> str:
    """The command that trains a run again, as its settings say; those that have their default are left out.

    Of a fold, or another part of a whole, it trains this part alone.
    """
    names = [
        field.name
        for field in dataclasses.fields(TrainingSettings)
        if field.name not in {*OF_THE_START, *OF_THE_WHOLE} and getattr(run.settings, field.name) != field.default
    ]
    return python("training.py", *words_of(run.settings, names), "--run", run.name)


def words_of(settings: TrainingSettings, names: Iterable[str]) -> list[str]:
    """Settings as the words of a command: "--batch_size", "4". None of them may be None or False."""
    words = []
    for name in names:
        value = getattr(settings, name)
        values = [] if value is True else value if isinstance(value, tuple) else [value]
        words += [f"--{name}", *map(str, values)]
    return words


def evaluating_command() -> str:
    """The command of this process, which is evaluating.py."""
    return python("evaluating.py", *sys.argv[1:])
