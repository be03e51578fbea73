"""What a check's process can reach while a class is graded: on Linux, a fence around it that needs no rights.

Landlock (https://docs.kernel.org/userspace-api/landlock.html) lets a process give up rights, for itself and for all
that it starts. Behind the fence it reads Python's folders, the system's and those that it is given, and writes into one
of them. It makes no socket, so no other program or machine hears of it. Processes outside can't be read; since Linux
6.12, they can't be ended either. Other systems have no fence.
"""

import contextlib
import ctypes
import os
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from exercises.no_sockets import refuse_sockets

CREATE, ADD, RESTRICT = 444, 445, 446  # system calls, the same on every processor
VERSION = 1  # flag of CREATE: only asks which of Landlock's versions there is
PATH_BENEATH = 1  # kind of rule
NO_NEW_PRIVILEGES = 38  # of prctl
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = (1 << bit for bit in range(4))
READING = EXECUTE | READ_FILE | READ_DIR
RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}  # {version: how many rights to files it knows}
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | 1 << 14  # those that a file can have: the last is truncating
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/nix/store", "/sys", "/proc/self", "/proc/cpuinfo")
SYSTEM += ("/etc/ld.so.cache", "/etc/localtime", "/etc/passwd", "/etc/nsswitch.conf", "/etc/os-release", "/etc/ssl")
SYSTEM += ("/proc/meminfo", "/proc/stat", "/proc/sys", "/dev/zero", "/dev/random", "/dev/urandom")
NOWHERE = "/dev/null"  # may be written, too
KEPT = {"PATH", "PATHEXT", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TMP", "TEMP", "LD_LIBRARY_PATH", "PYTHONPATH"}
KEPT |= {"PYTHONUTF8", "SYSTEMROOT", "SYSTEMDRIVE"}
BEGINNINGS = ("LC_", "TF_CPP_", "TF_ENABLE_", "TF_NUM_", "CUDA_")  # of others that are kept


def has_fence() -> bool:
    """Whether this system can fence a process in."""
    return version() > 0


def fence_in(readable: Iterable[str], writable: str) -> None:
    """Fences this process in, and all that it starts, for good; nothing where the system has no fence.

    Args:
      readable: folders to read, besides Python's and the system's; what isn't there is left out.
      writable: the folder to read and write.
    """
    supported = version()
    if supported < 1:
        return
    rights = (1 << max(count for since, count in RIGHTS.items() if since <= supported)) - 1
    attributes = struct.pack("=QQQ", rights, 3 if supported >= 4 else 0, 3 if supported >= 6 else 0)
    attributes = attributes[: 8 if supported < 4 else 16 if supported < 6 else 24]  # as much as the version knows
    ruleset = _call(CREATE, attributes, len(attributes), 0)
    try:
        for path in (*SYSTEM, sys.prefix, sys.base_prefix, *readable):
            _allow(ruleset, path, READING)
        _allow(ruleset, NOWHERE, rights)
        _allow(ruleset, writable, rights)
        ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        _call(RESTRICT, ruleset, 0)
        refuse_sockets()
    finally:
        os.close(ruleset)


@contextlib.contextmanager
def start_apart(folder: Path) -> Iterator[None]:
    """For the block, what a new process is to start with: a folder to be in, none of the user's own variables."""
    here, before = Path.cwd(), dict(os.environ)
    keep_few_variables()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.update(before)


def keep_few_variables() -> None:
    """Leaves out of the environment what is the user's own: tokens, paths, names."""
    for name in set(os.environ):
        if not is_kept(name):
            del os.environ[name]


def is_kept(name: str) -> bool:
    """Whether a variable of the environment is the system's or TensorFlow's."""
    return name.upper() in KEPT or name.upper().startswith(BEGINNINGS)


def paths_apart(folder: Path, *others: Path) -> list[str]:
    """Where to import from: a folder, and of sys.path what holds none of the others."""

    def is_apart(path: str) -> bool:
        return bool(path) and not any(other.resolve().is_relative_to(Path(path).resolve()) for other in others)

    return [str(folder), *filter(is_apart, sys.path)]


def version() -> int:
    """Of Landlock; below 1 where there is none."""
    if sys.platform != "linux":
        return 0
    return ctypes.CDLL(None).syscall(CREATE, None, ctypes.c_size_t(0), VERSION)


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Allows rights to a file, or to all in a folder; nothing where there is no such path."""
    try:
        file = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rights = rights if os.path.isdir(path) else rights & FILE_RIGHTS
        _call(ADD, ruleset, PATH_BENEATH, struct.pack("=Qi", rights, file), 0)
    finally:
        os.close(file)


def _call(number: int, *arguments: int | bytes) -> int:
    result = ctypes.CDLL(None, use_errno=True).syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"Landlock, system call {number}")
    return result
