"""The scan of a CSV: the names of classes, the split, and where the images are."""

import random

import pytest
from PIL import Image
from support.data_sets import image_data
from support.image_csvs import HEADER, SHAPES, found, two_classes, write

from kit.cli.errors import UserError
from kit.data import image_csv
from kit.data.image_lines import images_of
from kit.data.parts import TRAINING, VALIDATION


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, with two whole images of 8 x 6 pixels."""
    monkeypatch.chdir(tmp_path)
    for name in ("square.png", "triangle.png"):
        Image.new("RGB", (6, 8), "red").save(name)
    return tmp_path


# ---- the classes' names


def test_class_names_come_from_the_images_names():
    assert image_data(write([HEADER, *reversed(two_classes(3))]), 0.5).class_names == ("square", "triangle")


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(("1.png", "2.png", "3.png", "4.png"), id="no word"),
        pytest.param(("img_1.png", "img_2.png", "img_3.png", "img_4.png"), id="the same word"),
        pytest.param(("square_1.png", "box_2.png", "triangle_3.png", "triangle_4.png"), id="two words in a class"),
    ],
)
def test_class_names_fall_back_to_the_labels(names):
    lines = [f"{name},square.png,{label}" for name, label in zip(names, (0, 0, 1, 1))]
    assert image_data(write(lines), 0.5).class_names == ("0", "1")


def test_given_class_names_are_kept_though_the_file_holds_one_class():
    data = image_data(write(two_classes(3)[:3]), 1.0, class_names=("ball", "box"))
    assert data.class_names == ("ball", "box") and data.num_validation == 3


# ---- the split


def parts_of_names(csv_path, validation=0.2):
    data = image_data(csv_path, validation)
    return {name: part for part in (TRAINING, VALIDATION) for _, name, _, _ in images_of(data, part)}


def test_split_is_about_the_share_asked_for():
    csv_path = write(two_classes(2500))
    for share in (0.1, 0.2, 0.5):
        count = image_data(csv_path, share).num_validation
        assert abs(count - 5000 * share) < 4 * (5000 * share * (1 - share)) ** 0.5  # four standard deviations


def test_split_takes_about_the_same_share_of_each_class():
    parts = parts_of_names(write(two_classes(2500)))
    for shape in SHAPES:
        assert 400 < sum(part == VALIDATION for name, part in parts.items() if name.startswith(shape)) < 600


def test_split_is_disjoint_and_complete():
    lines = two_classes(200)
    data = image_data(write([HEADER, *lines]), 0.4)
    training, validation = ({name for _, name, _, _ in images_of(data, part)} for part in (TRAINING, VALIDATION))
    assert not training & validation
    assert training | validation == {line.split(",")[0] for line in lines}


def test_a_name_keeps_its_part_in_another_order_and_another_file():
    lines = two_classes(100)
    original = parts_of_names(write(lines))
    random.Random(0).shuffle(lines)
    more = [HEADER, "", *lines[:70], HEADER, "circle_1.png,square.png,2", *lines[70:150]]
    shuffled = parts_of_names(write(more, "other.csv", newline="\r\n"))
    common = original.keys() & shuffled.keys()
    assert len(common) == 150
    assert {name: original[name] for name in common} == {name: shuffled[name] for name in common}


def test_a_name_keeps_its_part_with_another_label_and_path(folder):
    lines = [f"image_{i}.png,square.png,{i % 2}" for i in range(200)]
    others = [f'"image_{i}.png",{folder}/triangle.png,{(i + 1) % 2}' for i in range(200)]
    assert parts_of_names(write(lines)) == parts_of_names(write(others))


def test_a_larger_share_only_adds_to_validation():
    csv_path = write(two_classes(200))
    small, large = (parts_of_names(csv_path, share) for share in (0.1, 0.4))
    assert {name for name in small if small[name] == VALIDATION} < {n for n in large if large[n] == VALIDATION}


# ---- where the images are


def test_paths_are_relative_to_the_current_folder_first(folder, monkeypatch):
    (folder / "sets").mkdir()
    Image.new("RGB", (3, 3)).save("sets/square.png")
    assert image_data(write(two_classes(2), "sets/data.csv"), 0.5).image_size == (8, 6)


def test_paths_are_relative_to_the_csv_next(folder, monkeypatch):
    write(two_classes(2))
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert [path for _, path, _ in found("../data.csv")] == ["../square.png"] * 2 + ["../triangle.png"] * 2
    assert {path for _, path, _ in found(str(folder / "data.csv"))} == {
        f"{folder}/square.png",
        f"{folder}/triangle.png",
    }


def test_absolute_paths_stay(folder):
    lines = [f"square_{i},{folder}/square.png,{i % 2}" for i in range(4)]
    assert {path for _, path, _ in found(write(lines))} == {f"{folder}/square.png"}


def test_an_absolute_path_first_leaves_the_others_relative_to_the_csv(folder, monkeypatch):
    write([f"square_9,{folder}/square.png,0", *two_classes(2)])
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert len(found("../data.csv")) == 5


def test_a_missing_image_first_leaves_the_others_relative_to_the_csv(folder, monkeypatch):
    write(["square_9,gone.png,0", *two_classes(2)])
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert len(found("../data.csv", skip_bad=True)) == 4


def test_a_line_that_is_left_out_decides_nothing_for_the_others(folder, monkeypatch):
    """Not the size of the images, not the folder that paths are relative to, not whether they are records."""
    (folder / "elsewhere").mkdir()
    Image.new("RGB", (3, 3)).save("elsewhere/small.png")
    write(["small_1,small.png,?", *two_classes(2)])
    monkeypatch.chdir(folder / "elsewhere")
    data = image_data("../data.csv", 0.5, skip_bad=True)
    assert data.image_size == (8, 6) and data.folder == "../"
    assert data.num_training + data.num_validation == 4


def test_an_error_of_many_bad_labels_needs_one_image(folder, monkeypatch):
    read, one = [], image_csv.image_size
    monkeypatch.setattr(image_csv, "image_size", lambda path: read.append(path) or one(path))
    write([f"square_{number},square.png,?" for number in range(9)])
    with pytest.raises(UserError, match=r"label '\?', expected"):
        image_data("data.csv", 0.5)
    assert read == ["square.png"]
