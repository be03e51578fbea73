"""Answers to the blanks that a check must tell apart: other right ways, and the classic mistakes.

Each blank has its own in its folder, answers.py:

    MISTAKES = {"training ends after 1 epoch": (REPEAT, "")}   words of the finding: what is changed
    VARIANTS = {"a session without `with`": "..."}             a title: the lines

A change is (old, new), or a list of such pairs; a text takes the place of all lines; {"a": ..., "b": ...} is for a
blank with several places. Texts are written without the indent that the place has in its script; a "\\b" at the
beginning of a line takes a space of it away.
"""

import functools
import textwrap
from dataclasses import dataclass, field

from exercises.blanks import Blank
from exercises.markers import Place
from exercises.scripts import solved_places

Pair = tuple[str, str]  # (old, new)
Change = str | Pair | list[Pair]


@dataclass(frozen=True)
class Answer:
    """What a student may write into a blank; the solution, if nothing is said of a change."""

    number: int  # of the blank
    title: str = "solved"  # of a mistake: words of its finding
    change: Change | dict[str, Change] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"{self.number} {self.title}"

    def lines(self) -> dict[str, list[str]]:
        """{name of a place: its lines}, for every place of the blank."""
        places = {place.letter: place for place in _solved().values() if place.number == self.number}
        texts = {letter: textwrap.dedent(place.text) for letter, place in places.items()}
        if isinstance(self.change, dict):
            for letter, change in self.change.items():
                texts |= self._changed({letter: texts[letter]}, change)
        else:
            texts = self._changed(texts, self.change)
        return {
            place.name: [_backspaced(line) for line in textwrap.indent(texts[letter], place.indent).splitlines()]
            for letter, place in places.items()
        }

    def _changed(self, texts: dict[str, str], change: Change) -> dict[str, str]:
        """{letter: lines as one text}: with the pairs replaced, wherever the old text of each stands."""
        if isinstance(change, str):
            (letter,) = texts
            return {letter: textwrap.dedent(change).strip("\n")}
        for old, new in [change] if isinstance(change, tuple) else change:
            count = sum(text.count(old) for text in texts.values())
            assert count == 1, f"{self.id}: '{old}' stands {count} times in the solution"
            texts = {letter: text.replace(old, new) for letter, text in texts.items()}
        return texts


@functools.cache
def _solved() -> dict[str, Place]:
    return solved_places(labs=True) or {}


def _backspaced(line: str) -> str:
    while " \b" in line:
        line = line.replace(" \b", "")
    return line


def variants(blank: Blank) -> list[Answer]:
    """The other right answers to a blank."""
    return [Answer(blank.number, *each) for each in blank.module("answers").VARIANTS.items()]


def mistakes(blank: Blank) -> list[Answer]:
    """The classic mistakes in a blank."""
    return [Answer(blank.number, *each) for each in blank.module("answers").MISTAKES.items()]
