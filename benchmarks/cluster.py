"""What does a network cost a cluster? Seconds per step at several latencies and bandwidths, against a prediction.

  sudo python benchmarks/cluster.py                   on Linux, as root
  sudo python benchmarks/cluster.py --only cut_off    what happens when a worker is cut off

The workers share this machine's cores; only the network between them is as if they were apart. So the first line of
each table, without latency and limit, is measured; the others are predicted from it:

  step = first line + trips * latency + bytes / bandwidth

A step has two gatherings (logits, gradients), each W - 1 rounds of a ring. W trips a gathering is what fits the
measured latencies best: one request, and an answer per round. The bytes are those of the gradients:
(W - 1) * M / W * weights * 4 into each worker.
"""

import argparse
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from data_sets import draw
from delayed_network import DelayedNetwork
from measuring import publish
from processes import PROJECT
from trained import epochs_of

from kit.cluster.tf_config import Cluster, tf_config

SIZE, IMAGES_PER_CLASS, BATCH_SIZE, MICRO_BATCHES = 64, 800, 64, 4
WEIGHTS = 90_642  # of `cnn` at SIZE
GATHERINGS = 2  # per step
PORT = 2222
SECONDS_TO_START, SECONDS_TO_END = 180, 30


@dataclass(frozen=True)
class Line:
    """A network."""

    latency: float  # seconds, one way
    rate: float | None  # bits per second; None: no limit

    def __str__(self):
        rate = f"{self.rate / 1e6:.0f} Mbit/s" if self.rate else "no limit"
        return f"{1000 * self.latency:g} ms, {rate}"


LINES = [Line(0, None), Line(0.001, None), Line(0.005, None), Line(0.020, None), Line(0, 1e9), Line(0, 1e8)]


class Table:
    """What `publish` wants: a title, a header and rows."""

    def __init__(self, title, header, rows):
        self.title, self.header, self.rows = title, header, rows

    def as_json(self):
        return {"title": self.title, "header": self.header, "rows": self.rows}

    def as_markdown(self):
        marks = "|".join(["---", *["---:"] * (len(self.header) - 1)])
        rows = [f"| {' | '.join(map(str, row))} |" for row in [self.header, *self.rows]]
        return "\n".join([f"{self.title}:", "", rows[0], f"|{marks}|", *rows[1:]])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["speed", "cut_off"])
    parser.add_argument("--workers", type=int, nargs="+", default=[2, 4])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        draw(folder, IMAGES_PER_CLASS, SIZE)
        if arguments.only != "cut_off":
            tables = [speed(folder, size, arguments.rounds) for size in arguments.workers]
            publish("cluster", "A cluster's network", [*tables, on_paper()])
        if arguments.only != "speed":
            publish("cut_off", "A worker that is cut off", [cut_off(folder)])


# ----------------------------------------------------------------------------- speed


def speed(folder, size, rounds):
    """Measures a cluster on each of the LINES, which change while it trains: a Table."""
    seconds = {line: [] for line in LINES}
    received = {line: [] for line in LINES}
    with DelayedNetwork(size) as network:
        order = LINES * rounds
        with training(folder, network, f"speed_{size}", epochs=2 * len(order) + 1) as cluster:
            for number, line in enumerate(order):
                cluster.wait_for_epoch(2 * number + 1)
                network.latency, network.rate = line.latency, line.rate
                cluster.wait_for_epoch(2 * number + 2)  # in which the line changed: it doesn't count
                before = sum(network.received)
                epochs = cluster.wait_for_epoch(2 * number + 3)
                steps = epochs[-1].step - epochs[-2].step
                seconds[line].append(epochs[-1].seconds / steps)
                received[line].append((sum(network.received) - before) / size / steps)
                print(f"{size} workers, {line}: {epochs[-1].seconds / steps:.4f} s", flush=True)
    gradients = (size - 1) * MICRO_BATCHES // size * WEIGHTS * 4
    base = statistics.median(seconds[LINES[0]])
    rows = []
    for line in LINES:
        measured = statistics.median(seconds[line])
        trips = GATHERINGS * size
        predicted = base + trips * line.latency + (8 * gradients / line.rate if line.rate else 0)
        error = "" if line == LINES[0] else f"{100 * (predicted / measured - 1):+.0f} %"
        megabytes = statistics.median(received[line]) / 1e6
        spread = f"{1000 * min(seconds[line]):.0f} to {1000 * max(seconds[line]):.0f}"
        times = [f"{1 / measured:.1f}", f"{1000 * measured:.0f}", spread, f"{1000 * predicted:.0f}", error]
        rows.append([str(line), *times, f"{megabytes:.2f}", f"{gradients / 1e6:.2f}"])
    header = ["one way, bandwidth", "steps per s", "ms per step", "rounds", "predicted", "error"]
    title = f"{size} workers, `cnn` of {WEIGHTS:,} weights, {SIZE} pixels, {MICRO_BATCHES} micro-batches"
    return Table(title, [*header, "MB into each worker per step", "of gradients, as predicted"], rows)


