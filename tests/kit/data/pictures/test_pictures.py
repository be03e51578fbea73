"""Photos in folders become a data set: found, read, brought to one size, listed; what is wrong is told."""

import csv
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from support.data_sets import image_data

from kit.cli.errors import UserError
from kit.cli.settings import PicturesSettings
from kit.data import image_shown
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pictures import __main__ as command
from kit.data.pictures.folder import claim_folder
from kit.data.pictures.images import make_images
from kit.data.pictures.photos import find_photos
from kit.data.pictures.same import only_once

PHOTOS = [  # (path, size, how it is saved)
    ("big bird, blue/x.webp", (64, 64), {"lossless": True}),
    ("cat/a.jpg", (400, 300), {"exif": True}),
    ("cat/b.tiff", (300, 300), {}),
    ("dog/old/noext", (30, 500), {"format": "PNG"}),
    ("dog/t.gif", (50, 80), {}),
]


def photo(seed, size):
    """A picture that differs from others, in blocks that survive a JPEG."""
    colours = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), np.uint8)
    return Image.fromarray(colours).resize(size, Image.Resampling.BICUBIC)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, with PHOTOS in photos/, and what is in such folders beside pictures."""
    monkeypatch.chdir(tmp_path)
    for seed, (name, size, options) in enumerate(PHOTOS):
        path = Path("photos", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if options.pop("exif", False):
            exif = Image.Exif()
            exif[0x0112] = 6
            options = {"exif": exif}
        photo(seed, size).save(path, **options)
    for name in ("readme.md", "cat/notes.txt", "cat/.DS_Store", ".hidden/a.jpg"):
        Path("photos", name).parent.mkdir(exist_ok=True)
        Path("photos", name).write_text("no picture")
    return tmp_path


def run(*more, photos="photos", output="mine", size=32):
    sys.argv[1:] = ["--photos", photos, "--output_directory", output, "--size", str(size), "--workers", "1", *more]
    command.main()


@pytest.fixture(autouse=True)
def command_line(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["pictures"])
    monkeypatch.setattr(image_shown, "told", {})  # what other tests were told


def rows(name):
    with open(name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_data_set_of_photos(folder, capsys):
    run()
    said, told = capsys.readouterr()
    assert "mine/info.csv: 5 lines, labels 'big bird, blue (1)', cat (2), dog (2)" in said
    assert "training.py --data mine/info.csv" in said
    assert (
        "warning: photos: 2 files left out, as no pictures in the folder of a class: readme.md, cat/notes.txt" in told
    )
    assert "'photos/cat/a.jpg' is turned upright, as its EXIF tag says" in told
    sources = {row["image_name"]: row["picture"] for row in rows("mine/sources.csv")}
    assert sorted(sources.values()) == [f"photos/{name}" for name, *_ in PHOTOS]
    for row in rows("mine/info.csv"):
        source = sources[row["image_name"]]
        assert row["label"] == source.split("/")[1] and row["image_path"] == f"mine/{row['image_name']}"
        with Image.open(row["image_path"]) as made, Image.open(source) as picture:
            assert (made.format, made.mode, made.size) == ("PNG", "RGB", (32, 32))
            shown = ImageOps.exif_transpose(picture).convert("RGB")
            inner = ImageOps.contain(shown, (32, 32), Image.Resampling.LANCZOS)  # the whole picture, not stretched
            left, top = (32 - inner.width) // 2, (32 - inner.height) // 2
            cut = made.crop((left, top, left + inner.width, top + inner.height))
            np.testing.assert_array_equal(np.asarray(cut), np.asarray(inner))
    data = image_data("mine/info.csv", 0.5)
    assert data.class_names == ("big bird, blue", "cat", "dog") and data.image_size == (32, 32)
    assert Image.open("mine/preview.png").size == (8 * 34 - 2, 32)


def test_the_same_command_continues_and_names_stay(capsys):
    run()
    before = {path: path.stat().st_mtime_ns for path in Path("mine").glob("*_*.png")}
    names = {row["image_name"] for row in rows("mine/info.csv")}
    next(iter(before)).unlink()
    Path("mine/.partial-1-x.png").write_text("of a killed process")
    Path("photos/cat/b.tiff").rename("photos/cat/0 renamed.tiff")
    photo(9, (20, 20)).save("photos/dog/new.png")
    run()
    after = {path: path.stat().st_mtime_ns for path in Path("mine").glob("*_*.png")}
    assert sum(after[path] == time for path, time in before.items()) == 4 and len(after) == 6  # the others were kept
    assert names < {row["image_name"] for row in rows("mine/info.csv")} and not list(Path("mine").glob(".partial*"))
    with pytest.raises(UserError, match=r"^mine: its images were made with --size 32, not --size 33"):
        run(size=33)


def test_copies_count_once_and_names_are_of_the_content(capsys):
    Path("photos/cat/b copy.tiff").write_bytes(Path("photos/cat/b.tiff").read_bytes())
    run()
    assert "counts once: photos/cat/b.tiff = photos/cat/b copy.tiff" in capsys.readouterr().err
    Path("more/cat").mkdir(parents=True)
    Path("more/cat/another name").write_bytes(Path("photos/cat/b.tiff").read_bytes())
    run(photos="more", output="again")
    (again,) = rows("again/info.csv")  # in another run, the same name: so never in training and validation at once
    assert again["image_name"] in {row["image_name"] for row in rows("mine/info.csv")}
    joined = Path("mine/info.csv").read_text() + Path("again/info.csv").read_text()
    Path("joined.csv").write_text(joined)
    data = image_data("joined.csv", 0.5)
    assert data.count(TRAINING) + data.count(VALIDATION) == 6 and data.split_of_line[-1] == data.split_of_line[2]


def test_what_cannot_be_read_is_one_error_or_left_out(folder, capsys):
    Path("photos/cat/cut.jpg").write_bytes(Path("photos/cat/a.jpg").read_bytes()[:500])
    Path("photos/cat/IMG_1.HEIC").write_bytes(b"\0\0\0\x18ftypheic")
    Path("photos/dog/twin.webp").write_bytes(Path("photos/big bird, blue/x.webp").read_bytes())
    with pytest.raises(UserError) as caught:
        run()
    assert str(caught.value) == (
        "image 'photos/cat/IMG_1.HEIC' cannot be read (it is HEIC, of no format that Pillow reads).\n"
        "  Save it as a PNG, with a program that shows it.\n"
        "  Problems with other pictures: 2.\n  Or leave such pictures out with --skip_bad."
    )
    assert not Path("mine/info.csv").exists()
    capsys.readouterr()
    run("--skip_bad")
    told = capsys.readouterr().err
    assert "4 pictures left out:" in told and "'photos/cat/cut.jpg' is damaged or cut short" in told
    assert "images 'photos/big bird, blue/x.webp' and 'photos/dog/twin.webp' are the same, so one of their" in told
    assert [row["label"] for row in rows("mine/info.csv")] == ["cat", "cat", "dog", "dog"]  # neither of the two


def make(*names):
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        photo(len(name), (20, 20)).save(name)


@pytest.mark.parametrize(
    "photos, names, words",
    [
        ("gone", [], "^--photos gone: no such folder\\.\n  Put the pictures of each class into a folder of its name"),
        ("a.png", ["a.png"], "^--photos a.png: a file, expected a folder"),
        (
            "flat",
            ["flat/a.png", "flat/b.png"],
            "^flat: no pictures in its folders\\.\n  Put the pictures of each class",
        ),
        (
            "parts",
            ["parts/train/cat/a.png", "parts/val/cat/b.png"],
            "--photos parts/train\\. training.py takes a share",
        ),
        ("coins", ["coins/5/a.png", "coins/10/b.png"], "named '10', which can't be .*\n  Rename it: class_10, for"),
        ("mixed", ["mixed/0/a.png", "mixed/cat/b.png"], "named '0', which can't be the name"),
        ("missing", ["missing/nan/a.png", "missing/cat/b.png"], "named 'nan', which can't be the name"),
    ],
)
def test_folders_that_are_no_classes(photos, names, words):
    make(*names)
    with pytest.raises(UserError, match=words):
        find_photos(photos)


def test_folders_named_0_1_2_are_numbers():
    make("digits/0/a.png", "digits/1/bb.png", "digits/2/ccc.png")
    run(photos="digits")
    data = image_data("mine/info.csv", 0.5)
    assert data.class_names == ("0", "1", "2") and not data.spec.has_words


def test_an_empty_class_is_told(capsys):
    Path("photos/fox").mkdir()
    assert {photo.label for photo in find_photos("photos")} == {"big bird, blue", "cat", "dog"}
    assert "photos/fox: holds no pictures, so there is no class of this name" in capsys.readouterr().err


def test_names_of_any_bytes_are_used_and_told_in_one_line(capsys):
    names = ["photos/cat/caf\udce9.png", "photos/cat/two\nlines.png"]
    make(*names)
    Path("photos/dog/bad\n.png").write_bytes(b"")
    Path("photos/dog/no\npicture").write_text("text")
    run("--skip_bad")
    told = capsys.readouterr().err.splitlines()
    assert all(line.startswith("warning: ") for line in told)
    assert r"warning:   image 'photos/dog/bad\n.png' is empty (0 bytes)" in told
    assert any(r"no\npicture" in line for line in told)
    written = {row["picture"] for row in rows("mine/sources.csv")}
    assert {r"photos/cat/caf\udce9.png", r"photos/cat/two\nlines.png"} < written and len(written) == 7


def test_links_are_followed_unless_they_lead_back(folder, capsys):
    make("elsewhere/old/a.png", "elsewhere/bb.png")
    Path("photos/elephant").symlink_to("../elsewhere")
    for link, target in (("cat/all", ".."), ("cat/above", "../.."), ("cat/dogs", "../dog"), ("kitten", "cat")):
        Path("photos", link).symlink_to(target)
    Path("elsewhere/again").symlink_to("old")
    Path("elsewhere/loop").symlink_to(".")
    found = find_photos("photos")
    of_links = [f"photos/elephant/{name}" for name in ("again/a.png", "bb.png")]
    assert [photo.path for photo in found] == [*[f"photos/{name}" for name, *_ in PHOTOS], *of_links]
    told = capsys.readouterr().err
    assert "links not followed, as they lead to a folder that is read anyway, or that holds them: " in told
    assert "cat/above, cat/all, cat/dogs, elephant/loop, elephant/old, kitten" in told


def test_where_images_must_not_go(monkeypatch):
    def settings(output):
        return PicturesSettings("photos", output)

    for output in ("photos", "photos/mine", "./photos/../photos/a"):
        with pytest.raises(UserError, match="lies in --photos photos, where it would be a class"):
            claim_folder(settings(output))
    Path("drawn").mkdir()
    Path("drawn/info.csv").write_text("of something else")
    with pytest.raises(UserError, match=r"^drawn: holds files, but no pictures.json"):
        claim_folder(settings("drawn"))


def test_no_picture_left(capsys):
    Path("bad/cat").mkdir(parents=True)
    Path("bad/cat/a.png").write_bytes(b"")
    settings = PicturesSettings("bad", "mine", skip_bad=True, workers=1)
    claim_folder(settings)
    with pytest.raises(UserError, match="none of its pictures can be learnt"):
        only_once(make_images(settings, find_photos("bad")), settings)
