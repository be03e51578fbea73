"""How far apart are ten trainings with the same seed? Without --deterministic, and with it.

  python benchmarks/spread.py

It prints the validation loss and accuracy of `cnn` after five epochs on 2,000 images of 64 x 64, and how many of the
ten ended with exactly the weights of the first.
"""

import argparse
import hashlib
import tempfile
from functools import partial
from pathlib import Path

from data_sets import VALIDATION_SHARE, draw
from measuring import Comparison, in_turns, publish
from processes import run
from trained import epochs_of

import kit.tensorflow1 as tf

SIZE, EPOCHS = 64, 5
WAYS = {"default": [], "--deterministic": ["--deterministic"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--images_per_class", type=int, default=1000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        draw(folder, arguments.images_per_class, size=SIZE)
        ways = {name: partial(train, Path(folder), name, flags) for name, flags in WAYS.items()}
        ended = in_turns(ways, arguments.runs, "run")
    num_training = 2 * arguments.images_per_class * (1 - VALIDATION_SHARE)
    losses, accuracies, rates, same = {}, {}, {}, {}
    for name, of_runs in ended.items():
        losses[name] = [[epoch.validation_loss] for epoch, _ in of_runs]
        accuracies[name] = [[epoch.validation_score] for epoch, _ in of_runs]
        rates[name] = [[num_training / epoch.seconds] for epoch, _ in of_runs]
        same[name] = [[sum(digest == of_runs[0][1] for _, digest in of_runs)]]
    titles = ("validation loss", 6, losses), ("validation accuracy", 4, accuracies), ("images per second", 0, rates)
    comparisons = [Comparison(title, figures, decimals, "run") for title, decimals, figures in titles]
    comparisons.append(Comparison(f"of {arguments.runs} runs, with the same weights as the first", same))
    publish("spread", "The same seed, ten times", comparisons, "reliability")


def train(folder, name, flags, number):
    """Trains; returns (the last epoch, a digest of all variables)."""
    run_name = f"{'deterministic' if flags else 'plain'}_{number}"
    run(folder, "training.py", "--epochs", EPOCHS, "--run", run_name, *flags)
    reader = tf.train.load_checkpoint(tf.train.latest_checkpoint(str(folder / "runs" / run_name / "best")))
    digest = hashlib.sha256()
    for variable in sorted(reader.get_variable_to_shape_map()):
        digest.update(reader.get_tensor(variable).tobytes())
    return epochs_of(folder / "runs" / run_name)[-1], digest.hexdigest()


if __name__ == "__main__":
    main()
