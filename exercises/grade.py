"""Grades what students hand in: every blank checked, a table for the class, Gradescope's results for each.

Of a zip, only the scripts with blanks and the record are read, so nothing else in it matters: not the checks, not
the kit, not a zip bomb.
"""

import csv
import glob
import io
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from exercises.blanks import all_blanks
from exercises.edition import STATE_FILE
from exercises.folder import StudentFolder
from exercises.runner import Runner
from exercises.source import SCRIPTS
from kit import console
from kit.errors import UserError
from kit.files import write_json, write_text

POINTS = 10  # for a blank; of one that is partly right, as many as the parts that hold
LARGEST = 1 << 20  # bytes of a script or record that is read


@dataclass(frozen=True)
class Submission:
    """A student's work, graded."""

    file: str
    student: str
    hints: int  # shown, of all blanks
    gave_up: tuple  # numbers of blanks
    verdicts: tuple  # of Verdict; none where the file can't be graded
    problem: str  # why it can't; "" where it can
    seconds: float

    def points(self, number):
        """For a blank, from 0 to POINTS."""
        verdict = self._verdict(number)
        return round(POINTS * verdict.passed / len(verdict.parts), 1) if verdict else 0

    def reason(self, number):
        """Why a blank has so many points, in a line or a few."""
        verdict = self._verdict(number)
        if verdict is None:
            return self.problem
        if verdict.solved:
            return "; ".join(["solved", *(f"medal: {medal}" for medal in verdict.medals)])
        finding = verdict.finding
        right = [f"right so far: {'; '.join(verdict.parts[: verdict.passed])}"] if verdict.passed else []
        line = [f"{finding.line[0]}:{finding.line[1]}: {finding.line[2]}"] if finding.line else []
        return "\n".join([*right, *line, f"found: {finding.found}", f"expected: {finding.expected}"])

    @property
    def total(self):
        return sum(self.points(blank.number) for blank in all_blanks())

    def _verdict(self, number):
        return next((verdict for verdict in self.verdicts if verdict.number == number), None)


def grade_all(patterns, csv_path, json_path, seconds):
    """Grades zips, one after the other, and writes the tables.

    Args:
      patterns: paths of zips, or patterns as a shell would expand them.
      csv_path: of the table to write, or None.
      json_path: of Gradescope's results, or None; with several zips, one a zip beside it.
      seconds: that the check of a blank may take.
    Raises:
      UserError: no such zip, or a table can't be written.
    """
    paths = [path for pattern in patterns for path in (sorted(glob.glob(pattern)) or [pattern])]
    missing = [path for path in paths if not Path(path).is_file()]
    if missing:
        raise UserError(f"{missing[0]}: no such file. Name the zips that the students handed in.")
    runner, submissions = Runner(), []
    for path in paths:
        submissions.append(grade(path, runner, seconds))
        most = POINTS * len(all_blanks())
        done = f"[{len(submissions)} of {len(paths)}]"
        problem = submissions[-1].problem and f"  {submissions[-1].problem}"
        console.say(f"{done} {path}: {submissions[-1].student}, {submissions[-1].total:g} of {most} points{problem}")
        if csv_path:
            write_text(csv_path, as_csv(submissions))  # after each, so that nothing is lost when one is interrupted
        if json_path:
            write_json(_json_path(json_path, path, len(paths)), as_gradescope(submissions[-1]))


def grade(path, runner, seconds):
    """Grades one zip; whatever is wrong with it costs only its own points: a Submission."""
    began = time.monotonic()
    verdicts, problem, student, hints, gave_up = (), "", Path(path).stem, 0, ()
    with tempfile.TemporaryDirectory() as folder:
        try:
            _unpack(path, Path(folder))
            opened = StudentFolder(folder)
            student = opened.record.student or student
            hints, gave_up = sum(opened.record.hints.values()), tuple(opened.record.gave_up)
            verdicts = tuple(runner.check(opened, [blank.number for blank in all_blanks()], seconds))
        except UserError as error:
            problem = str(error).replace(f"{folder}/", "").splitlines()[0]
        except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, TypeError) as error:
            problem = f"cannot be graded: {error}"
    return Submission(str(path), student, hints, gave_up, verdicts, problem, time.monotonic() - began)


def as_csv(submissions):
    """The table of a class: a line a student."""
    numbers = [blank.number for blank in all_blanks()]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = ["student", "file", "points", "of", "hints", "gave up"]
    writer.writerow(columns + [f"blank {number}" for number in numbers] + [f"why {number}" for number in numbers])
    for each in submissions:
        gave_up = " ".join(map(str, each.gave_up))
        row = [_plain(each.student), each.file, f"{each.total:g}", POINTS * len(numbers), each.hints, gave_up]
        row += [f"{each.points(number):g}" for number in numbers]
        writer.writerow(row + [_plain(each.reason(number)) for number in numbers])
    return text.getvalue()


def as_gradescope(submission):
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
                "output": submission.reason(blank.number),
            }
        )
    gave_up = ", ".join(map(str, submission.gave_up)) or "none"
    return {
        "score": submission.total,
        "execution_time": round(submission.seconds, 1),
        "output": submission.problem or f"Hints: {submission.hints}. Blanks given up: {gave_up}.",
        "visibility": "visible",
        "tests": tests,
        "extra_data": {
            "student": submission.student,
            "hints": submission.hints,
            "gave_up": list(submission.gave_up),
        },
    }


def _unpack(path, folder):
    """Writes the scripts with blanks and the record out of a zip into a folder."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if "exercises" not in PurePosixPath(name).parts]
        tops = [PurePosixPath(name).parent for name in names if PurePosixPath(name).name in SCRIPTS]
        if not tops:
            raise UserError(f"none of the scripts in it: {', '.join(SCRIPTS)}.")
        top = min(tops, key=lambda each: len(each.parts))
        for name in (*SCRIPTS, STATE_FILE):
            member = str(top / name)
            if member in names:
                with archive.open(member) as file:
                    content = file.read(LARGEST + 1)
                if len(content) > LARGEST:
                    raise UserError(f"{name} is larger than {LARGEST:,} bytes.")
                (folder / name).write_bytes(content)
    if not (folder / STATE_FILE).exists():  # a student left it out: hints and give-ups aren't known
        (folder / STATE_FILE).write_text("{}", encoding="utf-8")


def _json_path(json_path, zip_path, count):
    if count == 1:
        return json_path
    path = Path(json_path)
    return path.with_name(f"{path.stem}-{Path(zip_path).stem}{path.suffix}")


def _plain(text):
    """A text that a spreadsheet doesn't take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
