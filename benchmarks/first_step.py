"""Runs training.py and ends the process after the first step of training: for startup.py.

python benchmarks/first_step.py --data small.csv
"""

import contextlib
import os
import runpy

from processes import PROJECT

from kit.cli import console

show_progress = console.progress


def main():
    console.progress = progress_of_one_step
    runpy.run_path(str(PROJECT / "training.py"), run_name="__main__")


@contextlib.contextmanager
def progress_of_one_step(what, *arguments, **options):
    """Like console.progress, but the first step of training ends the process."""
    with show_progress(what, *arguments, **options) as bar:
        if what == "training":
            bar.advance = lambda *_: os._exit(0)
        yield bar


if __name__ == "__main__":
    main()
