"""Is this checkout as fast as another one, and do both learn the same? For a change that should change nothing.

  python benchmarks/before_after.py --other ../before
  python benchmarks/before_after.py --other ../before --only same     same, help, images or table; or several of them

Both checkouts run in turns, with this Python, on the same data, which this checkout draws. The table shows medians, and
the speed this / other: below 1, this checkout is slower. In brackets are the slowest and the fastest round. "Training
only" leaves out the start of the process, the first epoch and validation. Seeded runs are --deterministic; all columns
of their history.csv are compared, except the seconds. On a busy machine only the CPU seconds are worth a look.
"""

import argparse
import csv
import os
import statistics
import sys
import tempfile
from functools import partial
from pathlib import Path

from data_sets import VALIDATION_SHARE, draw, write_lists, write_random_table
from measuring import in_turns
from processes import PROJECT, finish

from kit.cli.settings import INPUTS

THIS, OTHER = "this", "other"
SIZES = (128, 64)  # pixels
COLUMNS = 20  # of the table
FOR_CLASSES = ("--label_column", "kind", "--without_columns", "value")
FOR_VALUES = ("--label_column", "value", "--without_columns", "kind", "--architecture", "dense 16 elu, dense 1")
FOR_VALUES += ("--loss", "mse")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--other", type=Path, required=True, help="folder of the other checkout")
    parser.add_argument("--only", nargs="+", choices=QUESTIONS, default=list(QUESTIONS))
    parser.add_argument("--rounds", type=int, default=5, help="timed trainings of each checkout")
    parser.add_argument("--help_rounds", type=int, default=15, help="timed runs of each --help")
    parser.add_argument("--images_per_class", type=int, default=2500)
    parser.add_argument("--rows", type=int, default=20_000, help="of the table")
    parser.add_argument("--epochs", type=int, default=4, help="of the timed trainings; at least 2")
    parser.add_argument("--seeded_epochs", type=int, default=2, help="of the seeded runs")
    arguments = parser.parse_args()
    if not (arguments.other / "training.py").is_file():
        parser.error(f"--other {arguments.other}: there is no training.py in it. Name a checkout of the project.")
    if arguments.epochs < 2:
        parser.error(f"--epochs {arguments.epochs}: expected 2 or more; the first epoch isn't timed.")
    with tempfile.TemporaryDirectory() as folder:
        pair = Pair(Path(folder), arguments.other.resolve())
        lines = [each for question in arguments.only for each in QUESTIONS[question](pair, arguments)]
    print(f"\nthis {PROJECT}, other {arguments.other.resolve()}")
    print(f"load average {', '.join(f'{load:.1f}' for load in os.getloadavg())} on {os.cpu_count()} cores\n")
    print(f"{'':44} {'this':>9} {'other':>9}  this / other")
    print("\n".join(lines))


# ----------------------------------------------------------------------------- the questions: each gives lines


def same(pair, arguments):
    """Whether the histories of seeded runs are equal."""
    images, table = pair.draw(SIZES[-1], arguments), pair.make_table(arguments)
    flags = {
        "images, cnn_regularized": ("--data", images, "--network", "cnn_regularized"),
        **{f"images, --input {kind}": ("--data", images, "--input", kind) for kind in INPUTS},
        "a table of classes": ("--data", table, *FOR_CLASSES),
        "a table of values": ("--data", table, *FOR_VALUES),
    }
    lines = []
    for number, (what, words) in enumerate(flags.items()):
        words += "--epochs", arguments.seeded_epochs, "--seed", 7, "--deterministic"
        histories = [pair.train(which, f"seeded_{number}", *words).history for which in (THIS, OTHER)]
        lines.append(f"{f'same history, {what}':44} {'yes' if histories[0] == histories[1] else 'no'}")
        print(lines[-1], flush=True)
    return lines


def help_(pair, arguments):
    """Seconds of --help."""
    lines = []
    for script in ("training.py", "evaluating.py"):
        ways = {which: partial(pair.run_help, which, script) for which in (THIS, OTHER)}
        finished = in_turns(ways, arguments.help_rounds, round_name=None)
        for what, quantity in (("s", "seconds"), ("CPU s", "cpu_seconds")):
            seconds = {which: [getattr(each, quantity) for each in some] for which, some in finished.items()}
            lines.append(line(f"{script} --help, {what}", seconds, decimals=3))
    return lines


