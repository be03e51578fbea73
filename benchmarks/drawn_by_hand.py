"""Does a network that has learnt from our drawings read people's? One network, several training sets, one test set.

  python benchmarks/drawn_by_hand.py drawn/info.csv
  python benchmarks/drawn_by_hand.py drawn/info.csv --fine_tune others/info.csv --size 128

A CSV lists squares (label 0) and triangles (label 1) that people drew: the drawing board keeps such a file. For each
style of dataset_creation.py, `cnn` is trained on 2 x 5,000 images from several seeds, and evaluated on people's
drawings. With --fine_tune, each network then goes on learning from a second CSV, by other people, and is evaluated on
the first again.
"""

import argparse
import csv
import json
import tempfile
from pathlib import Path

from data_sets import SHAPES, draw, drawing_flags
from measuring import Comparison, publish
from PIL import Image
from processes import run
from trained import epochs_of

from kit.system.files import write_csv

TITLES = (
    "accuracy on the validation images of its style",
    "accuracy on new images of the style varied",
    "accuracy on all of people's drawings",
    "accuracy on the drawings of the first CSV",
    "accuracy on the same, after fine-tuning on the second",
)
NEW_IMAGES = 1000  # a class
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
    figures = {style: figures_of_style(style, arguments) for style in arguments.styles}
    comparisons = [
        Comparison(title, {style: [[seed[number]] for seed in figures[style]] for style in figures}, 4, "seed")
        for number, title in enumerate(TITLES if arguments.fine_tune else TITLES[:3])
    ]
    publish(f"drawn_by_hand_{arguments.size}", f"People's drawings, {arguments.size} pixels", comparisons)


def figures_of_style(style, arguments):
    """Draws a style, and trains on it from each seed: a list of the accuracies of TITLES per seed."""
    with tempfile.TemporaryDirectory() as folder:
        draw(folder, arguments.images_per_class, arguments.size, style=style)
        paths = [Path(path) for path in (arguments.drawings, arguments.fine_tune) if path]
        everybody = resized(paths, Path(folder) / "everybody", arguments.size)
        test, *more = [resized([path], Path(folder) / f"people_{n}", arguments.size) for n, path in enumerate(paths)]
        varied = new_varied_images(folder, arguments.size)
        figures = []
        for seed in range(arguments.seeds):
            name = f"seed_{seed}"
            run(folder, "training.py", "--seed", seed, "--run", name)
            validation = max(epoch.validation_score for epoch in epochs_of(Path(folder) / "runs" / name))
            figures.append([validation, *(accuracy_on(folder, each, name) for each in (varied, everybody))])
            for csv_path in more:
                words = "--data", csv_path, "--initial_weights", name, "--seed", seed, "--run", f"{name}_tuned"
                run(folder, "training.py", *words, *FINE_TUNING)
                figures[-1] += [accuracy_on(folder, test, name), accuracy_on(folder, test, f"{name}_tuned")]
            print(f"{style}, seed {seed}: {figures[-1]}", flush=True)
        return figures


def new_varied_images(folder, size):
    """Draws images that no network has learnt from or was validated on; returns the path of their CSV."""
    for shape in SHAPES:
        flags = drawing_flags(shape, NEW_IMAGES, size, seed=1000)
        run(folder, "dataset_creation.py", *flags, "--style", "varied", "--output_directory", f"new_{shape}")
    path = Path(folder) / "new.csv"
    path.write_bytes(b"".join((Path(folder) / f"new_{shape}" / "info.csv").read_bytes() for shape in SHAPES))
    return path


def accuracy_on(folder, csv_path, name):
    run(folder, "evaluating.py", "--run", name, "--data", csv_path)
    return json.loads((Path(folder) / "runs" / name / "evaluation" / "report.json").read_text())["accuracy"]


def resized(csv_paths, folder, size):
    """Writes the images of some CSVs, in another size, into a folder; returns the path of their CSV."""
    folder.mkdir()
    rows = []
    for csv_path in csv_paths:
        with open(csv_path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                path = folder / f"{len(rows)}.png"
                with Image.open(csv_path.parent / row["image_path"]) as image:
                    image.convert("RGB").resize((size, size), Image.Resampling.LANCZOS).save(path)
                rows.append((row["image_name"], path, row["label"]))
    write_csv(folder / "info.csv", ["image_name", "image_path", "label"], rows)
    return folder / "info.csv"


if __name__ == "__main__":
    main()
