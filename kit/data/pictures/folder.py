"""The folder of a data set that is made of pictures: who may write there."""

from __future__ import annotations

import os

from kit.cli.errors import UserError
from kit.cli.settings import PicturesSettings
from kit.data.output_folder import check_name, claim

SETTINGS_FILE = "pictures.json"  # what the images were made with


def path_of(settings: PicturesSettings, name: str) -> str:
    """The path of a file in the output directory, as the user wrote the directory."""
    return os.path.join(settings.output_directory, name)


def claim_folder(settings: PicturesSettings) -> None:
    """Creates the output directory, or checks that it was begun with the same size; then locks it.

    Raises:
      UserError: it holds other images, lies among the pictures, or another process writes there.
    """
    folder = settings.output_directory
    check_name(folder)
    inner, outer = os.path.realpath(folder), os.path.realpath(settings.photos)
    if os.path.join(inner, "").startswith(os.path.join(outer, "")):
        raise UserError(
            f"--output_directory {folder}: lies in --photos {settings.photos}, where it would be a class.\n"
            "  Choose a folder beside it."
        )

    def difference(found):
        return (
            f"its images were made with --size {found.get('size')}, not --size {settings.size}.\n"
            "  Give the same size, or another --output_directory."
        )

    claim(folder, SETTINGS_FILE, {"size": settings.size}, "python -m kit.data.pictures", difference)
