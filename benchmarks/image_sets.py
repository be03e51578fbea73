"""Does `cnn` learn other people's images as well as Keras's usual three convolutions, after the same epochs?

  python benchmarks/image_sets.py digits/dataset.csv clothes/dataset.csv
  python benchmarks/image_sets.py digits/dataset.csv --training_flags="--network my_network"

A row per CSV: the validation accuracy after the last epoch, as the mean over the seeds. Both learn from the same images
and are validated on the same; training.py with its defaults, Keras with its own.
"""

import argparse
import shlex
import statistics
import tempfile
from pathlib import Path

from contenders import KERAS, ask_peer
from data_sets import write_lists
from processes import run
from trained import epochs_of

ROW = "{:24}  {:>8}  {:>8}  {:>8}  {}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="+", help="CSV of images: image_name,image_path,label")
    parser.add_argument("--training_flags", type=shlex.split, default=[], help="flags of training.py")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=3, help="how many: 0, 1, 2, ...")
    arguments = parser.parse_args()
    print(ROW.format("data", "ours", "Keras", "points", "seed by seed: ours, Keras"))
    for data in arguments.data:
        pairs = [accuracies(data.resolve(), seed, arguments) for seed in range(arguments.seeds)]
        ours, keras = map(statistics.mean, zip(*pairs))
        seeds = "; ".join(f"{our:.4f}, {its:.4f}" for our, its in pairs)
        means = f"{ours:.4f}", f"{keras:.4f}", f"{100 * (ours - keras):+.2f}"
        print(ROW.format(str(data)[-24:], *means, seeds), flush=True)


def accuracies(data, seed, arguments):
    """The validation accuracy after the last epoch, of training.py and of Keras: (float, float)."""
    flags = "--epochs", arguments.epochs, "--seed", seed
    with tempfile.TemporaryDirectory() as folder:
        run(folder, "training.py", "--data", data, *flags, "--run", "ours", *arguments.training_flags)
        ours = epochs_of(Path(folder) / "runs" / "ours")[-1].validation_score
        keras = ask_peer(KERAS, folder, write_lists(data, folder), "--network", "usual", *flags)
        return ours, keras["validation_accuracies"][-1]


if __name__ == "__main__":
    main()
