"""Does memory grow with the CSV? Peak memory of training on CSV files of 10^4, 10^5 and 10^6 lines.

  python benchmarks/memory.py

The lines have names of their own and share 200 images of 16 x 16, so that a million lines need no large disk.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
IMAGES = 100  # of each class


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    arguments = parser.parse_args()
    print("    lines  peak memory (MiB)  seconds")
    with tempfile.TemporaryDirectory() as folder:
        for shape in ("square", "triangle"):
            words = ["--shape", shape, "--num_images", IMAGES, "--size", 16, "--output_directory", shape]
            run(folder, "dataset_creation.py", *words)
        for lines in arguments.lines:
            write_csv(Path(folder) / f"{lines}.csv", lines)
            began = time.monotonic()
            words = ["--data", f"{lines}.csv", "--network", "simple_fc", "--epochs", 1, "--batch_size", 256]
            peak = run(folder, "training.py", *words, "--validation", 0.01)
            print(f"{lines:9,}  {peak / 1024:17,.0f}  {time.monotonic() - began:7.0f}", flush=True)


def write_csv(path, lines):
    """A CSV sorted by class, as `cat` makes it."""
    with open(path, "w", encoding="utf-8") as file:
        for label, shape in enumerate(("square", "triangle")):
            file.write("image_name,image_path,label\n")
            for number in range(lines // 2):
                file.write(f"{shape}_{number:07d}.png,./{shape}/{shape}_{number % IMAGES:06d}.png,{label}\n")


def run(folder, script, *arguments):
    """Runs a script to its end; gives the peak of its memory, in KiB."""
    command = [sys.executable, str(PROJECT / script), *map(str, arguments)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{script} failed")
    return usage.ru_maxrss


if __name__ == "__main__":
    main()
