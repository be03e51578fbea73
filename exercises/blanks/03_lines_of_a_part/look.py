"""Which lines of a CSV come out, for each part."""

from dataclasses import dataclass
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.stages.datasets import dataset_called, read
from exercises.stages.drawn import BLUE, GREY, ORANGE, SMALL, WRONG, figure_of, refuse
from exercises.student_blank import StudentBlank
from kit.data.parts import TRAINING, VALIDATION

from .check import HEADER, NAMES, joined_csv, marks_of, names_made

COLOURS = {TRAINING: BLUE, VALIDATION: ORANGE}
COLUMNS = {TRAINING: 6.2, VALIDATION: 8.5}  # where the middle of each stands, of 10
MOST_TIMES = 3  # as many elements as the file has lines are read so often; a data set may never end
MOST_PLACES = 3  # of a line that are shown
KINDS = "int64, string"  # of an element: its number, its line


@dataclass(frozen=True)
class Came:
    """A line that came out: at which place, from 1, and with which number; None where it has none."""

    place: int
    number: int | None


def look(blank: StudentBlank) -> Any:
    texts = joined_csv()
    marked = {part: marks_of(part, texts) for part in NAMES}
    title = "Blank 3: which lines of the CSV come out, at which place, with which number"
    figure, (axes,) = figure_of(title, 9.5, 0.25 * len(texts) + 1.5)
    axes.set_axis_off()
    axes.set(xlim=(0, 10), ylim=(len(texts) + 0.2, -2.4))
    axes.text(0, -0.9, "number, line of the file (in its part's colour; headers are grey)", fontsize=SMALL)
    for row, text in enumerate(texts):
        own = colour_of(row, marked)
        axes.text(0.3, row, f"{row}", color=own, ha="right", va="center", fontsize=SMALL)
        axes.text(0.5, row, text, color=own, va="center", fontsize=SMALL)
    for part in NAMES:
        came, kinds = came_out(blank, part, texts, marked)
        draw_part(axes, part, came, kinds, marked)
    return figure


def colour_of(row: int, marked: dict[int, list[bool]]) -> str:
    """The colour of the part that a line of the file belongs to."""
    return next((COLOURS[part] for part in NAMES if marked[part][row]), GREY)


def draw_part(axes: Any, part: int, came: dict[int, list[Came]], kinds: str, marked: dict[int, list[bool]]) -> None:
    """Two columns: the places of each line, and its number, in red where it isn't the one in the file."""
    x = COLUMNS[part]
    axes.text(x, -1.7, f"for {NAMES[part]}", color=COLOURS[part], ha="center", fontweight="bold", fontsize=SMALL)
    is_pair = kinds == KINDS
    kind = {"color": GREY if is_pair else WRONG, "ha": "center", "fontsize": SMALL}
    axes.text(x, -0.9, "place: number" if is_pair else f"an element: {kinds}", **kind)
    for row in range(len(marked[part])):
        shown = came.get(row, [])[:MOST_PLACES]
        text = ", ".join(f"{each.place}: {'none' if each.number is None else each.number}" for each in shown)
        is_right = all(each.number == row for each in shown)
        colour = (COLOURS[part] if is_right else WRONG) if shown else GREY
        axes.text(x, row, text or "-", color=colour, ha="center", va="center", fontsize=SMALL)
        if shown:
            axes.axhspan(row - 0.45, row + 0.45, (x - 1) / 10, (x + 1) / 10, color=colour_of(row, marked), alpha=0.15)


def came_out(
    blank: StudentBlank, part: int, texts: list[str], marked: dict[int, list[bool]]
) -> tuple[dict[int, list[Came]], str]:
    """({line's index in the file: how it came out}, the kinds of an element's values)."""
    lines = blank.at()
    with tf.Graph().as_default():
        dataset = dataset_called("lines", names_made(lines, part, marked), lines)
        kinds = ", ".join(each.name for each in tf.nest.flatten(tf.data.get_output_types(dataset)))
        elements = [tf.nest.flatten(each) for each in read(dataset, MOST_TIMES * len(texts))]
    flat = [each for element in elements for each in element]
    if elements and not any(isinstance(each, bytes) and each.decode() in texts for each in flat):
        expected = "pairs of a number and a line, int64 [] and string []"
        refuse("an element of lines holds no line of the CSV", expected, lines.line_with("lines ="))
    came: dict[int, list[Came]] = {}
    out = [next((each.decode() for each in element if isinstance(each, bytes)), "") for element in elements]
    for place, (element, row) in enumerate(zip(elements, rows_of(out, texts)), start=1):
        number = next((int(each) for each in element if isinstance(each, np.integer)), None)
        if row is not None:
            came.setdefault(row, []).append(Came(place, number))
    return came, kinds


def rows_of(out: list[str], texts: list[str]) -> list[int | None]:
    """Which line of the file each text that came out is; of equal headers, the one that stands before what follows."""
    headers = [row for row, text in enumerate(texts) if text == HEADER]
    rows: list[int | None] = [None] * len(out)
    for place in reversed(range(len(out))):
        if out[place] != HEADER:
            rows[place] = texts.index(out[place]) if out[place] in texts else None
            continue
        following = rows[place + 1] if place + 1 < len(out) else None
        above = [row for row in headers if following is None or row < following]
        rows[place] = above[-1] if above else headers[-1]
    return rows
