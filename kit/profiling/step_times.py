"""Where a training step's time goes, measured.

Plain steps show how long it takes to fetch a batch and to run the step. Traced steps in between show how a run divides:
TensorFlow notes when each operation began and ended. Tracing itself takes time, so only the proportions of a traced run
count. How long a batch takes to prepare is measured separately: in training, other threads do it meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from kit.data.pipeline import without_autotune
from kit.model.layer_registry import layers_of
from kit.profiling.operation_times import TraceReader, seconds_covered, shares_of_layers

WARM_UP_STEPS = 10
TIMED_STEPS = 40
STEPS_PER_TRACE = 4  # every fourth of the timed steps is traced
GATHERED_BATCHES = 20
PARSED_EXAMPLES = 100
MOST_LINES = 10_000  # read together

# ----------------------------------------------------------------------------- steps


@dataclass(frozen=True)
class Step:
    """A training step, in seconds of time.perf_counter."""

    began: float
    fetched: float  # when it had its batch; `began` if nothing is fetched
    ended: float
    fetch_trace: Any = None  # tf.RunMetadata, of a traced step
    run_trace: Any = None  # likewise

    @property
    def is_traced(self) -> bool:
        return self.run_trace is not None

    @property
    def fetch_seconds(self) -> float:
        return self.fetched - self.began

    @property
    def run_seconds(self) -> float:
        return self.ended - self.fetched


@dataclass(frozen=True)
class Loop:
    """The training step of a graph, to be repeated."""

    session: tf.Session  # a tf.Session with variables and data started
    next_element: Any  # (images [B, ...], labels [B]), to fetch; None if the graph reads them itself
    placeholders: tuple  # (images_ph, labels_ph, is_training)
    fetches: Sequence  # of a step: train_op, batch_loss, ...

    def step(self, is_traced: bool = False) -> Step:
        """Trains on a batch; returns its Step."""
        images_ph, labels_ph, is_training = self.placeholders
        feed_dict = {is_training: True}
        options, fetch_trace, run_trace = _tracing() if is_traced else (None, None, None)
        began = fetched = time.perf_counter()
        if self.next_element is not None:
            images, labels = self.session.run(self.next_element, None, options, fetch_trace)
            fetched = time.perf_counter()
            feed_dict.update({images_ph: images, labels_ph: labels})
        self.session.run(self.fetches, feed_dict, options, run_trace)
        return Step(began, fetched, time.perf_counter(), fetch_trace, run_trace)


def timed_steps(loop: Loop) -> list[Step]:
    """Trains for WARM_UP_STEPS, then for TIMED_STEPS: a list of those, as Step, plain and traced ones."""
    for _ in range(WARM_UP_STEPS):
        loop.step()
    return [loop.step(is_traced=number % STEPS_PER_TRACE == 0) for number in range(1, TIMED_STEPS + 1)]


def _tracing():
    return tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), tf.RunMetadata(), tf.RunMetadata()


# ----------------------------------------------------------------------------- where their time goes


@dataclass(frozen=True)
class StepTimes:
    """Where a step's time goes: seconds, each a mean over the middle half of the steps."""

    fetch: float  # getting the next batch
    feed: float  # of session.run, until its first operation
    compute: float  # while operations ran
    other: float  # the rest of session.run
    waiting: float  # the part of `fetch` before the batch was ready
    layers: dict  # {"conv2", "conv2 backwards", ...: share of the operations' time}, the largest first

    @property
    def step(self) -> float:
        return self.fetch + self.feed + self.compute + self.other

    @classmethod
    def of(cls, steps: list[Step], graph: tf.Graph) -> StepTimes:
        """From the steps of timed_steps, and the tf.Graph that ran."""
        reader = TraceReader(graph)
        plain = _middle_half([step for step in steps if not step.is_traced], lambda step: step.ended - step.began)
        traced = _middle_half([step for step in steps if step.is_traced], lambda step: step.run_seconds)
        fetch = np.mean([step.fetch_seconds for step in plain])
        run = np.mean([step.run_seconds for step in plain])
        runs = [reader.operations(step.run_trace) for step in traced]
        divisions = [_division(step, operations) for step, operations in zip(traced, runs)]
        feed, waiting_in_run, compute, other = _scaled(np.mean(divisions, axis=0), run)
        waiting = np.mean([_seconds_waiting(reader.operations(step.fetch_trace)) for step in traced])
        return cls(
            fetch=float(fetch + waiting_in_run),
            feed=float(feed),
            compute=float(compute),
            other=float(other),
            waiting=float(min(waiting, fetch) + waiting_in_run),
            layers=shares_of_layers(
                [operation for operations in runs for operation in operations if operation.computes],
                [layer.name for layer in layers_of(graph)],
            ),
        )


