"""Do memory and time grow with the CSV? Peak memory and seconds of training on 10^4, 10^5 and 10^6 lines.

  python benchmarks/scaling.py
  python benchmarks/scaling.py --records   # of raw images in TFRecord files

Each line has its own name, but all share 200 images of 16 x 16, or records of 32 x 32, so that a million lines need no
large disk. Peak memory is measured on Linux only.
"""

import argparse
import csv
import tempfile
from functools import partial
from pathlib import Path

from data_sets import SHAPES, draw
from measuring import Comparison, in_turns, publish
from processes import run
from tfrecord import write_shards

IMAGES_PER_CLASS = 100


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--records", action="store_true", help="raw images of 32 x 32 in TFRecord files")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = draw(folder, IMAGES_PER_CLASS, size=32 if arguments.records else 16)
        if arguments.records:
            write_shards(folder, data, "raw", count=4)
        listed = Path(folder) / "raw" / "info.csv" if arguments.records else data
        for lines in arguments.lines:
            write_csv(Path(folder) / f"{lines}.csv", listed, lines)
        contenders = {f"{lines:,} lines": partial(train, folder, lines) for lines in arguments.lines}
        finished = in_turns(contenders, arguments.rounds)
    memory, seconds = (
        {name: [[getattr(process, quantity)] for process in processes] for name, processes in finished.items()}
        for quantity in ("peak_memory", "seconds")
    )
    peaks, times = Comparison("peak memory, MiB", memory), Comparison("seconds", seconds)
    fewest, most = (f"{lines:,} lines" for lines in (min(arguments.lines), max(arguments.lines)))
    peaks.ratio(most, fewest, at_most=1.2)
    times.ratio(most, fewest)
    if arguments.records:
        publish("scaling_records", "Training on more and more raw images in TFRecord files", [peaks, times])
    else:
        publish("scaling", "Training on longer and longer CSV files", [peaks, times])


def write_csv(path, listed, lines):
    """Writes a CSV sorted by class, as `cat` makes it, of the images that another one lists."""
    with open(listed, newline="", encoding="utf-8") as file:
        paths = [row["image_path"] for row in csv.DictReader(file) if row["label"] != "label"]
    with open(path, "w", encoding="utf-8") as file:
        for label, shape in enumerate(SHAPES):
            file.write("image_name,image_path,label\n")
            of_class = paths[label * IMAGES_PER_CLASS :]
            for number in range(lines // len(SHAPES)):
                file.write(f"{shape}_{number:07d}.png,{of_class[number % IMAGES_PER_CLASS]},{label}\n")


def train(folder, lines, number):
    """Trains for an epoch on the CSV with this many lines: a Finished process."""
    words = "--network", "simple_fc", "--epochs", 1, "--batch_size", 256, "--validation", 0.01
    return run(folder, "training.py", "--data", f"{lines}.csv", *words, "--run", f"{lines}_{number}")


if __name__ == "__main__":
    main()
