"""dataset_creation.py --truth, as a user runs it."""

import csv

import numpy as np
import pytest
from PIL import Image

FLAGS = ("--num_images", 12, "--output_directory", "squares", "--size", 32)


def draw(run_script, *more):
    result = run_script("dataset_creation.py", "--shape", "square", *FLAGS, *more)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def test_masks_and_truth_are_beside_the_images_which_stay_as_they_are(run_script, tmp_path):
    draw(run_script)
    folder = tmp_path / "squares"
    before = {path.name: path.read_bytes() for path in folder.glob("*.png")}
    output = draw(run_script, "--truth")
    assert {path.name: path.read_bytes() for path in folder.glob("*.png")} == before
    assert "squares/truth.csv: 12 lines; the masks are in squares/masks" in output
    assert "cat squares/truth.csv triangles/truth.csv > truth.csv" in output and "--truth True" not in output
    with open(folder / "truth.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["image_name"] for row in rows] == [f"square_{number:06d}.png" for number in range(12)]
    for row in rows:
        with Image.open(tmp_path / row["mask_path"]) as mask:
            inked = np.asarray(mask) / 255  # [32, 32]
        ys, xs = np.mgrid[:32, :32] + 0.5
        middle = (inked * xs).sum() / inked.sum(), (inked * ys).sum() / inked.sum()
        assert (float(row["centre_x"]), float(row["centre_y"])) == pytest.approx(middle, abs=0.3)
        share = inked.sum() / float(row["area"])
        assert 0.9 < share < 1.15 if row["outline"] == "0" else 0.3 < share < 0.8
        assert 0 <= float(row["turn"]) < 90 and row["symmetry"] == "4"


def test_what_is_missing_is_made_again(run_script, tmp_path):
    draw(run_script, "--truth")
    masks = tmp_path / "squares" / "masks"
    before = {path.name: path.read_bytes() for path in masks.iterdir()}
    (masks / "square_000003.png").unlink()
    (masks / "square_000007.png").write_bytes(b"")
    (tmp_path / "squares" / "square_000009.png").unlink()
    (masks / ".partial-1").write_bytes(b"half")
    assert "Drew 3 images" in draw(run_script, "--truth")
    assert {path.name: path.read_bytes() for path in masks.iterdir()} == before


def test_masks_need_images_that_are_files(run_script, tmp_path):
    result = run_script("dataset_creation.py", "--shape", "square", *FLAGS, "--truth", "--shards", 2)
    assert result.returncode == 2 and not (tmp_path / "squares").exists()
    assert result.stderr == "error: --truth: masks lie beside images that are files of their own. Leave out --shards.\n"
