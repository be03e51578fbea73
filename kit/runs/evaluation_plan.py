"""What the flags of evaluating.py ask for, and the run that they name."""

from __future__ import annotations

from collections.abc import Iterable, Set

from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.flags import read_command_line
from kit.cli.settings import EvaluatingSettings
from kit.model.losses import ALIASES, LOSSES
from kit.runs import export, insight
from kit.runs.run_folder import Run, open_run

MORE_EVALUATING = """\
python evaluating.py --data X_test.tabular --labels y_test.tabular    a table; without --labels it is predicted
python evaluating.py --model model.keras --data X.tabular             a finished model of Keras, without a training
"""
NOT_WITH_IMAGES = {"data", "labels", "label_column", "batch_size", "skip_bad"}  # flags of evaluating.py


def plan_evaluation(description: str, networks: Iterable[str]) -> tuple[EvaluatingSettings, Run]:
    """Reads the command line of evaluating.py, and opens the run that it names.

    Args:
      description: the first lines of --help.
      networks: the names that a run's network may have.
    Returns:
      (settings, run).
    Raises:
      UserError: a flag is wrong, there is no such run, or the run can't do what a flag asks for.
    """
    settings, given_flags = read_command_line(EvaluatingSettings, description + MORE_EVALUATING)
    useless = given_flags & NOT_WITH_IMAGES if settings.images else set()
    if useless:
        raise UserError(f"--{min(useless)} has no effect on --images. Leave out one of them.")
    run = _open(settings, networks, given_flags)
    export.check_wanted(settings, run)
    insight.check_wanted(settings, run)
    return settings, run


def _open(settings: EvaluatingSettings, networks: Iterable[str], given_flags: Set[str]) -> Run:
    """The run that the flags name, or a finished model in its place."""
    if settings.model:
        from kit.runs.finished_model import open_model  # here: no run needs it

        return open_model(settings, given_flags)
    if settings.classes:
        raise UserError("--classes needs --model: a run knows its classes.")
    run = open_run(settings.run, {"network": networks, "loss": [*LOSSES, *ALIASES]}, settings.checkpoint)
    console.say(f"Run {run.name}, {run.design}, {settings.weights or f'{settings.checkpoint} checkpoint'}")
    return run
