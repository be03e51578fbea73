"""Grades what students hand in: every blank checked, a table for the class, Gradescope's results for each."""

import compileall
import contextlib
import glob
import importlib.util
import os
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exercises.arguments import REPORT
from exercises.blanks import all_blanks, lab_blanks
from exercises.build_handout import build_folder
from exercises.fence import has_fence
from exercises.grading.class_report import write_report
from exercises.grading.earlier_table import check_is_results, check_keeps_all
from exercises.grading.hand_ins import HandIn, hand_ins
from exercises.grading.isolated import IsolatedRunner
from exercises.grading.kept import Kept, digest_of_checks, kept_path
from exercises.grading.names import TWICE, told_of_others
from exercises.grading.one_student import Grader
from exercises.grading.places import check_file_name, check_report, check_tables
from exercises.grading.sandbox import Sandbox
from exercises.grading.similar import alike
from exercises.grading.submission import Submission, plain
from exercises.grading.tables import Tables
from exercises.overtime import SECONDS
from exercises.runner import Runner
from exercises.scripts import PROJECT
from kit.cli import console
from kit.cli.errors import UserError
from kit.system.files import make_folder

NO_FENCE = (
    "What is handed in can read your files: this system has no Landlock. Add --isolated, or grade in a container; see "
    "docs/teaching.md."
)
NEEDED = ("numpy", "PIL", "tensorflow")  # by the checks
PROBLEMS = 1  # exit status where a file could not be graded


@dataclass(frozen=True)
class Options:
    """What the flags of `grade` say."""

    csv_path: str | None = None  # of the table to write
    json_path: str | None = None  # of Gradescope's results; with several students, one for each beside it
    seconds: int = SECONDS  # that the check of a blank may take
    labs: bool = False  # check the blanks of the labs, too
    isolated: bool = False  # each submission in a sandbox
    workers: int | None = None  # sandboxes at once; None: one for each core
    report: str = REPORT  # the folder of class.html and the feedback
    similar: bool = False  # tell whose answers are alike


def grade_all(patterns: Sequence[str], options: Options) -> int:
    """Grades what was handed in, and writes the tables, after each: so that nothing is lost by an interruption.

    Args:
      patterns: paths of zips or folders, or patterns as a shell would expand them.
      options: Options.
    Returns:
      The exit status: PROBLEMS if something could not be graded.
    Raises:
      ModuleNotFoundError: the checks' packages aren't installed in this Python.
      UserError: no such file; a table can't be written, or would lose students; the labs have no blanks; no sandbox.
    """
    if options.workers and not options.isolated:
        raise UserError("--workers needs --isolated. Without it, the blanks of one student are checked at once.")
    check_file_name("--csv", options.csv_path)
    check_file_name("--json", options.json_path)
    _check_packages()
    found = hand_ins([path for pattern in patterns for path in _expanded(pattern)])
    report = Path(options.report)
    tables = Tables(found, options.csv_path, options.json_path, kept_path(options.csv_path), options.labs)
    check_report(report, found)
    check_tables(tables.paths, report)
    if options.csv_path:
        check_keeps_all(Path(options.csv_path), found, tables.labels)
    for path in filter(None, tables.json_paths):
        check_is_results(path)
    graded: dict[int, Submission] = {}  # {number in `found`: Submission}
    with tempfile.TemporaryDirectory(prefix="handson-") as folder, _grader(found, options, Path(folder)) as grader:
        make_folder(report)  # tables may lie in it
        workers = _workers(found, options)
        _say_begins(len(found), workers)
        jobs = [lambda each=each, label=label: grader.grade(each, label) for each, label in zip(found, tables.labels)]
        try:
            with contextlib.closing(_as_they_end(jobs, workers)) as ended:
                for number, submission in ended:
                    graded[number] = submission
                    told = f"[{len(graded)} of {len(found)}] {submission.file}: {_summary(submission, options.labs)}"
                    console.say(plain(told))
                    tables.write_one(number, submission)
                    grader.kept.keep([submission])
                    tables.write_class(in_order(graded))
        except KeyboardInterrupt:
            _say_stopped(len(graded), len(found), options.csv_path)
            raise
    submissions = in_order(graded)
    _report(submissions, tables.labels, options)
    return _end(submissions)


def in_order(graded: dict[int, Submission]) -> list[Submission]:
    """The class: what was graded, in the order in which it was named, with notes on what concerns several."""
    return told_of_others([graded[number] for number in sorted(graded)])


