"""Does a long training stay as fast and as small as it began? Memory, rate and event files over 10^5 steps.

  python benchmarks/soak.py

A small network learns 4,000 rows of a table in batches of 4, for a hundred epochs, each with its checkpoint and
histograms. The figures are shown for each tenth of the epochs. Memory is the resident memory on Linux, read at the end
of each epoch. The first tenth isn't compared: memory still grows there.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from data_sets import VALIDATION_SHARE, write_random_table
from measuring import Comparison, publish
from processes import PROJECT
from trained import epochs_of

ROWS, COLUMNS, BATCH_SIZE = 5000, 8, 4
STEPS_PER_EPOCH = round(ROWS * (1 - VALIDATION_SHARE)) // BATCH_SIZE
RUN, TENTHS = "soak", 10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        write_random_table(folder / "table.csv", ROWS, COLUMNS)
        memory = train(folder, arguments.steps // STEPS_PER_EPOCH)
        run = folder / "runs" / RUN
        rates = [STEPS_PER_EPOCH / epoch.seconds for epoch in epochs_of(run)]
        events = sum(path.stat().st_size for path in run.rglob("events.out.tfevents.*")) / 2**20
        checkpoints = sum(path.stat().st_size for path in run.glob("*/model.ckpt-*")) / 2**20
    of_memory = Comparison("memory, MiB", by_tenths(memory), round_name="epoch")
    of_memory.ratio("tenth 10", "tenth 2", at_most=1.05)
    of_rate = Comparison("steps per second", by_tenths(rates), round_name="epoch")
    of_rate.ratio("tenth 10", "tenth 2", at_least=0.9)
    on_disk = Comparison("on disk, MiB", {"event files": [[events]], "checkpoints": [[checkpoints]]}, 1)
    publish("soak", f"{arguments.steps:,} steps", [of_memory, of_rate, on_disk], "reliability")


def train(folder, epochs):
    """Trains; returns MiB of resident memory at the end of each epoch."""
    words = "--data", "table.csv", "--label_column", "kind", "--without_columns", "value"
    words += "--architecture", "dense 16 elu, dense 1 sigmoid"
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
    """The median of each tenth of the epochs' figures: {"tenth 1": [[median]], ...}."""
    size = len(figures) // TENTHS
    tenths = [figures[number * size : (number + 1) * size] for number in range(TENTHS)]
    return {f"tenth {number}": [[statistics.median(tenth)]] for number, tenth in enumerate(tenths, 1)}


if __name__ == "__main__":
    main()
