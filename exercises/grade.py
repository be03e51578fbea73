"""Grades what students hand in: every blank checked, a table for the class, Gradescope's results for each."""

import csv
import glob
import io
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exercises.blanks import all_blanks, numbers
from exercises.findings import Verdict
from exercises.folder import StudentFolder
from exercises.handed_in import unpack
from exercises.outside import in_short
from exercises.runner import Runner
from kit.cli import console
from kit.cli.errors import UserError
from kit.system.files import check_writable, write_json, write_text

POINTS = 10  # for a blank; for one that is partly right, the share of the parts that hold
LONGEST = 800  # characters of a reason or a name
PROBLEMS = 1  # exit status where a file could not be graded


@dataclass(frozen=True)
class Submission:
    """A student's work, graded."""

    file: str
    student: str
    hints: int | None  # shown, of all blanks; None where there is no record
    gave_up: tuple[int, ...]  # numbers of blanks
    verdicts: tuple[Verdict, ...]  # none where the file can't be graded
    problem: str  # why it can't; "" where it can
    notes: tuple[str, ...]  # what is missing, or unusual
    seconds: float

    def points(self, number: int) -> float:
        """For a blank, from 0 to POINTS."""
        verdict = self._verdict(number)
        return round(POINTS * verdict.passed / len(verdict.parts), 1) if verdict else 0

    def reason(self, number: int) -> str:
        """Why a blank has these points, in a line or a few."""
        verdict = self._verdict(number)
        if verdict is None:
            return self.problem
        finding = verdict.finding
        if finding is None:
            return "; ".join(["solved", *(f"medal: {medal}" for medal in verdict.medals)])
        right = [f"right so far: {'; '.join(verdict.parts[: verdict.passed])}"] if verdict.passed else []
        line = [f"{finding.line[0]}:{finding.line[1]}: {finding.line[2]}"] if finding.line else []
        return "\n".join([*right, *line, f"found: {finding.found}", f"expected: {finding.expected}"])

    @property
    def total(self) -> float:
        return round(sum(map(self.points, numbers())), 1)

    def _verdict(self, number: int) -> Verdict | None:
        return next((verdict for verdict in self.verdicts if verdict.number == number), None)


def grade_all(patterns: Sequence[str], csv_path: str | None, json_path: str | None, seconds: int) -> int:
    """Grades what was handed in, one after the other, and writes the tables.

    Args:
      patterns: paths of zips or folders, or patterns as a shell would expand them.
      csv_path: of the table to write, or None.
      json_path: of Gradescope's results, or None; with several, one for each beside it.
      seconds: that the check of a blank may take.
    Returns:
      The exit status: PROBLEMS if something could not be graded.
    Raises:
      UserError: no such file, or a table can't be written.
    """
    paths = [path for pattern in patterns for path in _expanded(pattern)]
    labels = _labels(paths)
    json_paths = [_json_path(json_path, label, len(paths)) if json_path else None for label in labels]
    for path in filter(None, (csv_path, *json_paths)):
        check_writable(path)
    runner = Runner()
    submissions: list[Submission] = []
    for path, label, own_json_path in zip(paths, labels, json_paths):
        submissions.append(grade(path, label, runner, seconds))
        console.say(f"[{len(submissions)} of {len(paths)}] {path}: {_summary(submissions[-1])}")
        if csv_path:
            write_text(csv_path, as_csv(submissions))  # after each, so that nothing is lost when one is interrupted
        if own_json_path:
            write_json(own_json_path, as_gradescope(submissions[-1]))
    problems = sum(bool(submission.problem) for submission in submissions)
    if problems:
        console.say(f"{problems} of {len(paths)} could not be graded.")
    return PROBLEMS if problems else 0


def grade(path: str, label: str, runner: Runner, seconds: int) -> Submission:
    """Grades one zip or folder; what is wrong with it costs only its own points.

    Args:
      path: of it.
      label: the student's name, where the record has none.
      runner: runs the checks.
      seconds: that the check of a blank may take.
    """
    began = time.monotonic()
    student, problem = label, ""
    hints: int | None = None
    verdicts: tuple[Verdict, ...] = ()
    gave_up: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    with tempfile.TemporaryDirectory(prefix="handson-") as folder:
        try:
            notes, has_record = unpack(path, Path(folder))
            opened = StudentFolder(folder)
            student = opened.record.student or label
            hints = sum(opened.record.hints.values()) if has_record else None
            gave_up = tuple(opened.record.gave_up)
            if changed := in_short(opened.changes_outside()):
                notes = (*notes, f"changed outside the blanks: {changed}")
            verdicts = tuple(runner.check(opened, numbers(), seconds))
        except UserError as error:
            problem = str(error).replace(f"{folder}/", "").splitlines()[0]
        except Exception as error:  # a stranger's file may raise anything
            problem = f"cannot be graded: {type(error).__name__}: {error}"
    return Submission(str(path), student, hints, gave_up, verdicts, problem, notes, time.monotonic() - began)


