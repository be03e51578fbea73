"""The blanks, found by their folders: blanks/04_batches is blank 4.

    task.md     the title, where the guide explains it, what to write in each place, the hints
    check.py    PARTS, what the check looks at; check(blank), which looks
    look.py     look(blank), which draws what the student's lines make; a blank without it has no picture
    answers.py  other right answers and the classic mistakes, for the tests; students don't get it

A task.md:

    # shuffle, parse, batch, repeat
    guide: #exercise-4

    ## task
    What to write. With several places, `## task a`, `## task b`, ...

    ## hint
    A nudge; then the API to look at; then nearly the code.

    ## mistake training ends after
    A hint for whoever has made it twice: the heading has words of what the check found. Needed by none.

The blank of a lab, in labs/*.py, is optional. Its guide is a section of the labs' page, `guide: docs/labs.md#anchor`.
"""

import functools
import importlib
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exercises.markers import Place
from kit.cli.errors import EMPTY_BLANK

FOLDER = Path(__file__).parent
GUIDE = "docs/handson.md"
LABS_GUIDE = "docs/labs.md"
WIDTH = 100  # columns of a task in a script


@dataclass(frozen=True)
class Blank:
    """A blank of the hands-on."""

    number: int
    folder: str  # its name: "04_batches"
    title: str
    guide: str  # where it is explained: "docs/handson.md#anchor"
    tasks: dict[str, str]  # {name of a place: what to write}
    hints: tuple[str, ...]  # each says more than the one before
    mistakes: dict[str, str]  # {words of a finding: the hint for it}

    @property
    def is_of_lab(self) -> bool:
        """Whether it stands in a lab, and so is optional."""
        return self.guide.startswith(LABS_GUIDE)

    @property
    def parts(self) -> tuple[str, ...]:
        """What the check looks at, in order."""
        return self.module("check").PARTS

    @property
    def check(self) -> Callable[..., Iterator[str | None]]:
        """The check.

        It takes an exercises.student_blank.StudentBlank, builds a small stage, runs the student's lines on it and looks
        at what they made. It yields None after each part that holds, or a remark ("what: more of it"), and raises a
        Finding at the first part that doesn't hold.
        """
        return self.module("check").check

    @property
    def has_look(self) -> bool:
        """Whether what its lines make can be drawn."""
        return (FOLDER / self.folder / "look.py").exists()

    @property
    def look(self) -> Callable[..., Any]:
        """What draws: it takes an exercises.student_blank.StudentBlank and gives a figure of matplotlib.

        It runs the student's lines on a small stage, as a check does, and raises a Finding where they make nothing
        that could be drawn.
        """
        return self.module("look").look

    def module(self, name: str) -> Any:
        """A Python file of the blank's folder, imported."""
        return importlib.import_module(f"{__name__}.{self.folder}.{name}")


@functools.cache
def all_blanks(labs: bool = False) -> tuple[Blank, ...]:
    """Every Blank, in order; with `labs`, those of the labs come after the others."""
    blanks = [_read(path) for path in FOLDER.glob("*/task.md") if re.match(r"\d+_", path.parent.name)]
    wanted = [each for each in blanks if labs or not each.is_of_lab]
    return tuple(sorted(wanted, key=lambda each: (each.is_of_lab, each.number)))


def lab_blanks() -> tuple[Blank, ...]:
    """Every Blank of the labs, in order."""
    return tuple(each for each in all_blanks(labs=True) if each.is_of_lab)


def numbers(labs: bool = False) -> list[int]:
    """The numbers of all blanks, in order; with `labs`, those of the labs, too."""
    return [each.number for each in all_blanks(labs)]


def blank(number: int) -> Blank:
    """The Blank of a number.

    Raises:
      LookupError: no folder has this number.
    """
    for each in all_blanks(labs=True):
        if each.number == number:
            return each
    raise LookupError(f"blank {number} has marker lines in a script, but no folder {FOLDER}/{number:02}_...")


def empty_lines(place: Place) -> list[str]:
    """The lines of a place before the student writes there: the task as a comment, and an error."""
    of_blank = blank(place.number)
    width = WIDTH - len(place.indent)
    comment = [line for paragraph in of_blank.tasks[place.name].splitlines() for line in _wrapped(paragraph, width)]
    comment.append(f"Guide: {of_blank.guide}   Hint: python -m exercises hint {place.number}")
    error = f'raise NotImplementedError("{place.script}: blank {place.name} {EMPTY_BLANK}: {place.title}")'
    return [f"{place.indent}# {line}".rstrip() for line in comment] + [place.indent + error]


def _wrapped(paragraph: str, width: int) -> list[str]:
    bullet = re.match(r"(?: *[-*] )? *", paragraph)
    indent = " " * len(bullet.group() if bullet else "")
    return textwrap.wrap(paragraph, width, subsequent_indent=indent, break_long_words=False) or [""]


def _read(path: Path) -> Blank:
    number = int(path.parent.name.partition("_")[0])
    head, *sections = re.split(r"(?m)^## ", path.read_text(encoding="utf-8"))
    first_lines = re.fullmatch(rf"# (.+)\nguide: ((?:{LABS_GUIDE})?)(#\S+)\n+", head)
    if not first_lines:
        raise ValueError(f"{path}: expected '# title' and 'guide: #anchor' at its top, found {head!r}")
    title, page, anchor = first_lines.groups()
    tasks, hints, mistakes = {}, [], {}
    for section in sections:
        heading, _, body = section.partition("\n")
        if task := re.fullmatch(r"task ?([a-z]?)", heading.strip()):
            tasks[f"{number}{task[1]}"] = body.strip()
        elif heading.strip() == "hint":
            hints.append(body.strip())
        elif mistake := re.fullmatch(r"mistake (.+)", heading.strip()):
            mistakes[mistake[1]] = body.strip()
        else:
            expected = "'## task', '## task a', '## hint' or '## mistake WORDS'"
            raise ValueError(f"{path}: expected {expected}, found '## {heading}'")
    return Blank(number, path.parent.name, title, (page or GUIDE) + anchor, tasks, tuple(hints), mistakes)
