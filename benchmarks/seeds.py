"""Does `cnn` learn the varied shapes from any seed? Draws 4,000 images of 64 x 64, trains once a seed.

python benchmarks/seeds.py
"""

import argparse
import csv
import itertools
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5, help="how many: 0, 1, 2, ...")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--network", default="cnn")
    parser.add_argument("--precision", nargs="+", default=["auto", "float32"], help="each trained from every seed")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        draw(Path(folder))
        print("seed  precision  best validation accuracy  in epoch  first above 0.98 in epoch")
        for seed, precision in itertools.product(range(arguments.seeds), arguments.precision):
            accuracies = train(Path(folder), seed, arguments.epochs, arguments.network, precision)
            best = max(accuracies)
            first = next((epoch for epoch, accuracy in enumerate(accuracies, 1) if accuracy > 0.98), "never")
            print(f"{seed:4}  {precision:9}  {best:24.4f}  {accuracies.index(best) + 1:8}  {first:>28}", flush=True)


def draw(folder):
    """Draws the data set; makes dataset.csv."""
    for shape in ("square", "triangle"):
        words = ["--shape", shape, "--num_images", 2000, "--size", 64, "--output_directory", shape]
        run(folder, "dataset_creation.py", *words)
    parts = [(folder / shape / "info.csv").read_bytes() for shape in ("square", "triangle")]
    (folder / "dataset.csv").write_bytes(b"".join(parts))


def train(folder, seed, epochs, network, precision):
    """The validation accuracy after each epoch: a list of float."""
    name = f"seed_{seed}_{precision}"
    words = ["--seed", seed, "--epochs", epochs, "--network", network, "--precision", precision]
    run(folder, "training.py", *words, "--run", name)
    with open(folder / "runs" / name / "history.csv", newline="", encoding="utf-8") as file:
        return [float(row["validation_accuracy"]) for row in csv.DictReader(file)]


def run(folder, script, *arguments):
    command = [sys.executable, str(PROJECT / script), *map(str, arguments)]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
