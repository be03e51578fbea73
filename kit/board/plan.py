"""What drawing_board.py's flags name: the run, and the folder where drawings are kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from kit.board.drawings import Drawings
from kit.cli.flags import read_command_line
from kit.cli.settings import BoardSettings
from kit.data.data_spec import ImageSpec
from kit.runs.inside_plan import open_run_of_images
from kit.runs.run_folder import Run


@dataclass(frozen=True)
class Board:
    """A trained network to draw for."""

    run: Run
    drawings: Drawings

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return (*self.drawings.image_size, 3)

    @property
    def class_names(self) -> tuple[str, ...]:
        return self.drawings.class_names


def plan_board(description: str, networks: Iterable[str]) -> tuple[BoardSettings, Board]:
    """Reads the command line of drawing_board.py, and opens the run that it names.

    Args:
      description: the first lines of --help.
      networks: the names that a run's network may have.
    Returns:
      (settings, board).
    Raises:
      UserError: a flag is wrong, there is no such run, or it was trained on a table.
    """
    settings, _ = read_command_line(BoardSettings, description)
    run = open_run_of_images(settings.run, networks, settings.checkpoint)
    spec = cast(ImageSpec, run.data_spec)
    height, width = spec.image_size
    drawings = Drawings(settings.output_directory, spec.class_names, (height, width), spec.has_words)
    return settings, Board(run, drawings)
