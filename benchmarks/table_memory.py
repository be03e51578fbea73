"""Does memory grow with the table? Peak memory of training on tables of 10^3, 10^4 and 10^5 rows of 1,000 columns.

  python benchmarks/table_memory.py
  python benchmarks/table_memory.py --rows 200 --columns 20000 --transpose    the file has a gene per row

The largest table takes about a gigabyte of disk. Its rows repeat 500 random ones; each class has its own mean.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from processes import run

DRAWN = 500  # rows, of two classes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--columns", type=int, default=1_000)
    parser.add_argument("--transpose", action="store_true")
    arguments = parser.parse_args()
    print("    rows  file (MiB)  peak memory (MiB)  seconds")
    with tempfile.TemporaryDirectory() as folder:
        for rows in arguments.rows:
            path = Path(folder) / f"{rows}.tabular"
            (write_transposed if arguments.transpose else write_table)(path, rows, arguments.columns)
            size = path.stat().st_size / 2**20
            words = ["--data", path, "--label_column", "kind", "--architecture", "dense 16 elu, dense 1 sigmoid"]
            words += ["--transpose"] * arguments.transpose + ["--batch_size", min(256, rows // 2)]
            done = run(folder, "training.py", *words, "--epochs", 2, "--scale", "standard")
            print(f"{rows:8,}  {size:10,.0f}  {done.peak_memory:17,.0f}  {done.seconds:7.0f}", flush=True)
            path.unlink()


def write_table(path, rows, columns):
    """Writes a table with a header, sorted by class; the class is the last column."""
    random = np.random.default_rng(0)
    drawn = {}
    for kind in ("ill", "well"):
        mean = random.normal(size=columns)
        values = random.normal(mean, 3, size=(DRAWN // 2, columns))
        drawn[kind] = ["\t".join(f"{value:.5f}" for value in row) + f"\t{kind}\n" for row in values]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\t".join([*(f"gene_{number}" for number in range(columns)), "kind"]) + "\n")
        for lines in drawn.values():
            for number in range(rows // 2):
                file.write(lines[number % len(lines)])


def write_transposed(path, rows, columns):
    """Writes the like, but with a line per column, and the classes in the last line."""
    random = np.random.default_rng(0)
    kinds = np.arange(rows) * 2 // rows
    with open(path, "w", encoding="utf-8") as file:
        file.write("\t".join(["gene", *(f"patient_{number}" for number in range(rows))]) + "\n")
        for number in range(columns):
            values = random.normal(random.normal(size=2)[kinds], 3)
            file.write(f"gene_{number}\t" + "\t".join(f"{value:.5f}" for value in values) + "\n")
        file.write("\t".join(["kind", *(("ill", "well")[kind] for kind in kinds)]) + "\n")


if __name__ == "__main__":
    main()
