"""How long from an empty folder to 99% accuracy on validation images, compared with a Keras user?

  python benchmarks/time_to_accuracy.py
  python benchmarks/time_to_accuracy.py --training_flags="--network my_network"

2 x 10,000 varied images are drawn, and a network is trained until an epoch's validation accuracy is 0.99. Ours:
dataset_creation.py twice, their CSV files joined, training.py with the network that computes least. Keras's: the same
images drawn by a loop over Pillow, and the usual three-layer network with Keras's defaults. Times are those of whole
processes.
"""

import argparse
import shlex
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import NamedTuple

from contenders import KERAS, OURS, ask_peer
from data_sets import SHAPES, draw, drawing_flags, join, write_lists
from measuring import Comparison, in_turns, publish
from processes import PROJECT, ask
from trained import epochs_of

SIZE = 128  # pixels
TRAINING_FLAGS = ["--network", "cnn_strided", "--learning_rate", "0.002"]
MOST_EPOCHS = 10
KERAS_WITH_OUR_DRAWING = f"{KERAS}, with our drawing"


class Way(NamedTuple):
    """A way from nothing to a trained network."""

    drawing: float  # seconds
    training: float  # seconds
    accuracies: list  # on validation, per epoch


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--training_flags", type=shlex.split, default=TRAINING_FLAGS, help="flags of training.py")
    parser.add_argument("--images_per_class", type=int, default=10_000)
    parser.add_argument("--accuracy", type=float, default=0.99, help="to reach on validation")
    parser.add_argument("--seeds", type=int, default=3, help="how many: 0, 1, 2, ...")
    arguments = parser.parse_args()
    contenders = {OURS: partial(our_way, arguments), KERAS: partial(keras_way, arguments)}
    ways = in_turns(contenders, arguments.seeds, "seed")
    heading = f"From nothing to an accuracy of {arguments.accuracy:g}"
    publish("time_to_accuracy", heading, [seconds_of(ways), *courses_of(ways, arguments.accuracy)])


def our_way(arguments, seed):
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        data = draw(folder, arguments.images_per_class, SIZE, seed)
        drawn = time.monotonic()
        accuracies = train(folder, data, arguments, seed)
        return Way(drawn - began, time.monotonic() - drawn, accuracies)


def train(folder, data, arguments, seed):
    """Runs training.py until an epoch reaches the accuracy; returns the accuracy of each epoch."""
    name = "timed"
    words = "--data", data, "--epochs", MOST_EPOCHS, "--seed", seed, "--run", name, *arguments.training_flags
    command = list(map(str, [sys.executable, PROJECT / "training.py", *words]))
    accuracies = []
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE) as process:
        for _ in process.stdout:  # a line per epoch, once it is in history.csv
            accuracies = [epoch.validation_score for epoch in epochs_of(Path(folder) / "runs" / name)]
            if max(accuracies, default=0) >= arguments.accuracy:
                process.kill()
    if not accuracies:
        sys.exit(f"{shlex.join(command)} failed")
    return accuracies


def keras_way(arguments, seed):
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        for shape in SHAPES:
            ask(folder, "pillow_loop.py", *drawing_flags(shape, arguments.images_per_class, SIZE, seed))
        drawing = time.monotonic() - began
        lists = write_lists(join(folder), folder)
        flags = "--network", "usual", "--epochs", MOST_EPOCHS, "--until_accuracy", arguments.accuracy, "--seed", seed
        began = time.monotonic()
        answer = ask_peer(KERAS, folder, lists, *flags)
        return Way(drawing, time.monotonic() - began, answer["validation_accuracies"])


def seconds_of(ways):
    """The seconds of the ways and of their parts, per seed: a Comparison."""
    seconds = {}
    for name, its_ways in ways.items():
        seconds[name] = [[way.drawing + way.training] for way in its_ways]
        seconds[f"{name}, drawing"] = [[way.drawing] for way in its_ways]
        seconds[f"{name}, training"] = [[way.training] for way in its_ways]
    seconds[KERAS_WITH_OUR_DRAWING] = [[ours.drawing + keras.training] for ours, keras in zip(ways[OURS], ways[KERAS])]
    comparison = Comparison("seconds", seconds, decimals=1, round_name="seed")
    comparison.ratio(OURS, KERAS, at_most=0.2)
    comparison.ratio(OURS, KERAS_WITH_OUR_DRAWING)
    return comparison


def courses_of(ways, wanted):
    """How many epochs the trainings took, and the accuracies they reached, per seed: two Comparisons."""
    epochs = {name: [[len(way.accuracies)] for way in its_ways] for name, its_ways in ways.items()}
    reached = {name: [[max(way.accuracies)] for way in its_ways] for name, its_ways in ways.items()}
    title = f"validation accuracy reached, or given up after {MOST_EPOCHS} epochs"
    accuracies = Comparison(title, reached, decimals=4, round_name="seed")
    for name in ways:
        accuracies.bound(name, at_least=wanted)
    return Comparison("epochs", epochs, round_name="seed"), accuracies


if __name__ == "__main__":
    main()
