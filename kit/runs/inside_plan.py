"""What the flags of labs/look_inside.py ask for: the run, and the images to look at. Others open such runs, too."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.flags import read_command_line
from kit.cli.settings import EvaluatingSettings, LookSettings
from kit.data.interface import Data
from kit.model.losses import ALIASES, LOSSES
from kit.runs.run_folder import Run, open_run

MOST_IMAGES, MOST_NUMBERS = 2000, 1 << 27  # so that they fit into memory and into the projector


def plan_look(description: str, networks: Iterable[str]) -> tuple[EvaluatingSettings, Run]:
    """Reads the command line of labs/look_inside.py, and opens the run that it names.

    Args:
      description: the first lines of --help.
      networks: the names that a run's network may have.
    Returns:
      (settings, run); the settings are those with which evaluating.py would evaluate the same data.
    Raises:
      UserError: a flag is wrong, there is no such run, or it was trained on a table.
    """
    given, _ = read_command_line(LookSettings, description, prog="python labs/look_inside.py")
    run = open_run_of_images(given.run, networks, given.checkpoint)
    settings = EvaluatingSettings(run=given.run, checkpoint=given.checkpoint, data=given.data, skip_bad=given.skip_bad)
    return settings, run


def open_run_of_images(name: str | None, networks: Iterable[str], checkpoint: str = "best") -> Run:
    """The run of this name, or the newest for None; says which it is.

    Args:
      name: of a folder in runs/, or None.
      networks: the names that a run's network may have.
      checkpoint: "best" or "newest": the one that is needed.
    Raises:
      UserError: there is no such run, or it was trained on a table.
    """
    run = open_run(name, {"network": networks, "loss": [*LOSSES, *ALIASES]}, checkpoint)
    if not run.data_spec.is_of_images:
        raise UserError(
            f"Run '{run.name}' was trained on a table, not on images.\n"
            "  Name a run that was trained on images: --run NAME"
        )
    console.say(f"Run {run.name}, {run.design}, {checkpoint} checkpoint")
    return run


def shown_of(lines: tf.data.Dataset, data: Data) -> tf.data.Dataset:
    """The lines that are looked at: all, unless they are too many for the memory; then some at random, always the same.

    Neither the first ones nor every second: in a joined file these may be of one class.

    Args:
      lines: of the validation images.
      data: whose they are.
    """
    most = min(MOST_IMAGES, max(1, MOST_NUMBERS // int(np.prod(data.shape))))
    if data.num_validation <= most:
        return lines
    console.say(f"{most:,} of {data.num_validation:,} images are looked at, drawn at random.")
    return lines.shuffle(data.num_validation, seed=0).take(most)
