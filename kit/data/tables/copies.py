"""Temporary copies of files that the lesson's reader can't read as they are: a line of the copy is a row."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable

from kit.cli.errors import UserError

NAME = "table.tabular"


def write_copy(path: str, write: Callable[[str], object]) -> str:
    """Writes the copy of a file into a folder of its own, which is removed when this process ends.

    Args:
      path: the user's file, for the error.
      write: called with the path of the copy.
    Returns:
      The path of the copy.
    Raises:
      UserError: it can't be written.
    """
    try:
        folder = tempfile.mkdtemp(prefix="kit_copy_")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        copy = os.path.join(folder, NAME)
        write(copy)
    except OSError as error:
        raise UserError(
            f"{path}: its copy with a line per row can't be written into the folder for temporary files: "
            f"{error.strerror}.\n"
            "  Set the variable TMPDIR to a folder that has as much space left as twice the table."
        ) from error
    return copy
