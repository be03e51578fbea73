"""Lets only one process at a time write to a folder. A killed process leaves no lock behind."""

import contextlib
import errno
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from kit.cli.errors import UserError

LOCK = ".lock"  # a file in the folder; it stays there, but only counts while a process has it locked
TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
_locked: list[TextIO] = []  # kept open: the operating system releases a lock when the process ends, however it ends


def acquire_lock(folder: str | Path, what: str) -> None:
    """Locks a folder until this process ends. Does nothing on file systems that can't lock.

    Args:
      folder: an existing folder.
      what: what another process would be doing there, for the error ("training").
    Raises:
      UserError: another process has locked it.
    """
    if file := _locked_file(folder, what):
        _locked.append(file)


@contextlib.contextmanager
def brief_lock(folder: str | Path, what: str, seconds: float = 10) -> Iterator[None]:
    """Locks a folder for a block, as soon as other processes let it; does not keep out threads of this one.

    Args:
      folder, what: as for acquire_lock.
      seconds: how long to wait for others.
    Raises:
      UserError: another process has had it locked for so long.
    """
    end = time.monotonic() + seconds
    while True:
        try:
            file = _locked_file(folder, what)
            break
        except UserError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)
    with file or contextlib.nullcontext():  # closing the file unlocks it
        yield


def remove_partial_files(folder: str | Path) -> None:
    """Removes half-written files of a killed process (kit.system.files.write_whole). Call it with the lock acquired."""
    for path in Path(folder).glob(".partial-*"):
        with contextlib.suppress(OSError):
            path.unlink()


def _locked_file(folder: str | Path, what: str) -> TextIO | None:
    """The lock's file, open and locked; None where there can't be one; raises as acquire_lock does."""
    try:
        file = open(Path(folder) / LOCK, "a+", encoding="ascii")  # noqa: SIM115 - stays open
    except OSError:  # a folder without write permission: writing the first result will say so
        return None
    try:
        _lock(file)
    except OSError as error:
        file.close()
        if error.errno in TAKEN:
            raise UserError(
                f"{folder}: another {what} is writing here.\n  Wait for it to end, stop it, or give another name."
            ) from error
        return None  # a file system without locks
    return file


def _lock(file: TextIO) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