def on_paper():
    """Seconds that the gradients need at other sizes, by the formula alone: a Table."""
    rows = []
    for machines in (8, 64):
        for weights in (1e5, 1e7, 1e8):
            gathered, reduced = (machines - 1) * weights * 4, 2 * (machines - 1) / machines * weights * 4
            times = [f"{8 * gathered / rate:.2g} / {8 * reduced / rate:.2g}" for rate in (1e9, 1e10, 1e11)]
            memory = f"{machines * weights * 4 / 1e9:.2g}"
            rows.append([machines, f"{weights:.0e}", *times, memory])
    header = ["machines", "weights", "1 Gbit/s", "10 Gbit/s", "100 Gbit/s", "GB of gathered gradients in memory"]
    return Table(
        "Computed, not measured: seconds to gather the gradients of a step / to reduce them, one micro-batch a machine",
        header,
        rows,
    )


# ----------------------------------------------------------------------------- cut off


def cut_off(folder):
    """Cuts off the last of three workers in both ways: a Table of how long each takes to end, and what it says."""
    rows = []
    for number, way in enumerate(("silence", "unplug")):
        name = f"cut_off_{number}"
        with DelayedNetwork(3) as network, training(folder, network, name, 10_000, 3, batch_size=63) as cluster:
            cluster.wait_for_epoch(2)
            getattr(network, way)(2)
            rows += [[way, *row] for row in cluster.ends()]
    return Table(
        "Worker 2 of 3 is cut off: all packets lost, or its device down",
        ["how", "worker", "s to its end", "status", "error"],
        rows,
    )


# ----------------------------------------------------------------------------- the workers


class TrainingCluster:
    """Running workers."""

    def __init__(self, processes, outputs, run):
        self.processes, self._outputs, self._run = processes, outputs, run

    def wait_for_epoch(self, count):
        """Waits until so many epochs are in history.csv; returns them."""
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline and all(process.poll() is None for process in self.processes):
            epochs = epochs_of(self._run) if (self._run / "history.csv").exists() else []
            if len(epochs) >= count:
                return epochs[:count]
            time.sleep(0.01)
        if len(epochs := epochs_of(self._run)) >= count:
            return epochs[:count]
        sys.exit(f"no epoch {count} after {SECONDS_TO_START} s:\n{self.texts()}")

    def ends(self):
        """Waits until all have ended: [worker, seconds, status, its last error] of each."""
        began, ended = time.monotonic(), {}
        while len(ended) < len(self.processes) and time.monotonic() < began + 4 * SECONDS_TO_END:
            for rank, process in enumerate(self.processes):
                if rank not in ended and process.poll() is not None:
                    ended[rank] = time.monotonic() - began
            time.sleep(0.01)
        rows = []
        for rank, process in enumerate(self.processes):
            errors = [line for line in self.text(rank).splitlines() if line.startswith(("error", "Traceback"))]
            seconds = f"{ended[rank]:.1f}" if rank in ended else "**never**"
            rows.append([rank, seconds, process.returncode, "; ".join(errors)])
        return rows

    def text(self, rank):
        """What a worker has printed."""
        return self._outputs[rank].read_text(encoding="utf-8", errors="replace")

    def texts(self):
        return "\n".join(self.text(rank) for rank in range(len(self.processes)))


@contextlib.contextmanager
def training(folder, network, name, epochs, micro_batches=MICRO_BATCHES, batch_size=BATCH_SIZE):
    """Starts training.py in each worker of a network: a TrainingCluster. Those that still run at the end are killed."""
    addresses = tuple(f"{address}:{PORT}" for address in network.addresses)
    flags = ["--batch_size", batch_size, "--micro_batches", micro_batches, "--epochs", epochs, "--run", name]
    outputs = [Path(folder) / f"{name}_{rank}.txt" for rank in range(len(addresses))]
    processes = []
    try:
        for rank, output in enumerate(outputs):
            config = f"TF_CONFIG={tf_config(Cluster(addresses, rank))}"
            words = ["env", config, sys.executable, PROJECT / "training.py", *flags]
            with open(output, "w") as file:
                command = network.command(rank, *words)
                processes.append(subprocess.Popen(command, cwd=folder, stdout=file, stderr=subprocess.STDOUT))
        yield TrainingCluster(processes, outputs, Path(folder) / "runs" / name)
    finally:
        for process in processes:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
