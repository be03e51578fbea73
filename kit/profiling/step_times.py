"""Where a training step's time goes, measured.

Plain steps, timed from outside, tell how long fetching a batch and running the step take. Traced steps in between
tell how a run divides: TensorFlow notes when each operation began and ended. That takes time of its own, so a traced
run counts by its proportions. How long a batch takes to prepare is measured apart: in training it goes on behind the
loop.
"""

import time
from dataclasses import dataclass

import numpy as np

import kit.tensorflow1 as tf
from kit.data.pipeline import without_autotune
from kit.model.layer_registry import layers_of
from kit.profiling.operation_times import TraceReader, seconds_covered, shares_of_layers

WARM_UP_STEPS = 10
TIMED_STEPS = 40
STEPS_A_TRACE = 4  # every fourth of the timed steps is traced
GATHERED_BATCHES = 20
EXAMPLES = 100  # parsed one by one
MOST_LINES = 10_000  # read at once

# ----------------------------------------------------------------------------- steps


@dataclass(frozen=True)
class Step:
    """A step of training, in seconds of time.perf_counter."""

    began: float
    fetched: float  # when there was a batch to run on; `began` where nothing is fetched
    ended: float
    fetch_trace: object = None  # tf.RunMetadata, of a traced step
    run_trace: object = None  # likewise

    @property
    def is_traced(self):
        return self.run_trace is not None

    @property
    def fetch_seconds(self):
        return self.fetched - self.began

    @property
    def run_seconds(self):
        return self.ended - self.fetched


@dataclass(frozen=True)
class Loop:
    """What training does again and again."""

    session: object  # a tf.Session with variables and data started
    next_element: object  # (images [B, ...], labels [B]), to fetch; None where they reach the network unfetched
    placeholders: tuple  # (images_ph, labels_ph, is_training)
    fetches: list  # what a step runs: train_op, batch_loss, ...

    def step(self, is_traced=False):
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


def timed_steps(loop):
    """Trains on some batches to warm up, then for TIMED_STEPS.

    Args:
      loop: Loop.
    Returns:
      A list of Step, plain ones and traced ones.
    """
    for _ in range(WARM_UP_STEPS):
        loop.step()
    return [loop.step(is_traced=number % STEPS_A_TRACE == 0) for number in range(1, TIMED_STEPS + 1)]


def _tracing():
    return tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), tf.RunMetadata(), tf.RunMetadata()


# ----------------------------------------------------------------------------- where their time goes


@dataclass(frozen=True)
class StepTimes:
    """What a step's time goes into: seconds, each a mean over the middle half of the steps."""

    fetch: float  # getting the next batch
    feed: float  # of the step's session.run, what comes before its first operation
    compute: float  # while operations ran
    other: float  # of the step's session.run, the rest
    waiting: float  # the part of `fetch` in which the batch wasn't there yet
    layers: dict  # {"conv2", "conv2 backwards", ...: share of the operations' time}, the largest first

    @property
    def step(self):
        return self.fetch + self.feed + self.compute + self.other

    @classmethod
    def of(cls, steps, graph):
        """From what timed_steps gave, and the tf.Graph that ran."""
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


def _middle_half(things, seconds):
    """Those that took neither very long nor very short, so that an interruption doesn't count."""
    ordered = sorted(things, key=seconds)
    quarter = len(ordered) // 4
    return ordered[quarter : len(ordered) - quarter]


def _division(step, operations):
    """What the run of a traced step goes into: seconds of feed, waiting, compute, other."""
    feed = min(operation.began for operation in operations) - step.fetched
    busy = seconds_covered(operations)
    waiting = _seconds_waiting(operations)
    return feed, waiting, busy - waiting, step.run_seconds - feed - busy


def _seconds_waiting(operations):
    """How long nothing went on but getting the next batch."""
    return seconds_covered(operations) - seconds_covered([operation for operation in operations if operation.computes])


def _scaled(division, seconds):
    """A traced run's division (float64 [4], as _division has it) as that of a plain run that takes `seconds`.

    TensorFlow puts a trace together after the last operation: what tracing adds is taken from `other`, while there is.
    """
    *others, other = division
    added = max(0.0, division.sum() - seconds)
    division = np.array([*others, max(0.0, other - added)])
    return division * (seconds / division.sum())


# ----------------------------------------------------------------------------- how long a batch takes to prepare


def seconds_to_parse(lines, parse, batch_size, most_lines):
    """How long one thread takes from the file of lines to a batch of examples.

    Args:
      lines: () -> tf.data.Dataset of lines, string [], or of (label [], string []).
      parse: a line -> (example, label), as data.parse gives it.
      batch_size: examples.
      most_lines: that may be in memory at once.
    Returns:
      (reading, parsing): seconds. Reading is that of the lines, and by tf.read_file of the files that they name;
        parsing is whatever else `parse` does.
    """
    with tf.Graph().as_default() as graph:
        line = tf.data.make_one_shot_iterator(without_autotune(lines().repeat())).get_next()
        example = parse(*tf.nest.flatten(line))
        reader = TraceReader(graph)
        with tf.Session() as session:
            for _ in range(WARM_UP_STEPS):
                session.run(example)
            runs = [reader.operations(_trace(session, example)) for _ in range(EXAMPLES)]
    reading = np.mean([seconds_covered([part for part in run if part.type == "ReadFile"]) for run in runs])
    parsing = np.mean([seconds_covered([part for part in run if part.computes]) for run in runs]) - reading
    reading += _seconds_a_line(lines, min(most_lines, MOST_LINES))
    return float(batch_size * reading), float(batch_size * parsing)


def _trace(session, fetches):
    options, trace, _ = _tracing()
    session.run(fetches, None, options, trace)
    return trace


def _seconds_a_line(lines, count):
    """How long a line takes to be read: `count` are read at once, since that is done in large blocks."""
    with tf.Graph().as_default(), tf.Session() as session:
        next_lines = tf.data.make_one_shot_iterator(without_autotune(lines().repeat().batch(count))).get_next()
        num_lines = tf.size(tf.nest.flatten(next_lines)[0])
        session.run(num_lines)  # the first time, opening the file takes longer than reading it
        began = time.perf_counter()
        session.run(num_lines)
        return (time.perf_counter() - began) / count


def seconds_to_gather(session, next_element):
    """How long a batch takes to arrive while nothing else goes on: seconds.

    Args:
      session: a tf.Session with the data started.
      next_element: (images [B, ...], labels [B]).
    """
    arrivals = [time.perf_counter()]
    for _ in range(GATHERED_BATCHES):
        session.run(next_element)
        arrivals.append(time.perf_counter())
    return float(np.mean(_middle_half(np.diff(arrivals), float)))
