"""A student's work, graded: the points, why, and the tables that tell them."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from exercises.blanks import Blank, all_blanks, lab_blanks, numbers
from exercises.findings import Empty, Finding, TooBusy, Verdict
from exercises.grading.course_systems import Sent

POINTS = 10  # for a blank; for one that is partly right, the share of the parts that hold
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # what spreadsheets compute begins with these
LONGEST = 800  # characters of a reason or a name
FIRST_COLUMNS = ("student", "file", "points", "of")  # of a table
MISSING, UNREAD = "missing", "unread"  # in the place of points
KINDS = {kind.__name__: kind for kind in (Finding, Empty, TooBusy)}


@dataclass(frozen=True)
class Submission:
    """A student's work, graded."""

    file: str
    student: str
    hints: int | None = None  # shown, of all blanks; None where there is no record
    gave_up: tuple[int, ...] = ()  # numbers of blanks
    verdicts: tuple[Verdict, ...] = ()  # none where the file can't be graded
    missing: dict[int, str] = field(default_factory=dict)  # {number of a blank: what of it isn't there}
    problem: str = ""  # why it can't; "" where it can
    notes: tuple[str, ...] = ()  # what is missing, or unusual, for the teacher
    seconds: float = 0.0
    names: dict[str, str] = field(default_factory=dict)  # {where it stands: a name of the student}: in the record, ...
    digest: str = ""  # of all that the grade depends on; "" where nothing could be read
    hints_by_blank: dict[int, int] = field(default_factory=dict)  # {number: how many were shown}
    minutes: dict[int, float] = field(default_factory=dict)  # {number: that a blank was worked on, by the record}
    answers: dict[int, tuple[str, ...]] = field(default_factory=dict)  # {number: what is in each of its places}
    sent: Sent | None = None  # how a course system has named it
    notes_for_student: tuple[str, ...] = ()  # those of the notes that the student reads, too
    problem_for_student: str = ""  # the problem as the student reads it; "" where it is none of the student's

    def is_solved(self, number: int) -> bool:
        """Whether all parts of a blank hold."""
        verdict = self._verdict(number)
        return verdict is not None and verdict.solved

    def is_empty(self, number: int) -> bool:
        """Whether nothing was written into a blank."""
        verdict = self._verdict(number)
        return verdict is not None and verdict.is_empty

    def found(self, number: int) -> str:
        """What the check of a blank found wrong; "" for nothing."""
        verdict = self._verdict(number)
        return verdict.finding.found if verdict and verdict.finding else ""

    @property
    def is_final(self) -> bool:
        """Whether grading it again would come to the same."""
        return not self.problem and not any(verdict.is_open for verdict in self.verdicts)

    def to_json(self) -> dict[str, Any]:
        """What JSON can hold of it."""
        verdicts = [{**vars(verdict), "finding": _of_finding(verdict.finding)} for verdict in self.verdicts]
        return {**vars(self), "verdicts": verdicts, "sent": self.sent and asdict(self.sent)}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Submission":
        """The Submission that `to_json` has told; KeyError, TypeError or ValueError if it didn't."""
        verdicts = tuple(
            Verdict(**{**told, "parts": tuple(told["parts"]), "remarks": tuple(told["remarks"]), "finding": finding})
            for told in content["verdicts"]
            for finding in [_finding(told["finding"])]
        )
        lists = {name: tuple(content[name]) for name in ("notes", "gave_up", "notes_for_student")}
        by_number: dict[str, dict[int, Any]] = {
            name: {int(number): value for number, value in content[name].items()}
            for name in ("missing", "hints_by_blank", "minutes", "answers")
        }
        by_number["answers"] = {number: tuple(texts) for number, texts in by_number["answers"].items()}
        sent = Sent(**content["sent"]) if content["sent"] else None
        return cls(**{**content, **lists, **by_number, "verdicts": verdicts, "sent": sent})

    def points(self, number: int) -> float:
        """For a blank, from 0 to POINTS."""
        verdict = self._verdict(number)
        return round(POINTS * verdict.passed / len(verdict.parts), 1) if verdict else 0

    def grade(self, number: int) -> str:
        """A blank's points; MISSING or UNREAD where there is nothing of it to give points for."""
        if number in self.missing and not self.points(number):
            return MISSING
        verdict = self._verdict(number)
        return UNREAD if verdict is None or verdict.is_open else f"{self.points(number):g}"

    def reason(self, number: int) -> str:
        """Why a blank has these points, in a line or a few."""
        verdict = self._verdict(number)
        if verdict is None:
            return self.problem
        finding = verdict.finding
        if finding is None:
            return "; ".join(["solved", *verdict.remarks])
        right = [f"right so far: {'; '.join(verdict.parts[: verdict.passed])}"] if verdict.passed else []
        if number in self.missing:
            return "\n".join([f"{MISSING}: {self.missing[number]}", *right])
        line = [f"{finding.line[0]}:{finding.line[1]}: {finding.line[2]}"] if finding.line else []
        return "\n".join([*right, *line, f"found: {finding.found}", f"expected: {finding.expected}"])

    def total(self, blanks: Iterable[Blank]) -> float:
        """The points for some blanks."""
        return round(sum(self.points(each.number) for each in blanks), 1)

    def in_short(self, blanks: Sequence[Blank]) -> str:
        """How many of some blanks are solved, and the points for them."""
        verdicts = [self._verdict(each.number) for each in blanks]
        solved = sum(verdict is not None and verdict.solved for verdict in verdicts)
        return f"{solved} of {len(blanks)} blanks solved, {self.total(blanks):g} of {POINTS * len(blanks)} points"

    def _verdict(self, number: int) -> Verdict | None:
        return next((verdict for verdict in self.verdicts if verdict.number == number), None)


