"""Is training as fast as Keras and PyTorch, and does it learn as well? From PNGs and a CSV.

  python benchmarks/training.py                 images per second of each network
  python benchmarks/training.py --accuracy      instead: best validation accuracy of `cnn` in 10 epochs, per seed
  python benchmarks/training.py --inputs        instead: images per second of `cnn` with each --input of training.py

Every contender is a process: training.py itself; Keras and PyTorch as in their guides, and as fast as they can be made
(benchmarks/peers says how); and the limit, the same step on a constant batch. All train the same network with the same
optimiser on the same images. Validation isn't timed, and neither is the first epoch of a process.
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
from trained import epochs_of

from kit.cli.settings import INPUTS

BARS = {  # {network: {contender: ours must be so many times as fast}}; None: no bar, the ratio is only shown
    "cnn": {LIMIT: 0.97, KERAS: 1.5, KERAS_BEST: 1.1, PYTORCH: 3, PYTORCH_BEST: 1.1},
    "simple_fc": {LIMIT: None, KERAS: 2, KERAS_BEST: None, PYTORCH: 2.5, PYTORCH_BEST: None},
}
SPEED_EPOCHS, ACCURACY_EPOCHS = 3, 10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="CSV of the images; by default, they are drawn first")
    parser.add_argument("--images_per_class", type=int, default=2500, help="to draw")
    parser.add_argument("--networks", nargs="+", choices=BARS, default=list(BARS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--accuracy", action="store_true", help="measure how well they learn, not how fast")
    parser.add_argument("--inputs", action="store_true", help="compare the four kinds of --input, not the peers")
    parser.add_argument("--seeds", type=int, default=3, help="with --accuracy, how many: 0, 1, 2, ...")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data.resolve() if arguments.data else draw(folder, arguments.images_per_class)
        race = Race(folder, data)
        if arguments.accuracy:
            publish("accuracy", "Accuracy, compared with Keras and PyTorch", [accuracy(race, arguments.seeds)])
        elif arguments.inputs:
            publish("inputs", "Four ways of input", [inputs(race, arguments.rounds)])
        else:
            comparisons = [speed(race, network, arguments.rounds) for network in arguments.networks]
            publish("training", "Training, compared with Keras and PyTorch", comparisons)


def speed(race, network, rounds):
    """Images per second of a network: a Comparison."""
    contenders = race.contenders(network, SPEED_EPOCHS) | {LIMIT: partial(race.limit, network, SPEED_EPOCHS)}
    comparison = rates(f"`{network}`, images per second", in_turns(contenders, rounds))
    for name, at_least in BARS[network].items():
        comparison.ratio(OURS, name, at_least=at_least)
    return comparison


def inputs(race, rounds):
    """Images per second of `cnn` with each --input: a Comparison."""
    ways = {f"--input {kind}": partial(race.ours, "cnn", SPEED_EPOCHS, kind=kind) for kind in INPUTS}
    answers = in_turns({**ways, LIMIT: partial(race.limit, "cnn", SPEED_EPOCHS)}, rounds)
    comparison = rates("`cnn`, images per second", answers)
    comparison.ratio("--input feed", "--input direct", at_least=0.97)
    for way in ways:
        comparison.ratio(way, LIMIT)
    return comparison


def rates(title, answers):
    """A Comparison of the images per second in the contenders' answers."""
    figures = {name: [answer["images_per_second"] for answer in given] for name, given in answers.items()}
    return Comparison(title, figures)


def accuracy(race, seeds):
    """Validation accuracy of `cnn` after its best epoch, per seed: a Comparison."""
    answers = in_turns(race.contenders("cnn", ACCURACY_EPOCHS), seeds, "seed")
    best = {name: [[max(answer["validation_accuracies"])] for answer in of_seeds] for name, of_seeds in answers.items()}
    title = f"`cnn`, validation accuracy, the best of {ACCURACY_EPOCHS} epochs"
    return Comparison(title, best, decimals=4, round_name="seed")


class Race:
    """The contenders on one data set. Each gives a dict: images_per_second, validation_accuracies, both per epoch."""

    def __init__(self, folder, data):
        self.folder, self.data = Path(folder), data
        self.lists = write_lists(data, folder)

    def contenders(self, network, epochs):
        """{name: function of the round's number, which is also the seed}."""
        peers = {name: partial(self.peer, name, network, epochs) for name in PEERS}
        return {OURS: partial(self.ours, network, epochs), **peers}

    def ours(self, network, num_epochs, seed, kind=INPUTS[0]):
        name = f"{network}_{kind}_{seed}"
        flags = "--data", self.data, "--network", network, "--epochs", num_epochs, "--seed", seed, "--run", name
        run(self.folder, "training.py", *flags, "--decay", 1, "--input", kind)  # the peers' rate doesn't fall either
        epochs = epochs_of(self.folder / "runs" / name)
        return {
            "images_per_second": [self.lists.num_training / epoch.seconds for epoch in epochs[1:]],
            "validation_accuracies": [epoch.validation_score for epoch in epochs],
        }

    def limit(self, network, epochs, _):
        return ask(self.folder, "constant_batch.py", "--data", self.data, "--network", network, "--epochs", epochs)

    def peer(self, name, network, epochs, seed):
        flags = "--network", network, "--epochs", epochs, "--seed", seed, *OUR_LEARNING_RATE
        return ask_peer(name, self.folder, self.lists, *flags)


if __name__ == "__main__":
    main()
