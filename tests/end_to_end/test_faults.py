"""What the world does to a training: a full disk, a folder that can't be written to, too few files, files that vanish.

Each gives one clear error, and the last good checkpoint stays. A small file system is mounted for it, where this
machine lets its tests do so (Linux, as root); else those tests are left out.
"""

import os
import re
import resource
import shutil
import subprocess
import sys

import pytest
from support.made_tables import run
from support.scripts import PROJECT, environment
from support.trained import SETTINGS, assert_same, start, train, weights

EPOCHS = 6
MiB = 2**20
LONG = pytest.mark.long


@pytest.fixture
def folder(drawn, tmp_path):
    shutil.copytree(drawn, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def small_disk(tmp_path):
    """A function that mounts a file system of so many bytes on a folder, or gives the one there another size."""
    mounted = []

    def mount(name, options):
        place = tmp_path / name
        place.mkdir(exist_ok=True)
        again = "remount," if place in mounted else ""
        command = ["mount", "-t", "tmpfs", "-o", again + options, "tmpfs", place]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("file systems can't be mounted here")
        mounted.append(place)
        return place

    yield mount
    for place in {*mounted}:
        subprocess.run(["umount", "--lazy", place], check=True)


def limited(kind, most):
    """What gives a new process so much of a resource, one of resource.RLIMIT_..."""
    return lambda: resource.setrlimit(kind, (most, most))


def assert_one_error(status, errors, *words):
    assert status == 2, errors
    assert errors.startswith("error: ") and errors.count("error:") == 1 and "Traceback" not in errors, errors
    for word in words:
        assert word in errors, errors


@pytest.fixture(scope="module")
def undisturbed(drawn, tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed") / "class"
    shutil.copytree(drawn, folder)
    assert train(folder, *SETTINGS, "--epochs", EPOCHS, "--run", "undisturbed")[0] == 0
    return folder / "runs" / "undisturbed"


# ----------------------------------------------------------------------------- the disk is full


@pytest.mark.parametrize("kilobytes", [pytest.param(40, marks=LONG), 1200, pytest.param(2800, marks=LONG)])
def test_the_disk_is_full_in_training_and_has_room_again(folder, small_disk, undisturbed, kilobytes):
    runs = small_disk("runs", f"size={kilobytes}k")
    result = run("training.py", folder, *SETTINGS, "--epochs", EPOCHS, "--run", "full")
    assert_one_error(result.returncode, result.stderr, "runs/full")
    if (runs / "full" / "checkpoints" / "checkpoint").exists():
        assert 0 < weights(runs / "full")["global_step"] < int(weights(undisturbed)["global_step"])
    small_disk("runs", "size=64m")
    words = ["--resume"] if (runs / "full" / "config.json").exists() else [*SETTINGS, "--epochs", EPOCHS]
    assert train(folder, *words, "--run", "full")[::2] == (0, "")
    assert_same(runs / "full", undisturbed)


def test_the_disk_is_full_in_drawing_and_has_room_again(tmp_path, small_disk):
    words = "--shape", "square", "--num_images", 100, "--size", 64
    assert run("dataset_creation.py", tmp_path, *words, "--output_directory", "whole").returncode == 0
    small_disk("full", "size=200k")
    result = run("dataset_creation.py", tmp_path, *words, "--output_directory", "full")
    assert_one_error(result.returncode, result.stderr, "full/", "No space left on device")
    assert not (tmp_path / "full" / "info.csv").exists()
    small_disk("full", "size=8m")
    assert run("dataset_creation.py", tmp_path, *words, "--output_directory", "full").returncode == 0
    pictures = [
        {path.name: path.read_bytes() for path in (tmp_path / name).glob("*.png")} for name in ("whole", "full")
    ]
    assert pictures[0] == pictures[1] and len(pictures[0]) == 101


@pytest.mark.long
def test_the_disk_is_full_in_evaluating_and_the_last_evaluation_stays(folder, small_disk):
    runs = small_disk("runs", "size=64m")
    assert train(folder, *SETTINGS, "--epochs", 1, "--run", "full")[0] == 0
    assert run("evaluating.py", folder).returncode == 0
    evaluation = runs / "full" / "evaluation"
    before = {path.name: path.read_bytes() for path in evaluation.iterdir() if path.is_file()}
    used = sum(path.stat().st_size for path in runs.rglob("*") if path.is_file())
    (runs / "filler").write_bytes(b"0" * (64 * MiB - used - 300_000))
    with open(runs / "filler", "ab", buffering=0) as filler:
        while True:
            try:
                filler.write(b"0" * 4096)
            except OSError:
                break
    result = run("evaluating.py", folder, "--data", "dataset.csv")
    assert_one_error(result.returncode, result.stderr, "runs/full/evaluation", "No space left on device")
    assert {path.name: path.read_bytes() for path in evaluation.iterdir() if path.is_file()} == before


@pytest.mark.long
@pytest.mark.parametrize("most", [100_000, 300_000])
def test_no_file_may_be_larger_than_so_many_bytes(folder, undisturbed, most):
    result = run(
        "training.py",
        folder,
        *SETTINGS,
        "--epochs",
        EPOCHS,
        "--run",
        "small",
        before=limited(resource.RLIMIT_FSIZE, most),
    )
    assert_one_error(result.returncode, result.stderr, "runs/small")
    words = ["--resume"] if (folder / "runs" / "small" / "config.json").exists() else [*SETTINGS, "--epochs", EPOCHS]
    assert train(folder, *words, "--run", "small")[::2] == (0, "")
    assert_same(folder / "runs" / "small", undisturbed)


# ----------------------------------------------------------------------------- the clock jumps


@pytest.mark.skipif(not shutil.which("faketime"), reason="the clock is set by Debian's faketime")
@pytest.mark.parametrize("when", ["1 day ago", "next year"])
@pytest.mark.long
def test_the_clock_jumps_before_a_run_goes_on(folder, undisturbed, when):
    assert train(folder, *SETTINGS, "--epochs", 2, "--run", "jumped")[0] == 0
    words = "--resume", "--run", "jumped", "--epochs", EPOCHS
    command = ["faketime", when, sys.executable, str(PROJECT / "training.py"), *map(str, words)]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment(), timeout=300)
    assert (result.returncode, result.stderr) == (0, "")
    assert_same(folder / "runs" / "jumped", undisturbed)


# ----------------------------------------------------------------------------- folders and files


def test_a_folder_that_cannot_be_written_to(folder, small_disk):
    small_disk("runs", "size=64m")
    assert train(folder, *SETTINGS, "--epochs", 1, "--run", "kept")[0] == 0
    small_disk("runs", "ro")
    for script, *words in (
        ("training.py", *SETTINGS, "--run", "new"),
        ("training.py", "--resume", "--run", "kept", "--epochs", 2),
        ("evaluating.py",),
        ("dataset_creation.py", "--shape", "square", "--num_images", 3, "--output_directory", "runs/squares"),
    ):
        result = run(script, folder, *words)
        assert_one_error(result.returncode, result.stderr, "runs", "Read-only file system")


@pytest.mark.parametrize("files", [24, 48])
@pytest.mark.long
def test_too_few_files_may_be_open(folder, files):
    """Either there is an error, or there was enough room."""
    result = run(
        "training.py", folder, *SETTINGS, "--epochs", 1, "--run", "few", before=limited(resource.RLIMIT_NOFILE, files)
    )
    if result.returncode:
        assert_one_error(result.returncode, result.stderr, "Too many open files")


def vanish_after_an_epoch(folder, path, *words):
    """Starts a long training, removes a file or a folder after an epoch; gives what became of it."""
    process = start(folder, *SETTINGS, "--epochs", 5000, "--run", "long", *words)
    for line in process.stdout:
        if line.startswith("epoch "):
            break
    shutil.rmtree(path) if path.is_dir() else os.unlink(path)
    _, errors = process.communicate(timeout=120)
    return process.returncode, errors


@pytest.mark.parametrize("way", ["feed", pytest.param("direct", marks=LONG)])
def test_an_image_vanishes_in_mid_run(folder, way):
    name = re.search(r"squares/square_00001\d.png", (folder / "dataset.csv").read_text())[0]
    image = (folder / name).read_bytes()
    status, errors = vanish_after_an_epoch(folder, folder / name, "--input", way)
    assert_one_error(status, errors, name, "dataset.csv:", "does not exist")
    assert weights(folder / "runs" / "long")["global_step"] > 0
    in_doubt = folder / "runs" / "long" / "checkpoints" / "place_in_doubt"  # it may hold the error, read ahead
    assert in_doubt.exists()
    (folder / name).write_bytes(image)
    process = start(folder, "--resume", "--run", "long")
    epochs = (line for line in process.stdout if line.startswith("epoch "))
    went_on = next(epochs, None) and next(epochs, None)
    process.kill()
    _, errors = process.communicate()
    assert went_on and not in_doubt.exists(), errors


@pytest.mark.long
def test_the_csv_vanishes_in_mid_run(folder):
    status, errors = vanish_after_an_epoch(folder, folder / "dataset.csv")
    assert_one_error(status, errors, "dataset.csv", "no such file")


def test_the_run_s_folder_vanishes_in_mid_run(folder):
    status, errors = vanish_after_an_epoch(folder, folder / "runs")
    assert_one_error(status, errors, "runs/long")
