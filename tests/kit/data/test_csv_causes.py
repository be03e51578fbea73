"""Lines of an image CSV that can't be read: the true cause is named, and the way out works."""

import shlex
import subprocess
import sys
import unicodedata

import pytest
from PIL import Image
from support.data_sets import image_data

from kit.cli.errors import UserError
from kit.data import csv_repairs, image_lines
from kit.data.csv_causes import cause

NAMES = "image_name,image_path,label"
LINES = ["square_1,images/a.png,0", "triangle_1,images/b.png,1"]
DECOMPOSED = unicodedata.normalize("NFD", "images/Größe.png")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, with images of 8 x 6 pixels in images/."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "images").mkdir()
    for path in ("images/a.png", "images/b.png", DECOMPOSED):
        Image.new("RGB", (6, 8)).save(path)
    return tmp_path


def refusal(folder, text):
    (folder / "data.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        image_data("data.csv", 0.0)
    return str(caught.value)


def joined(*lines, comma=","):
    return "".join(f"{line.replace(',', comma)}\n" for line in lines)


WITH_COMMAND = {
    "semicolons": (joined(NAMES, *LINES, comma=";"), 1, "separated by semicolons, expected commas"),
    "tabs": (joined(NAMES, *LINES, comma="\t"), 1, "separated by tabs"),
    "no header, vertical bars": (joined(*LINES, comma="|"), 1, "separated by vertical bars"),
    "no header, spaces": (joined(*LINES, comma=" "), 1, "separated by spaces"),
    "quotes": ('"square_1";"images/a.png";0\n"triangle_1";"images/b.png";1\n', 1, "separated by semicolons"),
    "another order": (
        "label,image_name,image_path\n0,square_1,images/a.png\n1,triangle_1,images/b.png\n",
        1,
        f"the columns are label,image_name,image_path, expected {NAMES}",
    ),
    "capitals in the header": (
        joined("Image_Path, Image_Name, Label", "images/a.png, square_1, 0", "images/b.png, triangle_1, 1"),
        1,
        f"the columns are Image_Path, Image_Name, Label, expected {NAMES}",
    ),
    "a second file in another order": (
        joined(NAMES, LINES[0], "label,image_name,image_path", "1,triangle_1,images/b.png"),
        3,
        f"the columns are label,image_name,image_path, expected {NAMES}",
    ),
    "pandas's index": (
        f",{NAMES}\n" + joined(*(f"{number},{line}" for number, line in enumerate(LINES))),
        1,
        f"the columns are ,{NAMES}, expected {NAMES}",
    ),
    "another column": (f"{NAMES},split\n" + joined(*(f"{line},train" for line in LINES)), 1, f"expected {NAMES}"),
    "semicolons, words": (
        joined("square_1,images/a.png,square", "triangle_1,images/b.png,triangle", comma=";"),
        1,
        "separated by semicolons",
    ),
    "other columns": (
        joined("id,file,path,class", "0,a.png,images/a.png,square", "1,b.png,images/b.png,triangle"),
        2,
        "4 fields, expected 3",
    ),
    "two columns": (
        joined("image_path,label", "images/a.png,square", "images/b.png,triangle"),
        2,
        "2 fields, expected",
    ),
    "backslashes": (
        joined(NAMES, *LINES).replace("images/", "images\\"),
        2,
        "image 'images\\a.png' does not exist, but 'images/a.png' does: \\ separates folders only on Windows",
    ),
    "Unicode": (joined(NAMES, *LINES, "square_2,images/Größe.png,0"), 4, f"but '{DECOMPOSED}' does: they look alike"),
}


def run_command(error):
    (command,) = [line for line in error.splitlines() if "csv_repairs.py" in line]
    _, _, *arguments = shlex.split(command)
    csv_repairs.main(arguments)


def test_a_printed_command_runs_as_it_is_typed(folder):
    error = refusal(folder, WITH_COMMAND["semicolons"][0])
    (command,) = [line for line in error.splitlines() if "csv_repairs.py" in line]
    _, *words = shlex.split(command)
    subprocess.run([sys.executable, *words], check=True)
    assert (folder / "data_fixed.csv").read_text() == joined(NAMES, *LINES)


def test_a_repaired_list_has_the_columns_that_are_read():
    assert csv_repairs.HEADER == image_lines.HEADER


@pytest.mark.parametrize("ending", ["png", "tif", "tiff", "TIFF", "avif", "heic", "svg"])
def test_columns_are_found_whatever_kind_of_image_they_name(ending, folder):
    run_command(refusal(folder, joined("id,file,path,class", f"0,a,images/a.{ending},square")))
    assert (folder / "data_fixed.csv").read_text() == joined(
        NAMES, f"square_0_images/a.{ending},images/a.{ending},square"
    )


@pytest.mark.parametrize("content", [b"image_name,image_path,label\n", b"a,b\n1,2\n", b"\n", b"\xfc,a.png,0\n"])
def test_a_file_of_which_nothing_would_be_left_is_not_written(content, folder, capsys):
    (folder / "data.csv").write_bytes(content)
    with pytest.raises(SystemExit) as end:
        csv_repairs.main(["places", "data.csv", "data_fixed.csv", "0", "0", "1"])
    assert end.value.code == 2 and capsys.readouterr().err.startswith("error: data.csv: ")
    assert not (folder / "data_fixed.csv").exists()


@pytest.mark.parametrize("kind", WITH_COMMAND)
def test_the_cause_is_named_and_its_command_works(kind, folder):
    text, line, words = WITH_COMMAND[kind]
    error = refusal(folder, text)
    assert error.startswith(f"data.csv:{line}: {words}") or (error.startswith(f"data.csv:{line}: ") and words in error)
    assert "--skip_bad" not in error and "--labels" not in error  # these would lose the images
    run_command(error)
    data = image_data("data_fixed.csv", 0.0)
    assert data.class_names == ("square", "triangle")
    assert data.num_training == text.count(".png") - text.count(",a.png") - text.count(",b.png")


@pytest.mark.parametrize(
    "text, line, words",
    [
        *(
            pytest.param(joined(names, *LINES), 1, ["a header of other names", names], id=names)
            for names in ("file,path,class", "name1,path1,label1", "image.name,image.path,Klasse 1")
        ),
        pytest.param(joined(*LINES, "square_1,images/a.png,square"), 3, ["label 'square' is a word"], id="no header"),
        pytest.param(joined("file;path;class", comma=";") + joined(*LINES, comma=";"), 2, ["semicolons"], id="both"),
        pytest.param(joined(NAMES, *LINES).replace(",", ", "), 2, ["a space too many"], id="spaces"),
        pytest.param(joined(NAMES, "a,Images/A.png,0"), 2, ["'images/a.png' does", "capitals"], id="capitals"),
        pytest.param(joined(*LINES)[:-1] + "\x1a", 2, ["Ctrl-Z", "copy /b"], id="Ctrl-Z after the last field"),
        pytest.param(joined(*LINES, "\x1a" + LINES[0]), 3, ["Ctrl-Z", "copy /b"], id="Ctrl-Z before a line"),
        pytest.param("x,y,z\n1,2,3\n", 1, ["--labels"], id="a table"),
        pytest.param("x;y;z\n1;2;3\n", 1, ["--labels"], id="a table with semicolons"),
        pytest.param(joined(NAMES, "a,images/c.png,0"), 2, ["does not exist; paths are relative"], id="no such file"),
    ],
)
def test_the_cause_is_named(text, line, words, folder):
    error = refusal(folder, text)
    assert error.startswith(f"data.csv:{line}: ") and all(each in error for each in words), error


def test_of_a_path_with_a_null_byte_no_cause_is_known():
    assert cause(b"a,fol\0der/a.png,0", "dataset.csv", [""], has_images=True) is None


@pytest.mark.parametrize(
    "text", [joined(*LINES, "\x1a"), joined(*LINES, f"\x1a{NAMES}"), joined(NAMES, *LINES) + "\x1a"]
)
def test_a_ctrl_z_between_lines_is_left_out(text, folder):
    (folder / "data.csv").write_text(text)
    assert image_data("data.csv", 0.0).num_training == 2


def test_a_header_of_other_names_is_skipped_with_its_cause(folder, capsys):
    (folder / "data.csv").write_text(joined("file,path,class", *LINES))
    assert image_data("data.csv", 0.0, True).num_training == 2
    assert "line 1: a header of other names, file,path,class" in capsys.readouterr().err