def _middle_half(items, seconds):
    """Without the slowest and the quickest quarter, so that an interruption doesn't count."""
    ordered = sorted(items, key=seconds)
    quarter = len(ordered) // 4
    return ordered[quarter : len(ordered) - quarter]


def _division(step, operations):
    """Where the run of a traced step goes: seconds of feed, waiting, compute, other."""
    feed = min(operation.began for operation in operations) - step.fetched
    busy = seconds_covered(operations)
    waiting = _seconds_waiting(operations)
    return feed, waiting, busy - waiting, step.run_seconds - feed - busy


def _seconds_waiting(operations):
    """How long no operation ran but the one that gets the next batch."""
    return seconds_covered(operations) - seconds_covered([operation for operation in operations if operation.computes])


def _scaled(division, seconds):
    """A traced run's division, float64 [4] as in _division, scaled to a plain run that takes `seconds`.

    TensorFlow assembles a trace after the last operation, so what tracing adds is subtracted from `other` first.
    """
    *others, other = division
    added = max(0.0, division.sum() - seconds)
    division = np.array([*others, max(0.0, other - added)])
    return division * (seconds / division.sum())


# ----------------------------------------------------------------------------- how long a batch takes to prepare


def seconds_to_parse(
    lines: Callable[[], tf.data.Dataset], parse: Callable[..., Any], batch_size: int, most_lines: int
) -> tuple[float, float]:
    """How long one thread takes to read and parse a batch.

    Args:
      lines: () -> tf.data.Dataset of (number int64 [], line string []), or of other arguments of `parse`.
      parse: data.parse: (number, line) -> (example, label).
      batch_size: examples per batch.
      most_lines: how many lines may be in memory at once.
    Returns:
      (reading, parsing): seconds. Reading is that of the lines, and of the files that they name, by tf.read_file;
      parsing is the rest of `parse`.
    """
    with tf.Graph().as_default() as graph:
        line = tf.data.make_one_shot_iterator(without_autotune(lines().repeat())).get_next()
        example = parse(*tf.nest.flatten(line))
        reader = TraceReader(graph)
        with tf.Session() as session:
            for _ in range(WARM_UP_STEPS):
                session.run(example)
            runs = [reader.operations(_trace(session, example)) for _ in range(PARSED_EXAMPLES)]
    reading = np.mean([seconds_covered([part for part in run if part.type == "ReadFile"]) for run in runs])
    parsing = np.mean([seconds_covered([part for part in run if part.computes]) for run in runs]) - reading
    reading += _seconds_per_line(lines, min(most_lines, MOST_LINES))
    return float(batch_size * reading), float(batch_size * parsing)


def _trace(session, fetches):
    options, trace, _ = _tracing()
    session.run(fetches, None, options, trace)
    return trace


def _seconds_per_line(lines, count):
    """How long it takes to read a line: `count` are timed together, since files are read in large blocks."""
    with tf.Graph().as_default(), tf.Session() as session:
        next_lines = tf.data.make_one_shot_iterator(without_autotune(lines().repeat().batch(count))).get_next()
        num_lines = tf.size(tf.nest.flatten(next_lines)[0])
        session.run(num_lines)  # not timed: it opens the file
        began = time.perf_counter()
        session.run(num_lines)
        return (time.perf_counter() - began) / count


def seconds_to_read(batches: Callable[[], tf.data.Dataset]) -> float:
    """How long one thread takes to read a batch, where batches are read as a whole: seconds.

    Args:
      batches: () -> tf.data.Dataset of (examples [B, ...], labels [B]).
    """
    options = tf.data.Options()
    options.threading.private_threadpool_size = 1
    with tf.Graph().as_default(), tf.Session() as session:
        endless = without_autotune(batches().repeat()).with_options(options)
        iterator = tf.data.make_initializable_iterator(endless)
        next_element = iterator.get_next()
        session.run(iterator.initializer)
        session.run(next_element)  # not timed: it opens the files
        return seconds_to_gather(session, next_element)


def seconds_to_gather(session: tf.Session, next_element: tuple) -> float:
    """How long it takes to get a batch while nothing is computed: seconds.

    Args:
      session: a tf.Session with the data started.
      next_element: (images [B, ...], labels [B]).
    """
    arrivals = [time.perf_counter()]
    for _ in range(GATHERED_BATCHES):
        session.run(next_element)
        arrivals.append(time.perf_counter())
    return float(np.mean(_middle_half(np.diff(arrivals), float)))
