"""Do the scripts start fast? Seconds of --help, and seconds until the first step of training is done.

  python benchmarks/startup.py

The first step is compared with `import tensorflow`, which every TensorFlow script waits for.
"""

import argparse
import sys
import tempfile
from functools import partial

from data_sets import draw
from measuring import Comparison, in_turns, publish
from processes import PROJECT, finish

SCRIPTS = ("dataset_creation.py", "first_graph.py", "training.py", "evaluating.py")
IMAGES_PER_CLASS = 100
FIRST_STEP, IMPORT = "training.py, first step", "import tensorflow"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        data = draw(folder, IMAGES_PER_CLASS)
        helps = {f"{script} --help": partial(seconds_of, [PROJECT / script, "--help"], folder) for script in SCRIPTS}
        starts = {
            FIRST_STEP: partial(seconds_of, [PROJECT / "benchmarks" / "first_step.py", "--data", data], folder),
            IMPORT: partial(seconds_of, ["-c", "import tensorflow"], folder),
        }
        seconds = in_turns({**helps, **starts}, rounds)
    help_seconds = Comparison("seconds", {name: seconds[name] for name in helps}, decimals=2)
    for name in helps:
        help_seconds.bound(name, at_most=0.3)
    start_seconds = Comparison("seconds", {name: seconds[name] for name in starts}, decimals=2)
    start_seconds.ratio(FIRST_STEP, IMPORT, at_most=1.2)
    publish("startup", "Starting", [help_seconds, start_seconds])


def seconds_of(words, folder, _):
    return [finish([sys.executable, *words], folder).seconds]


if __name__ == "__main__":
    main()
