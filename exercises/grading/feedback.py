"""What a student gets back: a page in Markdown, with a paragraph for each blank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exercises.blanks import Blank, all_blanks, lab_blanks
from exercises.grading.class_facts import EMPTY, SOLVED, state_of
from exercises.grading.submission import POINTS, Submission, plain

SPECIAL = str.maketrans({each: f"\\{each}" for each in "\\`*_<>[]#|"})


def as_markdown(submission: Submission, labs: bool) -> str:
    """The feedback to a student.

    Args:
      submission: of the student, graded.
      labs: the blanks of the labs, too.
    """
    lines = [f"# {_text(submission.student)}", "", f"{submission.in_short(all_blanks())}."]
    if labs:
        lines.append(f"In the labs, which are optional: {submission.in_short(lab_blanks())}.")
    if submission.problem:
        lines += ["", _text(submission.problem)]
    lines += [f"\n- {_text(note)}" for note in submission.notes]
    for blank in all_blanks(labs):
        lines += ["", *_of_blank(submission, blank)]
    return "\n".join(lines) + "\n"


def _of_blank(submission: Submission, blank: Blank) -> Iterator[str]:
    number = blank.number
    yield f"## Blank {number}, {_text(blank.title)}: {submission.points(number):g} of {POINTS}"
    yield ""
    state = state_of(submission, number)
    if state == EMPTY:
        yield f"It is still empty. {_way_on(blank)}"
        return
    yield from _paragraphs(submission.reason(number).splitlines())
    if state != SOLVED:
        yield _way_on(blank)


def _paragraphs(reason: Sequence[str]) -> Iterator[str]:
    for line in reason:
        is_code = line.split(":")[0].endswith(".py")  # the student's own line
        yield f"    {plain(line)}" if is_code else _text(line)
        yield ""


def _way_on(blank: Blank) -> str:
    return f"A hint: `python -m exercises hint {blank.number}`. Explained in {blank.guide}."


def _text(text: str) -> str:
    """A text that Markdown shows as it stands."""
    return plain(text).translate(SPECIAL)
