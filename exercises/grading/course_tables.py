"""The grades as course systems import them: Moodle's grading worksheet, Canvas's gradebook.

Both know a student by the number in the names of the files that they let a teacher download.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from exercises.blanks import all_blanks
from exercises.grading.course_systems import CANVAS, MOODLE
from exercises.grading.submission import POINTS, Submission, plain

NAMES = {MOODLE: "moodle.csv", CANVAS: "canvas.csv"}  # of the tables
ASSIGNMENT = "Hands-on"  # the column of Canvas's gradebook
WORKSHEET = (  # https://docs.moodle.org/en/Assignment_settings, offline grading worksheet
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed"),
    *("Last modified (submission)", "Last modified (grade)", "Feedback comments"),
)


def course_tables(submissions: Sequence[Submission]) -> dict[str, str]:
    """{name of a file: its text}, for each course system that has named what was handed in."""
    writers = {MOODLE: _moodle, CANVAS: _canvas}
    tables = {}
    for system, rows in writers.items():
        theirs = [each for each in submissions if each.sent and each.sent.system == system]
        if theirs:
            tables[NAMES[system]] = _table(rows(theirs))
    return tables


def _moodle(submissions: Iterable[Submission]) -> Iterable[Sequence]:
    most = POINTS * len(all_blanks())
    yield WORKSHEET
    for each in submissions:
        assert each.sent
        comments = "<br>".join(_comments(each))
        yield [
            f"Participant {each.sent.number}",
            plain(each.sent.student),
            "",
            "",
            _points(each),
            most,
            "Yes",
            "-",
            "-",
            comments,
        ]


def _canvas(submissions: Iterable[Submission]) -> Iterable[Sequence]:
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", ASSIGNMENT]
    yield ["    Points Possible", "", "", "", "", POINTS * len(all_blanks())]
    for each in submissions:
        assert each.sent
        yield [plain(each.sent.student), each.sent.number, "", "", "", _points(each)]


def _points(submission: Submission) -> str:
    """The sum; "" for what could not be graded, so that the course system leaves it open."""
    return "" if submission.problem else f"{submission.total(all_blanks()):g}"


def _comments(submission: Submission) -> list[str]:
    """A line per blank; nothing that a student wrote, which a web page might run."""
    if submission.problem:
        return ["It could not be graded."]
    return [f"Blank {blank.number}: {submission.points(blank.number):g} of {POINTS}" for blank in all_blanks()]


def _table(rows: Iterable[Sequence]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
