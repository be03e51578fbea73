"""Wrong images: named with their line, or skipped, and the one that is to blame is found."""

import re
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from support.data_sets import image_data
from support.image_csvs import HEADER, names_found, refusal, two_classes, write

from kit.cli.errors import UserError
from kit.data.bad_images import find_bad_image
from kit.data.image_csv import _chance
from kit.data.image_files import ImageCheck
from kit.data.image_lines import images_of
from kit.data.parts import TRAINING, VALIDATION


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, with two whole images of 8 x 6 pixels."""
    monkeypatch.chdir(tmp_path)
    for name in ("square.png", "triangle.png"):
        Image.new("RGB", (6, 8), "red").save(name)
    return tmp_path


def png_that_claims(width, height):
    """A PNG whose header claims a size, with right checksums and next to no pixels."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(64))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


# ---- wrong images


def make_wrong(kind, path):
    """Makes a file that is no image of 8 x 6 pixels."""
    whole = Path("square.png").read_bytes()
    if kind == "folder":
        path.mkdir()
    elif kind == "other size":
        Image.new("RGB", (8, 6)).save(path)
    elif kind == "claims gigapixels":
        path.write_bytes(png_that_claims(60_000, 50_000))
    elif kind == "claims 20,000 x 20,000":
        path.write_bytes(png_that_claims(20_000, 20_000))
    elif kind == "claims 5,000 x 5,000":
        path.write_bytes(png_that_claims(5000, 5000))
    elif kind == "tiff":
        Image.new("RGB", (6, 8)).save(path, format="TIFF")
    elif kind != "missing":
        contents = {
            "truncated": whole[:-25],
            "header cut": whole[:20],
            "zero bytes": b"",
            "text": b"not an image\n" * 9,
        }
        path.write_bytes(contents[kind])


WRONG_IMAGES = {
    "missing": "does not exist",
    "folder": "wrong.png",
    "zero bytes": "is empty (0 bytes)",
    "text": "cannot be read (not one of PNG, JPEG, GIF, BMP, WebP)",
    "header cut": "wrong.png",
    "tiff": "it is TIFF, not one of PNG, JPEG, GIF, BMP, WebP",
    "claims gigapixels": "pixels",
    "claims 20,000 x 20,000": "pixels",
    "claims 5,000 x 5,000": "claims 5000 x 5000 pixels",
    "truncated": "damaged or cut short",
    "other size": "is 6 x 8 pixels, expected 8 x 6 like the others",
}


@pytest.mark.parametrize("kind", [kind for kind in WRONG_IMAGES if kind not in ("truncated", "other size")])
def test_a_wrong_first_image_is_named(kind, folder):
    make_wrong(kind, folder / "wrong.png")
    text = refusal(write([HEADER, "wrong_1.png,wrong.png,0", *two_classes(2)]))
    assert text.startswith("data.csv:2: image 'wrong.png'") and WRONG_IMAGES[kind] in text


@pytest.mark.parametrize("kind", WRONG_IMAGES)
def test_skip_bad_leaves_a_wrong_image_out_with_a_warning(kind, folder, capsys):
    make_wrong(kind, folder / "wrong.png")
    lines = [*two_classes(2)[:2], "wrong_1.png,wrong.png,0", *two_classes(2)[2:]]
    assert names_found(write(lines), skip_bad=True) == [
        "square_0.png",
        "square_1.png",
        "triangle_0.png",
        "triangle_1.png",
    ]
    warnings = capsys.readouterr().err.splitlines()
    assert all(line.startswith("warning: ") for line in warnings) and len(warnings) == 2
    assert "data.csv: 1 bad line" in warnings[0]
    assert "line 3: image 'wrong.png'" in warnings[1] and WRONG_IMAGES[kind] in warnings[1]


@pytest.mark.parametrize("kind", [kind for kind in WRONG_IMAGES if kind not in ("missing", "folder")])
def test_an_image_that_only_tensorflow_met_is_found(kind, folder):
    make_wrong(kind, folder / "wrong.png")
    data = image_data(write([HEADER, *two_classes(2), "wrong_1.png,wrong.png,0"]), 0.5)
    text = str(find_bad_image(data))
    assert text.startswith("data.csv:6: image 'wrong.png'") and WRONG_IMAGES[kind] in text and "--skip_bad" in text


def test_an_image_deleted_after_the_scan_is_found(folder):
    data = image_data(write(two_classes(4)), 0.5)
    (folder / "triangle.png").unlink()
    assert re.match(r"data.csv:[5-8]: image 'triangle.png' does not exist", str(find_bad_image(data)))


def test_no_bad_image_is_found_where_there_is_none():
    assert find_bad_image(image_data(write(two_classes(2)), 0.5)) is None