def _of_finding(finding: Finding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    told = {"found": finding.found, "expected": finding.expected, "why": finding.why, "line": finding.line}
    return {**told, "kind": type(finding).__name__}


def _finding(told: dict[str, Any] | None) -> Finding | None:
    if told is None:
        return None
    line = tuple(told["line"]) if told["line"] else None
    return KINDS[told["kind"]](told["found"], told["expected"], told["why"], line)


def as_csv(submissions: Sequence[Submission], labs: bool = False) -> str:
    """The table of a class: a line per student; with `labs`, their blanks and points have columns of their own."""
    text = io.StringIO("\ufeff")  # the mark by which spreadsheets know UTF-8
    text.seek(1)
    writer = csv.writer(text, lineterminator="\n")
    wanted = numbers(labs)
    in_labs = ["lab points", "of lab points"] if labs else []
    blanks = [*(f"blank {number}" for number in wanted), *(f"why {number}" for number in wanted)]
    writer.writerow([*FIRST_COLUMNS, *in_labs, "hints", "gave up", *blanks, "notes"])
    for each in submissions:
        gave_up = " ".join(map(str, each.gave_up))
        hints = "unknown" if each.hints is None else each.hints
        row: list[str | int] = [plain(each.student), plain(each.file)]
        for group in [all_blanks(), lab_blanks()][: 1 + labs]:
            row += [f"{each.total(group):g}", POINTS * len(group)]
        row += [hints, gave_up, *(each.grade(number) for number in wanted)]
        row += [plain(each.reason(number)) for number in wanted]
        writer.writerow([*row, plain("; ".join(each.notes))])
    return text.getvalue()


def as_gradescope(submission: Submission, labs: bool = False) -> dict:
    """A dict in the format of Gradescope's results.json; with `labs`, their blanks are listed, and not in the score.

    https://gradescope-autograders.readthedocs.io/en/latest/specs/
    """
    tests = []
    for blank in all_blanks(labs):
        points = submission.points(blank.number)
        tests.append(
            {
                "number": str(blank.number),
                "name": f"{'optional ' if blank.is_of_lab else ''}blank {blank.number}: {blank.title}",
                "score": points,
                "max_score": POINTS,
                "status": "passed" if points == POINTS else "failed",
                "output": plain(submission.reason(blank.number)),
            }
        )
    gave_up = ", ".join(map(str, submission.gave_up)) or "none"
    hints = "unknown" if submission.hints is None else submission.hints
    lines = [submission.problem or f"Hints: {hints}. Blanks given up: {gave_up}."]
    lines += [f"In the labs, which are not in the score: {submission.in_short(lab_blanks())}."] if labs else []
    lines += submission.notes_for_student
    return {
        "score": submission.total(all_blanks()),
        "execution_time": round(submission.seconds, 1),
        "output": plain("\n".join(lines)),
        "visibility": "visible",
        "tests": tests,
        "extra_data": {
            "student": plain(submission.student),
            "hints": submission.hints,
            "gave_up": list(submission.gave_up),
            **({"lab_points": submission.total(lab_blanks())} if labs else {}),
        },
    }


def plain(text: str) -> str:
    """A text of some length, with nothing in it that a terminal, a file or a spreadsheet takes for a command."""
    text = "".join(each if each.isprintable() or each == "\n" else "\ufffd" for each in text[:LONGEST])
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text
