"""Blank 9: curves for TensorBoard: scalar summaries, a writer for them, a point of each every few steps."""

import os
import re
import time
from pathlib import Path

import kit.tensorflow1 as tf
from exercises.checks import check_of
from exercises.checks.tensors import described, line_making
from exercises.findings import Finding
from kit.cli.settings import TrainingSettings
from kit.data.image_csv import Records
from kit.runs.run_folder import Run

VALUES = {"batch_loss": 0.625, "batch_accuracy": 0.75, "learning_rate": 0.0625}
CURVES = {"curves/loss": "batch_loss", "curves/accuracy": "batch_accuracy", "curves/learning_rate": "learning_rate"}
STEPS = (10, 20, 25)  # at which there is a point
OWN_FILE = ".own"  # how the file of the stage's own writer ends
WAIT = 0.5  # seconds for a writer that nobody closes; its thread writes the first point at once


@check_of(
    9,
    "three scalars have the tags of their curves",
    "scalars merges them",
    "train_writer writes into the run's folder",
    "train_writer shows the graph",
    "a point is written at its step",
)
def check_curves(lines):
    run = Run("runs/rehearsal", TrainingSettings())
    with tf.Graph().as_default() as graph:
        tensors = {name: tf.constant(value, name=name) for name, value in VALUES.items()}
        others = {"graph": graph, "run": run, "settings": run.settings, "records": Records}
        names = lines.run("9a", {**tensors, **others}, keeps=tuple(tensors))
        with tf.Session(graph=graph) as session:
            check_tags(lines, graph, session)
            yield
            summary = check_scalars(lines, names, session)
            yield
        check_writer(lines, names, run)
        yield
        check_graph_shown(lines, run)
        yield
        check_points(lines, names, summary, Run("runs/points", run.settings))
    yield


# ----------------------------------------------------------------------------- scalars


def check_tags(lines, graph, session):
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
                "The validation writes points with the same tags: so TensorBoard draws both curves into one chart.",
                line or lines.line_with("9a", "summary.scalar", "summary"),
            )
        value, operation = made[tag]
        if abs(value - VALUES[name]) > 1e-6:
            other = next((each for each, number in VALUES.items() if abs(value - number) < 1e-6), f"{value:g}")
            raise Finding(
                f"{tag} shows {other}",
                f"{name}",
                "A curve with the wrong name misleads whoever looks at it.",
                lines.line_of(operation) or lines.line_with("9a", tag),
            )


def values_of(summary):
    """{tag: value} of a summary's bytes."""
    return {value.tag: value.simple_value for value in tf.Summary.FromString(summary).value}


def check_scalars(lines, names, session):
    """Returns what scalars gives: bytes."""
    scalars = names.get("scalars")
    line = line_making(lines, "9a", "scalars", scalars)
    if scalars is None:
        raise Finding(
            "scalars is None: there was nothing to merge yet" if "scalars" in names else "there is no scalars",
            "scalars = tf.summary.merge_all(), after the three scalars",
            "merge_all merges the summaries that exist when it is called.",
            lines.line_with("9a", "scalars =", "merge"),
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
            "What isn't merged is never run with the others, and TensorBoard has no point of it.",
            line,
        )
    return summary


# ----------------------------------------------------------------------------- writer


def check_writer(lines, names, run):
    """train_writer is open, and writes into the run's folder for training."""
    writer = names.get("train_writer")
    line = line_making(lines, "9a", "train_writer", None)
    if not isinstance(writer, tf.summary.FileWriter):
        raise Finding(
            f"train_writer is {described(writer)}" if "train_writer" in names else "there is no train_writer",
            "a tf.summary.FileWriter",
            "It writes the event file that TensorBoard reads.",
            line,
        )
    folder = os.fsdecode(writer.get_logdir())
    if Path(folder).resolve() != Path(run.events("train")).resolve():
        raise Finding(
            f'train_writer writes into "{folder}"',
            f'run.events("train"), which is "{run.events("train")}"',
            "TensorBoard shows a curve for each folder; the validation's is next to this one.",
            line,
        )
    with writer:
        writer.add_summary(point(0.5), 1)
    if not points_in(run.events("train")):
        raise Finding(
            "train_writer is closed already",
            "a writer that stays open: train_writer = tf.summary.FileWriter(...), without a `with`",
            "What is written to a closed writer gets lost. The lines after the blank close it at the end.",
            line,
        )


