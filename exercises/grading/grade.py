"""Grades what students hand in: every blank checked, a table for the class, Gradescope's results for each."""

import glob
import re
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from exercises.blanks import all_blanks, lab_blanks, numbers
from exercises.build_handout import build_folder
from exercises.fence import has_fence
from exercises.findings import Verdict
from exercises.folder import Record, StudentFolder
from exercises.grading.class_report import NOT_IN_NAMES, check_place, write_report
from exercises.grading.files import ARCHIVES
from exercises.grading.found_scripts import NoScripts
from exercises.grading.hand_ins import HandIn, hand_ins
from exercises.grading.similar import alike
from exercises.grading.submission import Submission, as_csv, as_gradescope, plain
from exercises.grading.unpack import unpack
from exercises.grading.unusual import worth_a_look
from exercises.markers import Place, missing_markers
from exercises.outside import in_short
from exercises.runner import Runner
from exercises.scripts import empty_places, empty_script, script_names
from kit.cli import console
from kit.cli.errors import UserError
from kit.system.files import check_writable, write_json, write_text

NO_FENCE = (
    "What is handed in can read your files: this system has no Landlock. Grade in a container; see docs/teaching.md."
)
PROBLEMS = 1  # exit status where a file could not be graded


def grade_all(
    patterns: Sequence[str],
    csv_path: str | None,
    json_path: str | None,
    seconds: int,
    labs: bool,
    report: str | None,
    similar: bool,
) -> int:
    """Grades what was handed in, one after the other, and writes the tables.

    Args:
      patterns: paths of zips or folders, or patterns as a shell would expand them.
      csv_path: of the table to write, or None.
      json_path: of Gradescope's results, or None; with several, one for each beside it.
      seconds: that the check of a blank may take.
      labs: check the blanks of the labs, too.
      report: the folder of class.html and the students' feedback, or None.
      similar: look for answers that are alike.
    Returns:
      The exit status: PROBLEMS if something could not be graded.
    Raises:
      UserError: no such file, or a table can't be written; the labs have no blanks.
    """
    found = hand_ins([path for pattern in patterns for path in _expanded(pattern)])
    labels = _labels(found)
    json_paths = [_json_path(json_path, label, len(found)) if json_path else None for label in labels]
    _check_results([Path(path) for path in (csv_path, *json_paths) if path])
    if report:
        check_place(Path(report))
    if not has_fence():
        console.say(NO_FENCE)
    submissions: list[Submission] = []
    with tempfile.TemporaryDirectory(prefix="handson-") as folder:
        build_folder(Path(folder, "kit"), labs=labs)  # checks run from a copy that holds no solutions
        runner = Runner(Path(folder, "kit"))
        for hand_in, label, own_json_path in zip(found, labels, json_paths):
            submissions.append(grade(hand_in, label, runner, seconds, labs))
            summary = _summary(submissions[-1], labs)
            console.say(plain(f"[{len(submissions)} of {len(found)}] {hand_in.shown}: {summary}"))
            if csv_path:  # after each, so that nothing is lost by an interruption
                write_text(csv_path, as_csv(submissions, labs))
            if own_json_path:
                write_json(own_json_path, as_gradescope(submissions[-1], labs))
    pairs = alike(submissions, labs) if similar else None
    for pair in pairs or ():
        console.say(plain(f"alike, a hint to look: {pair}"))
    if report:
        names = write_report(Path(report), submissions, labels, labs, pairs)
        console.say(f"{report}: {', '.join(names)}")
    problems = sum(bool(submission.problem) for submission in submissions)
    if problems:
        console.say(f"{problems} of {len(found)} could not be graded.")
    return PROBLEMS if problems else 0


