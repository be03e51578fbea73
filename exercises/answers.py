"""Answers to the blanks that a check must tell apart: other right ways, and the classic mistakes.

Each blank has its own in its folder, answers.py: VARIANTS and MISTAKES. In a blank with one place the answer is
`lines`; in one with several, `a`, `b`, ...: a text, or [(old, new), ...] to change in the solution. Both are written
without the indent that the place has in its script; a "\b" at the beginning of a line takes a space of it away.

    mistake("repeat missing", says="training ends after 1 epoch", lines=[(REPEAT, "")])
    variant("a session without `with`", a="...", b="...")
"""

import dataclasses
import textwrap
from dataclasses import dataclass, field

from exercises.blanks import Blank
from exercises.markers import Place
from exercises.scripts import solved_places

Change = str | list[tuple[str, str]]
NO_BLANK = -1


@dataclass(frozen=True)
class Answer:
    """What a student may write into a blank."""

    title: str
    says: str | None = None  # words of the finding; None where the answer is right
    changes: dict[str, Change] = field(default_factory=dict)  # {letter of a place: what stands there}
    number: int = NO_BLANK

    @property
    def id(self) -> str:
        return f"{self.number} {self.title}"

    def lines(self) -> dict[str, list[str]]:
        """{name of a place: its lines}, for every place of the blank."""
        solved = solved_places() or {}
        return {name: self._lines_of(place) for name, place in solved.items() if place.number == self.number}

    def _lines_of(self, place: Place) -> list[str]:
        change = self.changes.get(place.letter, [])
        if isinstance(change, str):
            text = textwrap.dedent(change).strip("\n")
        else:
            text = textwrap.dedent(place.text)
            for old, new in change:
                assert text.count(old) == 1, f"{self.id}: '{old}' stands {text.count(old)} times in the solution"
                text = text.replace(old, new)
        return [_backspaced(line) for line in textwrap.indent(text, place.indent).splitlines()]


def _backspaced(line: str) -> str:
    while " \b" in line:
        line = line.replace(" \b", "")
    return line


def mistake(title: str, says: str, lines: Change | None = None, **changes: Change) -> Answer:
    """An answer whose finding must hold some words."""
    return Answer(title, says, _changes(lines, changes))


def variant(title: str, lines: Change | None = None, **changes: Change) -> Answer:
    """Another right answer."""
    return Answer(title, None, _changes(lines, changes))


def solution(blank: Blank) -> Answer:
    """The answer that stands in the scripts."""
    return Answer("solved", number=blank.number)


def variants(blank: Blank) -> list[Answer]:
    """The other right answers to a blank."""
    return [dataclasses.replace(each, number=blank.number) for each in blank.module("answers").VARIANTS]


def mistakes(blank: Blank) -> list[Answer]:
    """The classic mistakes in a blank."""
    return [dataclasses.replace(each, number=blank.number) for each in blank.module("answers").MISTAKES]


def _changes(lines: Change | None, changes: dict[str, Change]) -> dict[str, Change]:
    return changes if lines is None else {"": lines}
