"""Batches that came on different ways, named."""

import csv

import numpy as np
import pytest
from PIL import Image

import kit.tensorflow1 as tf
import dlho2018
from kit.cli.lab_settings import IteratorsSettings
from kit.labs.data import open_images_and_truth
from kit.labs.lab import Lab
from kit.labs.ways import BATCH, FIELDS, Comparison

SIDE = 16  # pixels


def some_way():
    """Is for tests."""


@pytest.fixture
def comparison(run_script, tmp_path, monkeypatch):
    """Of 45 squares and 45 triangles."""
    for shape in ("square", "triangle"):
        flags = ("--shape", shape, "--num_images", 45, "--output_directory", shape, "--size", SIDE, "--truth")
        assert run_script("dataset_creation.py", *flags).returncode == 0
        for name, joined in (("info.csv", "dataset.csv"), ("truth.csv", "truth.csv")):
            with open(tmp_path / joined, "a") as file:
                file.write((tmp_path / shape / name).read_text())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["try.py", "--folder", "tried"])
    lab = Lab("try", IteratorsSettings, "Tries.")
    with tf.Graph().as_default():
        yield Comparison(lab, *open_images_and_truth(lab.settings, "truth.csv", dlho2018))


def test_batches_are_named_and_counted(comparison, capsys):
    training, held_out = (comparison.known[letter].images for letter in "TV")
    comparison.add(some_way, "T1 V4", [training[:BATCH], held_out[6:]])
    assert capsys.readouterr().out == "some_way: T1 V4\n  Is for tests.\n"
    comparison.add(some_way, "T1 V4", [training[2:4], training[1:3], held_out[:2]])
    assert capsys.readouterr().out == "some_way: T2 ? V1, expected T1 V4\n  Is for tests.\n"
    comparison.end()
    assert capsys.readouterr().out.endswith("1 of 2 ways gave the batches that they must, to the last bit.\n")


def test_what_is_known_is_that_of_the_files(comparison, capsys):
    images, masks, centres = comparison.known["T"]
    with open("truth.csv", newline="") as file:
        rows = {
            (row["centre_x"], row["centre_y"]): row for row in csv.DictReader(file) if row["symmetry"] != "symmetry"
        }
    for image, mask, (x, y) in zip(images, masks, centres):
        row = rows[f"{x:.2f}", f"{y:.2f}"]
        assert (mask[..., 0] == np.asarray(Image.open(row["mask_path"]))).all()
        assert (image == np.asarray(Image.open(f"square/{row['image_name']}").convert("RGB"))).all()
    alone = np.where(masks == 255, images, np.where(masks == 0, 255, np.maximum(images, 255 - masks)))
    fields = np.zeros([BATCH, FIELDS, FIELDS], np.float32)
    for field, (x, y) in zip(fields, centres[4:6]):
        field[int(y / 2), int(x / 2)] = 1  # a field is 2 x 2 pixels
    comparison.add(some_way, "T2", [alone[2:4]])
    comparison.add(some_way, "T3", [fields])
    assert capsys.readouterr().out.count("some_way: T") == 2
