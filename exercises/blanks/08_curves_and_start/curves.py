"""Curves for TensorBoard: scalar summaries, merged, and a writer for them."""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.event_files import CURVES, VALUES, events_in, points_in, values_of
from exercises.stages.stand_ins import StageRun, image_data
from exercises.stages.tensors import described, line_making, told_apart
from exercises.student_lines import StudentLines

SCOPE = "given"  # of the stage's tensors: a tag of their names would get "_1" behind it
OPENED = "__opened__"  # among the names that `run_on_constants` gives: the folders that a FileWriter was opened on


def run_on_constants(lines: StudentLines, graph: Any, run: StageRun) -> dict[str, Any]:
    """Runs the student's lines in the default graph, where the loss and the others are constants; gives all names."""
    tensors = {name: tf.constant(value, name=f"{SCOPE}/{name}") for name, value in VALUES.items()}
    others = {"graph": graph, "run": run, "settings": run.settings, "data": image_data()}
    others["batch_accuracy"] = tensors["batch_score"]  # of images, they are one
    with watched_writers() as opened:
        names = lines.run({**tensors, **others}, keeps=tuple(tensors))
    return {**names, OPENED: opened}


@contextlib.contextmanager
def watched_writers() -> Iterator[list[Path]]:
    """A list of the folders that FileWriters are opened on meanwhile, one for each writer."""
    opened: list[Path] = []

    def open_writer(writer: Any, logdir: Any, *arguments: Any, **options: Any) -> None:
        if isinstance(logdir, (str, bytes, os.PathLike)):
            opened.append(Path(os.fsdecode(logdir)).resolve())
        as_it_is(writer, logdir, *arguments, **options)

    as_it_is = tf.summary.FileWriter.__init__
    tf.summary.FileWriter.__init__ = open_writer
    try:
        yield opened
    finally:
        tf.summary.FileWriter.__init__ = as_it_is


def check_tags(lines: StudentLines, graph: Any, session: Any) -> None:
    """Each curve has a scalar of its tag that shows its tensor."""
    scalars = [operation for operation in graph.get_operations() if operation.type == "ScalarSummary"]
    points = [(values_of(session.run(each.outputs[0])), each) for each in scalars]
    made = {tag: (value, each) for values, each in points for tag, value in values.items()}
    strange = [each for tag, (_, each) in made.items() if tag not in CURVES]
    for tag, name in CURVES.items():
        if tag not in made:
            line = next((lines.line_of(each) for each in strange), None)
            raise Finding(
                f"there is no scalar {tag}, " + (f"only {' and '.join(sorted(made))}" if made else "nor any other"),
                f"a tf.summary.scalar of each of {', '.join(CURVES)}",
                "The validation writes points with the same tags, so TensorBoard draws both curves in one chart.",
                line or lines.line_with("summary.scalar", "summary"),
            )
        value, operation = made[tag]
        if abs(value - VALUES[name]) > 1e-6:
            other = next((each for each, number in VALUES.items() if abs(value - number) < 1e-6), None)
            shown, expected = told_apart(value, VALUES[name])
            raise Finding(
                f"{tag} shows {other or f'{shown}, and {name} is {expected}'}",
                f"{name}",
                "A curve with the wrong name misleads everybody who looks at it.",
                lines.line_of(operation) or lines.line_with(tag),
            )
    for tag, (_, operation) in made.items():
        first = re.sub(r"_\d+$", "", tag)
        if tag not in CURVES and first in CURVES:
            raise Finding(
                f"there are two scalars {first}; the second is called {tag}",
                f"one scalar {first}",
                "Two summaries can't have one tag, so TensorFlow gives the second another, and TensorBoard shows both.",
                lines.line_of(operation) or lines.line_with(first),
            )


def check_scalars(lines: StudentLines, names: dict[str, Any], session: Any) -> None:
    """`scalars` merges the three."""
    scalars = names.get("scalars")
    line = line_making(lines, "scalars", scalars)
    if scalars is None:
        raise Finding(
            "scalars is None: there was nothing to merge yet" if "scalars" in names else "there is no scalars",
            "scalars = tf.summary.merge_all(), after the three scalars",
            "merge_all merges the summaries that exist when it is called.",
            lines.line_with("scalars =", "merge"),
        )
    if not isinstance(scalars, tf.Tensor):
        raise Finding(
            f"scalars is {described(scalars)}",
            "one tensor that merges the three: tf.summary.merge_all()",
            "The loop runs scalars and gets one summary with a point of each curve, ready to be written.",
            line,
        )
    summary = session.run(scalars)
    merged = values_of(summary) if isinstance(summary, bytes) else {}
    missing = [tag for tag in CURVES if tag not in merged]
    if missing:
        raise Finding(
            f"scalars is without {' and '.join(missing)}",
            f"{', '.join(CURVES)} merged",
            "What isn't merged isn't run with the others, and TensorBoard gets no point of it.",
            line,
        )


def check_writer(lines: StudentLines, names: dict[str, Any], run: StageRun) -> None:
    """train_writer is open, and writes into the run's folder for training."""
    writer: Any = names.get("train_writer")
    line = line_making(lines, "train_writer", None)
    if not isinstance(writer, tf.summary.FileWriter):
        raise Finding(
            f"train_writer is {described(writer)}" if "train_writer" in names else "there is no train_writer",
            "a tf.summary.FileWriter",
            "It writes the event file that TensorBoard reads.",
            line,
        )
    folder = writer.get_logdir()
    if not isinstance(folder, (str, bytes, os.PathLike)) or str(folder).startswith("<"):
        raise Finding(
            "train_writer is given a function for its folder, not called",
            f'run.events("train"), which is "{run.events("train")}"',
            "TensorBoard shows a curve for each folder.",
            line,
        )
    folder = os.fsdecode(folder)
    if Path(folder).resolve() != Path(run.events("train")).resolve():
        raise Finding(
            f'train_writer writes into "{folder}"',
            f'run.events("train"), which is "{run.events("train")}"',
            "TensorBoard shows a curve for each folder; the validation's is next to this one.",
            line,
        )
    if names[OPENED].count(Path(folder).resolve()) > 1:
        raise Finding(
            f"{names[OPENED].count(Path(folder).resolve())} FileWriters are opened on the same folder",
            "one: train_writer = tf.summary.FileWriter(...), a single time",
            "Each FileWriter begins an event file of its own, and TensorBoard expects one in a folder.",
            lines.line_with("FileWriter"),
        )
    with writer:
        writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="point", simple_value=0.5)]), 1)
    if not points_in(run.events("train")):
        raise Finding(
            "train_writer is closed already",
            "a writer that stays open: train_writer = tf.summary.FileWriter(...), without a `with`",
            "What is written to a closed writer is lost. The lines after the blank close it at the end.",
            line,
        )


def check_graph_shown(lines: StudentLines, run: StageRun) -> None:
    graphs = [tf.GraphDef.FromString(event.graph_def) for event in events_in(run.events("train")) if event.graph_def]
    if any(node.name == f"{SCOPE}/batch_loss" for graph in graphs for node in graph.node):
        return
    raise Finding(
        "the event file holds another graph than this one" if graphs else "the event file holds no graph",
        "the graph given to the writer: tf.summary.FileWriter(folder, graph)",
        "TensorBoard draws it, so that you see what is connected with what.",
        lines.line_with("FileWriter", "train_writer"),
    )
