"""The folder of a drawn data set: the names in it, and who may draw there."""

import contextlib
import dataclasses
import os
import re

from kit.cli.errors import UserError
from kit.cli.flags import from_json, to_json
from kit.cli.settings import DrawingSettings, DrawnSettings
from kit.system.files import make_folder, read_json, write_json
from kit.system.locks import acquire_lock, remove_partial_files

SETTINGS_FILE = "settings.json"  # what the images were drawn with


def image_name(settings: DrawingSettings, index: int) -> str:
    return f"{settings.shape}_{index:06d}.png"


def path_of(settings: DrawingSettings, name: str) -> str:
    """The path of a file in the output directory, as the user wrote the directory."""
    return os.path.join(settings.output_directory, name)


def drawn_settings(settings: DrawingSettings) -> DrawnSettings:
    """What the images of a drawing depend on."""
    return DrawnSettings(**{field.name: getattr(settings, field.name) for field in dataclasses.fields(DrawnSettings)})


def drawn_with(folder: str) -> DrawnSettings:
    """What the images in a folder were drawn with; a UserError if no settings of a drawing are there."""
    path = os.path.join(folder, SETTINGS_FILE)
    return from_json(DrawnSettings, read_json(path, "the settings of a data set"), path)


def is_complete(folder: str) -> bool:
    """Whether all images of a folder are drawn: info.csv is written last."""
    return os.path.isfile(os.path.join(folder, "info.csv"))


def claim_folder(settings: DrawingSettings) -> set[str]:
    """Creates the output directory, or checks that it was begun with the same settings; then locks it.

    Args:
      settings: the settings, with a label.
    Returns:
      The names of the images that are already drawn.
    Raises:
      UserError: the folder holds images drawn with other settings, too many images, or images of unknown origin; or
        another process draws there.
    """
    folder = settings.output_directory
    if not folder or not folder.isprintable():
        raise UserError(f"--output_directory {folder!r}: expected a folder's name that can be written to info.csv.")
    make_folder(folder)
    sizes = _file_sizes(folder)
    numbers = {name: int(match[1]) for name in sizes if (match := re.fullmatch(rf"{settings.shape}_(\d+)\.png", name))}
    wanted = drawn_settings(settings)
    if SETTINGS_FILE in sizes:
        _check_same(settings, wanted)
    elif numbers or "info.csv" in sizes:
        raise UserError(
            f"{folder}: holds {min(numbers, default='info.csv')}, but no {SETTINGS_FILE} that says how it was drawn.\n"
            "  Choose another --output_directory."
        )
    most = max(numbers.values(), default=-1)
    if most >= settings.num_images:
        raise UserError(
            f"{folder}: holds {max(numbers)}, so more images than --num_images {settings.num_images}.\n"
            f"  Give --num_images {most + 1} or more, or another --output_directory."
        )
    acquire_lock(folder, "dataset_creation.py")
    remove_partial_files(folder)
    write_json(path_of(settings, SETTINGS_FILE), to_json(wanted))
    return {name for name in numbers if sizes[name] > 0}


def _check_same(settings: DrawingSettings, wanted: DrawnSettings) -> None:
    """Checks that the folder's images were drawn with the wanted settings."""
    for name, value in to_json(drawn_with(settings.output_directory)).items():
        if value != getattr(wanted, name):
            raise UserError(
                f"{settings.output_directory}: its images were drawn with --{name} {value}, "
                f"not --{name} {getattr(wanted, name)}.\n"
                "  Give the same settings, or another --output_directory."
            )


def _file_sizes(folder: str) -> dict[str, int]:
    """The files of a folder: {name: size in bytes}. Workers of a killed process may still be renaming some."""
    sizes = {}
    for entry in os.scandir(folder):
        with contextlib.suppress(FileNotFoundError):
            sizes[entry.name] = entry.stat().st_size
    return sizes
