"""Which lines of a CSV come out, for each part."""

from typing import Any

import kit.tensorflow1 as tf
from exercises.stages.datasets import dataset_called, read
from exercises.stages.drawn import BLUE, GREY, ORANGE, SMALL, figure_of, refuse
from exercises.student_blank import StudentBlank
from kit.data.parts import TRAINING, VALIDATION

from .check import HEADER, NAMES, joined_csv, marks_of, names_made

COLOURS = {TRAINING: BLUE, VALIDATION: ORANGE}
MOST_TIMES = 3  # as many elements as the file has lines are read so often; a data set may never end


def look(blank: StudentBlank) -> Any:
    texts = joined_csv()
    marked = {part: marks_of(part, texts) for part in NAMES}
    places = {part: places_of(blank, part, texts, marked) for part in NAMES}
    title = "Blank 3: which lines of the CSV come out, and at which place"
    figure, (axes,) = figure_of(title, 8.5, 0.25 * len(texts) + 1.3)
    axes.set_axis_off()
    axes.set(xlim=(0, 10), ylim=(len(texts) + 0.2, -1.6))
    for x, part in zip((6.2, 8.5), NAMES):
        axes.text(x, -0.9, f"for {NAMES[part]}", color=COLOURS[part], ha="center", fontweight="bold", fontsize=SMALL)
    axes.text(0, -0.9, "number, line of the file (in its part's colour; headers are grey)", fontsize=SMALL)
    for row, text in enumerate(texts):
        own = next((COLOURS[part] for part in NAMES if marked[part][row]), GREY)
        axes.text(0.3, row, f"{row}", color=own, ha="right", va="center", fontsize=SMALL)
        axes.text(0.5, row, text, color=own, va="center", fontsize=SMALL)
        for x, part in zip((6.2, 8.5), NAMES):
            came = ", ".join(str(place) for place in places[part].get(row, [])[:4])
            axes.text(
                x, row, came or "-", color=COLOURS[part] if came else GREY, ha="center", va="center", fontsize=SMALL
            )
            if came:
                axes.axhspan(row - 0.45, row + 0.45, (x - 1) / 10, (x + 1) / 10, color=own, alpha=0.15)
    return figure


def places_of(blank: StudentBlank, part: int, texts: list[str], marked: dict) -> dict[int, list[int]]:
    """At which places the lines come out: {line's number in the file: places, from 1}."""
    lines = blank.at()
    with tf.Graph().as_default():
        names = names_made(lines, part, marked)
        elements = read(dataset_called("lines", names, lines), MOST_TIMES * len(texts))
    places: dict[int, list[int]] = {}
    headers = [row for row, text in enumerate(texts) if text == HEADER]
    for place, element in enumerate(elements, start=1):
        text = next((each for each in tf.nest.flatten(element) if isinstance(each, bytes)), b"").decode()
        if text not in texts:
            expected = "pairs of a number and a line, int64 [] and string []"
            refuse(blank, "an element of lines holds no line of the CSV", expected, lines.line_with("lines ="))
        seen = sum(len(places.get(row, [])) for row in headers)
        row = headers[seen % len(headers)] if text == HEADER else texts.index(text)
        places.setdefault(row, []).append(place)
    return places
