"""The marker lines of blanks: what lies between them, how it is cut out and put back.

    # blank 4: shuffle, parse, batch, repeat
    ... the lines that a student writes ...
    # end of blank 4

A blank may have several places, 10a, 10b, 10c, in one script or more. A marker line is a comment to Python, too: not a
line of a longer string. How it is indented, by spaces or tabs, spaced and capitalised doesn't matter.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_NAME = r"(?P<name>\d+ *[a-z]?)"
_BEGIN = re.compile(rf"(?P<indent>[ \t]*)#\s*blank\s+{_NAME}\s*:\s*(?P<title>\S.*)", re.IGNORECASE)
_END = re.compile(rf"[ \t]*#\s*end\s+of\s+blank\s+{_NAME}\s*[.:]?", re.IGNORECASE)
_COMMENT_OR_STRING = re.compile(
    r"""\#[^\n]*|\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL
)
SPACES = 4  # of an indentation, where the scripts have one tab after an editor has changed them


@dataclass(frozen=True)
class Place:
    """A place where a student writes."""

    name: str  # "4", or "10b"
    title: str
    script: str  # as script_names has it
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
    begun: dict[str, tuple[re.Match[str], int]] = {}
    lines = lines_of(text)
    for number, marker in _markers_in(lines):
        name = _name_of(marker)
        if marker.re is _BEGIN:
            begun.setdefault(name, (marker, number))
        elif name in begun:
            begin, begun_at = begun[name]
            begun = {each: of_it for each, of_it in begun.items() if of_it[1] < begun_at}  # later ones: comments in it
            if not any(begun_at < place.first_line for place in found.values()):
                found.pop(name, None)
                between = tuple(lines[begun_at : number - 1])
                found[name] = Place(name, begin["title"].rstrip(), script, begun_at + 1, begin["indent"], between)
    return found


def missing_markers(text: str, name: str) -> tuple[str, ...]:
    """What of a place's two marker lines a script doesn't have: "# blank 4: ...", "# end of blank 4"."""
    there = {marker.re for _, marker in _markers_in(lines_of(text)) if _name_of(marker) == name}
    both = {_BEGIN: f"# blank {name}: ...", _END: f"# end of blank {name}"}
    return tuple(line for kind, line in both.items() if kind not in there)


def with_lines(script: str, text: str, new_lines: Mapping[str, Iterable[str]]) -> str:
    """A script with other lines in some of its places; they are indented by tabs where the place is.

    Args:
      script: its file name.
      text: what is in it.
      new_lines: {name of a place: its lines}; names that aren't in the script are left out.
    """
    lines = lines_of(text)
    for place in reversed(places_in(script, text).values()):
        if place.name in new_lines:
            start = place.first_line - 1
            new = new_lines[place.name]
            new = [_with_tabs(line) for line in new] if "\t" in place.indent else new
            lines[start : start + len(place.lines)] = new
    return "\n".join(lines) + "\n"


def without_markers(script: str, text: str) -> str:
    """A script without the marker lines of its places, as if it had no blanks."""
    lines = lines_of(text)
    for place in reversed(places_in(script, text).values()):
        start = place.first_line - 1
        lines[start - 1 : start + len(place.lines) + 1] = place.lines
    return "\n".join(lines) + "\n"


def indented_by_spaces(place: Place) -> list[str]:
    """The lines of a place as they go into a script that is indented by spaces; as they are where the place is, too."""
    if "\t" not in place.indent:
        return list(place.lines)
    codes = [line.lstrip(" \t") for line in place.lines]
    return [line[: len(line) - len(code)].expandtabs(SPACES) + code for line, code in zip(place.lines, codes)]


def lines_of(text: str) -> list[str]:
    """The lines of a script, as Python counts them: a form feed, for one, begins no new line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


def _markers_in(lines: list[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """(line number, match of _BEGIN or _END) of each marker line."""
    candidates = {
        number: match
        for number, line in enumerate(lines, start=1)
        if (match := _BEGIN.fullmatch(line.rstrip()) or _END.fullmatch(line.rstrip()))
    }
    within_strings = set(_lines_within_strings("\n".join(lines))) if candidates else set()
    yield from ((number, match) for number, match in candidates.items() if number not in within_strings)


def _lines_within_strings(text: str) -> Iterator[int]:
    """The numbers of lines that begin within a string. Unlike tokenize, it reads scripts with mistakes, too."""
    number, at = 1, 0
    for match in _COMMENT_OR_STRING.finditer(text):
        number, at = number + text.count("\n", at, match.start()), match.start()
        yield from range(number + 1, number + 1 + match[0].count("\n"))


def _name_of(marker: re.Match[str]) -> str:
    return marker["name"].replace(" ", "").lower()


def _with_tabs(line: str) -> str:
    code = line.lstrip(" ")
    tabs, spaces = divmod(len(line) - len(code), SPACES)
    return "\t" * tabs + " " * spaces + code
