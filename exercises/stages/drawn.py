"""What the pictures of a look share: a figure with a title, a table, a text where nothing can be drawn."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, NoReturn

from exercises.findings import Finding, Line
from kit.evaluation.figures import BLUE, GREY, ORANGE, lighten, new_figure

CLASSES = ("square", "triangle")
COLOURS = (BLUE, ORANGE)  # of the classes
RIGHT, WRONG = "#3a8a3a", "#c0392b"
SMALL = 9  # points
WIDEST = 46  # characters of a line of text
CHARACTERS_PER_INCH = 12  # of a line of SMALL text
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


def heading(axes: Any, text: str, colour: str = "black") -> None:
    """Puts a text above axes."""
    axes.set_title(text, fontsize=10, loc="left", color=colour)


def say_in(axes: Any, text: str, colour: str = GREY) -> None:
    """Writes a text into axes in which nothing is drawn."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, wrapped(text), ha="center", va="center", color=colour, transform=axes.transAxes)


def note_in(figure: Any, text: str) -> None:
    """Writes what is wrong below all axes of a figure, in red; a line for each call."""
    before = [figure._supxlabel.get_text()] if figure._supxlabel else []
    longest = int(figure.get_figwidth() * CHARACTERS_PER_INCH)
    figure.supxlabel("\n".join([*before, wrapped(text, longest)]), color=WRONG, fontsize=SMALL)


def wrapped(text: str, width: int = WIDEST) -> str:
    """A text in lines that are not too long, with dollar signs that start no formula."""
    lines = [textwrap.fill(line, width, break_long_words=False) for line in text.splitlines()]
    return "\n".join(lines).replace("$", r"\$")


def table_in(
    axes: Any,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    colours: Sequence[str | Sequence[str]],
    starts: Sequence[float],
) -> None:
    """Writes a table into axes.

    Args:
      axes: of matplotlib.
      columns: the headings.
      rows: their texts.
      colours: of each row's text, or of each of its texts.
      starts: where each column begins, from 0 to 1.
    """
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(max(len(rows), FEWEST_ROWS) + 0.5, -1))
    for start, text in zip(starts, columns):
        axes.text(start, -0.5, text, fontsize=SMALL, fontweight="bold", va="center")
    for number, (row, of_row) in enumerate(zip(rows, colours)):
        for start, text, colour in zip(starts, row, [of_row] * len(row) if isinstance(of_row, str) else of_row):
            axes.text(start, number + 0.5, text.replace("$", r"\$"), fontsize=SMALL, color=colour, va="center")


def refuse(found: str, expected: str, line: Line | None) -> NoReturn:
    """Says why nothing can be drawn; the check's words come before these, if it finds something.

    Raises:
      Finding: always.
    """
    raise Finding(found, expected, "There is nothing else to be drawn.", line)
