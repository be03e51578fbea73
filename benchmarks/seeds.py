"""Does `cnn` learn the varied shapes from any seed? It draws 4,000 images of 64 x 64 and trains once per seed.

python benchmarks/seeds.py
"""

import argparse
import itertools
import tempfile
from pathlib import Path

from data_sets import draw
from processes import run
from trained import epochs_of


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5, help="how many: 0, 1, 2, ...")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--network", default="cnn")
    parser.add_argument("--precision", nargs="+", default=["auto", "float32"], help="one training for each, per seed")
    parser.add_argument("--images_per_class", type=int, default=2000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        draw(folder, arguments.images_per_class, size=64)
        print("seed  precision  best validation accuracy  in epoch  first above 0.98 in epoch")
        for seed, precision in itertools.product(range(arguments.seeds), arguments.precision):
            accuracies = train(Path(folder), seed, arguments.epochs, arguments.network, precision)
            best = max(accuracies)
            first = next((epoch for epoch, accuracy in enumerate(accuracies, 1) if accuracy > 0.98), "never")
            print(f"{seed:4}  {precision:9}  {best:24.4f}  {accuracies.index(best) + 1:8}  {first:>26}", flush=True)


def train(folder, seed, epochs, network, precision):
    """The validation accuracy after each epoch: a list of float."""
    name = f"seed_{seed}_{precision}"
    words = "--seed", seed, "--epochs", epochs, "--network", network, "--precision", precision
    run(folder, "training.py", *words, "--run", name)
    return [epoch.validation_score for epoch in epochs_of(folder / "runs" / name)]


if __name__ == "__main__":
    main()
