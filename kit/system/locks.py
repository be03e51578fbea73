"""One process at a time writes in a folder: a second one is refused, and nothing is left behind by a killed one."""

import contextlib
import errno
import os
from pathlib import Path

from kit.cli.errors import UserError

LOCK = ".lock"  # a file in the folder; it stays there, and means nothing once its process has ended
TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
_held = []  # open files: the operating system frees a lock when its process ends, however it ends


def acquire_lock(folder, what):
    """Takes the lock of a folder for as long as this process lives.

    Args:
      folder: str or Path; it exists.
      what: what another process that has the lock is doing there, for the error ("training").
    Raises:
      UserError: another process has it.
    """
    try:
        file = open(Path(folder) / LOCK, "a+", encoding="ascii")  # noqa: SIM115 - open as long as the lock is held
    except OSError:  # a folder that can't be written to; who writes a result there says so
        return
    try:
        _lock(file)
    except OSError as error:
        file.close()
        if error.errno in TAKEN:
            raise UserError(
                f"{folder}: another {what} is writing here.\n"
                "  Wait until it has ended, or stop it, or give another name."
            ) from error
        return  # a file system without locks
    _held.append(file)


def remove_partial_files(folder):
    """Removes what a killed process half wrote (kit.system.files.write_whole); for who holds the folder's lock."""
    for path in Path(folder).glob(".partial-*"):
        with contextlib.suppress(OSError):
            path.unlink()


def _lock(file):
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
