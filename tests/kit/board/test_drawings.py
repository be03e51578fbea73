"""The folder of kept drawings: a data set like every other."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from support.data_sets import image_data
from support.scripts import PROJECT, environment

from kit.board.drawings import Drawings
from kit.cli.errors import UserError
from kit.data.image_refusals import NotShown
from kit.system import locks

NAMES = ("square", "big triangle/x")
PIXELS = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
KEEP_SLOWLY = """
import numpy, sys
from kit.board.drawings import Drawings

class Slow(Drawings):
    def _add_line(self, fields):
        print("between", flush=True)
        sys.stdin.readline()
        super()._add_line(fields)

Slow("drawn", ("square", "triangle"), (20, 30)).keep(numpy.zeros((20, 30, 3), numpy.uint8), 0)
"""


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
        ".lock",
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


def test_two_boards_keep_in_one_folder_at_once(drawings, tmp_path, monkeypatch):
    other = subprocess.Popen(
        [sys.executable, "-c", KEEP_SLOWLY],
        cwd=tmp_path,
        env={**environment(), "PYTHONPATH": str(PROJECT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:
        assert other.stdout.readline() == "between\n"  # it has read the list, and not yet written
        monkeypatch.setattr(
            locks.time, "sleep", lambda seconds: other.stdin.close()
        )  # this one waits: the other goes on
        drawings.keep(PIXELS, 0)
        other.stdin.close()
    assert other.returncode == 0
    assert [each.name for each in drawings.all()] == ["square_000000.png", "square_000001.png"]
    assert not drawings.pixels(drawings.all()[0]).any() and (drawings.pixels(drawings.all()[1]) == PIXELS).all()


def test_lines_that_are_edited_meanwhile_stay(drawings, tmp_path):
    for label in (0, 1, 0):
        drawings.keep(PIXELS, label)
    info = tmp_path / "drawn" / "info.csv"
    lines = info.read_text().splitlines()
    edited = "\n".join([lines[0], *lines[2:], "own.png,elsewhere/own.png,1"])  # one less, one more, no line's end
    info.write_text(edited)
    assert [each.name for each in drawings.all()] == [line.split(",")[0] for line in (*lines[2:], "own.png")]
    drawings.keep(PIXELS, 1)
    name = "big_triangle_x_000003.png"
    assert info.read_text() == f"{edited}\n{name},drawn/{name},1\n"
    info.write_text(f"{edited}\nx.png,x.png,circle\n")
    with pytest.raises(UserError, match=r"info.csv:5: label 'circle', but this network's classes are 0, 1\.\n  Mend"):
        drawings.keep(PIXELS, 1)
    assert info.read_text().endswith("circle\n")


def test_what_cannot_be_kept_leaves_nothing(drawings, tmp_path, monkeypatch):
    drawings.keep(PIXELS, 0)
    before = sorted(path.name for path in (tmp_path / "drawn").iterdir())

    def fail(self, fields):
        raise UserError("the disk is full")

    monkeypatch.setattr(Drawings, "_add_line", fail)
    with pytest.raises(UserError, match="full"):
        drawings.keep(PIXELS, 0)
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == before


def test_a_file_that_is_there_is_never_replaced(drawings, tmp_path):
    (tmp_path / "drawn").mkdir()
    (tmp_path / "drawn" / "square_000000.png").write_text("somebody's")
    drawings.keep(PIXELS, 0)
    assert drawings.all()[0].name == "square_000001.png"
    assert (tmp_path / "drawn" / "square_000000.png").read_text() == "somebody's"


def test_a_drawing_that_is_gone_changed_or_damaged_is_named(drawings, tmp_path):
    for _ in range(4):
        drawings.keep(PIXELS, 0)
    gone, other, damaged, whole = (tmp_path / each.path for each in drawings.all())
    gone.unlink()
    Image.new("RGB", (20, 30)).save(other)
    damaged.write_bytes(damaged.read_bytes()[:200])
    reasons = ("000000.png' does not exist", "000001.png' is 30 x 20 pixels, expected 20 x 30", "damaged or cut")
    for drawing, said in zip(drawings.all(), reasons):
        with pytest.raises(NotShown, match=said):
            drawings.pixels(drawing)
    later = Drawings("drawn", NAMES, (20, 30))  # only the last fits, and it does
    assert whole.exists() and (later.pixels(later.all()[3]) == PIXELS).all()


def test_labels_are_words_where_the_network_learnt_from_words(drawings):
    kept = Drawings("drawn", NAMES, (20, 30), has_words=True)
    kept.keep(PIXELS, 1), kept.keep(PIXELS, 0)
    assert image_data("drawn/info.csv", 0.5).class_names == tuple(sorted(NAMES))
    assert [each.label for each in Drawings("drawn", NAMES, (20, 30), has_words=True).all()] == [1, 0]
    with pytest.raises(UserError, match=r"info.csv:2: label 'big triangle/x', but this network's classes are 0, 1\."):
        Drawings("drawn", NAMES, (20, 30))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("info.csv", "a,b\n", "info.csv:1: not a drawing: 2 fields, expected 3"),
        ("info.csv", "image_name,image_path,label\na.png,drawn/a.png,square\n", "info.csv:2: label 'square', but"),
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
    with pytest.raises(UserError, match="label '1', but this network's classes are 0"):
        Drawings("drawn", NAMES[:1], (20, 30))
