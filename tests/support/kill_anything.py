"""Kills the scripts at random moments, again and again: is anything torn read as whole, and is the end the same?

python tests/support/kill_anything.py    50 times training.py, 20 dataset_creation.py, 10 evaluating.py
python tests/support/kill_anything.py --training 5 --drawing 0 --evaluating 0 --seed 7

A job is first done undisturbed. Then it is begun anew and ended with SIGKILL, every other time just as a file is being
written; after each kill everything on disk is checked; and the same command, or --resume, goes on from there. When the
job has come through so many kills, what it leaves behind must be the same, bit by bit.
"""

import argparse
import contextlib
import csv
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests")]

from support import warm  # noqa: E402
from support.trained import SETTINGS, assert_same, curves, weights  # noqa: E402

KILLS_A_JOB = 5  # then it may come to its end
IMAGES, SIZE = 60, 32
WRITING = (".tempstate", ".partial-", ".tmp", ".index")  # in the names of files that a write begins with


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--training", type=int, default=50, help="kills of training.py")
    parser.add_argument("--drawing", type=int, default=20, help="kills of dataset_creation.py")
    parser.add_argument("--evaluating", type=int, default=10, help="kills of evaluating.py")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    arguments = parser.parse_args()
    counts = {Drawing: arguments.drawing, Training: arguments.training, Evaluating: arguments.evaluating}
    with tempfile.TemporaryDirectory() as folder:
        moments = random.Random(arguments.seed)
        for job, kills in counts.items():
            survived = kill_often(job(Path(folder)), kills, moments) if kills else 0
            print(f"{job.script}: killed {kills} times, survived {survived}, lost {kills - survived}", flush=True)


def kill_often(job, kills, moments):
    """Does a job undisturbed, then kills it so many times. Returns how many kills it came through."""
    began = time.monotonic()
    finish(job.command("undisturbed"), job.folder)
    longest = time.monotonic() - began
    survived, jobs = 0, 0
    while survived < kills:
        jobs += 1
        name = f"killed_{jobs}"
        job.prepare(name)
        for _ in range(min(KILLS_A_JOB, kills - survived)):
            said = kill(job, name, moments.uniform(0, longest), on_write=survived % 2 == 0)
            if said is None:
                break
            job.check_nothing_torn(name)
            survived += 1
            print(f"{job.script}: kill {survived} of {kills}, {said}", flush=True)
        finish(job.command(name), job.folder)
        job.check_same(name)
    return survived


def kill(job, name, after, on_write):
    """Starts a job and kills it after so many seconds; on_write: once a file is being written from then on.

    Returns:
      In words, when it was; None if the job had come to its end before.
    """
    began = time.monotonic()
    script, *words = job.command(name)
    process = warm.start(script, job.folder, *words, pipes=False, own_group=True)
    before, written = set(), None
    while process.poll() is None:
        seconds = time.monotonic() - began
        if on_write:
            there = {path for path in job.place(name).rglob("*") if any(part in path.name for part in WRITING)}
            if seconds >= after / 2 and there - before:
                written = min(there - before)
                break
            before = there
        elif seconds >= after:
            break
        time.sleep(0.0005)
    if process.poll() is not None:
        process.communicate()
        return None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # drawing has helpers, which nobody is left to end
    return f"after {time.monotonic() - began:.2f} s" + (f", writing {written.name}" if written else "")


def finish(command, folder):
    """Runs a script, [name, *words], to its end; an AssertionError tells what it said if it ended badly."""
    script, *words = command
    ended = warm.run(script, folder, *words)
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout + ended.stderr


class Drawing:
    """dataset_creation.py."""

    script = "dataset_creation.py"

    def __init__(self, folder):
        self.folder = folder

    def command(self, name):
        return [self.script, "--shape", "square", "--num_images", 600, "--size", SIZE, "--output_directory", name]

    def place(self, name):
        return self.folder / name

    def prepare(self, name):
        pass

    def check_nothing_torn(self, name):
        whole = self.folder / "undisturbed"
        for path in self.place(name).glob("[!.]*.png"):  # what is half written begins with a dot
            assert path.name == "preview.png" or path.read_bytes() == (whole / path.name).read_bytes(), path
        for path in self.place(name).glob("[!.]*.csv"):
            assert path.read_text().replace(name, "undisturbed") == (whole / path.name).read_text(), path

    def check_same(self, name):
        self.check_nothing_torn(name)
        ours, theirs = ({path.name for path in self.place(each).iterdir()} for each in (name, "undisturbed"))
        assert ours == theirs, ours ^ theirs


class Training:
    """training.py, with a network that has all that could make a difference."""

    script = "training.py"
    settings = (*SETTINGS, "--epochs", 8, "--deterministic")

    def __init__(self, folder):
        self.folder = folder
        draw(folder)

    def command(self, name):
        if (self.place(name) / "config.json").exists():
            return [self.script, "--resume", "--run", name]
        return [self.script, *self.settings, "--run", name]

    def place(self, name):
        return self.folder / "runs" / name

    def prepare(self, name):
        pass

    def check_nothing_torn(self, name):
        run = self.place(name)
        if (run / "config.json").exists():
            json.loads((run / "config.json").read_text())
        if (run / "history.csv").exists():
            with open(run / "history.csv", newline="") as file:
                rows = list(csv.reader(file))
            assert all(len(row) == len(rows[0]) for row in rows)
        for kind in ("checkpoints", "best"):
            if (run / kind / "checkpoint").exists():
                assert weights(run, kind)  # every value is read, and its checksum verified

    def check_same(self, name):
        run, undisturbed = self.place(name), self.place("undisturbed")
        assert_same(run, undisturbed)
        best = weights(undisturbed, "best")
        assert all((value == best[variable]).all() for variable, value in weights(run, "best").items())
        for part in ("train", "validation"):
            assert curves(run, part) == curves(undisturbed, part)
        left = {path.name for path in run.rglob("*") if any(part in path.name for part in (".tempstate", ".partial-"))}
        assert not left, left


class Evaluating:
    """evaluating.py."""

    script = "evaluating.py"
    results = "report.json", "predictions.csv", "confusion_matrix.png", "scores.tabular"

    def __init__(self, folder):
        self.folder = folder
        if not (folder / "dataset.csv").exists():
            draw(folder)
        finish(["training.py", *SETTINGS, "--epochs", 1, "--run", "trained"], folder)
        self.whole = {}

    def command(self, name):
        return [self.script, "--run", "trained", "--data", "dataset.csv"]

    def place(self, name):
        return self.folder / "runs" / "trained" / "evaluation"

    def prepare(self, name):
        self.whole = self.whole or self.written()
        shutil.rmtree(self.place(name))

    def written(self):
        return {file: (self.place("") / file).read_bytes() for file in self.results if (self.place("") / file).exists()}

    def check_nothing_torn(self, name):
        for file, content in self.written().items():
            assert content == self.whole[file], file

    def check_same(self, name):
        assert self.written() == self.whole and "report.json" in self.whole


def draw(folder):
    """Draws squares and triangles and joins their CSV files, as the class does."""
    parts = []
    for shape in ("square", "triangle"):
        words = ["--shape", shape, "--num_images", IMAGES, "--size", SIZE, "--output_directory", f"{shape}s"]
        finish(["dataset_creation.py", *words, "--workers", 1], folder)
        parts.append((folder / f"{shape}s" / "info.csv").read_bytes())
    (folder / "dataset.csv").write_bytes(b"".join(parts))


if __name__ == "__main__":
    main()
