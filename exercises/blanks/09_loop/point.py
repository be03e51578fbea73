"""Is a point of the curves written, at its step?"""

import re
import time
from collections.abc import Iterable
from pathlib import Path

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.event_files import CURVES, VALUES, curves, points_in, values_of
from exercises.stages.stand_ins import StageRun, image_data
from exercises.student_lines import StudentLines

STEPS = (10, 20, 25, 1_000_000)  # at which there is a point; the last is more than a number typed in to stop early
OWN_FILE = ".own"  # how the file of the stage's own writer ends
WAIT = 0.5  # seconds for a writer that nobody closes; its thread writes the first point at once


def check_points(lines: StudentLines) -> None:
    """Each run of the student's lines writes one point of each curve, at the step."""
    run = StageRun("points")
    with tf.Graph().as_default() as graph:
        scalars = curves()
        with tf.Session(graph=graph) as session:
            summary = session.run(scalars)
    folder, validation_folder = (Path(run.events(part)) for part in ("train", "validation"))
    with tf.summary.FileWriter(str(folder), filename_suffix=OWN_FILE) as writer:
        given = {"train_writer": writer, "run": run, "summary": summary, "scalars": scalars, "graph": graph}
        given |= {"settings": run.settings, "data": image_data(), "loss": VALUES["batch_loss"]}
        given |= {"score": VALUES["batch_score"], "rate": VALUES["learning_rate"]}
        for step in STEPS:
            try:
                lines.run({**given, "step": step})
            except Finding as finding:
                raise explain(finding) from None
    line = lines.line_with("add_summary", "train_writer")
    points = points_in(folder, OWN_FILE)
    if not points:
        raise where_they_are(folder, validation_folder, line)
    steps = [step for step, _ in points]
    if steps != list(STEPS):
        raise Finding(
            f"at steps {listed(STEPS)}, points are written for {listed(steps)}",
            "one point at each step: add_summary takes the step after the summary",
            "The step is the point's place on the horizontal axis. Without it, all points lie at 0.",
            line,
        )
    for _, values in points:
        if values != values_of(summary):
            raise Finding(
                f"the point that is written has {listed(sorted(values)) or 'no curve'}",
                f"summary, with {', '.join(CURVES)}",
                "The loop has fetched summary in the step that it belongs to.",
                line,
            )


def explain(finding: Finding) -> Finding:
    """The Finding of an error in the student's lines, in this blank's own terms where it is a classic one."""
    message = str(finding.__cause__)
    if re.search(r"int\(\) argument must be .*(Variable|Tensor)'", message):
        return Finding(
            "add_summary is given a part of the graph as the step",
            "`step`, the step's number, after the summary",
            "global_step is a variable, whose number only a session's run gives; the script has it in step already.",
            finding.line,
        )
    given = re.search(r"'(\w+)' object has no attribute 'value'", message)
    if not given:
        return finding
    kind = "a tensor" if "Tensor" in given[1] else "a number" if given[1] in ("int", "float") else f"a {given[1]}"
    return Finding(
        f"add_summary is given {kind} as the summary",
        "the summary and its step, handed to the writer's add_summary",
        "summary is what the session has computed for scalars in this step: bytes with a point of each curve.",
        finding.line,
    )


def where_they_are(folder: Path, validation_folder: Path, line: Line) -> Finding:
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


def listed(items: Iterable) -> str:
    return ", ".join(map(str, items))
