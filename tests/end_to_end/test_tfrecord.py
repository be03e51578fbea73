"""The scripts on TFRecord files: to the last bit what they do on the image files."""

import shutil
import subprocess
import sys

import pytest
from support import warm
from support.scripts import PROJECT, environment
from support.trained import SETTINGS, assert_same, train


@pytest.fixture(scope="module")
def folder(drawn, tmp_path_factory):
    """The class's data set, the same in TFRecord files, and a run on the image files."""
    folder = tmp_path_factory.mktemp("records") / "class"
    shutil.copytree(drawn, folder)
    command = [sys.executable, "-m", "kit.data.tfrecord", "--output_directory", "shards", "--shards", "3"]
    environ = {**environment(), "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("shards/info.csv: 120 images, square (60), triangle (60), in 3 files")
    assert train(folder, *SETTINGS, "--epochs", 2, "--deterministic", "--run", "files")[::2] == (0, "")
    return folder


@pytest.mark.parametrize("way", ["feed", "direct", "cached"])
def test_a_training_comes_to_the_same_bits(folder, way):
    words = [*SETTINGS, "--data", "shards", "--epochs", 2, "--deterministic", "--input", way, "--run", way]
    assert train(folder, *words)[::2] == (0, "")
    assert_same(folder / "runs" / way, folder / "runs" / "files")


def test_so_does_one_that_is_resumed(folder):
    words = [*SETTINGS, "--data", "shards", "--deterministic", "--run", "resumed"]
    assert train(folder, *words, "--epochs", 1)[::2] == (0, "")
    assert train(folder, "--resume", "--epochs", 2, "--run", "resumed")[::2] == (0, "")
    assert_same(folder / "runs" / "resumed", folder / "runs" / "files")


def test_evaluating_says_the_same(folder):
    reports = []
    for data in ("dataset.csv", "shards"):
        done = warm.run("evaluating.py", folder, "--run", "files", "--data", data)
        assert (done.returncode, done.stderr) == (0, "")
        evaluation = folder / "runs" / "files" / "evaluation"
        reports.append((evaluation / "predictions.csv").read_bytes())
        assert (evaluation / "mistakes.png").exists()
    assert reports[0] == reports[1] and reports[0].count(b"\n") == 121


def test_a_damaged_record_ends_a_training_with_one_error(folder):
    shutil.copytree(folder / "shards", folder / "kept")
    path = folder / "shards" / "part-00001-of-00003.tfrecord"
    content = bytearray(path.read_bytes())
    content[len(content) // 2 + 1000] ^= 1  # a pixel
    path.write_bytes(content)
    status, _, errors = train(folder, *SETTINGS, "--data", "shards", "--epochs", 1, "--run", "damaged")
    shutil.rmtree(folder / "shards")
    (folder / "kept").rename(folder / "shards")
    assert status == 2 and errors.startswith("error: shards/info.csv:") and "Traceback" not in errors
    assert "part-00001-of-00003.tfrecord:" in errors and "its record is not what was written.\n" in errors
