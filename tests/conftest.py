"""What the tests share: scripts run as a user runs them, and small data sets."""

import pytest
from support import warm


@pytest.fixture
def run_script(tmp_path):
    """Runs a script of the kit as a process, in `tmp_path`; gives its subprocess.CompletedProcess. See support.warm.

    run_script("training.py", "--epochs", 2) -> .returncode, .stdout, .stderr
    """

    def run(script, *arguments, cwd=tmp_path, **more):
        return warm.run(script, cwd, *arguments, **more)

    return run


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """A folder with a data set as the class makes it: 60 squares and 60 triangles of 32 x 32, dataset.csv.

    Tests that train in it train in a copy.
    """
    folder = tmp_path_factory.mktemp("drawn")
    for shape in ("square", "triangle"):
        words = ["--shape", shape, "--num_images", 60, "--output_directory", f"./{shape}s", "--size", 32]
        warm.run("dataset_creation.py", folder, *words, "--workers", 1).check_returncode()
    csv_files = [(folder / f"{shape}s" / "info.csv").read_bytes() for shape in ("square", "triangle")]
    (folder / "dataset.csv").write_bytes(b"".join(csv_files))  # what `cat` does
    return folder


@pytest.fixture
def graph():
    """A fresh tf.Graph, the default one while the test runs."""
    import kit.tensorflow1 as tf

    with tf.Graph().as_default() as fresh:
        yield fresh
