"""training.py --explain_time: where a training step's time goes, as a chart and a trace."""

from __future__ import annotations

import os
import textwrap
from dataclasses import dataclass
from pathlib import Path

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.settings import TrainingSettings
from kit.data.interface import Data
from kit.data.parts import TRAINING
from kit.profiling.chrome_trace import Span, side_by_side, write_trace
from kit.profiling.operation_times import TraceReader
from kit.profiling.step_times import (
    STEPS_PER_TRACE,
    TIMED_STEPS,
    Loop,
    Step,
    StepTimes,
    seconds_to_gather,
    seconds_to_parse,
    seconds_to_read,
    timed_steps,
)
from kit.runs.run_folder import Run

WIDTH = 100  # columns of text at most
LONGEST_BAR = 30  # columns
LARGEST_LAYERS = 5
LONGEST_NAME = 40  # of a layer, in characters
LONG_WAIT, LITTLE_COMPUTING, MUCH_FEEDING = 0.2, 0.5, 0.1  # shares of a step
MUCH_PREPARING = 0.1  # share of the processor's time
DECODED_BEFORE = ("memory", "cached")  # --input that has nothing left to parse
NOTES = {
    "fetch": "the next batch, from the data set",
    "feed": "session.run up to its first operation",
    "compute": "the operations of the graph",
    "other": "between and after the operations",
    "read": "lines, and the files they name",
    "decode": "from files to pixels",
    "parse": "from lines to numbers",
    "gather": "examples, decoded before, into a batch",
}


def explain_time(loop: Loop, run: Run, data: Data, train_writer: tf.summary.FileWriter) -> None:
    """Trains for some steps, prints where their time goes, and writes trace.json into the run's folder.

    Args:
      loop: the step that is timed.
      run: whose folder gets the trace.
      data: that is trained on.
      train_writer: for TensorBoard.
    Raises:
      UserError: the trace can't be written.
    """
    console.say("Timing some steps ...")
    graph = loop.session.graph
    steps = timed_steps(loop)
    times = StepTimes.of(steps, graph)
    preparation = Preparation.measured(loop, run.settings, data)
    trace, tag = run.folder / "trace.json", f"step {TIMED_STEPS}"
    write_steps(trace, steps, graph)
    train_writer.add_run_metadata(steps[-1].run_trace, tag)
    console.say(chart(times, preparation, what_is_trained(run, data)))
    console.say(
        f"\n{trace}: {TIMED_STEPS} steps, {TIMED_STEPS // STEPS_PER_TRACE} of them operation by operation."
        "\n  Open it at https://ui.perfetto.dev or chrome://tracing."
        f"\nTensorBoard's Graphs tab, with the tag '{tag}', colours the graph by compute time.\n"
    )
    console.say(textwrap.fill(verdict(times, preparation, run.settings.input, data.unit), WIDTH))


def write_steps(path: str | Path, steps: list[Step], graph: tf.Graph) -> None:
    """Writes steps as a trace: the loop's calls in one row, and below it the operations of the traced steps.

    Args:
      path: of the .json file.
      steps: a list of kit.profiling.step_times.Step.
      graph: the tf.Graph that ran.
    """
    reader, calls, operations = TraceReader(graph), [], []
    for number, step in enumerate(steps, 1):
        calls.append(Span(f"step {number}", step.began, step.ended))
        if step.fetched > step.began:
            calls.append(Span("fetch", step.began, step.fetched))
        calls.append(Span("feed and run", step.fetched, step.ended))
        if step.is_traced:
            operations += reader.operations(step.fetch_trace) + reader.operations(step.run_trace)
    write_trace(path, {"training loop": [calls], "operations": side_by_side(operations)})


@dataclass(frozen=True)
class Preparation:
    """How long a batch takes to prepare; in training, other threads do it."""

    condition: str  # of the measurement
    parts: dict  # {a key of NOTES: seconds}

    @classmethod
    def measured(cls, loop: Loop, settings: TrainingSettings, data: Data) -> Preparation:
        """Measures it, for the way of --input.

        Args:
          loop: whose session has the data started.
          settings: of training.py.
          data: that is trained on.
        """
        if settings.input in DECODED_BEFORE:
            gathering = seconds_to_gather(loop.session, loop.next_element)
            return cls("while nothing computes", {"gather": gathering})

        def lines() -> tf.data.Dataset:
            return data.lesson.read_lines(data, TRAINING)

        if data.parsing == "read":  # from TFRecord files; training reads a batch at once, if it can

            def batches() -> tf.data.Dataset:
                from_lines = lines().map(data.parse, tf.data.AUTOTUNE).batch(settings.batch_size)
                return data.training_batches(settings, from_lines)

            return cls("on a single thread", {"read": seconds_to_read(batches)})
        reading, parsing = seconds_to_parse(lines, data.parse, settings.batch_size, data.most_shuffled)
        return cls("on a single thread", {"read": reading, data.parsing: parsing})

    @property
    def seconds(self) -> float:
        return sum(self.parts.values())


