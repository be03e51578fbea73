"""The images that a lab opens."""

import shutil

import pytest

import dlho2018
from kit.cli import memory
from kit.cli.errors import UserError
from kit.cli.lab_settings import LabSettings
from kit.data.parts import VALIDATION
from kit.labs.data import check_sides, decoded, open_images, open_images_and_truth


def test_a_fifth_is_held_out(drawn, monkeypatch):
    monkeypatch.chdir(drawn)
    data = open_images(LabSettings(), dlho2018)
    assert data.num_training + data.num_validation == 120 and 12 <= data.num_validation <= 36
    with pytest.raises(UserError, match="--batch_size 300: more than"):
        open_images(LabSettings(batch_size=300), dlho2018)


def test_a_truth_that_is_missing_is_told(drawn, monkeypatch, tmp_path):
    shutil.copytree(drawn, tmp_path / "class")
    monkeypatch.chdir(tmp_path / "class")
    with pytest.raises(UserError, match=r"truth.csv: no such file"):
        open_images_and_truth(LabSettings(), "truth.csv", dlho2018)


def test_images_that_do_not_fit_in_memory_are_told(drawn, monkeypatch):
    monkeypatch.chdir(drawn)
    data = open_images(LabSettings(), dlho2018)
    images, labels = decoded(data, VALIDATION)
    assert images.shape == (data.num_validation, 32, 32, 3) and len(labels) == data.num_validation
    monkeypatch.setattr(memory, "free", lambda: images.nbytes - 1)
    with pytest.raises(UserError, match=rf"dataset.csv, with {data.num_validation} images in memory, needs .* memory"):
        decoded(data, VALIDATION)


def test_sides_must_be_multiples(drawn, monkeypatch):
    monkeypatch.chdir(drawn)
    data = open_images(LabSettings(), dlho2018)
    check_sides(data, data.image_size[0])
    with pytest.raises(UserError, match=r"dataset.csv: images of \d+ x \d+ pixels.*\n.*multiples of 7: .* --size 28"):
        check_sides(data, 7)
