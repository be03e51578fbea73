"""How far apart are ten trainings with the same seed? Without --deterministic, and with it.

  python benchmarks/spread.py

The loss and the accuracy of `cnn` on validation after five epochs on 2,000 images of 64 x 64, and how many of the ten
ended with the very same weights as the first.
"""

import argparse
import hashlib
import tempfile
from functools import partial
from pathlib import Path

from data_sets import draw
from measuring import Comparison, in_turns, publish
from processes import run

import kit.tensorflow1 as tf
from kit.runs.history import History

IMAGES_A_CLASS, SIZE, EPOCHS = 1000, 64, 5
WAYS = {"as it is": [], "--deterministic": ["--deterministic"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        draw(folder, IMAGES_A_CLASS, size=SIZE)
        ways = {name: partial(train, Path(folder), name, flags) for name, flags in WAYS.items()}
        ended = in_turns(ways, arguments.runs, "run")
    losses, accuracies, rates, same = {}, {}, {}, {}
    for name, of_runs in ended.items():
        losses[name] = [[epoch.validation_loss] for epoch, _ in of_runs]
        accuracies[name] = [[epoch.validation_score] for epoch, _ in of_runs]
        rates[name] = [[2 * IMAGES_A_CLASS * 0.8 / epoch.seconds] for epoch, _ in of_runs]
        same[name] = [[sum(digest == of_runs[0][1] for _, digest in of_runs)]]
    titles = ("validation loss", 6, losses), ("validation accuracy", 4, accuracies), ("images a second", 0, rates)
    comparisons = [Comparison(title, figures, decimals, "run") for title, decimals, figures in titles]
    comparisons.append(Comparison(f"of {arguments.runs} runs, with the same weights as the first", same))
    publish("spread", "The same seed, ten times", comparisons, "reliability")


def train(folder, name, flags, number):
    """Trains; returns (the last Epoch, a digest of every variable)."""
    run_name = f"{'deterministic' if flags else 'plain'}_{number}"
    run(folder, "training.py", "--epochs", EPOCHS, "--run", run_name, *flags)
    history = History(folder / "runs" / run_name, "accuracy")
    history.read()
    reader = tf.train.load_checkpoint(tf.train.latest_checkpoint(str(folder / "runs" / run_name / "best")))
    digest = hashlib.sha256()
    for variable in sorted(reader.get_variable_to_shape_map()):
        digest.update(reader.get_tensor(variable).tobytes())
    return history.epochs[-1], digest.hexdigest()


if __name__ == "__main__":
    main()
