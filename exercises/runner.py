"""Runs checks, each in a process of its own, with limits of time, memory and output.

A warm process imports TensorFlow once and forks for each check (multiprocessing's forkserver); where there is no
fork, on Windows, each check imports it anew. This is a guard against mistakes, not a sandbox against malice.
"""

import contextlib
import multiprocessing
import os
import signal
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from exercises import edition, one_check
from exercises.catalogue import CHECKS
from exercises.findings import Finding, Verdict
from exercises.source import SCRIPTS

SECONDS = 20  # a check may take
SECONDS_TO_START = 120  # TensorFlow's import included, on a machine that is busy
PRINTED = 2000  # characters of what was printed that a verdict keeps


class Runner:
    """Runs checks; TensorFlow stays warm until the program ends."""

    def __init__(self):
        has_fork = "forkserver" in multiprocessing.get_all_start_methods()
        self._context = multiprocessing.get_context("forkserver" if has_fork else "spawn")
        if has_fork:
            # The warm process imports by PYTHONPATH, not by our sys.path, and preloads nothing where that fails.
            paths = [str(edition.PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
            os.environ["PYTHONPATH"] = os.pathsep.join(paths)
            self._context.set_forkserver_preload(["exercises.warm"])

    def check(self, folder, numbers, seconds=SECONDS):
        """Checks blanks of a folder, as many at once as there are cores.

        Args:
          folder: exercises.folder.StudentFolder.
          numbers: of the blanks.
          seconds: that each may take.
        Yields:
          A Verdict a blank, in the order of the numbers.
        """
        with tempfile.TemporaryDirectory(prefix="handson-") as bench:
            empty_texts = _lay_out(Path(bench))
            texts = {**empty_texts, **folder.texts()}
            students = one_check.Job(str(folder.path.resolve()), texts, empty_texts, bench, folder.record.seed)
            with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                yield from pool.map(lambda number: self._verdict(number, students, seconds), numbers)

    def _verdict(self, number, job, seconds):
        began = time.monotonic()
        ours, theirs = self._context.Pipe(duplex=False)
        with tempfile.TemporaryDirectory(prefix="handson-", ignore_cleanup_errors=True) as workplace:
            process = self._context.Process(target=one_check.run, args=(theirs, workplace, number, job))
            process.start()
            theirs.close()
            passed, medals, finding = self._outcome(ours, process, seconds)
            printed = Path(workplace, one_check.PRINTED_FILE)
            text = printed.read_bytes()[:PRINTED].decode("utf-8", "replace") if printed.exists() else ""
        return Verdict(number, CHECKS[number].parts, passed, medals, finding, text, time.monotonic() - began)

    def _outcome(self, connection, process, seconds):
        """What a check's process tells: (parts passed, medals, Finding or None)."""
        try:
            if (
                connection.poll(SECONDS_TO_START)
                and connection.recv() == one_check.STARTED
                and connection.poll(seconds)
            ):
                return connection.recv()
        except (EOFError, ConnectionError):  # the process has ended without a word
            return (
                0,
                (),
                Finding(
                    "your lines end the process",
                    "lines that run through to the end",
                    "A check that can't finish says nothing about the blank. A call of exit, or too little memory?",
                ),
            )
        finally:
            _end(process)
        return (
            0,
            (),
            Finding(
                f"not finished after {seconds} s",
                "a second or two",
                "There may be a loop that never ends: what should end it, and does that ever happen?",
            ),
        )


def _lay_out(bench):
    """Puts the scripts as they were handed out into a folder, for checks to import; gives {script: text}."""
    texts = {script: edition.empty_script(script) for script in SCRIPTS}
    for script, text in texts.items():
        (bench / script).write_text(text, encoding="utf-8")
    (bench / "tf_layers.py").write_bytes((edition.PROJECT / "tf_layers.py").read_bytes())
    return texts


def _end(process):
    """Ends a check's process, and whatever it has started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it hasn't come to lead a group, or is gone
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()
