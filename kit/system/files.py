"""Files with results, written completely or not at all."""

import contextlib
import csv
import errno
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kit.cli.errors import UserError

PIECE = 1 << 16  # bytes


@contextlib.contextmanager
def write_whole(path: str | Path) -> Iterator[str]:
    """Yields the path of a temporary file, which is renamed to `path` when the block ends without an error.

    Args:
      path: the result; the temporary file has the same suffix, by which some writers choose the format.
    Raises:
      UserError: `path` isn't a file, or can't be written (read-only folder, full disk, no permission).
    """
    path = Path(path)
    check_writable(path)
    partial = _partial(path)
    try:
        yield str(partial)
        os.replace(partial, path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with contextlib.suppress(OSError):  # it was renamed, or never created
            partial.unlink()


def check_writable(path: str | Path) -> None:
    """Checks that a result can be written to `path`, before computing it.

    Raises:
      UserError: `path` is a folder or a device, or its folder doesn't exist, or its name is too long.
    """
    path = Path(path)
    try:
        _partial(path).lstat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        raise cannot_write(path, error) from error
    if path.exists() and not path.is_file():
        raise UserError(f"{path}: a folder or a device has this name. Choose another name.")
    if not path.parent.is_dir():
        raise UserError(f"{path}: there is no folder '{path.parent}'. Create it, or choose another name.")


def _partial(path: Path) -> Path:
    """The temporary file that becomes `path`."""
    return path.with_name(f".partial-{os.getpid()}-{path.name}")


def check_can_write(path: str | Path) -> None:
    """Checks the same, and tries it with a file beside `path`, which is gone at once: before long work.

    Raises:
      UserError: `path` can't be written.
    """
    import tempfile

    check_writable(path)
    try:
        with tempfile.NamedTemporaryFile(prefix=".partial-", dir=Path(path).parent):
            pass
    except OSError as error:
        raise cannot_write(path, error) from error


def write_text(path: str | Path, text: str) -> None:
    """Writes `text` as UTF-8."""
    with write_whole(path) as partial:
        Path(partial).write_text(text, encoding="utf-8", newline="\n")


def write_csv(
    path: str | Path, header: Sequence[object], rows: Iterable[Sequence[object]], delimiter: str = ","
) -> None:
    """Writes a table as UTF-8 text: a header, then one line per row; cells with a delimiter are quoted."""
    with write_whole(path) as partial, open(partial, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def file_state(path: str | Path) -> tuple[int, int] | None:
    """(size in bytes, time of the last change in ns) of a file; None if it is gone."""
    with contextlib.suppress(OSError):
        state = os.stat(path)
        return state.st_size, state.st_mtime_ns
    return None


def file_digest(path: str | Path) -> str:
    """A word that changes when a file does: its size, and a checksum of 17 pieces, of all of it up to 1 MiB."""
    import zlib

    checksum, size = 0, os.path.getsize(path)
    with open(path, "rb") as file:
        for start in [*range(0, size, max(PIECE, size // 16)), max(0, size - PIECE)]:
            file.seek(start)
            checksum = zlib.crc32(file.read(PIECE), checksum)
    return f"{size}-{checksum:08x}"


def write_json(path: str | Path, content: Any) -> None:
    """Writes `content` as indented JSON; what UTF-8 can't hold, half a character, as \\ud800."""
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    write_text(path, text.encode("utf-8", "backslashreplace").decode())


def read_json(path: str | Path, what: str) -> dict[str, Any]:
    """Reads a JSON object that the kit wrote.

    Args:
      path: the file.
      what: what the file is, for the error ("the settings of a run").
    Raises:
      UserError: the file can't be read, or isn't a JSON object.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"{path}: cannot read {what}: {error}.") from error
    if not isinstance(content, dict):
        raise UserError(f"{path}: {what} should be a JSON object, found {type(content).__name__}.")
    return content


def make_folder(path: str | Path) -> None:
    """Creates a folder and its parents, unless they exist; a UserError if that fails."""
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"{path}: cannot create this folder: {error.strerror}.\n"
            "  If a file has this name, remove it; or choose a folder you may write to."
        ) from error


def cannot_write(path: str | Path, error: OSError) -> UserError:
    """The UserError for an OSError while writing `path`."""
    way_out = "Choose a folder you may write to, on a disk with space left."
    if error.errno == errno.ENAMETOOLONG:
        way_out = "Choose a shorter name."
    return UserError(f"{path}: cannot write: {error.strerror or error}.\n  {way_out}")
