"""How fast does `cnn` train from TFRecord files, compared with PNG files, with the limit, and with Keras?

  python benchmarks/tfrecord.py
  python benchmarks/tfrecord.py --size 64 --images_per_class 5000

Every contender is a process. The limit is the same step on a constant batch; Keras reads the same TFRecord files, in
the way of its guides. Neither validation nor the first epoch of a process is timed.
"""

import argparse
import csv
import os
import sys
import tempfile
from functools import partial
from pathlib import Path

from contenders import KERAS, LIMIT, ask_peer
from data_sets import draw, write_lists
from measuring import Comparison, in_turns, publish
from processes import PROJECT, ask, finish, run
from trained import epochs_of

from kit.system.files import write_csv

EPOCHS = 3
RAW, PNG, FILES = "TFRecord files, raw", "TFRecord files, PNG", "PNG files"
KERAS_SHARDS = "Keras, TFRecord files, raw"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=128, help="pixels")
    parser.add_argument("--images_per_class", type=int, default=2500)
    parser.add_argument("--shards", type=int, default=16, help="TFRecord files")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = draw(folder, arguments.images_per_class, arguments.size)
        lists = write_lists(data, folder)
        write_shards(folder, data, "raw", arguments.shards)
        write_shards(folder, data, "png", arguments.shards)
        write_shards(folder, csv_of(lists.training, folder), "raw", arguments.shards, "training")
        contenders = {
            RAW: partial(ours, folder, "raw", lists),
            PNG: partial(ours, folder, "png", lists),
            FILES: partial(ours, folder, data, lists),
            LIMIT: lambda number: ask(folder, "constant_batch.py", "--data", data, "--epochs", EPOCHS),
            KERAS_SHARDS: lambda number: ask_peer(
                KERAS, folder, lists, "--shards", "training", "--epochs", EPOCHS, "--seed", number
            ),
        }
        answers = in_turns(contenders, arguments.rounds)
    figures = {name: [answer["images_per_second"] for answer in given] for name, given in answers.items()}
    comparison = Comparison(f"`cnn`, {arguments.size} pixels, images per second", figures)
    comparison.ratio(RAW, LIMIT, at_least=0.95)
    comparison.ratio(RAW, KERAS_SHARDS, at_least=1.3)
    comparison.ratio(RAW, FILES)
    publish(f"tfrecord_{arguments.size}", f"From TFRecord files, {arguments.size} pixels", [comparison])


def write_shards(folder, data, kind, count, name=None):
    """Writes the images of a CSV into TFRecord files in the folder `name`, by default called like their format."""
    words = ["--data", data, "--output_directory", name or kind, "--format", kind, "--shards", count]
    path = f"{PROJECT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    finish(["env", f"PYTHONPATH={path}", sys.executable, "-m", "kit.data.tfrecord", *words], folder)


def csv_of(list_path, folder):
    """Writes the CSV of a list of images, for the kit; returns its path."""
    with open(list_path, newline="", encoding="utf-8") as file:
        rows = [(Path(row["path"]).name, row["path"], row["label"]) for row in csv.DictReader(file)]
    path = Path(folder) / "training_images.csv"
    write_csv(path, ["image_name", "image_path", "label"], rows)
    return path


def ours(folder, data, lists, number):
    name = f"{Path(data).stem}_{number}"
    run(folder, "training.py", "--data", data, "--epochs", EPOCHS, "--seed", number, "--run", name)
    epochs = epochs_of(Path(folder) / "runs" / name)
    return {"images_per_second": [lists.num_training / epoch.seconds for epoch in epochs[1:]]}


if __name__ == "__main__":
    main()
