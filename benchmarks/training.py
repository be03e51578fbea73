"""Is training fast, and does it learn as well? Images a second, from PNGs and a CSV, beside Keras and PyTorch.

  python benchmarks/training.py                 images a second of each network
  python benchmarks/training.py --accuracy      instead: validation accuracy of `cnn` after 10 epochs, seed by seed
  python benchmarks/training.py --inputs        instead: images a second of `cnn` by each --input of training.py

Every contender is a process: training.py itself; Keras and PyTorch as their guides have it, and at their best
(benchmarks/peers says how); and the limit, the same step on a constant batch. All train the same network with the same
optimiser on the same images. An epoch's rate is without validation; a process's first epoch is left out.
"""

import argparse
import tempfile
from functools import partial
from pathlib import Path

from contenders import (
    KERAS,
    KERAS_BEST,
    LIMIT,
    OUR_LEARNING_RATE,
    OURS,
    PEERS,
    PYTORCH,
    PYTORCH_BEST,
    ask_peer,
)
from data_sets import draw, write_lists
from measuring import Comparison, in_turns, publish
from processes import ask, run

from kit.cli.settings import INPUTS
from kit.runs.history import History

IMAGES_A_CLASS = 2500
BARS = {  # {network: {contender: how many times its rate ours should be}}; None: it is just shown
    "cnn": {LIMIT: 0.97, KERAS: 1.5, KERAS_BEST: 1.1, PYTORCH: 3, PYTORCH_BEST: 1.1},
    "simple_fc": {LIMIT: None, KERAS: 2, KERAS_BEST: None, PYTORCH: 2.5, PYTORCH_BEST: None},
}
SPEED_EPOCHS, ACCURACY_EPOCHS = 3, 10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="CSV of the images; by default, they are drawn for the occasion")
    parser.add_argument("--networks", nargs="+", choices=BARS, default=list(BARS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--accuracy", action="store_true", help="measure how well they learn, not how fast")
    parser.add_argument("--inputs", action="store_true", help="measure the four ways of input, not the peers")
    parser.add_argument("--seeds", type=int, default=3, help="with --accuracy, how many: 0, 1, 2, ...")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data.resolve() if arguments.data else draw(folder, IMAGES_A_CLASS)
        race = Race(folder, data)
        if arguments.accuracy:
            publish("accuracy", "Accuracy beside Keras and PyTorch", [accuracy(race, arguments.seeds)])
        elif arguments.inputs:
            publish("inputs", "Four ways of input", [inputs(race, arguments.rounds)])
        else:
            comparisons = [speed(race, network, arguments.rounds) for network in arguments.networks]
            publish("training", "Training beside Keras and PyTorch", comparisons)


def speed(race, network, rounds):
    """Images a second of a network: a Comparison."""
    contenders = race.contenders(network, SPEED_EPOCHS) | {LIMIT: partial(race.limit, network, SPEED_EPOCHS)}
    comparison = rates(f"`{network}`, images a second", in_turns(contenders, rounds))
    for name, at_least in BARS[network].items():
        comparison.ratio(OURS, name, at_least=at_least)
    return comparison


def inputs(race, rounds):
    """Images a second of `cnn` by each --input: a Comparison."""
    ways = {f"--input {kind}": partial(race.ours, "cnn", SPEED_EPOCHS, kind=kind) for kind in INPUTS}
    answers = in_turns({**ways, LIMIT: partial(race.limit, "cnn", SPEED_EPOCHS)}, rounds)
    comparison = rates("`cnn`, images a second", answers)
    comparison.ratio("--input feed", "--input direct", at_least=0.97)
    for way in ways:
        comparison.ratio(way, LIMIT)
    return comparison


def rates(title, answers):
    """A Comparison of the images a second that contenders answered with."""
    return Comparison(title, {name: [answer["images_a_second"] for answer in given] for name, given in answers.items()})


def accuracy(race, seeds):
    """Validation accuracy of `cnn` after the best of its epochs, seed by seed: a Comparison."""
    answers = in_turns(race.contenders("cnn", ACCURACY_EPOCHS), seeds, "seed")
    best = {name: [[max(answer["validation_accuracies"])] for answer in of_seeds] for name, of_seeds in answers.items()}
    title = f"`cnn`, validation accuracy, the best of {ACCURACY_EPOCHS} epochs"
    return Comparison(title, best, decimals=4, round_name="seed")


class Race:
    """The contenders on one data set. Each gives a dict: images_a_second, validation_accuracies; epoch by epoch."""

    def __init__(self, folder, data):
        self.folder, self.data = Path(folder), data
        self.lists = write_lists(data, folder)

    def contenders(self, network, epochs):
        """{name: function of the round's number, which is its seed}."""
        peers = {name: partial(self.peer, name, network, epochs) for name in PEERS}
        return {OURS: partial(self.ours, network, epochs), **peers}

    def ours(self, network, epochs, seed, kind=INPUTS[0]):
        name = f"{network}_{kind}_{seed}"
        flags = "--data", self.data, "--network", network, "--epochs", epochs, "--seed", seed, "--run", name
        run(self.folder, "training.py", *flags, "--input", kind)
        history = History(self.folder / "runs" / name)
        history.read()
        return {
            "images_a_second": [self.lists.num_training / epoch.seconds for epoch in history.epochs[1:]],
            "validation_accuracies": [epoch.validation_score for epoch in history.epochs],
        }

    def limit(self, network, epochs, _):
        return ask(self.folder, "constant_batch.py", "--data", self.data, "--network", network, "--epochs", epochs)

    def peer(self, name, network, epochs, seed):
        flags = "--network", network, "--epochs", epochs, "--seed", seed, *OUR_LEARNING_RATE
        return ask_peer(name, self.folder, self.lists, *flags)


if __name__ == "__main__":
    main()
