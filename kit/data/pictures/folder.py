"""The folder of a data set that is made of pictures: who may write there."""

from __future__ import annotations

import os

from kit.cli.errors import UserError
from kit.cli.settings import PicturesSettings
from kit.system.files import make_folder, read_json, write_json
from kit.system.locks import acquire_lock, remove_partial_files

SETTINGS_FILE = "pictures.json"  # what the images were made with


def path_of(settings: PicturesSettings, name: str) -> str:
    """The path of a file in the output directory, as the user wrote the directory."""
    return os.path.join(settings.output_directory, name)


def claim_folder(settings: PicturesSettings) -> None:
    """Creates the output directory, or checks that it was begun with the same size; then locks it.

    Raises:
      UserError: it holds other images, lies among the pictures, or another process writes there.
    """
    folder, wanted = settings.output_directory, {"size": settings.size}
    if not folder or not folder.isprintable():
        raise UserError(f"--output_directory {folder!r}: expected a folder's name that can be written to info.csv.")
    inner, outer = os.path.realpath(folder), os.path.realpath(settings.photos)
    if os.path.join(inner, "").startswith(os.path.join(outer, "")):
        raise UserError(
            f"--output_directory {folder}: lies in --photos {settings.photos}, where it would be a class.\n"
            "  Choose a folder beside it."
        )
    make_folder(folder)
    if os.path.exists(path_of(settings, SETTINGS_FILE)):
        found = read_json(path_of(settings, SETTINGS_FILE), "the settings of a data set")
        if found != wanted:
            raise UserError(
                f"{folder}: its images were made with --size {found.get('size')}, not --size {settings.size}.\n"
                "  Give the same size, or another --output_directory."
            )
    elif any(not name.startswith(".") for name in os.listdir(folder)):
        raise UserError(
            f"{folder}: holds files, but no {SETTINGS_FILE} that says that they were made of pictures.\n"
            "  Choose another --output_directory."
        )
    acquire_lock(folder, "python -m kit.data.pictures")
    remove_partial_files(folder)
    write_json(path_of(settings, SETTINGS_FILE), wanted)
