"""Answers to the blanks that a check must tell apart: the classic mistakes, and other right ways."""

import textwrap
from dataclasses import dataclass

from exercises import edition


@dataclass(frozen=True)
class Answer:
    """What a student may write into a blank."""

    number: int  # of the blank
    title: str
    places: dict  # {name of a place: its lines as a text, or [(old, new), ...] to change in the solution}
    says: str | None  # words of the finding; None where the answer is right

    @property
    def id(self):
        return f"{self.number} {self.title}"

    def lines(self):
        """{name of a place: its lines}, for every place of the blank."""
        solved = edition.solved_places()
        return {name: self._lines_of(place) for name, place in solved.items() if place.number == self.number}

    def _lines_of(self, place):
        change = self.places.get(place.name, [])
        if isinstance(change, str):
            return textwrap.indent(textwrap.dedent(change).strip("\n"), place.indent).splitlines()
        text = place.text
        for old, new in change:
            assert text.count(old) == 1, f"{self.id}: '{old}' stands {text.count(old)} times in the solution"
            text = text.replace(old, new)
        return text.splitlines()


def mistake(number, title, says, **places):
    """An answer whose finding must hold some words. The places are named place_4, place_10b, ..."""
    return Answer(number, title, _named(places), says)


def variant(number, title, **places):
    """Another right answer."""
    return Answer(number, title, _named(places), None)


def _named(places):
    return {name.removeprefix("place_"): change for name, change in places.items()}
