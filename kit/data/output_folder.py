"""The output directory of a command that makes a data set: new, or begun by the same command; and by one at a time."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from kit.cli.errors import UserError
from kit.system.files import make_folder, read_json, write_json
from kit.system.locks import acquire_lock, remove_partial_files


def check_name(folder: str) -> None:
    """Checks that a CSV can name files in a folder; otherwise a UserError."""
    if not folder or not folder.isprintable():
        raise UserError(f"--output_directory {folder!r}: expected a folder's name that can be written to info.csv.")


def claim(
    folder: str, settings_file: str, wanted: dict[str, Any], program: str, difference: Callable[[dict[str, Any]], str]
) -> None:
    """Creates a folder, or checks that it was begun with the same settings; then locks it, and notes the settings.

    Args:
      folder: the output directory; see check_name.
      settings_file: the name of the file in it that keeps the settings.
      wanted: the settings.
      program: the command, for errors.
      difference: other settings, as they were found -> what is wrong, in words, with a way out.
    Raises:
      UserError: it holds something else, or another process writes there.
    """
    make_folder(folder)
    path = os.path.join(folder, settings_file)
    if os.path.exists(path):
        found = read_json(path, "the settings of a data set")
        if found != wanted:
            raise UserError(f"{folder}: {difference(found)}")
    elif any(not name.startswith(".") for name in os.listdir(folder)):
        raise UserError(
            f"{folder}: holds files, but no {settings_file} of {program}.\n  Choose another --output_directory."
        )
    acquire_lock(folder, program)
    remove_partial_files(folder)
    write_json(path, wanted)
