"""Does a network that has learnt from our drawings read people's? One network, several training sets, one test set.

  python benchmarks/drawn_by_hand.py drawn/info.csv
  python benchmarks/drawn_by_hand.py drawn/info.csv --fine_tune others/info.csv --size 128

The CSV lists squares (label 0) and triangles (label 1) that people drew: the drawing board keeps such a file. For each
style of dataset_creation.py, `cnn` is trained on 2 x 5,000 images from several seeds, and evaluated on people's
drawings. With --fine_tune, each network then goes on learning from that second CSV, by other people, and is evaluated
again.
"""

import argparse
import csv
import json
import tempfile
from pathlib import Path

from data_sets import draw
from measuring import Comparison, publish
from PIL import Image
from processes import run
from trained import epochs_of

from kit.system.files import write_csv

FINE_TUNING = ["--epochs", 10, "--learning_rate", "0.0003", "--validation", "0"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drawings", help="CSV of the drawings to evaluate on")
    parser.add_argument("--fine_tune", help="CSV of drawings by other people, to go on learning from")
    parser.add_argument("--styles", nargs="+", default=["varied", "sketch", "mixed"])
    parser.add_argument("--size", type=int, default=64, help="pixels")
    parser.add_argument("--images_per_class", type=int, default=5000)
    parser.add_argument("--seeds", type=int, default=5, help="how many: 0, 1, 2, ...")
    arguments = parser.parse_args()
    validation, drawings, tuned = {}, {}, {}
    for style in arguments.styles:
        with tempfile.TemporaryDirectory() as folder:
            draw(folder, arguments.images_per_class, arguments.size, style=style)
            test = resized(arguments.drawings, Path(folder) / "test", arguments.size)
            more = arguments.fine_tune and resized(arguments.fine_tune, Path(folder) / "more", arguments.size)
            figures = [figures_of(folder, test, more, seed) for seed in range(arguments.seeds)]
        validation[style], drawings[style], tuned[style] = ([[figure] for figure in column] for column in zip(*figures))
        print(f"{style}: validation {validation[style]}, drawings {drawings[style]}, tuned {tuned[style]}", flush=True)
    columns = [("on the validation images of its style", validation), ("on people's drawings", drawings)]
    if arguments.fine_tune:
        columns.append(("on people's drawings, after fine-tuning on other people's", tuned))
    comparisons = [Comparison(f"accuracy {what}", figures, 4, "seed") for what, figures in columns]
    publish(f"drawn_by_hand_{arguments.size}", f"People's drawings, {arguments.size} pixels", comparisons)


def figures_of(folder, test, more, seed):
    """Trains from a seed. Returns accuracies: on validation, on the drawings, and on them after fine-tuning (or 0)."""
    name = f"seed_{seed}"
    run(folder, "training.py", "--seed", seed, "--run", name)
    validation = max(epoch.validation_score for epoch in epochs_of(Path(folder) / "runs" / name))
    if not more:
        return validation, accuracy_on(folder, test, name), 0
    words = "--data", more, "--initial_weights", name, "--seed", seed, "--run", f"{name}_tuned"
    run(folder, "training.py", *words, *FINE_TUNING)
    return validation, accuracy_on(folder, test, name), accuracy_on(folder, test, f"{name}_tuned")


def accuracy_on(folder, csv_path, name):
    run(folder, "evaluating.py", "--run", name, "--data", csv_path)
    return json.loads((Path(folder) / "runs" / name / "evaluation" / "report.json").read_text())["accuracy"]


def resized(csv_path, folder, size):
    """Writes the images of a CSV, in another size, into a folder; returns the path of their CSV."""
    folder.mkdir()
    rows = []
    with open(csv_path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            path = folder / f"{len(rows)}.png"
            with Image.open(Path(csv_path).parent / row["image_path"]) as image:
                image.convert("RGB").resize((size, size), Image.Resampling.LANCZOS).save(path)
            rows.append((row["image_name"], path, row["label"]))
    write_csv(folder / "info.csv", ["image_name", "image_path", "label"], rows)
    return folder / "info.csv"


if __name__ == "__main__":
    main()
