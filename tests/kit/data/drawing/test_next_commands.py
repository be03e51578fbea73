"""The commands that follow a drawing."""

import json
from pathlib import Path

import pytest

from kit.cli.settings import DrawingSettings
from kit.data.drawing.next_commands import say_next
from kit.data.drawing.shapes import default_label


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(shape, output_directory=None, seed_is_given=False, **more):
    """The commands that are printed after a shape was drawn."""
    folder = output_directory or f"{shape}s"
    settings = DrawingSettings(shape, 20, folder, **{"label": default_label(shape), **more})
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kit.cli.console.say_next", lambda *commands: said.extend(commands))
        say_next(settings, seed_is_given)
    return said


def drawn(folder, shape, label, is_complete=True, **other):
    """A set as dataset_creation.py leaves it."""
    Path(folder).mkdir()
    settings = {"shape": shape, "size": 128, "seed": 0, "style": "varied", "label": label, **other}
    Path(folder, "settings.json").write_text(json.dumps(settings))
    if is_complete:
        Path(folder, "a.png").touch()
        Path(folder, "info.csv").write_text(f"image_name,image_path,label\na.png,{folder}/a.png,{label}\n")


def joined(*folders):
    return f"cat {' '.join(f'{folder}/info.csv' for folder in folders)} > dataset.csv"


@pytest.mark.parametrize(
    ("given", "beside"),
    [
        ("./squares", "./triangles"),
        ("squares/", "./triangles"),
        ("../squares", "../triangles"),
        ("/data/set/squares", "/data/set/triangles"),
    ],
)
def test_the_triangles_come_beside_the_squares(given, beside):
    draw, join, _ = told("square", given)
    assert draw.endswith(f"--shape triangle --num_images 20 --output_directory {beside}")
    assert join == joined(given.rstrip("/").removeprefix("./"), beside.removeprefix("./"))


@pytest.mark.parametrize("content", [b"", b"image_name;image_path;label\na.png;triangles/a.png;1\n", b"\xfc,\xfc,1\n"])
def test_a_set_whose_list_is_damaged_is_drawn_again(content, folder):
    drawn("triangles", "triangle", 1)
    (folder / "triangles" / "info.csv").write_bytes(content)
    draw, join, _ = told("square")
    assert "--shape triangle" in draw and draw.endswith("--output_directory ./triangles")
    assert join == joined("squares", "triangles")


def test_only_sets_of_the_same_drawing_are_joined():
    """Not other sizes, styles and seeds, copies, sets half drawn, of photos, of drawings that the board keeps."""
    drawn("squares", "square", 0)
    drawn("squares_copy", "square", 1)
    for name, other in (("large", {"size": 256}), ("sketched", {"style": "sketch"}), ("tested", {"seed": 5})):
        drawn(f"circles_{name}", "circle", 2, **other)
    drawn("circles_half", "circle", 2, is_complete=False)
    drawn("circles_as_squares", "circle", 0)
    Path("drawn").mkdir()
    Path("drawn/info.csv").write_text("square_0.png,drawn/square_0.png,0\n")
    Path("damaged").mkdir()
    Path("damaged/settings.json").write_text("{")
    join, train = told("triangle")
    assert train.endswith("training.py") and join == joined("circles_as_squares", "triangles")  # the first by its name
    Path("circles_as_squares/info.csv").unlink()
    assert told("triangle")[0] == joined("squares", "triangles")
    drawn("circles", "circle", 2)
    assert told("triangle")[0] == joined("squares", "triangles", "circles")
    drawn("triangles", "triangle", 1)
    assert told("square")[0] == joined("squares", "triangles", "circles")  # in the order of their labels


def test_a_label_that_no_set_has_is_drawn_first():
    drawn("squares", "square", 0)
    draw, join, _ = told("circle")
    assert draw.endswith("--shape triangle --num_images 20 --output_directory ./triangles")
    assert join == joined("squares", "triangles", "circles")
    *drawing, join, _ = told("star")
    shapes = ["triangle", "circle", "pentagon", "hexagon"]
    assert [command.split("--shape ")[1].split()[0] for command in drawing] == shapes
    assert join == joined(*(f"{shape}s" for shape in ("square", *shapes, "star")))
    assert told("square", "odd", label=50) == [told("square", "odd", label=50)[0]]  # one step at a time
    assert told("square", "other", label=1)[0].endswith(
        "--shape triangle --num_images 20 --output_directory ./triangles --label 0"
    )


def test_a_folder_that_holds_other_images_is_not_drawn_in():
    drawn("triangles", "triangle", 1, size=64)
    assert "--output_directory ./triangles_128 --seed 3" in told("square", seed=3, seed_is_given=True)[0]
    drawn("triangles_128", "triangle", 1, is_complete=False)
    assert told("square")[0].endswith("--output_directory ./triangles_128")  # goes on with it


def test_a_set_whose_paths_lead_nowhere_from_here_is_not_joined(monkeypatch):
    drawn("squares", "square", 0)
    Path("z").mkdir()
    monkeypatch.chdir("z")
    draw, join, _ = told("triangle", "../triangles")
    assert "--shape square" in draw and draw.endswith(
        "--output_directory ../squares"
    )  # to draw it again says all paths
    assert join == joined("../squares", "../triangles")
