"""What a student gets back: a page in Markdown, with a paragraph for each blank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from exercises.blanks import Blank, all_blanks, lab_blanks
from exercises.grading.class_facts import EMPTY, SOLVED, state_of
from exercises.grading.submission import MISSING, POINTS, Submission, plain

HAND_IN = "python -m exercises hand_in"
SPECIAL = str.maketrans({each: f"\\{each}" for each in "\\`*_<>[]#|"})


def as_markdown(submission: Submission, labs: bool) -> str:
    """The feedback to a student: nothing of other students, and none of the notes for the teacher.

    Args:
      submission: of the student, graded.
      labs: the blanks of the labs, too.
    """
    lines = [f"# {_text(submission.student)}", "", f"{submission.in_short(all_blanks())}."]
    if labs:
        lines.append(f"In the labs, which are optional: {submission.in_short(lab_blanks())}.")
    if submission.problem:
        return "\n".join([*lines, "", *map(_text, of_problem(submission))]) + "\n"
    lines += [f"\n- {_text(note)}" for note in submission.notes_for_student]
    lines += ["", *(f"- {_text(line)}" for line in left_out(submission, all_blanks(labs)))]
    for blank in told_of(submission, all_blanks(labs)):
        lines += ["", *_of_blank(submission, blank)]
    return "\n".join(lines) + "\n"


def of_problem(submission: Submission) -> Iterator[str]:
    """Why nothing could be graded: sentences for the student."""
    if not submission.problem_for_student:
        yield "It could not be graded. Ask your teacher."
    else:
        yield f"It could not be graded: {submission.problem_for_student.rstrip('.')}."
        yield f"Hand in again, with the zip that {HAND_IN} writes."


def left_out(submission: Submission, blanks: Iterable[Blank]) -> Iterator[str]:
    """A line for all the blanks that are empty, and one for all that are missing for the same reason."""
    by_reason: dict[str, list[str]] = {}
    for blank in blanks:
        if why := _why_left_out(submission, blank):
            by_reason.setdefault(why, []).append(str(blank.number))
    for why, names in by_reason.items():
        yield f"{why}: {'blank' if len(names) == 1 else 'blanks'} {', '.join(names)}"


def told_of(submission: Submission, blanks: Iterable[Blank]) -> list[Blank]:
    """The blanks of which there is more to say."""
    return [blank for blank in blanks if not _why_left_out(submission, blank)]


def _why_left_out(submission: Submission, blank: Blank) -> str:
    """Why there is nothing more to say of a blank; "" where there is."""
    state = state_of(submission, blank.number)
    if state == EMPTY:
        return "still empty"
    return submission.missing[blank.number] if state == MISSING else ""


def _of_blank(submission: Submission, blank: Blank) -> Iterator[str]:
    number = blank.number
    yield f"## Blank {number}, {_text(blank.title)}: {submission.points(number):g} of {POINTS}"
    yield ""
    yield from _paragraphs(submission.reason(number).splitlines())
    if state_of(submission, number) != SOLVED:
        yield f"A hint: `python -m exercises hint {number}`. Explained in {blank.guide}."


def _paragraphs(reason: Sequence[str]) -> Iterator[str]:
    for line in reason:
        is_code = line.split(":")[0].endswith(".py")  # the student's own line
        yield f"    {plain(line)}" if is_code else _text(line)
        yield ""


def _text(text: str) -> str:
    """A text that Markdown shows as it stands."""
    return plain(text).translate(SPECIAL)
