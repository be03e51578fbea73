"""When the operations of a graph ran, read from TensorFlow's traces, and which layer each belongs to."""

from __future__ import annotations

import collections
import math
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import kit.tensorflow1 as tf
from kit.profiling.chrome_trace import Span

ITERATORS = ("IteratorGetNext", "IteratorV2", "OneShotIterator")  # types of operations that wait for other threads
CLOCK_READINGS = 5


@dataclass(frozen=True)
class Operation(Span):
    """An operation that ran, in seconds of time.perf_counter."""

    type: str  # such as "Conv2D"; "" if TensorFlow added it to run the graph

    @property
    def computes(self) -> bool:
        return self.type not in ITERATORS


class TraceReader:
    """Reads the traces of a graph's runs."""

    def __init__(self, graph: tf.Graph) -> None:
        self._types = {operation.name: operation.type for operation in graph.get_operations()}
        self._ahead = _nanoseconds_ahead()

    def operations(self, trace: tf.RunMetadata) -> list[Operation]:
        """The operations of a tf.RunMetadata, of all devices: a list of Operation."""
        nodes = [node for device in trace.step_stats.dev_stats for node in device.node_stats]
        return [self._operation(node) for node in nodes]

    def _operation(self, node):
        began = node.all_start_nanos - self._ahead
        ended = began + node.all_end_rel_nanos
        return Operation(node.node_name, began / 1e9, ended / 1e9, self._types.get(node.node_name, ""))


def _nanoseconds_ahead():
    """How far TensorFlow's clock, which is the system's, is ahead of time.perf_counter."""
    return max(_nanoseconds_ahead_now() for _ in range(CLOCK_READINGS))  # interruptions only make it smaller


def _nanoseconds_ahead_now():
    before = time.time_ns()
    while (now := time.time_ns()) == before:  # wait for a tick: on some systems it comes every few milliseconds
        pass
    return now - time.perf_counter_ns()


def seconds_covered(spans: Iterable[Span]) -> float:
    """How long at least one of the spans lasted."""
    total, covered_until = 0.0, -math.inf
    for span in sorted(spans, key=lambda span: span.began):
        total += max(0.0, span.ended - max(span.began, covered_until))
        covered_until = max(covered_until, span.ended)
    return total


def shares_of_layers(operations: Iterable[Operation], layers: Sequence[str]) -> dict[str, float]:
    """Each layer's share of the time of all operations, forwards and backwards.

    Args:
      operations: a list of Operation.
      layers: the layers' names.
    Returns:
      {"conv2", "conv2 backwards", ...: share}, the largest first. Operations outside layers count for their outermost
      scope.
    """
    seconds: dict[str, float] = collections.defaultdict(float)
    for operation in operations:
        seconds[_place(operation.name, layers)] += operation.seconds
    total = sum(seconds.values())
    return {place: part / total for place, part in sorted(seconds.items(), key=lambda item: item[1], reverse=True)}


def _place(node, layers):
    """The layer of a node: "gradients/conv2/Conv2D_grad/Conv2DBackpropInput" is "conv2 backwards"."""
    path = node.removeprefix("ConstantFolding/")  # what TensorFlow computed before the run
    forward_path = re.sub(r"^gradients(_\d+)?/", "", path)
    containing = [layer for layer in layers if forward_path.startswith(f"{layer}/")]
    place = max(containing, key=len, default=forward_path.split("/")[0])  # layers may be nested
    return place if forward_path == path else f"{place.removesuffix('_grad')} backwards"
