"""What the tests share: scripts run as a user runs them, and small data sets."""

import subprocess
import sys

import pytest
from support.scripts import PROJECT, environment


@pytest.fixture
def run_script(tmp_path):
    """Runs a script of the kit as a process, in `tmp_path`; gives its subprocess.CompletedProcess.

    run_script("training.py", "--epochs", 2) -> .returncode, .stdout, .stderr
    """

    def run(script, *arguments, cwd=tmp_path, timeout=300):
        command = [sys.executable, str(PROJECT / script), *map(str, arguments)]
        return subprocess.run(
            command, cwd=cwd, timeout=timeout, capture_output=True, text=True, encoding="utf-8", env=environment()
        )

    return run


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """A folder with a data set as the class makes it: 60 squares and 60 triangles of 32 x 32, dataset.csv.

    Tests that train in it train in a copy.
    """
    folder = tmp_path_factory.mktemp("drawn")
    for shape in ("square", "triangle"):
        command = [sys.executable, PROJECT / "dataset_creation.py", "--shape", shape, "--num_images", "60"]
        command += ["--output_directory", f"./{shape}s", "--size", "32", "--workers", "1"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, env=environment())
    csv_files = [(folder / f"{shape}s" / "info.csv").read_bytes() for shape in ("square", "triangle")]
    (folder / "dataset.csv").write_bytes(b"".join(csv_files))  # what `cat` does
    return folder


@pytest.fixture
def graph():
    """A fresh tf.Graph, the default one while the test runs."""
    import kit.tensorflow1 as tf

    with tf.Graph().as_default() as fresh:
        yield fresh