def grade(hand_in: HandIn, label: str, runner: Runner, seconds: int, labs: bool) -> Submission:
    """Grades what one student handed in; what is wrong with it costs only its own points.

    Args:
      hand_in: where it is.
      label: the student's name, where the record has none.
      runner: runs the checks.
      seconds: that the check of a blank may take.
      labs: check the blanks of the labs, too.
    """
    began = time.monotonic()
    student, problem = label, ""
    record: Record | None = None
    verdicts: tuple[Verdict, ...] = ()
    gave_up: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    missing: dict[int, str] = {}
    answers: dict[int, tuple[str, ...]] = {}
    wanted = numbers(labs)
    with tempfile.TemporaryDirectory(prefix="handson-") as folder:
        try:
            notes, has_record = unpack(hand_in, Path(folder), labs)
            opened = StudentFolder(folder)
            opened.record.labs = labs
            student = opened.record.student or label
            record = opened.record if has_record else None
            answers = _answers(opened.places())
            gave_up = tuple(number for number in wanted if number in opened.record.gave_up)
            missing = _missing(opened)
            look = worth_a_look(opened.texts(), {name: empty_script(name) for name in script_names(labs)})
            notes += (look,) if look else ()
            if changed := in_short(opened.changes_outside()):
                notes = (*notes, f"changed outside the blanks: {changed}")
            verdicts = tuple(runner.check(opened, wanted, seconds))
        except UserError as error:
            missing = dict.fromkeys(wanted, "") if isinstance(error, NoScripts) else missing
            problem = str(error).replace(f"{folder}/", "").splitlines()[0]
        except Exception as error:  # a stranger's file may raise anything
            problem = f"cannot be graded: {type(error).__name__}: {error}"
    seconds_taken = time.monotonic() - began
    submission = Submission(hand_in.shown, student, None, gave_up, verdicts, missing, problem, notes, seconds_taken)
    submission = replace(submission, answers=answers, sent=hand_in.sent)
    return _with_record(submission, record, wanted) if record else submission


def _answers(places: Mapping[str, Place]) -> dict[int, tuple[str, ...]]:
    """{number of a blank: what is in each of its places}."""
    answers: dict[int, tuple[str, ...]] = {}
    for _, place in sorted(places.items()):
        answers[place.number] = (*answers.get(place.number, ()), place.text)
    return answers


def _with_record(submission: Submission, record: Record, wanted: Sequence[int]) -> Submission:
    """With what the student's own folder has recorded: hints, and how long the solved blanks took."""
    hints = {number: record.hints[str(number)] for number in wanted if str(number) in record.hints}
    solved = [number for number in wanted if submission.is_solved(number)]
    minutes = {number: float(record.minutes[str(number)]) for number in solved if str(number) in record.minutes}
    return replace(submission, hints=sum(hints.values()), hints_by_blank=hints, minutes=minutes)


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


def _summary(submission: Submission, labs: bool) -> str:
    in_labs = f"; in the labs {submission.in_short(lab_blanks())}" if labs else ""
    result = submission.problem or submission.in_short(all_blanks()) + in_labs
    return plain("; ".join([f"{submission.student}, {result}", *submission.notes]))


def _check_results(paths: Sequence[Path]) -> None:
    """The tables can be written, each to a file of its own, none over what was handed in."""
    for path in paths:
        if path.suffix.lower() in (*ARCHIVES, ".py"):
            raise UserError(f"{path}: by its name it was handed in. Write the table to another file, like grades.csv.")
        if paths.count(path) > 1:
            raise UserError(f"{path}: --csv and --json name the same file. Give each its own.")
        check_writable(path)


def _expanded(pattern: str) -> list[str]:
    """The paths that a pattern stands for; a path that exists stands for itself."""
    paths = [pattern] if pattern and Path(pattern).exists() else sorted(glob.glob(pattern))
    if not paths:
        raise UserError(
            f"{pattern or repr(pattern)}: no such file. Name the zips or folders that the students handed in."
        )
    return paths


def _labels(found: Sequence[HandIn]) -> list[str]:
    """A name for each; with its folder's, or a number, where others have the same."""
    labels = [
        label
        if [other.label for other in found].count(label) == 1
        else f"{each.paths[0].resolve().parent.name}-{label}"
        for each in found
        for label in [each.label]
    ]
    seen: Counter[str] = Counter()
    numbered = []
    for label in labels:
        seen[label] += 1
        numbered.append(label if seen[label] == 1 else f"{label}-{seen[label]}")
    return numbered


def _json_path(json_path: str, label: str, count: int) -> Path:
    path = Path(json_path)
    return path if count == 1 else path.with_name(f"{path.stem}-{re.sub(NOT_IN_NAMES, '_', label)}{path.suffix}")
