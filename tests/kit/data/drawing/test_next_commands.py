"""The commands that follow a drawing."""

import pytest

from kit.cli.settings import DrawingSettings
from kit.data.drawing.next_commands import say_next


@pytest.mark.parametrize(
    ("given", "beside"),
    [
        ("./squares", "./triangles"),
        ("squares/", "./triangles"),
        ("../squares", "../triangles"),
        ("/data/set/squares", "/data/set/triangles"),
    ],
)
def test_the_triangles_come_beside_the_squares(given, beside, capsys):
    say_next(DrawingSettings(shape="square", num_images=20, output_directory=given), seed_is_given=False)
    draw, join, _ = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert draw.endswith(f"--shape triangle --num_images 20 --output_directory {beside}")
    squares, triangles = given.rstrip("/").removeprefix("./"), beside.removeprefix("./")
    assert join.strip() == f"cat {squares}/info.csv {triangles}/info.csv > dataset.csv"
