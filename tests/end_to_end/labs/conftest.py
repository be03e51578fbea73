"""What the tests of the labs share: a small data set with its truth, and a run."""

import json

import pytest
from support import warm


@pytest.fixture(scope="session")
def drawn_with_truth(tmp_path_factory):
    """A folder with 300 squares and 300 triangles of 32 x 32, dataset.csv and truth.csv; labs write to its `runs`."""
    folder = tmp_path_factory.mktemp("labs")
    for shape in ("square", "triangle"):
        flags = ("--shape", shape, "--num_images", 300, "--output_directory", f"{shape}s", "--size", 32, "--truth")
        warm.run("dataset_creation.py", folder, *flags).check_returncode()
    for name, joined in (("info.csv", "dataset.csv"), ("truth.csv", "truth.csv")):
        (folder / joined).write_text(
            "".join((folder / f"{shape}s" / name).read_text() for shape in ("square", "triangle"))
        )
    return folder


@pytest.fixture(scope="session")
def run_lab(drawn_with_truth):
    """Runs a lab on that data; gives (what it printed, its folder, its figures)."""

    def run(name, *flags):
        folder = f"{name}_{len(list((drawn_with_truth / 'runs' / 'labs').glob('*')))}"
        result = warm.run(f"labs/{name}.py", drawn_with_truth, "--folder", folder, *flags)
        assert (result.returncode, result.stderr) == (0, "")
        folder = drawn_with_truth / "runs" / "labs" / folder
        return result.stdout, folder, json.loads((folder / "figures.json").read_text())

    return run


@pytest.fixture(scope="session")
def plain_run(drawn_with_truth):
    """The name of a run beside that data, which has learnt plain shapes of 32 x 32: plain.csv. That is easy."""
    folder, lines = drawn_with_truth, []
    for shape in ("square", "triangle"):
        flags = ("--shape", shape, "--num_images", 150, "--output_directory", f"plain_{shape}s", "--size", 32)
        warm.run("dataset_creation.py", folder, *flags, "--style", "plain").check_returncode()
        lines.append((folder / f"plain_{shape}s" / "info.csv").read_text())
    (folder / "plain.csv").write_text("".join(lines))
    flags = ("--data", "plain.csv", "--run", "plain", "--epochs", 6, "--learning_rate", 0.003)
    warm.run("training.py", folder, *flags).check_returncode()
    return "plain"
