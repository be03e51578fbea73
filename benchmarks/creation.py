"""Is drawing fast? Images per second of dataset_creation.py, compared with a loop over Pillow's `save`.

  python benchmarks/creation.py

Both draw the same images, and the files are compared pixel by pixel. dataset_creation.py uses all cores, the loop uses
one. The rate of dataset_creation.py is the one that it prints.
"""

import argparse
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
from contenders import OURS
from data_sets import drawing_flags
from measuring import Comparison, in_turns, publish
from PIL import Image
from processes import ask, printed_rate, run

SHAPE = "square"
LOOP, FASTER_LOOP = "a loop over Pillow", "the loop, compress_level=1"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--num_images", type=int, default=4000)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    flags = drawing_flags(SHAPE, arguments.num_images, arguments.size, seed=0)
    with tempfile.TemporaryDirectory() as parent:
        parent = Path(parent)
        contenders = {
            OURS: partial(draw, parent / "ours", flags),
            LOOP: partial(draw_by_loop, parent / "loop", flags),
            FASTER_LOOP: partial(draw_by_loop, parent / "faster", [*flags, "--compress_level", 1]),
        }
        rates = in_turns(contenders, arguments.rounds)
        last = arguments.rounds - 1
        check_pixels_are_equal(parent / "ours" / f"{last}" / SHAPE, parent / "loop" / f"{last}" / SHAPE)
    comparison = Comparison(f"{arguments.size} x {arguments.size} pixels, images per second", rates)
    comparison.ratio(OURS, LOOP, at_least=2.5)
    comparison.ratio(OURS, FASTER_LOOP)
    publish("creation", "Drawing, compared with a loop over Pillow", [comparison])


def draw(parent, flags, number):
    folder = parent / f"{number}"
    folder.mkdir(parents=True)
    return [printed_rate(run(folder, "dataset_creation.py", *flags))]


def draw_by_loop(parent, flags, number):
    folder = parent / f"{number}"
    folder.mkdir(parents=True)
    return [ask(folder, "pillow_loop.py", *flags)["images_per_second"]]


def check_pixels_are_equal(ours, theirs):
    """Compares the images of two folders, file by file."""
    names = [sorted(path.name for path in folder.glob(f"{SHAPE}_*.png")) for folder in (ours, theirs)]
    assert names[0] == names[1]
    for name in names[0]:
        with Image.open(ours / name) as one, Image.open(theirs / name) as other:
            assert np.array_equal(np.asarray(one), np.asarray(other)), f"{name}: the pixels differ"
    print(f"{len(names[0]):,} images are equal, pixel by pixel.")


if __name__ == "__main__":
    main()
