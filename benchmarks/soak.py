"""Does a long training stay as it began? A small network for 10^5 steps: memory, rate and event files, tenth by tenth.

  python benchmarks/soak.py

A table of 4,000 rows in batches of 4, a hundred epochs, each with its checkpoint and its histograms. Memory is what
Linux counts as resident, read at the end of each epoch. The first tenth begins with the process, which is still taking
up what it needs.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from measuring import Comparison, publish
from processes import PROJECT

from kit.runs.history import History

ROWS, COLUMNS, BATCH_SIZE = 5000, 8, 4  # a fifth of the rows is held back
RUN, TENTHS = "soak", 10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        write_table(folder / "table.csv")
        epochs = arguments.steps // (ROWS * 4 // 5 // BATCH_SIZE)
        memory = train(folder, epochs)
        run = folder / "runs" / RUN
        history = History(run, "accuracy")
        history.read()
        rates = [ROWS * 4 / 5 / BATCH_SIZE / epoch.seconds for epoch in history.epochs]
        events = sum(path.stat().st_size for path in run.rglob("events.out.tfevents.*")) / 2**20
        checkpoints = sum(path.stat().st_size for path in run.glob("*/model.ckpt-*")) / 2**20
    of_memory = Comparison("memory, MiB", by_tenths(memory), round_name="epoch")
    of_memory.ratio("tenth 10", "tenth 2", at_most=1.05)
    of_rate = Comparison("steps a second", by_tenths(rates), round_name="epoch")
    of_rate.ratio("tenth 10", "tenth 2", at_least=0.9)
    on_disk = Comparison("on disk, MiB", {"event files": [[events]], "checkpoints": [[checkpoints]]}, 1)
    publish("soak", f"{arguments.steps:,} steps", [of_memory, of_rate, on_disk], "reliability")


def write_table(path):
    random = np.random.default_rng(0)
    rows = random.normal(size=(ROWS, COLUMNS))
    labels = (rows.sum(axis=1) > 0).astype(int)
    lines = [",".join([*(f"x{number}" for number in range(COLUMNS)), "label"])]
    lines += [",".join([*(f"{value:.4f}" for value in row), str(label)]) for row, label in zip(rows, labels)]
    path.write_text("\n".join(lines) + "\n")


def train(folder, epochs):
    """Trains; returns MiB of resident memory at the end of each epoch."""
    words = "--data", "table.csv", "--label_column", "label", "--architecture", "dense 16 elu, dense 1 sigmoid"
    command = [sys.executable, PROJECT / "training.py", *words, "--epochs", epochs, "--batch_size", BATCH_SIZE]
    memory = []
    with subprocess.Popen([*map(str, command), "--run", RUN], cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if line.startswith("epoch "):
                status = Path(f"/proc/{process.pid}/status").read_text().splitlines()
                memory += [int(entry.split()[1]) / 1024 for entry in status if entry.startswith("VmRSS:")]
                print(line, end="", flush=True)
    if process.returncode:
        sys.exit("training.py failed")
    return memory


def by_tenths(figures):
    """Figures of epochs as {"tenth 1": [[the median], ...]}, a round for each tenth of the epochs."""
    size = len(figures) // TENTHS
    tenths = [figures[number * size : (number + 1) * size] for number in range(TENTHS)]
    return {f"tenth {number}": [[statistics.median(tenth)]] for number, tenth in enumerate(tenths, 1)}


if __name__ == "__main__":
    main()
