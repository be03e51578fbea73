"""Does the hands-on answer fast? Seconds of all checks of a solved folder, and of each check in watch mode.

  python benchmarks/hands_on.py

All checks: `python check.py` as a process, with TensorFlow's import. In watch mode: from a save to the verdict, in a
`python -m exercises watch` that is already running. Each blank is emptied and solved again, --rounds times.
"""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from processes import PROJECT, finish

EXERCISES = [sys.executable, "-m", "exercises"]
BLANK = re.compile(r"(?ms)^ *# blank (?P<number>\d+)(?P<letter>[a-z]?): .*?# end of blank (?P=number)(?P=letter)$")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as parent:
        folder = HandsOn(Path(parent) / "my_handson")
        folder.solve_all()
        print_seconds("all checks", [folder.seconds_of_all_checks() for _ in range(rounds)])
        folder.empty_all()
        for number, seconds in folder.seconds_in_watch_mode(rounds):
            print_seconds(f"blank {number} in watch mode", seconds)


def print_seconds(what, seconds):
    print(f"{what}: {statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})", flush=True)


class HandsOn:
    """A student's folder, and what stands in its blanks when they are empty and when they are solved."""

    def __init__(self, path):
        self.path = path
        finish([*EXERCISES, "start", path], PROJECT)
        self.empty = {file.name: file.read_text() for file in path.glob("*.py") if BLANK.search(file.read_text())}
        self.solved = {name: (PROJECT / name).read_text() for name in self.empty}

    @property
    def numbers(self):
        """The blanks' numbers, in order: a list of int."""
        return sorted({int(blank["number"]) for text in self.empty.values() for blank in BLANK.finditer(text)})

    def solve_all(self):
        self._write(self.solved)

    def empty_all(self):
        self._write(self.empty)

    def seconds_of_all_checks(self):
        return finish([sys.executable, "check.py"], self.path).seconds

    def seconds_in_watch_mode(self, rounds):
        """Yields (a blank's number, [seconds from a save that solves it to its verdict, per round])."""
        words = [*EXERCISES, "watch", str(self.path)]
        with subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as watching:
            try:
                read_until(watching, "Next: ")
                for number in self.numbers:
                    yield number, [self._seconds_of_save(watching, number) for _ in range(rounds)]
            finally:
                watching.kill()

    def _seconds_of_save(self, watching, number):
        self._write({name: with_blank(text, number, self.solved[name]) for name, text in self.empty.items()})
        began = time.monotonic()
        read_until(watching, rf"^ *{number}  done")
        seconds = time.monotonic() - began
        read_until(watching, "Next: ")
        self.empty_all()  # watching would end if all were done
        read_until(watching, "Next: ")
        return seconds

    def _write(self, texts):
        """Saves the scripts that change."""
        for name, text in texts.items():
            if (self.path / name).read_text() != text:
                (self.path / name).write_text(text)


def with_blank(text, number, solved):
    """A script's text with one blank, all places of it, as in the text of the solved script."""
    places = {blank["letter"]: blank[0] for blank in BLANK.finditer(solved) if int(blank["number"]) == number}
    return BLANK.sub(lambda blank: places[blank["letter"]] if int(blank["number"]) == number else blank[0], text)


def read_until(process, pattern):
    """Reads a process's output up to a line that holds the pattern."""
    for line in process.stdout:
        if re.search(pattern, line):
            return
    raise RuntimeError(f"{process.args} ended before it printed {pattern}")


if __name__ == "__main__":
    main()
