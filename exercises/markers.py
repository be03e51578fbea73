"""The marker lines of blanks: what lies between them, how it is cut out and put back.

    # blank 4: shuffle, parse, batch, repeat
    ... the lines that a student writes ...
    # end of blank 4

A blank may have several places, 10a, 10b, 10c, in one script or more.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_BEGIN = re.compile(r"(?P<indent> *)# blank (?P<name>\d+[a-z]?): (?P<title>\S.*)")
_END = re.compile(r" *# end of blank (?P<name>\d+[a-z]?)")


@dataclass(frozen=True)
class Place:
    """A place where a student writes."""

    name: str  # "4", or "10b"
    title: str
    script: str
    first_line: int  # the number of its first line in the script, from 1
    indent: str  # of its marker lines
    lines: tuple[str, ...]  # between the marker lines

    @property
    def number(self) -> int:
        """The blank that it is part of."""
        return int(self.name.rstrip("abcdefghijklmnopqrstuvwxyz"))

    @property
    def letter(self) -> str:
        """Which of the blank's places it is: "a", "b", ...; "" for its only one."""
        return self.name.lstrip("0123456789")

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def places_in(script: str, text: str) -> dict[str, Place]:
    """The places of a script whose marker lines are both there: {name: Place}, in the script's order.

    Args:
      script: its file name.
      text: what is in it.
    """
    found: dict[str, Place] = {}
    begun: tuple[re.Match[str], int] | None = None
    lines = text.splitlines()
    for number, line in enumerate(map(str.rstrip, lines), start=1):
        if begin := _BEGIN.fullmatch(line):
            begun = begin, number
        elif (end := _END.fullmatch(line)) and begun and end["name"] == begun[0]["name"]:
            begin, begun_at = begun
            between = tuple(lines[begun_at : number - 1])
            found[end["name"]] = Place(end["name"], begin["title"], script, begun_at + 1, begin["indent"], between)
            begun = None
    return found


def with_lines(script: str, text: str, new_lines: Mapping[str, Iterable[str]]) -> str:
    """A script with other lines in some of its places.

    Args:
      script: its file name.
      text: what is in it.
      new_lines: {name of a place: its lines}; names that aren't in the script are left out.
    """
    lines = text.splitlines()
    for place in reversed(places_in(script, text).values()):
        if place.name in new_lines:
            start = place.first_line - 1
            lines[start : start + len(place.lines)] = new_lines[place.name]
    return "\n".join(lines) + "\n"
