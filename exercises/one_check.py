"""One check, or one look, in the process that is made for it."""

from __future__ import annotations

import multiprocessing.process
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from exercises import look, overtime
from exercises.blanks import blank
from exercises.fence import fence_in, keep_few_variables
from exercises.findings import LOOK, Finding
from exercises.verdict_message import TOKEN_BYTES, encode

if TYPE_CHECKING:
    from exercises.student_blank import StudentBlank

STARTED = b"started"  # what the process says first: TensorFlow is there, the clock runs
PRINTED_FILE = "printed.txt"  # in the workplace: what the student's lines print
MEMORY = 4 << 30  # bytes that a check may take beyond those of TensorFlow
SECONDS_TO_IMPORT = 60  # of processor time, for TensorFlow
MOST_OPEN = 1024  # files that a process has open
OUTPUT = 16 << 20  # bytes that a check may print, or write to any file


@dataclass(frozen=True)
class Job:
    """What a check needs of a student."""

    folder: str
    texts: dict[str, str]  # {script: what the student has made of it}
    empty_texts: dict[str, str]  # {script: as it was handed out}
    bench: str  # a folder of the scripts as they were handed out, to import from
    seed: int  # of the student's own data
    seconds: int  # that a check may take
    paths: tuple[str, ...] = ()  # where to import from, behind a fence; none: as ever, without a fence
    draws: bool = False  # draw what the lines make, in place of checking them

    def parts(self, number: int) -> tuple[str, ...]:
        """What there is to be done for a blank, in order."""
        return LOOK if self.draws else blank(number).parts

    def steps(self, students: StudentBlank) -> Iterator[str | None]:
        """Does it: yields as a check does, after each part."""
        of_blank = blank(students.number)
        return look.draw(of_blank, students) if self.draws else of_blank.check(students)


def run(connection: Connection, workplace: str, number: int, job: Job) -> None:
    """Runs the check of a blank, sends what came out and ends the process.

    Args:
      connection: gives the token of the message (exercises/verdict_message.py), and takes the message.
      workplace: a temporary folder, to work in.
      number: of the blank.
      job: Job.
    """
    _set_limits(workplace, job.seconds)
    sys.argv[:] = ["check"]
    if job.paths:
        sys.path[:] = job.paths
        keep_few_variables()
        os.environ["HOME"] = os.environ["USERPROFILE"] = workplace
        setattr(multiprocessing.process, "ORIGINAL_DIR", None)  # noqa: B010, it was the teacher's folder
        fence_in([*job.paths, job.bench, job.folder], workplace)
        if os.name == "posix":  # nothing else is open, above all not what leads to the process that forks
            os.closerange(3, connection.fileno())
            os.closerange(connection.fileno() + 1, MOST_OPEN)
    sys.path[:0] = [job.bench]
    token = connection.recv_bytes(TOKEN_BYTES)
    from exercises import preload  # noqa: F401, where there is no fork, TensorFlow is imported now
    from exercises.student_blank import StudentBlank

    connection.send_bytes(STARTED)
    overtime.note_where(job.seconds)
    passed, remarks, finding = 0, [], None
    students = StudentBlank(number, job.folder, job.texts, job.empty_texts, job.seed)
    try:
        for remark in job.steps(students):
            if remark:
                remarks.append(remark)
            else:
                passed += 1
    except Finding as error:
        finding = error
    except BaseException as error:  # the student's lines have broken the stage: it is their mistake, not a crash
        finding = students.finding_of(error)
    sys.stdout.flush()
    connection.send_bytes(encode(token, passed, remarks, finding))
    connection.close()
    os._exit(0)  # at once: TensorFlow's threads, and whatever the student's lines left behind, are not waited for


def _set_limits(workplace: str, seconds: int) -> None:
    os.chdir(workplace)
    tempfile.tempdir = os.environ["TMPDIR"] = workplace  # TensorFlow's copies of functions go there too
    screen = os.open(PRINTED_FILE, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(screen, stream)
    stdout: Any = sys.stdout
    stdout.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)
    if hasattr(os, "setsid"):
        os.setsid()  # a group of its own, so that what it starts ends with it
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    processor_seconds = SECONDS_TO_IMPORT + seconds * (os.cpu_count() or 1)
    resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds))  # should nobody be there to end it
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            in_use = int(file.read().split()[0]) * resource.getpagesize()
    except OSError:  # not Linux
        return
    resource.setrlimit(resource.RLIMIT_AS, (in_use + MEMORY, in_use + MEMORY))
