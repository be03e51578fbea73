"""What the tests share: scripts run as a user runs them, and small data sets."""

import signal
from pathlib import Path

import pytest
from support import warm

TESTS = Path(__file__).resolve().parent
SLOWEST_FIRST = ("end_to_end", "exercises", "support", "kit")  # folders; what is in none of them comes last
QUICKLY_MADE = {"runner"}  # fixtures of a module that each core may make for itself


def pytest_configure():
    """Lets the scripts hear Ctrl-C where a shell has started the tests in the background, with SIGINT ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # xdist's own reads the groups
def pytest_collection_modifyitems(items):
    """Deals the tests out, for xdist's loadgroup: a core that is done early takes more, down to a test at a time.

    Tests that share a fixture of their module stay together, so that it is made once; so do the tests of a file that
    takes no time, and those that ask Keras, whose process takes seconds to start. The slowest files come first; single
    tests of scripts, which wait for nothing, fill the end.
    """
    places = {}
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        shares = folder == "kit" or folder.endswith(".py") or _shares_a_fixture(item)
        if shares:
            asks_keras = hasattr(item.module, "keras_answers")
            item.add_marker(pytest.mark.xdist_group("keras" if asks_keras else item.path.stem))
        order = SLOWEST_FIRST.index(folder) if folder in SLOWEST_FIRST else len(SLOWEST_FIRST)
        places[item] = (not shares, order)
    items.sort(key=places.get)


def _shares_a_fixture(item):
    made = item._fixtureinfo.name2fixturedefs.items()
    return any(definitions[-1].scope == "module" for name, definitions in made if name not in QUICKLY_MADE)


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
