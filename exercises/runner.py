"""Runs checks and looks, each in a process of its own, with limits of time, memory and output.

A warm process imports TensorFlow once and forks for each check (multiprocessing's forkserver); where there is no
fork, on Windows, each check imports it again. This is a guard against mistakes, not a sandbox against malice.
"""

import contextlib
import multiprocessing
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import os
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from exercises import look, one_check, overtime
from exercises.build_handout import MODULES
from exercises.fence import paths_apart, start_apart
from exercises.findings import Finding, Line, TooBusy, Verdict
from exercises.folder import Record
from exercises.overtime import SECONDS
from exercises.scripts import PROJECT, empty_script, script_names
from exercises.verdict_message import LONGEST_MESSAGE, TOKEN_BYTES, Outcome, decode, unreadable
from kit.cli.interrupts import ignored_by_children

SECONDS_TO_START = 120  # TensorFlow's import included, on a machine that is busy
PRINTED = 2000  # characters of what was printed that a verdict keeps


class Folder(Protocol):
    """What a check needs of a student's folder."""

    @property
    def path(self) -> Path: ...

    @property
    def record(self) -> Record: ...

    def texts(self) -> dict[str, str]: ...


class Runner:
    """Runs checks; TensorFlow stays warm until the program ends."""

    def __init__(self, apart: Path | None = None) -> None:
        """
        Args:
          apart: a students' copy of the kit, without solutions. Checks then run from it, behind a fence where the
            system has one (exercises/fence.py), and sys.path leads there. None: they run from this copy of the kit.
        """
        self._has_fork = "forkserver" in multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("forkserver" if self._has_fork else "spawn")
        self._processes = set()  # those that run
        self._starts = threading.Lock()
        self._apart = apart
        self._paths = tuple(paths_apart(apart, PROJECT, Path.cwd())) if apart else ()
        if apart:
            sys.path[:] = self._paths  # each process takes it from here
        if self._has_fork:
            # The warm process imports by PYTHONPATH, not by our sys.path, and preloads nothing where that fails.
            paths = [str(apart)] if apart else [str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
            os.environ["PYTHONPATH"] = os.pathsep.join(paths)
            self._context.set_forkserver_preload(["exercises.preload"])
            multiprocessing.resource_tracker.ensure_running()  # before: it unblocks signals as it starts
            with ignored_by_children():  # Ctrl-C is for us
                self._keep_warm()

    def _keep_warm(self) -> None:
        """Starts the warm process, unless it runs."""
        with start_apart(self._apart) if self._apart else contextlib.nullcontext():
            multiprocessing.forkserver.ensure_running()

    def check(self, folder: Folder, numbers: Iterable[int], seconds: int = SECONDS) -> Iterator[Verdict]:
        """Checks blanks of a folder, as many at once as the machine has cores.

        Args:
          folder: the student's.
          numbers: of the blanks.
          seconds: that each may take.
        Yields:
          A Verdict per blank, in the order of the numbers.
        """
        yield from self._run(folder, numbers, seconds)

    def look(self, folder: Folder, number: int, seconds: int = SECONDS) -> Verdict:
        """Draws what the lines of a blank make: a Verdict with a picture, or with what keeps it from being drawn."""
        (verdict,) = self._run(folder, [number], seconds, draws=True)
        return verdict

    def _run(self, folder: Folder, numbers: Iterable[int], seconds: int, draws: bool = False) -> Iterator[Verdict]:
        with tempfile.TemporaryDirectory(prefix="handson-") as bench:
            empty_texts = _lay_out(Path(bench), script_names(folder.record.labs))
            texts = {**empty_texts, **folder.texts()}
            path, seed = str(folder.path.resolve()), folder.record.seed
            job = one_check.Job(path, texts, empty_texts, bench, seed, seconds, self._paths, draws)
            with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                try:
                    yield from pool.map(lambda number: self._verdict(number, job), numbers)
                except BaseException:  # Ctrl-C, above all: nobody waits for the checks that run
                    pool.shutdown(wait=False, cancel_futures=True)
                    _end_warm_process()  # it may still import TensorFlow, and a check that starts waits for it
                    for process in list(self._processes):
                        _end(process)
                    raise

    def _verdict(self, number: int, job: one_check.Job) -> Verdict:
        began = time.monotonic()
        ours, theirs = self._context.Pipe()
        with tempfile.TemporaryDirectory(prefix="handson-", ignore_cleanup_errors=True) as workplace:
            process = self._context.Process(target=one_check.run, args=(theirs, workplace, number, job))
            with self._starts:
                if self._has_fork:
                    self._keep_warm()
                process.start()
            self._processes.add(process)
            theirs.close()
            passed, remarks, finding = _outcome(ours, process, number, job, Path(workplace))
            self._processes.discard(process)
            text = _printed_in(Path(workplace, one_check.PRINTED_FILE))
            picture = look.picture_in(Path(workplace)) if job.draws and finding is None else None
        seconds = time.monotonic() - began
        return Verdict(number, job.parts(number), passed, remarks, finding, text, seconds, picture)


def _outcome(connection: Connection, process: Any, number: int, job: one_check.Job, workplace: Path) -> Outcome:
    """What a check's process tells, before it is ended: (parts passed, remarks, Finding or None)."""
    token = secrets.token_bytes(TOKEN_BYTES)
    most = SECONDS_TO_START + overtime.PATIENCE * job.seconds
    last_call = threading.Timer(most, process.kill)  # should it send half a message
    last_call.start()
    has_started = False
    try:
        connection.send_bytes(token)
        if not connection.poll(SECONDS_TO_START):
            return 0, (), _not_started(f"within {SECONDS_TO_START} s")
        has_started = connection.recv_bytes(LONGEST_MESSAGE) == one_check.STARTED
        if not has_started:
            raise EOFError
        has_answered, queued = overtime.has_answered(connection, process.pid, job.seconds)
        if not has_answered:
            return 0, (), overtime.finding(job.seconds, queued, _line_at(overtime.frames_in(workplace), number, job))
        return decode(connection.recv_bytes(LONGEST_MESSAGE), token, len(job.parts(number)))
    except (EOFError, ConnectionError):  # the process has ended without a word
        return 0, (), _ended() if has_started else _not_started("at all")
    except (ValueError, OSError):  # with other words than a check's
        return 0, (), unreadable()
    finally:
        last_call.cancel()
        _end(process)


def _ended() -> Finding:
    return Finding(
        "your lines end the process",
        "lines that run through to the end",
        "A check that can't finish says nothing about the blank. A call of exit, or too little memory?",
    )


def _not_started(when: str) -> Finding:
    return TooBusy(
        f"the check did not start {when}; your lines were not run",
        "TensorFlow imported, in a few seconds",
        "The machine may be too busy, or short of memory. Close other programs and check again.",
    )


def _line_at(frames: list[tuple[str, int]], number: int, job: one_check.Job) -> Line | None:
    """The student's line among those at which a check stood."""
    from exercises.student_blank import StudentBlank  # seldom needed, and it imports NumPy

    blank = StudentBlank(number, job.folder, job.texts, job.empty_texts, job.seed)
    paths = {overtime.as_written(blank.path(script)): blank.path(script) for script in job.texts}
    return blank.line_among([(paths.get(path, path), number) for path, number in frames])


def _lay_out(bench: Path, scripts: Iterable[str]) -> dict[str, str]:
    """Puts scripts as they were handed out into a folder, for checks to import; gives {script: text}."""
    for module in MODULES:
        (bench / module).write_bytes((PROJECT / module).read_bytes())
    texts = {script: empty_script(script) for script in scripts}
    for script, text in texts.items():
        (bench / script).parent.mkdir(exist_ok=True)
        (bench / script).write_text(text, encoding="utf-8")
    return texts


def _printed_in(path: Path) -> str:
    """What was printed into a file, as far as a verdict keeps it; "" where it is no file any more."""
    if not path.is_file() or path.is_symlink():
        return ""
    with open(path, "rb") as file:
        return file.read(PRINTED).decode("utf-8", "replace")


def _end_warm_process() -> None:
    """Ends the process that forks for the checks, if there is one; the next check starts another."""
    pid = getattr(getattr(multiprocessing.forkserver, "_forkserver", None), "_forkserver_pid", None)
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _end(process: Any) -> None:
    """Ends a check's process, and whatever it has started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it hasn't come to lead a group, or is gone
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()
