"""The images that a lab opens."""

import shutil
from types import SimpleNamespace

import pytest
from support import warm

import kit.tensorflow1 as tf
import dlho2018
from kit.cli import memory
from kit.cli.errors import UserError
from kit.cli.lab_settings import LabSettings, SegmentSettings
from kit.data.image_data import ImageData
from kit.data.image_refusals import NotShown
from kit.data.parts import VALIDATION
from kit.data.truth_file import truth_of
from kit.labs.data import (
    check_sides,
    decoded,
    find_bad_mask,
    open_images,
    open_images_and_truth,
    open_sets,
    readable_lab_errors,
)


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


def cut(path):
    """Cuts a file short."""
    path.write_bytes(path.read_bytes()[:-40])


def with_truth(folder, shape):
    """(images, their truth), of six images that are drawn into a folder."""
    words = ("--shape", shape, "--num_images", 6, "--output_directory", folder / shape, "--size", 32, "--truth")
    warm.run("dataset_creation.py", folder, *words, "--workers", 1).check_returncode()
    names = ("square", "triangle")
    data = ImageData.scan(str(folder / shape / "info.csv"), 0.5, class_names=names, lesson=dlho2018)
    return data, truth_of(data, str(folder / shape / "truth.csv"))


def test_a_damaged_image_is_named_whichever_data_set_it_is_of(tmp_path):
    good, other = (with_truth(tmp_path, shape) for shape in ("square", "triangle"))
    cut(tmp_path / "triangle" / "triangle_000003.png")
    expected = r"triangle/info.csv:5: image '.*triangle_000003.png' is damaged"
    with pytest.raises(UserError, match=expected), readable_lab_errors(*good, *other):
        raise tf.errors.InvalidArgumentError(None, None, "Invalid PNG data")


def test_a_damaged_mask_is_named(tmp_path):
    data, truth = with_truth(tmp_path, "square")
    assert find_bad_mask(truth) is None
    mask = tmp_path / "square" / "masks" / "square_000002.png"
    cut(mask)
    expected = r"square/truth.csv:4: the mask: image '.*' is damaged(.|\n)*  Delete it: .* draws a deleted one again"
    for error in (tf.errors.InvalidArgumentError(None, None, "Invalid PNG data"), NotShown("image 'a.png' is damaged")):
        with pytest.raises(UserError, match=expected), readable_lab_errors(data, truth):
            raise error


def test_a_full_disk_is_one_error(drawn, monkeypatch):
    monkeypatch.chdir(drawn)
    data = open_images(LabSettings(), dlho2018)
    expected = r"^runs/a/events.out.tfevents.1: cannot write this file for TensorBoard: No space left"
    with pytest.raises(UserError, match=expected), readable_lab_errors(data):
        raise RuntimeError("runs/a/events.out.tfevents.1; No space left on device")


def test_another_truth_needs_its_images():
    lab = SimpleNamespace(settings=SegmentSettings(other_truth="large.csv"), given={"other_truth"})
    with pytest.raises(UserError, match=r"--other_truth: .*\n.*--other_data FILE"):
        open_sets(lab, 16, dlho2018)
