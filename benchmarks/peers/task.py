"""The command line and the answer that the peers share."""

import argparse
import csv
import json
from typing import NamedTuple

from PIL import Image


def parser_of_task(description, networks):
    """The command line of a peer: an argparse.ArgumentParser.

    Args:
      description: the peer's docstring.
      networks: the names of the networks that it can build.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data_train", required=True, help="CSV of the training images: path, label")
    parser.add_argument("--data_validation", required=True, help="the same for validation")
    parser.add_argument("--network", choices=networks, default="cnn")
    parser.add_argument("--best", action="store_true", help="as fast as it can be made; by default, as in its guides")
    parser.add_argument("--bfloat16", action="store_true", help="with --best: compute in bfloat16")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch_size", type=int, default=32)
    parser.add_argument("--learning_rate", type=float, default=0.001)
    parser.add_argument("--seed", type=int, default=0)
    return parser


class Listed(NamedTuple):
    """Image files and their labels."""

    paths: list  # of str
    labels: list  # of int

    @property
    def num_classes(self):
        return max(self.labels) + 1

    @property
    def image_size(self):
        """(height, width) in pixels; all images have the same."""
        with Image.open(self.paths[0]) as image:
            return image.height, image.width


def read_list(path):
    """Reads a CSV with the columns path and label."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return Listed([row["path"] for row in rows], [int(row["label"]) for row in rows])


def answer(**figures):
    """Ends a peer: its figures as one line of JSON."""
    print(json.dumps(figures), flush=True)
