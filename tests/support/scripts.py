"""Where the project is, how its scripts are run, and what a data set holds."""

import os
import shutil
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


LEFT_OUT = {"tests", "docs", "benchmarks", "runs"}  # of the project's own folder, when it is copied


def copy_project(to):
    """Copies the project, for a test to change: the scripts, kit/ and exercises/."""

    def left_out(folder, names):
        hidden = {name for name in names if name.startswith(".") or name == "__pycache__"}
        return hidden | (LEFT_OUT if Path(folder) == PROJECT else set())

    shutil.copytree(PROJECT, to, ignore=left_out)
    return to


def environment():
    """A process's environment, with output in UTF-8."""
    return {**os.environ, "PYTHONUTF8": "1"}


def elements(dataset):
    """All elements of a dataset of the default graph."""
    import kit.tensorflow1 as tf

    next_element = tf.data.make_one_shot_iterator(dataset).get_next()
    found = []
    with tf.Session() as session:
        while True:
            try:
                found.append(session.run(next_element))
            except tf.errors.OutOfRangeError:
                return found