def images(pair, arguments):
    """Images per second of training."""
    lines = []
    for size in SIZES:
        path = pair.draw(size, arguments)
        count = write_lists(path, pair.folder).num_training
        lines += pair.rates(f"{size} x {size} images", count, ("--data", path), arguments)
    return lines


def table(pair, arguments):
    """Rows per second of training."""
    count = round(arguments.rows * (1 - VALIDATION_SHARE))
    return pair.rates("table", count, ("--data", pair.make_table(arguments), *FOR_CLASSES), arguments)


QUESTIONS = {"same": same, "help": help_, "images": images, "table": table}


# ----------------------------------------------------------------------------- the two checkouts


class Training:
    """A training that has ended: its Finished process, the seconds of each epoch, its history without these."""

    def __init__(self, process, run):
        with open(run / "history.csv", newline="", encoding="utf-8") as file:
            self.history = list(csv.DictReader(file))
        self.process = process
        self.epoch_seconds = [float(row.pop("seconds")) for row in self.history]


class Pair:
    """Both checkouts. Each has a working folder of its own; the data is the same."""

    def __init__(self, folder, other):
        self.folder = folder
        self.checkouts = {THIS: PROJECT, OTHER: other}
        for which in self.checkouts:
            (folder / which).mkdir()

    def draw(self, size, arguments):
        """The CSV of the images of a size, which are drawn once."""
        folder = self.folder / f"{size}"
        if not folder.exists():
            folder.mkdir()
            draw(folder, arguments.images_per_class, size)
        return folder / "dataset.csv"

    def make_table(self, arguments):
        """The table, which is written once."""
        path = self.folder / "table.csv"
        if not path.exists():
            write_random_table(path, arguments.rows, COLUMNS)
        return path

    def run(self, which, script, *words):
        return finish([sys.executable, self.checkouts[which] / script, *words], self.folder / which)

    def run_help(self, which, script, _):
        return self.run(which, script, "--help")

    def train(self, which, name, *words):
        finished = self.run(which, "training.py", *words, "--run", name)
        return Training(finished, self.folder / which / "runs" / name)

    def rates(self, what, count, words, arguments):
        """Three lines: examples per second of the whole process and of training only, CPU seconds of the process."""
        words += ("--epochs", arguments.epochs)
        name = "".join(filter(str.isalnum, what))

        def train(which, number):
            return self.train(which, f"{name}_{number}", *words, "--seed", number)

        trainings = in_turns({which: partial(train, which) for which in (THIS, OTHER)}, arguments.rounds)
        whole = {which: [some.process.seconds for some in each] for which, each in trainings.items()}
        cpu = {which: [some.process.cpu_seconds for some in each] for which, each in trainings.items()}
        epochs = {which: [sum(some.epoch_seconds[1:]) for some in each] for which, each in trainings.items()}
        return [
            line(f"{what}, per s of the process", whole, count * arguments.epochs),
            line(f"{what}, per s of training only", epochs, count * (arguments.epochs - 1)),
            line(f"{what}, CPU seconds of the process", cpu, decimals=1),
        ]


def line(what, seconds, count=None, decimals=0):
    """A line of the table.

    Args:
      what: was measured.
      seconds: {THIS: [seconds of each round], OTHER: the same}.
      count: how many examples these took; the line shows them per second. None shows the seconds.
      decimals: of the figures.
    """
    this, other = statistics.median(seconds[THIS]), statistics.median(seconds[OTHER])
    ratios = [theirs / ours for ours, theirs in zip(seconds[THIS], seconds[OTHER])]
    shown = [median if count is None else count / median for median in (this, other)]
    figures = " ".join(f"{figure:9,.{decimals}f}" for figure in shown)
    return f"{what:44} {figures}  {other / this:.3f} ({min(ratios):.3f} to {max(ratios):.3f})"


if __name__ == "__main__":
    main()
