"""The folder of kept drawings: a data set like every other."""

import numpy as np
import pytest
from PIL import Image
from support.data_sets import image_data

from kit.board.drawings import Drawings
from kit.cli.errors import UserError

NAMES = ("square", "big triangle/x")
PIXELS = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)


@pytest.fixture
def drawings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Drawings("drawn", NAMES, (20, 30))


def test_what_is_kept_is_a_data_set(drawings, tmp_path):
    for label in (0, 1, 0):
        drawings.keep(PIXELS, label)
    data = image_data("drawn/info.csv", 0.5)
    assert (data.num_training + data.num_validation, data.image_size, data.num_classes) == (3, (20, 30), 2)
    assert [each.label for each in drawings.all()] == [0, 1, 0]
    with Image.open(drawings.all()[1].path) as image:
        assert (np.asarray(image) == PIXELS).all()
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == [
        "big_triangle_x_000001.png",
        "info.csv",
        "square_000000.png",
        "square_000002.png",
    ]


def test_drawings_of_an_earlier_day_stay(drawings):
    drawings.keep(PIXELS, 0)
    later = Drawings("drawn", NAMES, (20, 30))
    later.keep(255 - PIXELS, 0)
    assert len(later) == 2
    assert (later.pixels(later.all()[0]) == PIXELS).all() and (later.pixels(later.all()[1]) == 255 - PIXELS).all()


def test_labels_are_words_where_the_network_learnt_from_words(drawings):
    kept = Drawings("drawn", NAMES, (20, 30), has_words=True)
    kept.keep(PIXELS, 1), kept.keep(PIXELS, 0)
    assert image_data("drawn/info.csv", 0.5).class_names == tuple(sorted(NAMES))
    assert [each.label for each in Drawings("drawn", NAMES, (20, 30), has_words=True).all()] == [1, 0]
    with pytest.raises(UserError, match=r"not a list of drawings: label 'big triangle/x', expected one of 0, 1\."):
        Drawings("drawn", NAMES, (20, 30))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("info.csv", "a,b\n", "info.csv: not a list of drawings"),
        ("info.csv", "image_name,image_path,label\na.png,drawn/a.png,square\n", "info.csv: not a list of drawings"),
        ("info.csv", "a.png,drawn/a.png,0\n", "'drawn/a.png' does not exist"),
    ],
)
def test_another_list_is_refused(drawings, tmp_path, name, content, said):
    (tmp_path / "drawn").mkdir()
    (tmp_path / "drawn" / name).write_text(content)
    with pytest.raises(UserError, match=said):
        Drawings("drawn", NAMES, (20, 30))
    assert (tmp_path / "drawn" / name).read_text() == content


def test_drawings_of_another_size_are_refused(drawings):
    drawings.keep(PIXELS, 0)
    with pytest.raises(UserError, match=r"20 x 30 pixels, but this network takes images of 64 x 64(.|\n)*--output_dir"):
        Drawings("drawn", NAMES, (64, 64))


def test_a_class_that_the_network_has_not_is_refused(drawings):
    drawings.keep(PIXELS, 1)
    with pytest.raises(UserError, match="label 1"):
        Drawings("drawn", NAMES[:1], (20, 30))
