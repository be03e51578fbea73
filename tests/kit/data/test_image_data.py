"""The images of a CSV as data, and single image files, which are read by the same code."""

import os
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageOps
from support.data_sets import image_data
from support.scripts import elements

import dlho2018
from dlho2018 import read_lines
from kit.cli import console
from kit.cli.errors import UserError
from kit.data.data_spec import ImageSpec
from kit.data.image_data import UnlabelledImages
from kit.data.parts import TRAINING, VALIDATION

NAMES = ["a, b.png", 'say "hi".png', " with spaces .png", "dreieck Größe.png", "sub/c.png"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, with an image of another grey for each of NAMES."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    for number, name in enumerate(NAMES):
        Image.new("RGB", (6, 8), (number, number, number)).save(name)
    return tmp_path


def unlabelled(paths):
    return UnlabelledImages.of_files(paths, ImageSpec((8, 6), ("square", "triangle"), 10, 0), dlho2018)


def test_files_of_any_name_are_read_in_their_order(graph, folder):
    paths = [*NAMES, str(folder / "sub" / "c.png")]
    data = unlabelled(paths)
    assert (data.num_training, data.num_validation, data.shape) == (0, 6, (8, 6, 3))
    assert data.names == paths and data.is_shown_only and not data.has_labels
    images = [image for image, _ in elements(read_lines(data, VALIDATION).map(data.parse))]
    assert [int(image[0, 0, 0]) for image in images] == [0, 1, 2, 3, 4, 4]


def test_the_csv_that_lists_them_goes_with_the_data():
    data = unlabelled(NAMES[:1])
    path = data.path
    assert os.path.exists(path)
    del data
    assert not os.path.exists(path) and not os.path.exists(os.path.dirname(path))


def test_files_of_other_sizes_and_formats_are_brought_to_the_networks(graph, capsys):
    photo = Image.effect_noise((90, 40), 90).convert("RGB")
    photo.save("photo.tiff")
    data = unlabelled([NAMES[2], "photo.tiff"])
    assert data.names == [NAMES[2], "photo.tiff"] and data.shape == (8, 6, 3)
    told = capsys.readouterr().out
    assert told == "Brought to the network's 8 x 6 pixels, whole, on the colour of their border: photo.tiff\n"
    images = [image for image, _ in elements(read_lines(data, VALIDATION).map(data.parse))]
    assert (images[0] == 2).all()
    expected = ImageOps.pad(photo, (6, 8), Image.Resampling.LANCZOS)  # 6 x 3, in the middle
    np.testing.assert_array_equal(images[1][2:5], np.asarray(expected)[2:5])
    assert len(np.unique(images[1][[0, 1, 5, 6, 7]])) == 1


@pytest.mark.parametrize("name, content", [("cut.png", b"\x89PNG\r\n\x1a\n"), ("list.csv", b"a,b\n"), ("empty", b"")])
def test_a_file_that_is_no_picture_is_refused(name, content, folder):
    (folder / name).write_bytes(content)
    with pytest.raises(UserError, match=rf"^image '{name}' .*(damaged|cannot be read|is empty).*\n  Name another file"):
        unlabelled([NAMES[0], name])


def test_a_missing_file_is_refused():
    with pytest.raises(UserError, match=r"^image 'gone\.png' does not exist\.\n  Name another file after --images"):
        unlabelled(["gone.png"])


# ----------------------------------------------------------------------------- of a CSV


@pytest.mark.parametrize("name", ["two\nlines.png", "caf\udce9.png", "f\udce9/c.png"])
def test_files_of_names_that_no_csv_can_hold(graph, folder, name, capsys):
    """A name with a line break, one that isn't UTF-8, and one in such a folder."""
    (folder / name).parent.mkdir(exist_ok=True)
    os.chdir((folder / name).parent)
    Image.new("RGB", (6, 8), (7, 7, 7)).save(os.path.basename(name))
    paths = [os.path.basename(name), str(folder / "sub" / "c.png")]
    data = unlabelled(paths)
    assert data.names == [console.one_line(path) for path in paths] and capsys.readouterr().out == ""
    found = elements(read_lines(data, VALIDATION).map(data.parse))
    assert [int(image.max()) for image, _ in found] == [7, 4]


@pytest.fixture
def data(folder):
    """Ten images in two headers' company, about half of them for training."""
    lines = [f"{('square', 'triangle')[number % 2]}_{number},sub/c.png,{number % 2}" for number in range(10)]
    lines[5:5] = ["image_name,image_path,label"]
    (folder / "data.csv").write_text("\n".join(["image_name,image_path,label", *lines]))
    return image_data("data.csv", 0.5)


def test_marks_and_numbers_agree_with_the_lines(graph, data):
    marks = np.array([elements(data.marks(part)) for part in (TRAINING, VALIDATION)])  # [2, lines]
    assert marks.shape == (2, 12) and (marks.sum(axis=0) == [0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1]).all()
    assert marks.sum(axis=1).tolist() == [data.count(TRAINING), data.count(VALIDATION)]
    assert sorted([*data.numbers(TRAINING), *data.numbers(VALIDATION)]) == list(range(1, 11))


def test_predictions_have_a_line_per_image(data):
    count = data.num_validation
    table = data.predictions(np.tile(np.float32([0.25, 0.75]), (count, 1)), np.zeros(count, int))
    assert (table.name, table.delimiter) == ("predictions.csv", ",")
    assert table.header == ["image_name", "label", "predicted", "probability_0", "probability_1"]
    lines = list(table.lines)
    assert len(lines) == count and {tuple(line[1:]) for line in lines} == {(0, 1, "0.250000", "0.750000")}


def test_a_changed_image_changes_the_fingerprint(data, folder):
    def fingerprint():
        parts = []
        data.fingerprint(parts.append)
        return parts

    before = fingerprint()
    assert before == fingerprint() and len(before) == data.num_training
    os.utime(folder / "sub" / "c.png", ns=(0, 0))
    assert before != fingerprint()


def test_a_file_larger_than_can_be_shuffled_is_read_at_several_places(data):
    assert data.places == 1
    many = SimpleNamespace(num_training=100_001, most_shuffled=50_000)
    assert type(data).places.fget(many) == 3
