"""The first process in the sandbox of a submission: it runs the checks, and ends what they leave behind.

exercises/grading/sandbox.py starts it. It reads one Order as JSON, and answers with messages: READY, then one for each
blank. The students' lines are in other processes, which have neither the token nor the streams.
"""

import contextlib
import ctypes
import importlib.util
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from exercises.findings import TooBusy, Verdict
from exercises.folder import Record
from exercises.scripts import PROJECT
from exercises.verdict_message import decode, encode

READY, NO_TENSORFLOW = b"ready", b"no TensorFlow"
FOLDER = "/handed_in"  # by which messages name the scripts; there is no such folder
SECONDS_BETWEEN_LOOKS = 0.05  # at what a check uses
ROUNDS = 100  # of ending processes; new ones may start meanwhile
DUMPABLE = 4  # of prctl: whether others of the same user can look into a process


@dataclass(frozen=True)
class Order:
    """What the warden is to do."""

    token: str  # of its messages, in hexadecimal
    numbers: list[int]  # of the blanks to check
    texts: dict[str, str]  # {script: what the student has made of it}
    seed: int  # of the student's own data
    labs: bool
    seconds: int  # that a check may take
    memory: int  # bytes that a check and what it starts may take together, files in the temporary folder included
    processes: int  # threads included, that there may be
    user: int  # to become, where the warden starts as root

    def to_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()


class HandedIn:
    """The submission, as Runner wants a student's folder."""

    def __init__(self, order: Order) -> None:
        self.path = Path(FOLDER)
        self.record = Record(seed=order.seed, labs=order.labs)
        self._texts = order.texts

    def texts(self) -> dict[str, str]:
        return self._texts


def answer(token: bytes, verdict: Verdict) -> bytes:
    """What the warden sends of a verdict."""
    return bytes([verdict.is_open]) + encode(token, verdict.passed, verdict.remarks, verdict.finding)


def read_answer(message: bytes, token: bytes, number: int, parts: tuple[str, ...], seconds: float) -> Verdict:
    """The Verdict in such a message; ValueError if it isn't one."""
    passed, remarks, finding = decode(message[1:], token, len(parts))
    if message[:1] == b"\1" and finding:
        finding = TooBusy(finding.found, finding.expected, finding.why, line=finding.line)
    return Verdict(number, parts, passed, remarks, finding, "", seconds)


def main() -> None:
    order = Order(**json.load(sys.stdin.buffer))
    answers = Connection(os.dup(1), readable=False)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    _give_up_rights(order)
    answers.send_bytes(READY if importlib.util.find_spec("tensorflow") else NO_TENSORFLOW)
    if order.numbers:
        from exercises.runner import Runner

        runner, handed_in = Runner(PROJECT), HandedIn(order)
        threading.Thread(target=_watch, args=(order,), daemon=True).start()
        for number in order.numbers:
            (verdict,) = runner.check(handed_in, [number], order.seconds)
            _end_others()
            answers.send_bytes(answer(bytes.fromhex(order.token), verdict))
    os._exit(0)  # the sandbox, and all that is in it, ends with this process


def _give_up_rights(order: Order) -> None:
    import resource  # Windows has none, and no sandbox

    if os.getuid() == 0:  # root's processes can't be counted
        os.setgroups([])
        os.setgid(order.user)
        os.setuid(order.user)
    if os.getuid() == order.user or _counts_by_sandbox():
        resource.setrlimit(resource.RLIMIT_NPROC, (order.processes, order.processes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(DUMPABLE, 0, 0, 0, 0)


def _counts_by_sandbox() -> bool:
    """Whether the kernel counts a sandbox's processes apart from the user's others: since 5.14."""
    major, minor = os.uname().release.split(".")[:2]
    return (int(major), int("".join(filter(str.isdigit, minor)) or 0)) >= (5, 14)


def _watch(order: Order) -> None:
    """Ends checks that take too much memory, or too many processes, together with what they have started."""
    pause = threading.Event()
    while not pause.wait(SECONDS_BETWEEN_LOOKS):
        others = _others()
        disk = os.statvfs("/tmp")
        used = (disk.f_blocks - disk.f_bfree) * disk.f_frsize + sum(map(_memory_of, others))
        if len(others) > order.processes or used > order.memory:
            _end_others()


def _end_others() -> None:
    """Ends every process but the warden and its own children; stopped first, so that they can start no others."""
    pause = threading.Event()
    for _ in range(ROUNDS):
        others = _others()
        if not others:
            return
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for process in others:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, number)
        pause.wait(0.005)


def _others() -> list[int]:
    """The processes of checks: all but the first, the warden, and what the warden itself has started."""
    mine = (0, os.getpid())
    return [process for process, parent, state in _processes() if parent not in mine and process != mine[1] and state]


def _processes() -> Iterator[tuple[int, int, bool]]:
    """(process, its parent, whether it runs) of each in the sandbox."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                state, parent = Path("/proc", name, "stat").read_bytes().rpartition(b")")[2].split()[:2]
                yield int(name), int(parent), state not in (b"Z", b"X")


def _memory_of(process: int) -> int:
    """Bytes of memory that are a process's own."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        status = Path("/proc", str(process), "status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("RssAnon:")[2].split()[0]) << 10
    return 0


if __name__ == "__main__":
    main()