def check_graph_shown(lines, run):
    graphs = [tf.GraphDef.FromString(event.graph_def) for event in events_in(run.events("train")) if event.graph_def]
    if any(node.name == "batch_loss" for graph in graphs for node in graph.node):
        return
    raise Finding(
        "the event file holds another graph than this one" if graphs else "the event file holds no graph",
        "the graph given to the writer: tf.summary.FileWriter(folder, graph)",
        "TensorBoard draws it: there you see what is connected with what.",
        lines.line_with("9a", "FileWriter", "train_writer"),
    )


# ----------------------------------------------------------------------------- points


def check_points(lines, names, summary, run):
    """Each run of the lines of 9b writes one point of each curve, at the step."""
    folder, validation_folder = (Path(run.events(part)) for part in ("train", "validation"))
    with (
        tf.summary.FileWriter(str(folder), filename_suffix=OWN_FILE) as writer,
        tf.summary.FileWriter(str(validation_folder)) as validation_writer,
    ):
        given = {"train_writer": writer, "validation_writer": validation_writer, "run": run, "summary": summary}
        given |= {name: names[name] for name in ("scalars", "graph", "settings")}
        given |= {"loss": VALUES["batch_loss"], "accuracy": VALUES["batch_accuracy"], "rate": VALUES["learning_rate"]}
        for step in STEPS:
            try:
                lines.run("9b", {**given, "step": step})
            except Finding as finding:
                raise explained(finding) from None
    line = lines.line_with("9b", "add_summary", "train_writer")
    points = points_in(folder, OWN_FILE)
    if not points:
        raise where_they_are(folder, validation_folder, line)
    steps = [step for step, _ in points]
    if steps != list(STEPS):
        raise Finding(
            f"at steps {in_words(STEPS)}, points are written for {in_words(steps)}",
            "one point at the step of each: add_summary takes it behind the summary",
            "The step is the point's place on the horizontal axis. Without it, all points lie upon each other at 0.",
            line,
        )
    for _, values in points:
        if values != values_of(summary):
            raise Finding(
                f"the point that is written has {in_words(sorted(values)) or 'no curve'}",
                f"summary, with {', '.join(CURVES)}",
                "The loop has fetched summary together with the step that it belongs to.",
                line,
            )


def explained(finding):
    """The Finding of an error in 9b, in this blank's own terms where it is a classic."""
    given = re.search(r"'(\w+)' object has no attribute 'value'", str(finding.__cause__))
    if not given:
        return finding
    kind = "a tensor" if "Tensor" in given[1] else "a number" if given[1] in ("int", "float") else f"a {given[1]}"
    return Finding(
        f"add_summary is given {kind} as the summary",
        "the summary and its step, handed to the writer's add_summary",
        "summary is what the session has computed for scalars in this step: bytes with a point of each curve.",
        finding.line,
    )


def where_they_are(folder, validation_folder, line):
    """The Finding for points that train_writer hasn't written."""
    until = time.monotonic() + WAIT
    while not (others := points_in(folder) + points_in(validation_folder)) and time.monotonic() < until:
        time.sleep(0.05)
    if points_in(validation_folder):
        return Finding(
            "the points go into the folder of the validation",
            "train_writer.add_summary",
            "They would be drawn as points of the validation's curve.",
            line,
        )
    if others:
        return Finding(
            "the points are written by another FileWriter than train_writer",
            "train_writer, which is open: its add_summary",
            "Each FileWriter begins an event file of its own, and a file for every point confuses TensorBoard.",
            line,
        )
    return Finding(
        "no point gets into the event file",
        "the summary and its step, handed to the writer's add_summary",
        "TensorBoard shows what is in the file.",
        line,
    )


# ----------------------------------------------------------------------------- event files


def events_in(folder, ending=""):
    """Every event in the files of a folder."""
    paths = sorted(path for path in Path(folder).glob("*tfevents*") if path.name.endswith(ending))
    return [event for path in paths for event in tf.train.summary_iterator(str(path))]


def points_in(folder, ending=""):
    """(step, {tag: value}) of every summary in the files of a folder."""
    events = [event for event in events_in(folder, ending) if event.summary.value]
    return [(event.step, values_of(event.summary.SerializeToString())) for event in events]


def point(number):
    return tf.Summary(value=[tf.Summary.Value(tag="point", simple_value=number)])


def in_words(items):
    return ", ".join(map(str, items))