def _summary(submission: Submission) -> str:
    most = POINTS * len(all_blanks())
    solved = sum(verdict.solved for verdict in submission.verdicts)
    result = (
        submission.problem or f"{solved} of {len(all_blanks())} blanks solved, {submission.total:g} of {most} points"
    )
    return _plain("; ".join([f"{submission.student}, {result}", *submission.notes]))


def as_csv(submissions: Sequence[Submission]) -> str:
    """The table of a class: a line per student."""
    text = io.StringIO("\ufeff")  # the mark by which spreadsheets know UTF-8
    text.seek(1)
    writer = csv.writer(text, lineterminator="\n")
    columns = ["student", "file", "points", "of", "hints", "gave up"]
    writer.writerow(columns + [f"blank {number}" for number in numbers()] + [f"why {number}" for number in numbers()])
    for each in submissions:
        gave_up = " ".join(map(str, each.gave_up))
        hints = "unknown" if each.hints is None else each.hints
        row = [_plain(each.student), _plain(each.file), f"{each.total:g}", POINTS * len(all_blanks()), hints, gave_up]
        row += [f"{each.points(number):g}" for number in numbers()]
        writer.writerow(row + [_plain(each.reason(number)) for number in numbers()])
    return text.getvalue()


def as_gradescope(submission: Submission) -> dict:
    """A dict in the format of Gradescope's results.json.

    https://gradescope-autograders.readthedocs.io/en/latest/specs/
    """
    tests = []
    for blank in all_blanks():
        points = submission.points(blank.number)
        tests.append(
            {
                "number": str(blank.number),
                "name": f"blank {blank.number}: {blank.title}",
                "score": points,
                "max_score": POINTS,
                "status": "passed" if points == POINTS else "failed",
                "output": _plain(submission.reason(blank.number)),
            }
        )
    gave_up = ", ".join(map(str, submission.gave_up)) or "none"
    hints = "unknown" if submission.hints is None else submission.hints
    lines = [submission.problem or f"Hints: {hints}. Blanks given up: {gave_up}.", *submission.notes]
    return {
        "score": submission.total,
        "execution_time": round(submission.seconds, 1),
        "output": _plain("\n".join(lines)),
        "visibility": "visible",
        "tests": tests,
        "extra_data": {
            "student": _plain(submission.student),
            "hints": submission.hints,
            "gave_up": list(submission.gave_up),
        },
    }


def _expanded(pattern: str) -> list[str]:
    """The paths that a pattern stands for; a path that exists stands for itself."""
    paths = [pattern] if Path(pattern).exists() else sorted(glob.glob(pattern))
    if not paths:
        raise UserError(f"{pattern}: no such file. Name the zips or folders that the students handed in.")
    return paths


def _labels(paths: Sequence[str]) -> list[str]:
    """A name for each path: its stem; with its folder's, or a number, where others have the same."""
    stems = [Path(path).resolve().stem for path in paths]
    labels = [
        stem if stems.count(stem) == 1 else f"{Path(path).resolve().parent.name}-{stem}"
        for path, stem in zip(paths, stems)
    ]
    seen: Counter[str] = Counter()
    numbered = []
    for label in labels:
        seen[label] += 1
        numbered.append(label if seen[label] == 1 else f"{label}-{seen[label]}")
    return numbered


def _json_path(json_path: str, label: str, count: int) -> Path:
    path = Path(json_path)
    return path if count == 1 else path.with_name(f"{path.stem}-{label}{path.suffix}")


def _plain(text: str) -> str:
    """A text of some length, with nothing in it that a terminal, a file or a spreadsheet takes for a command."""
    text = "".join(each if each.isprintable() or each == "\n" else "\ufffd" for each in text[:LONGEST])
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
