"""A look at a blank with several places: each is drawn, or it says why it isn't."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from exercises.blanks import blank as blank_of
from exercises.findings import Empty, Finding
from exercises.stages.drawn import WRONG, say_in
from exercises.student_blank import StudentBlank
from kit.cli.errors import EMPTY_BLANK


def draw_places(blank: StudentBlank, drawings: Mapping[str, tuple[Sequence, Callable[[], Any]]]) -> None:
    """Draws the places of a blank; in the axes of one that can't be drawn stands why, in red.

    Args:
      blank: the student's.
      drawings: {letter of a place: (its axes, what draws it)}.
    Raises:
      Finding: none of them can be drawn.
    """
    findings, drawn = [], 0
    for letter, (axes, draw) in drawings.items():
        if not is_filled(blank, letter):
            for each in axes:
                say_in(each, f"blank {blank.number}{letter} {EMPTY_BLANK}")
            continue
        try:
            draw()
            drawn += 1
        except Exception as error:
            findings.append(finding_about(blank, letter, error))
            for each in axes:
                say_in(each, findings[-1].found, WRONG)
    if findings and not drawn:
        raise findings[0]


def finding_about(blank: StudentBlank, letter: str, error: Exception) -> Finding:
    """What keeps a place from being drawn: in the words of the blank's check, if it finds something there."""
    place = blank.places[letter]
    try:
        for _ in blank_of(blank.number).check(blank):
            pass
    except Finding as finding:
        script, number, _ = finding.line or ("", 0, "")
        if script == place.script and place.first_line <= number < place.first_line + len(place.lines):
            return finding
    except Exception:  # the lines have broken the check's stage, too
        pass
    return error if isinstance(error, Finding) else blank.finding_of(error)


def is_filled(blank: StudentBlank, letter: str) -> bool:
    """Whether there is something in a place of a blank; one of several may wait.

    Raises:
      Empty: all places are.
      Finding: the marker lines of this one are gone.
    """
    filled, empty = [], []
    for each in blank.letters:
        try:
            blank.place(each)
            filled.append(each)
        except Finding as finding:
            if each == letter and not isinstance(finding, Empty):
                raise
            empty.append(finding)
    if not filled:
        raise empty[0]
    return letter in filled
