"""What a peer is asked to do, and how it answers: shared by the peers."""

import argparse
import csv
import json
from typing import NamedTuple

from PIL import Image


def parser_of_task(description, networks):
    """The command line of a peer: an argparse.ArgumentParser.

    Args:
      description: the peer's docstring.
      networks: the names of those that it can build.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data_train", required=True, help="the training images: lines path,label")
    parser.add_argument("--data_validation", required=True, help="the validation images, likewise")
    parser.add_argument("--network", choices=networks, default="cnn")
    parser.add_argument("--best", action="store_true", help="as quick as it can be made; else as its guides have it")
    parser.add_argument("--bfloat16", action="store_true", help="with --best: the processor has bfloat16, use it")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch_size", type=int, default=32)
    parser.add_argument("--learning_rate", type=float, default=0.001)
    parser.add_argument("--seed", type=int, default=0)
    return parser


class Listed(NamedTuple):
    """The images of a list, which are on disk."""

    paths: list  # of str
    labels: list  # of int

    @property
    def num_classes(self):
        return max(self.labels) + 1

    @property
    def image_size(self):
        """(height, width) in pixels, of the first image, and so of all."""
        with Image.open(self.paths[0]) as image:
            return image.height, image.width


def read_list(path):
    """Reads lines path,label."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return Listed([path for path, _ in rows], [int(label) for _, label in rows])


def answer(**figures):
    """Ends a peer: its figures as one line of JSON."""
    print(json.dumps(figures), flush=True)
