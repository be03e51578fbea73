"""What the pictures of a look share: a figure with a title, a table, a text where nothing can be drawn."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, NoReturn

from exercises.blanks import blank as blank_of
from exercises.findings import Finding, Line
from exercises.student_blank import StudentBlank
from kit.evaluation.figures import BLUE, GREY, ORANGE, lighten, new_figure

CLASSES = ("square", "triangle")
COLOURS = (BLUE, ORANGE)  # of the classes
RIGHT, WRONG = "#3a8a3a", "#c0392b"
SMALL = 9  # points
WIDEST = 46  # characters of a line of text
FEWEST_ROWS = 7  # that a table has room for: those of a short one don't lie far apart


def figure_of(
    title: str, width: float, height: float, columns: int = 1, widths: Sequence[float] | None = None
) -> tuple[Any, list]:
    """A figure with a title: (figure, its axes from left to right).

    Args:
      title: a sentence.
      width, height: in inches.
      columns: how many axes.
      widths: how wide they are, relative to one another.
    """
    figure, axes = new_figure(width, height, 1, columns)
    figure.suptitle(title, fontsize=12)
    axes = list(axes) if columns > 1 else [axes]
    if widths:
        axes[0].get_gridspec().set_width_ratios(widths)
    for each in axes:
        lighten(each)
    return figure, axes


def heading(axes: Any, text: str) -> None:
    """Puts a text above axes."""
    axes.set_title(text, fontsize=10, loc="left")


def say_in(axes: Any, text: str) -> None:
    """Writes a text into axes in which nothing is drawn."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, wrapped(text), ha="center", va="center", color=GREY, transform=axes.transAxes)


def wrapped(text: str, width: int = WIDEST) -> str:
    """A text in lines that are not too long, with dollar signs that start no formula."""
    lines = [textwrap.fill(line, width, break_long_words=False) for line in text.splitlines()]
    return "\n".join(lines).replace("$", r"\$")


def table_in(
    axes: Any, columns: Sequence[str], rows: Sequence[Sequence[str]], colours: Sequence[str], starts: Sequence[float]
) -> None:
    """Writes a table into axes.

    Args:
      axes: of matplotlib.
      columns: the headings.
      rows: their texts.
      colours: of each row's text.
      starts: where each column begins, from 0 to 1.
    """
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(max(len(rows), FEWEST_ROWS) + 0.5, -1))
    for start, text in zip(starts, columns):
        axes.text(start, -0.5, text, fontsize=SMALL, fontweight="bold", va="center")
    for number, (row, colour) in enumerate(zip(rows, colours)):
        for start, text in zip(starts, row):
            axes.text(start, number + 0.5, text.replace("$", r"\$"), fontsize=SMALL, color=colour, va="center")


def is_filled(blank: StudentBlank, letter: str) -> bool:
    """Whether there is something in a place of a blank; one of several may wait.

    Raises:
      Finding: all places are empty, or the marker lines of this one are gone.
    """
    filled, empty = [], []
    for each in blank.letters:
        try:
            blank.place(each)
            filled.append(each)
        except Finding as finding:
            if each == letter and not is_about_emptiness(finding):
                raise
            empty.append(finding)
    if not filled:
        raise empty[0]
    return letter in filled


def is_about_emptiness(finding: Finding) -> bool:
    """Whether it says that a place is empty."""
    return "is still empty" in finding.found


def refuse(blank: StudentBlank, found: str, expected: str, line: Line | None) -> NoReturn:
    """Says why nothing can be drawn: in the words of the blank's check, if it finds something, or else in these.

    Raises:
      Finding: always.
    """
    for _ in blank_of(blank.number).check(blank):
        pass
    raise Finding(found, expected, "There is nothing else to be drawn.", line)