# ----------------------------------------------------------------------------- the chart


def what_is_trained(run: Run, data: Data) -> str:
    """For the chart's heading: --input, the network, the batches."""
    size = " x ".join(map(str, data.shape))
    batches = f"batches of {run.settings.batch_size:,} {data.unit} of {size}"
    return f"--input {run.settings.input}, {run.design}, {batches}"


def chart(times: StepTimes, preparation: Preparation, what: str) -> str:
    """A chart of a step's time, of the preparation of a batch, and of the slowest layers.

    Args:
      times: kit.profiling.step_times.StepTimes.
      preparation: Preparation.
      what: from what_is_trained.
    Returns:
      str, lines of up to WIDTH columns.
    """
    parts = {name: getattr(times, name) for name in ("fetch", "feed", "compute", "other")}
    scale = times.step, max(times.step, *preparation.parts.values())
    return "\n".join(
        [
            textwrap.fill(f"Where a step's time goes ({what}):", WIDTH),
            *(_row(name, seconds, *scale) for name, seconds in parts.items()),
            _row("a step", times.step, *scale),
            f"\nMeanwhile other threads prepare the next batches. A batch takes, {preparation.condition}:",
            *(_row(name, seconds, *scale) for name, seconds in preparation.parts.items()),
            "\nLayers, by their share of the time of all operations:",
            *_layer_rows([(name, share) for name, share in times.layers.items() if share > 0.005][:LARGEST_LAYERS]),
        ]
    )


def _row(name, seconds, step, longest):
    milliseconds = f"{1000 * seconds:.{1 if step >= 0.01 else 2}f}"
    bar = _bar(seconds / longest)
    return f"  {name:8} {milliseconds:>8} ms {seconds / step:5.0%}  {bar:{LONGEST_BAR}}  {NOTES.get(name, '')}".rstrip()


def _layer_rows(layers):
    width = min(LONGEST_NAME, max(len(name) for name, _ in layers))
    return [f"  {name:{width}.{width}} {share:4.0%}  {_bar(share)}" for name, share in layers]


def _bar(share):
    return "#" * round(LONGEST_BAR * share)


def verdict(times: StepTimes, preparation: Preparation, mode: str, unit: str) -> str:
    """Whether feeding is slow, and what would be faster: a sentence or two.

    Args:
      times: kit.profiling.step_times.StepTimes.
      preparation: Preparation.
      mode: --input.
      unit: what the examples are, "images" or "rows".
    """

    def share(seconds):
        return f"{seconds / times.step:.0%}"

    feeding, preparing = times.fetch + times.feed, preparation.seconds
    can_spare_parsing = mode not in DECODED_BEFORE
    if times.waiting > LONG_WAIT * times.step:
        way_out = " Try --input memory or cached." if can_spare_parsing else ""
        return (
            f"For {share(times.waiting)} of a step the network waits for its {unit}: a batch takes "
            f"{1000 * preparing:.1f} ms to prepare, {1000 * times.compute:.1f} ms to compute.{way_out}"
        )
    if times.compute < LITTLE_COMPUTING * times.step:
        return (
            f"Only {share(times.compute)} of a step is computing. A call of session.run costs about the same for a "
            "batch of any size: a larger --batch_size needs fewer calls."
        )
    sentences = [f"Fetch and feed take {share(feeding)} of a step, computing takes {share(times.compute)}."]
    if feeding < MUCH_FEEDING * times.step:
        sentences.insert(0, "Feeding is not slow here.")
    elif mode == "feed":
        sentences.append("--input direct saves the fetch.")
    if can_spare_parsing and preparing > MUCH_PREPARING * times.step * (os.cpu_count() or 1):
        sentences.append(
            "Preparing batches takes much of the processor's time, too: --input memory or cached would save that."
        )
    return " ".join(sentences)
