"""The blanks: what each asks for, its hints, where the guide explains it. Each is a text in blanks/.

# shuffle, batch, repeat
guide: #shuffle-batch-repeat

## 4
What to write, in each of the blank's places.

## hint
A nudge; then the API to look at; then nearly the code.
"""

import functools
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

from kit.cli.errors import EMPTY_BLANK

TEXTS = Path(__file__).parent / "blanks"
GUIDE = "docs/handson.md"
WIDTH = 100  # columns of a task in a script


@dataclass(frozen=True)
class Blank:
    """A blank of the hands-on."""

    number: int
    title: str
    guide: str  # the guide's section: "#anchor"
    tasks: dict  # {name of a place: what to write}
    hints: tuple  # of str, each telling more than the one before


@functools.cache
def all_blanks():
    """Every Blank, in order."""
    return tuple(_read(path) for path in sorted(TEXTS.glob("*.md")))


def blank(number):
    """The Blank of a number."""
    return all_blanks()[number]


def empty_lines(place):
    """What stands in a place before the student has written there: the task as a comment, and an error.

    Args:
      place: exercises.source.Place.
    Returns:
      A list of lines.
    """
    task = blank(place.number).tasks[place.name]
    width = WIDTH - len(place.indent)
    comment = [line for paragraph in task.splitlines() for line in _wrapped(paragraph, width)]
    comment.append(f"Guide: {GUIDE}{blank(place.number).guide}   Hint: python -m exercises hint {place.number}")
    error = f'raise NotImplementedError("{place.script}: blank {place.name} {EMPTY_BLANK}: {place.title}")'
    return [f"{place.indent}# {line}".rstrip() for line in comment] + [place.indent + error]


def _wrapped(paragraph, width):
    indent = re.match(r"(?: *[-*] )? *", paragraph).group()
    return textwrap.wrap(paragraph, width, subsequent_indent=" " * len(indent), break_long_words=False) or [""]


def _read(path):
    head, *sections = re.split(r"(?m)^## ", path.read_text(encoding="utf-8"))
    title, guide = re.fullmatch(r"# (.+)\nguide: (#\S+)\n+", head).groups()
    tasks, hints = {}, []
    for section in sections:
        name, _, body = section.partition("\n")
        if name.strip() == "hint":
            hints.append(body.strip())
        else:
            tasks[name.strip()] = body.strip()
    return Blank(int(path.stem), title, guide, tasks, tuple(hints))
