"""What one student handed in, read, checked and graded."""

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from exercises.blanks import numbers
from exercises.folder import StudentFolder
from exercises.grading.files import CannotGrade
from exercises.grading.found_scripts import NoScripts
from exercises.grading.hand_ins import HandIn
from exercises.grading.kept import Kept, digest_of_folder
from exercises.grading.names import disagreement, names_of
from exercises.grading.submission import Submission
from exercises.grading.unpack import NO_RECORD, Unpacked, unpack
from exercises.grading.unusual import worth_a_look
from exercises.markers import missing_markers
from exercises.outside import in_short
from exercises.scripts import empty_places, empty_script, script_names
from kit.cli.errors import UserError


@dataclass(frozen=True)
class Grader:
    """How submissions are graded; threads may share it.

    Attributes:
      runner: runs the checks: has `check(folder, numbers, seconds)`, as exercises.runner.Runner.
      seconds: that the check of a blank may take.
      labs: check the blanks of the labs, too.
      kept: what was graded before.
      digest: of all that a grade depends on, besides what is handed in.
    """

    runner: Any
    seconds: int
    labs: bool
    kept: Kept
    digest: str

    def grade(self, hand_in: HandIn, label: str) -> Submission:
        """Grades what one student handed in; what is wrong with it costs only its own points.

        Args:
          hand_in: where it is.
          label: the student's name, where neither a course system nor the record has one.
        """
        began = time.monotonic()
        names = names_of(hand_in, PurePosixPath(), None)
        submission = Submission(hand_in.shown, label, names=names, sent=hand_in.sent)
        with tempfile.TemporaryDirectory(prefix="handson-") as folder:
            try:
                submission = self._read(submission, hand_in, unpack(hand_in, Path(folder), self.labs), folder)
                before = self.kept.find(submission.digest)
                if before:
                    return before
                opened = self._opened(folder)
                verdicts = tuple(self.runner.check(opened, numbers(self.labs), self.seconds))
                submission = replace(submission, verdicts=verdicts)
            except UserError as error:
                missing = dict.fromkeys(numbers(self.labs), "") if isinstance(error, NoScripts) else submission.missing
                problem = str(error).replace(f"{folder}/", "").splitlines()[0]
                why = error.why if isinstance(error, CannotGrade) else problem.rstrip(".")
                submission = replace(submission, missing=missing, problem=problem, problem_for_student=why)
            except Exception as error:  # a stranger's file may raise anything
                problem = f"cannot be graded: {type(error).__name__}: {error}"
                submission = replace(submission, problem=problem)
        return replace(submission, seconds=time.monotonic() - began)

    def _read(self, submission: Submission, hand_in: HandIn, unpacked: Unpacked, folder: str) -> Submission:
        """With all that can be told without running a line of it."""
        wanted, opened = numbers(self.labs), self._opened(folder)
        record = opened.record
        names = names_of(hand_in, unpacked.inside, record.student)
        look = worth_a_look(opened.texts(), {name: empty_script(name) for name in script_names(self.labs)})
        changed = in_short(opened.changes_outside())
        notes = [*unpacked.notes, changed and f"changed outside the blanks: {changed}"]
        return replace(
            submission,
            student=hand_in.student or record.student or submission.student,
            hints=sum(record.hints.get(str(number), 0) for number in wanted) if unpacked.has_record else None,
            hints_by_blank={number: record.hints[str(number)] for number in wanted if str(number) in record.hints},
            minutes={number: float(record.minutes[str(number)]) for number in wanted if str(number) in record.minutes},
            answers=_answers(opened),
            gave_up=tuple(number for number in wanted if number in record.gave_up),
            missing=_missing(opened),
            notes=tuple(filter(None, [*notes, disagreement(names), look])),
            notes_for_student=tuple(note for note in notes if note and note != NO_RECORD),
            names=names,
            digest=digest_of_folder(Path(folder), self.digest, submission.file, submission.student, unpacked),
        )

    def _opened(self, folder: str) -> StudentFolder:
        opened = StudentFolder(folder)
        opened.record.labs = self.labs
        return opened


def _answers(folder: StudentFolder) -> dict[int, tuple[str, ...]]:
    """{number of a blank: what is in each of its places}."""
    answers: dict[int, tuple[str, ...]] = {}
    for _, place in sorted(folder.places().items()):
        answers[place.number] = (*answers.get(place.number, ()), place.text)
    return answers


def _missing(folder: StudentFolder) -> dict[int, str]:
    """{number of a blank: what of it isn't there}: scripts, marker lines."""
    texts, places = folder.texts(), folder.places()
    told: dict[int, list[str]] = {}
    for name, place in empty_places(folder.record.labs).items():
        if name not in places:
            said = told.setdefault(place.number, [])
            if place.script not in texts:
                said.append(f"there is no {place.script} in what was handed in")
            else:
                lines = " and ".join(f"'{line}'" for line in missing_markers(texts[place.script], name))
                said.append(f"{place.script} has no line {lines}, so nobody knows which lines are blank {name}")
    return {number: "; ".join(dict.fromkeys(said)) for number, said in told.items()}
