"""The curves that the lines' summaries write, and what the session holds after its start."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import kit.tensorflow1 as tf
from exercises.stages.drawn import ORANGE, RIGHT, WRONG, figure_of, heading, note_in, refuse, say_in, table_in
from exercises.stages.drawn_places import draw_places, finding_about
from exercises.stages.event_files import points_in
from exercises.stages.stand_ins import StageRun, image_data
from exercises.student_blank import StudentBlank

from . import start
from .curves import SCOPE

STEPS = 40
MOST = 3  # curves that are drawn


def look(blank: StudentBlank) -> Any:
    figure, axes = figure_of("Blank 8: the curves, and the start of the session", 15, 4.2, MOST + 1, (3, 3, 3, 4))
    heading(axes[MOST], "8b: what the session holds after your lines")
    places = {
        "a": (axes[:MOST], lambda: draw_curves(blank, axes[:MOST])),
        "b": (axes[MOST:], lambda: draw_start(blank, axes[MOST])),
    }
    draw_places(blank, places)
    return figure


def draw_curves(blank: StudentBlank, axes: list) -> None:
    """A chart for each curve in the event files, as TensorBoard has it, of a training that is made up."""
    lines, run = blank.at("a"), StageRun("look")
    with tf.Graph().as_default() as graph:
        step = tf.placeholder_with_default(0.0, [])
        tensors = {
            "batch_loss": tf.add(0.7 * tf.exp(-step / 12), 0.05, f"{SCOPE}/batch_loss"),
            "batch_score": tf.subtract(1.0, 0.5 * tf.exp(-step / 10), f"{SCOPE}/batch_score"),
            "learning_rate": tf.multiply(0.01, 0.95**step, f"{SCOPE}/learning_rate"),
        }
        others = {"graph": graph, "run": run, "settings": run.settings, "data": image_data()}
        names = lines.run({**tensors, **others, "batch_accuracy": tensors["batch_score"]})
        scalars: Any = names.get("scalars", False)
        writer: Any = names.get("train_writer", False)
        line = lines.line_with("scalars", "train_writer")
        if not isinstance(scalars, tf.Tensor) or not isinstance(writer, tf.summary.FileWriter):
            refuse("there is no scalars or no train_writer", "a merged summary, and a FileWriter", line)
        with tf.Session(graph=graph) as session, writer:
            for number in range(STEPS):
                writer.add_summary(session.run(scalars, {step: number}), number)
    curves: dict[tuple[str, str], list] = defaultdict(list)
    for folder in {path.parent for path in Path().rglob("*tfevents*")}:
        for number, values in points_in(folder):
            for tag, value in values.items():
                curves[tag, folder.as_posix()].append((number, value))
    if not curves:
        refuse("no point gets into an event file", "a FileWriter that is open", line)
    for each, ((tag, folder), points) in zip(axes, sorted(curves.items())):
        heading(each, f"8a: {tag}\nin {folder}")
        each.plot(*zip(*points), color=ORANGE)
        each.set(xlabel="step", ylim=(0, None))
    for each in axes[len(curves) :]:
        say_in(each, "no other curve is written")


def draw_start(blank: StudentBlank, axes: Any) -> None:
    """A table of the variables, and of the iterator's first batch."""
    lines = blank.at("b")
    with start.start(lines) as started:
        has_value = started.session.run(started.has_value)
        rows = [[name, "its first value" if value else "no value"] for name, value in has_value.items()]
        try:
            _, labels = started.session.run(started.next_element)
            batch, is_started = f"first batch, labels {', '.join(map(str, labels))}", True
        except tf.errors.OpError:
            batch, is_started = "not started", False
        stopped = finding_about(blank, "b", started.finding) if started.finding else None
    rows.append(["iterator", batch])
    colours = [RIGHT if good else WRONG for good in (*has_value.values(), is_started)]
    table_in(axes, ["", ""], rows, colours, (0, 0.4))
    if stopped:
        note_in(axes.figure, f"8b: {stopped.found}")
