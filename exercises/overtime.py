"""A check that takes too long: for how long it had the machine, and at which line it stands."""

import contextlib
import faulthandler
import re
import time
from multiprocessing.connection import Connection
from pathlib import Path

from exercises.findings import Finding, Line, TooBusy

SECONDS = 20  # a check may take
PATIENCE = 3  # times its seconds that a check gets, as far as it waits for a core meanwhile
ENOUGH = 0.75  # of its seconds: a check that had a core for so long has failed by itself
WHERE_FILE = "where.txt"  # in the workplace: the lines at which the threads stand
LARGEST = 1 << 20  # bytes of it that are read
_FRAME = re.compile(r'^  File "(.*)", line (\d+) in ', re.MULTILINE)


def note_where(seconds: float) -> None:
    """In a check's process: has the lines at which it stands written down, shortly before its time is over, and again.

    A thread of faulthandler's does that, even where Python hangs in a call of C.
    """
    file = open(WHERE_FILE, "wb")  # noqa: SIM115, open as long as the process
    faulthandler.dump_traceback_later(max(0.9 * seconds, seconds - 1), repeat=True, file=file)


def frames_in(workplace: Path) -> list[tuple[str, int]]:
    """(path, line number) of where the threads of a check stood last, the innermost last."""
    path = workplace / WHERE_FILE
    if not path.is_file() or path.is_symlink():
        return []
    with open(path, "rb") as file:
        text = file.read(LARGEST).decode("ascii", "replace").rpartition("Timeout (")[2]
    return [(path, int(number)) for path, number in reversed(_FRAME.findall(text))]


def as_written(path: str) -> str:
    """A path as faulthandler writes it."""
    return path.encode("ascii", "backslashreplace").decode()


def has_answered(connection: Connection, pid: int, seconds: float) -> tuple[bool, float]:
    """Waits for a check, longer on a busy machine: the seconds don't run while the process waits for a core.

    Returns:
      (whether it has sent something, the seconds for which it waited for a core).
    """
    began, queued = time.monotonic(), 0.0
    while True:
        queued = max(queued, _seconds_in_queue(pid))
        left = seconds + min(queued, (PATIENCE - 1) * seconds) - (time.monotonic() - began)
        if left <= 0 or connection.poll(min(left, 1)):
            return left > 0, queued


def finding(seconds: float, queued: float, line: Line | None) -> Finding:
    """The Finding of a check that was ended, after so many seconds, and others in which it waited for a core."""
    found = f"not finished after {seconds:g} s" + (": still at this line" if line else "")
    why = "There may be a loop that never ends: what should end it, and does that ever happen?"
    if PATIENCE * seconds - queued > ENOUGH * seconds:
        return Finding(found, "a second or two", why, line)
    found += f"; the machine was busy for {queued:.0f} s more"
    why = "On a machine so busy this may say nothing about your lines: check again when it is idle. Or else: " + why
    return TooBusy(found, "a second or two", why, line)


def _seconds_in_queue(pid: int) -> float:
    """For how long one of a process's threads was ready to run and had no core: the one that waited longest.

    A check waits for TensorFlow's threads. 0 where the system doesn't say (not Linux).
    """
    waited = [0.0]
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError, ValueError, IndexError):  # a thread that has ended
            waited.append(int(path.read_text(encoding="ascii").split()[1]) / 1e9)
    return max(waited)
