"""labs/generate.py on a few small images. How well the network that judges has learnt doesn't matter here."""

import pytest
from PIL import Image
from support import warm


@pytest.fixture(scope="module")
def judge(drawn_with_truth):
    """A run on the same images."""
    warm.run("training.py", drawn_with_truth, "--run", "judge", "--epochs", 1).check_returncode()


@pytest.mark.long
def test_it_makes_shapes_where_they_were_asked_for(run_lab, judge):
    output, folder, figures = run_lab("generate", "--epochs", 15, "--batch_size", 8)
    assert figures["overlap"] > 0.4  # 0.01 after one epoch; after 15, 0.57 to 0.60 over three seeds
    asked, sampled = (f"{figures[name]:.1%}" for name in ("asked", "sampled"))
    assert f"{asked} are seen as their class; of 64 sampled ones, {sampled}." in output.splitlines()[-1]
    assert "Epoch 15 of 15" in output
    for name, rows in (("generated", 6), ("walks", 4)):
        with Image.open(folder / f"{name}.png") as picture:
            assert picture.width > 8 * 96 and picture.height > rows * 96


def refusal(folder, *flags):
    result = warm.run("labs/generate.py", folder, *flags)
    assert result.returncode == 2 and "Traceback" not in result.stderr
    return result.stderr


def drawn(folder, size, *shapes):
    """Draws images with their truth: info.csv and truth.csv."""
    for shape in shapes:
        flags = ("--shape", shape, "--num_images", 40, "--output_directory", f"{shape}s", "--size", size, "--truth")
        warm.run("dataset_creation.py", folder, *flags).check_returncode()
    for name in ("info.csv", "truth.csv"):
        (folder / name).write_text("".join((folder / f"{shape}s" / name).read_text() for shape in shapes))


def test_the_judge_must_know_the_same_images(drawn_with_truth, judge, tmp_path):
    assert "no run of this name" in refusal(drawn_with_truth, "--run", "nobody")
    drawn(tmp_path, 32, "square", "triangle", "circle")
    found = refusal(tmp_path, "--data", "info.csv")
    assert "no runs yet" in found and "Train one first" in found
    (tmp_path / "runs").symlink_to(drawn_with_truth / "runs")
    found = refusal(tmp_path, "--data", "info.csv")
    assert "the classes square, triangle, but info.csv has the classes square, triangle, circle" in found


def test_images_are_made_of_whole_cells(tmp_path):
    drawn(tmp_path, 40, "square", "triangle")
    found = refusal(tmp_path, "--data", "info.csv")
    assert "images of 40 x 40, expected as high as wide, and a multiple of 16 pixels" in found
