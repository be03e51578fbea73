"""Results on disk: written whole or not at all."""

import contextlib
import csv
import json
import os
from pathlib import Path

from kit.cli.errors import UserError


@contextlib.contextmanager
def write_whole(path):
    """Yields the path of a file beside `path`, renamed to `path` once the block has ended well.

    Args:
      path: str or Path of the result; its suffix is kept, since writers choose the format by it.
    Raises:
      UserError: what is there is no file, or the file system refuses (read-only folder, disk full, no permission).
    """
    path = Path(path)
    check_writable(path)
    partial = path.with_name(f".partial-{os.getpid()}-{path.name}")
    try:
        yield str(partial)
        os.replace(partial, path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with contextlib.suppress(OSError):  # it has been renamed, or could not be made
            partial.unlink()


def check_writable(path):
    """Checks that a result may come to stand at `path`, before much time goes into it.

    Raises:
      UserError: a folder or a device is in its place, or there is no folder for it.
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        raise UserError(f"{path}: a folder or a device is in the place of this file. Choose another name.")
    if not path.parent.is_dir():
        raise UserError(f"{path}: there is no folder '{path.parent}'. Make it, or choose another name.")


def write_text(path, text):
    """Writes `text` as UTF-8 to `path`, whole or not at all."""
    with write_whole(path) as partial:
        Path(partial).write_text(text, encoding="utf-8", newline="\n")


def write_csv(path, header, rows, delimiter=","):
    """Writes a table to `path` line by line, whole or not at all; a field with the delimiter in it gets quotes.

    Args:
      path: str or Path.
      header: the columns' names.
      rows: an iterable of rows, each as long as the header.
      delimiter: between two fields.
    """
    with write_whole(path) as partial, open(partial, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def file_state(path):
    """(size in bytes, time of the last change in ns) of a file; None of one that is gone."""
    with contextlib.suppress(OSError):
        state = os.stat(path)
        return state.st_size, state.st_mtime_ns
    return None


def write_json(path, content):
    """Writes `content` as indented JSON to `path`, whole or not at all."""
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def read_json(path, what):
    """Reads a JSON object that the kit wrote.

    Args:
      path: the file.
      what: what the file is, for the error ("the settings of a run").
    Raises:
      UserError: it can't be read, or isn't a JSON object.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"{path}: cannot read {what}: {error}.") from error
    if not isinstance(content, dict):
        raise UserError(f"{path}: {what} should be a JSON object, found {type(content).__name__}.")
    return content


def make_folder(path):
    """Makes a folder and its parents; a UserError says why it can't be."""
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"{path}: cannot make this folder: {error.strerror}.\n"
            "  Remove a file that is in its place, or choose a folder you may write to."
        ) from error


def cannot_write(path, error):
    """The UserError for an OSError met while writing `path`."""
    return UserError(
        f"{path}: cannot write: {error.strerror or error}.\n"
        "  Choose a folder you may write to, on a disk with space left."
    )
