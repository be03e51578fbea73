"""Draws a data set in the simplest way, in a loop with Pillow's `save`. The images are those of dataset_creation.py.

python benchmarks/peers/pillow_loop.py --shape square --num_images 10000 --output_directory square --size 128
"""

import argparse
import sys
import time
from pathlib import Path

from task import answer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from kit.data.drawing.draw import draw
from kit.data.drawing.shapes import default_label


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", required=True)
    parser.add_argument("--num_images", type=int, required=True)
    parser.add_argument("--output_directory", type=Path, required=True)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--compress_level", type=int, help="of the PNGs, 0 to 9; by default Pillow's")
    arguments = parser.parse_args()
    options = {} if arguments.compress_level is None else {"compress_level": arguments.compress_level}
    folder, label = arguments.output_directory, default_label(arguments.shape)
    folder.mkdir()
    began = time.perf_counter()
    with open(folder / "info.csv", "w", encoding="utf-8") as info:
        for index in range(arguments.num_images):
            path = folder / f"{arguments.shape}_{index:06d}.png"
            draw(arguments.shape, index, arguments.size, arguments.seed, "varied").save(path, **options)
            info.write(f"{path.name},{path},{label}\n")
    answer(images_per_second=arguments.num_images / (time.perf_counter() - began))


if __name__ == "__main__":
    main()