def test_only_the_parts_that_were_read_are_looked_at(folder):
    lines = two_classes(20)
    data = image_data(write(lines), 0.5)
    bad = {}  # {part: the number of its second line, whose image is then cut}
    for part in (TRAINING, VALIDATION):
        bad[part] = [number for number, *_ in images_of(data, part)][1]
        name = f"cut_{part}.png"
        (folder / name).write_bytes(Path("square.png").read_bytes()[:-25])
        fields = lines[bad[part] - 1].split(",")
        lines[bad[part] - 1] = f"{fields[0]},{name},{fields[2]}"
    data = image_data(write(lines), 0.5)
    for part in (TRAINING, VALIDATION):
        assert str(find_bad_image(data, part)).startswith(f"data.csv:{bad[part]}: image 'cut_{part}.png' is damaged")


def test_a_first_image_of_another_size_is_to_blame_and_not_the_others(folder):
    Image.new("RGB", (9, 9)).save("odd.png")
    data = image_data(write(["odd_1.png,odd.png,0", *two_classes(3)]), 0.0)
    text = str(find_bad_image(data))
    assert text.startswith("data.csv:1: image 'odd.png' is 9 x 9 pixels, expected 8 x 6 like the others")
    assert "remove this line" in text and "--skip_bad" not in text


@pytest.mark.parametrize("first", [TRAINING, VALIDATION])
def test_the_first_image_is_to_blame_whatever_its_part(first, folder):
    Image.new("RGB", (9, 9)).save("odd.png")
    names = (f"odd_{number}" for number in range(99))
    name = next(name for name in names if (_chance(name) < 0.5) == (first == VALIDATION))
    data = image_data(write([f"{name},odd.png,0", *two_classes(9)]), 0.5)
    Path("square.png").write_bytes(Path("square.png").read_bytes()[:-25])  # a training image, too
    assert str(find_bad_image(data, TRAINING)).startswith("data.csv:1: image 'odd.png' is 9 x 9 pixels")


@pytest.mark.parametrize("line", ["a;square.png;0", "a,square.png,cat", '"a,square.png,0'])
def test_a_csv_that_changed_while_it_was_read_is_named(line, folder):
    lines = two_classes(3)
    data = image_data(write(lines), 0.0)
    write([*lines[:2], line, *lines[3:], "more,square.png,0"])
    with pytest.raises(UserError, match=r"^data.csv:3: this line has changed since the file was checked"):
        find_bad_image(data)


def test_an_image_turned_by_its_exif_has_the_size_that_is_shown(folder):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (8, 6)).save("turned.jpg", exif=exif)
    data = image_data(write([*two_classes(2), "t_1.png,turned.jpg,1"]), 0.5, skip_bad=True)
    assert data.image_size == (8, 6) and data.num_training + data.num_validation == 5


def test_a_folder_as_image_is_not_called_missing(folder):
    (folder / "wrong.png").mkdir()
    assert "does not exist" not in refusal(write([*two_classes(2), "a,wrong.png,0"]))


def test_skip_bad_counts_every_line_and_shows_some(capsys):
    lines = [*two_classes(2), *(f"square_{i}.png,gone_{i}.png,0" for i in range(8)), "a,b", "a,square.png,cat"]
    assert len(names_found(write(lines), skip_bad=True)) == 4
    warnings = capsys.readouterr().err
    assert "10 bad lines are left out" in warnings and "and 5 more" in warnings and "line 5: " in warnings


def test_skip_bad_with_nothing_left(capsys):
    assert "holds no images" in refusal(write(["a,b", "c,d"]), skip_bad=True)
    assert "2 bad lines" in capsys.readouterr().err


def test_skip_bad_is_silent_where_nothing_is_wrong(capsys):
    assert len(names_found(write([HEADER, *two_classes(2)]), skip_bad=True)) == 4
    assert capsys.readouterr().err == ""


def test_a_damaged_first_image_does_not_set_the_size(folder, capsys):
    Image.effect_noise((40, 40), 90).save("noise.png")
    (folder / "cut.png").write_bytes((folder / "noise.png").read_bytes()[:-200])
    assert len(names_found(write(["a,cut.png,0", *two_classes(2)]), skip_bad=True)) == 4


@pytest.mark.parametrize("save_as", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_whole_images_of_every_format_have_no_problem(save_as):
    Image.new("RGB", (6, 8), "red").save("whole", format=save_as)
    assert ImageCheck().problem("whole", (8, 6)) is None


def test_images_in_both_places_are_warned_of(folder, capsys):
    (folder / "elsewhere").mkdir()
    for name in ("square.png", "triangle.png"):
        (folder / "elsewhere" / name).write_bytes((folder / name).read_bytes())
    image_data(write(two_classes(), "elsewhere/data.csv"), 0.5)
    assert "'square.png' is in the current folder and beside elsewhere/data.csv" in capsys.readouterr().err
