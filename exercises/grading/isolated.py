"""Checks that run in sandboxes: one for each submission, with TensorFlow's import in it."""

import os
import secrets
import threading
import time
from collections.abc import Iterator, Sequence

from exercises import overtime
from exercises.blanks import blank
from exercises.findings import Finding, Verdict
from exercises.grading.sandbox import USERS, Inside, Sandbox
from exercises.runner import SECONDS_TO_START, Folder
from exercises.verdict_message import TOKEN_BYTES, unreadable
from exercises.warden import READY, Order, read_answer
from kit.cli import memory

MEMORY = 6 << 30  # bytes that a check may take, with all that it starts
LEAST_MEMORY = 2 << 30
SHARE = 0.8  # of what is free, for all checks that run at once
PROCESSES = 256  # and as many for each core: threads count, and a session of TensorFlow has some for each core
PROCESSES_A_CORE = 32


class IsolatedRunner:
    """Runs checks as exercises.runner.Runner does, in a sandbox for each submission; threads may share it."""

    def __init__(self, sandbox: Sandbox, workers: int) -> None:
        """
        Args:
          sandbox: how to start one.
          workers: how many are going to check at once.
        """
        self._sandbox = sandbox
        share = SHARE * (memory.free() or MEMORY) / workers
        self._memory = int(max(LEAST_MEMORY, min(MEMORY, share)))
        self._processes = PROCESSES + PROCESSES_A_CORE * (os.cpu_count() or 1)
        self._running: set[Inside] = set()
        self._is_stopped = threading.Event()

    def check(self, folder: Folder, numbers: Sequence[int], seconds: int) -> Iterator[Verdict]:
        """Checks blanks of a folder, one after the other; one that ends the sandbox costs only itself.

        Args:
          folder: the student's.
          numbers: of the blanks.
          seconds: that each may take.
        Yields:
          A Verdict per blank, in the order of the numbers.
        """
        left = list(numbers)
        while left and not self._is_stopped.is_set():
            verdicts = self._in_a_sandbox(folder, left, seconds)
            yield from verdicts
            del left[: len(verdicts)]

    def stop(self) -> None:
        """Ends all checks, for good."""
        self._is_stopped.set()
        for inside in list(self._running):
            inside.end()

    def _in_a_sandbox(self, folder: Folder, numbers: list[int], seconds: int) -> list[Verdict]:
        """The verdicts on as many of the blanks as a sandbox gets through; the last may have ended it."""
        token = secrets.token_bytes(TOKEN_BYTES)
        order = Order(
            token=token.hex(),
            numbers=numbers,
            texts=folder.texts(),
            seed=folder.record.seed,
            labs=folder.record.labs,
            seconds=seconds,
            memory=self._memory,
            processes=self._processes,
            user=USERS[secrets.randbelow(len(USERS))],
        )
        verdicts = []
        with self._sandbox.started(order) as inside:
            self._running.add(inside)
            try:
                if self._is_stopped.is_set():
                    inside.end()
                if inside.answer(SECONDS_TO_START) != READY:
                    raise EOFError
                for number in numbers:
                    verdicts.append(_verdict(inside, token, number, seconds))
                    if verdicts[-1].finding in ENDS:
                        break
            except (EOFError, OSError) as error:
                raise RuntimeError("the sandbox did not start; grade it again") from error
            finally:
                self._running.discard(inside)
        return verdicts


def _verdict(inside: Inside, token: bytes, number: int, seconds: int) -> Verdict:
    """What comes of a blank; one of ENDS where the sandbox is of no more use."""
    began = time.monotonic()
    parts = blank(number).parts
    try:
        message = inside.answer(2 * SECONDS_TO_START + overtime.PATIENCE * seconds)
        return read_answer(message, token, number, parts, time.monotonic() - began)
    except (EOFError, ConnectionError):
        finding = ENDED
    except (ValueError, OSError):
        finding = UNREADABLE
    return Verdict(number, parts, 0, (), finding, "", time.monotonic() - began)


ENDED = Finding(
    "your lines end the process, and all that runs beside it",
    "lines that run through to the end",
    "A check that can't finish says nothing about the blank. A call of exit or kill, or too little memory?",
)
UNREADABLE = unreadable()
ENDS = (ENDED, UNREADABLE)