@contextlib.contextmanager
def _grader(found: Sequence[HandIn], options: Options, folder: Path) -> Iterator[Grader]:
    """What grades: checks run from a copy of the kit that holds no solutions, in sandboxes or behind the fence."""
    copy = folder / "kit"
    build_folder(copy, labs=options.labs)
    kept = Kept(kept_path(options.csv_path))
    if kept.note:
        console.say(kept.note)
    digest = digest_of_checks(copy, options.labs, options.seconds, options.isolated)
    if not options.isolated:
        if not has_fence():
            console.say(NO_FENCE)
        yield Grader(Runner(copy), options.seconds, options.labs, kept, digest)
        return
    compileall.compile_dir(copy, quiet=2)  # once, and not in each sandbox
    _open_to_all(copy)
    hidden = {path if path.is_dir() else path.parent for each in found for path in map(Path.resolve, each.paths)}
    runner = IsolatedRunner(Sandbox(copy, (PROJECT, *sorted(hidden))), _workers(found, options))
    try:
        yield Grader(runner, options.seconds, options.labs, kept, digest)
    except BaseException:
        runner.stop()
        raise


def _report(submissions: Sequence[Submission], labels: Sequence[str], options: Options) -> None:
    """Writes the report, and says whose answers are alike if that was asked."""
    pairs = alike(submissions, options.labs) if options.similar else None
    for pair in pairs or ():
        console.say(plain(f"alike, a hint to look: {pair}"))
    names = write_report(Path(options.report), submissions, labels, options.labs, pairs)
    console.say(f"{options.report}: {', '.join(names)}")


def _workers(found: Sequence[HandIn], options: Options) -> int:
    """How many submissions are graded at once."""
    return min(options.workers or os.cpu_count() or 1, len(found)) if options.isolated else 1


def _open_to_all(folder: Path) -> None:
    """Lets every user read a folder: the sandbox's is another one."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def _as_they_end(jobs: Sequence[Callable[[], Any]], workers: int) -> Generator[tuple[int, Any], None, None]:
    """Does jobs, some at once, and yields (number, result) of each when it ends."""
    if workers == 1:
        yield from ((number, job()) for number, job in enumerate(jobs))
        return
    pool = ThreadPoolExecutor(workers)
    try:
        numbers = {pool.submit(job): number for number, job in enumerate(jobs)}
        yield from ((numbers[future], future.result()) for future in as_completed(numbers))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _check_packages() -> None:
    """Told once, and not for each student: above all, the virtualenv may not be active."""
    for name in NEEDED:
        if importlib.util.find_spec(name) is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def _say_begins(count: int, workers: int) -> None:
    at_once = f", {workers} at once" if workers > 1 else ""
    students = "the work of one student" if count == 1 else f"the work of {count:,} students"
    console.say(f"Checking {students}{at_once}; the first takes longest, as TensorFlow has to start ...")


def _summary(submission: Submission, labs: bool) -> str:
    in_labs = f"; in the labs {submission.in_short(lab_blanks())}" if labs else ""
    result = submission.problem or submission.in_short(all_blanks()) + in_labs
    return plain("; ".join([f"{submission.student}, {result}", *submission.notes]))


def _say_stopped(graded: int, count: int, csv_path: str | None) -> None:
    way_out = (
        "The same command goes on with the others." if csv_path else "With --csv, grades are kept for another time."
    )
    console.say(f"\n{graded} of {count} are graded. {way_out}")


def _end(submissions: Sequence[Submission]) -> int:
    """Says what concerns the class; gives the exit status."""
    problems = sum(bool(submission.problem) for submission in submissions)
    if problems:
        console.say(f"{problems} of {len(submissions)} could not be graded.")
    for each in submissions:
        for note in each.notes:
            if note.startswith(TWICE):
                console.say(plain(f"{each.file}: {each.student}, {note}"))
    return PROBLEMS if problems else 0


def _expanded(pattern: str) -> list[str]:
    """The paths that a pattern stands for; a path that exists stands for itself."""
    paths = [pattern] if pattern and Path(pattern).exists() else sorted(glob.glob(pattern))
    if not paths:
        raise UserError(
            f"{pattern or repr(pattern)}: no such file. Name the zips or folders that the students handed in."
        )
    return paths
