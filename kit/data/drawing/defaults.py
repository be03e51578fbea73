"""Settings of a drawing that depend on others, or on whose folder this is."""

import dataclasses
from collections.abc import Set

from kit.cli.settings import DrawingSettings
from kit.data.drawing.shapes import default_label
from kit.data.drawing.students_seed import students_seed


def fill_defaults(settings: DrawingSettings, given_flags: Set[str]) -> DrawingSettings:
    """The settings with the shape's own label, and the seed of the student whose folder this is.

    Args:
      settings: of dataset_creation.py.
      given_flags: the names of the flags on the command line; these stay as they are.
    Raises:
      UserError: the record of the hands-on can't be read.
    """
    if settings.label is None:
        settings = dataclasses.replace(settings, label=default_label(settings.shape))
    if "seed" not in given_flags and (seed := students_seed()) is not None:
        settings = dataclasses.replace(settings, seed=seed)
    return settings
