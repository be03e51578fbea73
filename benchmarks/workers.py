"""What do micro-batches cost, and two workers on one machine? Images per second of `cnn`.

  python benchmarks/workers.py

One process trains on both cores, with and without micro-batches; against two workers, each pinned to a core. Neither
validation nor the first epoch is timed. Micro-batches are computed in float32, so one process without them is shown in
float32, too.
"""

import argparse
import os
import sys
import tempfile
from functools import partial
from pathlib import Path

from data_sets import draw, write_lists
from measuring import Comparison, in_turns, publish
from processes import PROJECT, finish
from trained import epochs_of

EPOCHS = 3
MICRO_BATCHES = 4
WHOLE, WHOLE_FLOAT32, DIVIDED = "one process", "one process, float32", f"one process, {MICRO_BATCHES} micro-batches"
WORKERS = f"two workers, {MICRO_BATCHES} micro-batches"
FLAGS = {
    WHOLE: ["training.py"],
    WHOLE_FLOAT32: ["training.py", "--precision", "float32"],
    DIVIDED: ["training.py", "--micro_batches", MICRO_BATCHES],
    WORKERS: ["-m", "kit.cluster", "--workers", 2, "--pin", "training.py", "--micro_batches", MICRO_BATCHES],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=128, help="pixels")
    parser.add_argument("--images_per_class", type=int, default=2000)
    parser.add_argument("--batch_sizes", type=int, nargs="+", default=[32, 128])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    comparisons = []
    with tempfile.TemporaryDirectory() as folder:
        count = write_lists(draw(folder, arguments.images_per_class, arguments.size), folder).num_training
        for batch_size in arguments.batch_sizes:
            contenders = {name: partial(train, folder, count, batch_size, name) for name in FLAGS}
            rates = in_turns(contenders, arguments.rounds)
            title = f"`cnn`, {arguments.size} pixels, batches of {batch_size}, images per second"
            comparison = Comparison(title, rates)
            comparison.ratio(WORKERS, WHOLE, at_least=0.85)
            comparison.ratio(WORKERS, DIVIDED, at_least=0.85)
            comparison.ratio(DIVIDED, WHOLE_FLOAT32)
            comparisons.append(comparison)
    publish("workers", "Micro-batches, and two workers on one machine", comparisons)


def train(folder, count, batch_size, name, number):
    """Trains in a new process, or two: images per second of each epoch but the first."""
    run = f"{batch_size}_{list(FLAGS).index(name)}_{number}"
    words = [PROJECT / word if word == "training.py" else word for word in FLAGS[name]]
    words += ["--batch_size", batch_size, "--epochs", EPOCHS, "--seed", number, "--run", run]
    path = f"{PROJECT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    finish(["env", f"PYTHONPATH={path}", sys.executable, *words], folder)
    return [count / epoch.seconds for epoch in epochs_of(Path(folder) / "runs" / run)[1:]]


if __name__ == "__main__":
    main()
