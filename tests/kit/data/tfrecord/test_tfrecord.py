"""python -m kit.data.tfrecord: what it writes is read like the images of the CSV, and what is wrong is told."""

import csv
import hashlib
import json
import os
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.data_sets import image_data

import kit.tensorflow1 as tf
import dlho2018
from kit.cli.errors import UserError
from kit.data.image_data import ImageData
from kit.data.image_shown import shown_image
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pipeline import decode_all
from kit.data.tfrecord import __main__ as command
from kit.data.tfrecord import parts, writing
from kit.data.tfrecord.sharded_images import ShardedImages

COUNT = 23
PARTS = 4


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, with images of many kinds in a CSV that has words as labels and a second header."""
    monkeypatch.chdir(tmp_path)
    lines = ["image_name,image_path,label"]
    for number in range(COUNT):
        colours = np.random.default_rng(number).integers(0, 256, (9, 6, 4), np.uint8)
        mode, suffix = [("RGB", "png"), ("RGBA", "png"), ("L", "png"), ("RGB", "jpg"), ("RGB", "bmp")][number % 5]
        Image.fromarray(colours).convert(mode).save(f"{number}.{suffix}")
        lines.append(f'"image, {number}",{number}.{suffix},{("dog", "cat")[number % 2]}')
    lines.insert(9, lines[0])
    Path("dataset.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def write(*more, data="dataset.csv", output="shards"):
    sys.argv[1:] = ["--data", data, "--output_directory", output, "--shards", str(PARTS), *more]
    command.main()


def decoded(data, part):
    return decode_all(data, lambda: dlho2018.read_lines(data, part), data.count(part))


@pytest.mark.parametrize("kind", ["raw", "png"])
def test_training_is_fed_the_same_images_in_the_same_order(kind):
    write("--format", kind)
    plain, sharded = image_data("dataset.csv", 0.3), image_data("shards", 0.3)
    assert (type(plain), type(sharded)) == (ImageData, ShardedImages)
    assert plain.class_names == sharded.class_names == ("cat", "dog")
    for part in (TRAINING, VALIDATION):
        for expected, found in zip(decoded(plain, part), decoded(sharded, part)):
            np.testing.assert_array_equal(found, expected)


def test_each_place_holds_the_image_of_its_line():
    write()
    with open("dataset.csv", newline="") as file:
        lines = [row for row in csv.DictReader(file) if row["label"] != "label"]
    with open("shards/info.csv", newline="") as file:
        written = list(csv.DictReader(file))
    assert [(row["image_name"], row["label"]) for row in written] == [(r["image_name"], r["label"]) for r in lines]
    for old, new in zip(lines, written):
        of_jpeg = 4 * old["image_path"].endswith("jpg")  # Pillow's decoder rounds otherwise than TensorFlow's
        np.testing.assert_allclose(shown_image(new["image_path"]), shown_image(old["image_path"]), rtol=0, atol=of_jpeg)


def test_the_manifest_is_true():
    write()
    manifest = json.loads(Path("shards/manifest.json").read_text())
    assert {**manifest, "parts": None} == {
        **{"images": COUNT, "height": 9, "width": 6, "format": "raw", "classes": ["cat", "dog"], "parts": None}
    }
    for number, part in enumerate(manifest["parts"]):
        content = Path("shards", part["file"]).read_bytes()
        assert part == {
            "file": f"part-{number:05d}-of-{PARTS:05d}.tfrecord",
            "images": len(range(number, COUNT, PARTS)),
            "bytes": len(content),
            "blake2b": hashlib.blake2b(content, digest_size=16).hexdigest(),
        }


def test_a_png_file_is_kept_as_it_is():
    write("--format", "png")
    contents = b"".join(path.read_bytes() for path in Path("shards").glob("*.tfrecord"))
    assert Path("0.png").read_bytes() in contents and Path("2.png").read_bytes() in contents
    assert Path("1.png").read_bytes() not in contents  # it is transparent: as it is shown, it is another file


def test_data_sets_in_tfrecord_files_are_joined_by_cat():
    header, *lines = Path("dataset.csv").read_text().splitlines()
    for name, some in (("a", lines[:6]), ("b", lines[6:])):
        Path(f"{name}.csv").write_text("\n".join([header, *some]) + "\n")
        write(data=f"{name}.csv", output=name)
    Path("joined.csv").write_text(Path("a/info.csv").read_text() + Path("b/info.csv").read_text())
    for expected, found in zip(
        decoded(image_data("dataset.csv", 0), TRAINING), decoded(image_data("joined.csv", 0), 1)
    ):
        np.testing.assert_array_equal(found, expected)


def test_files_and_records_in_one_csv_are_refused():
    write()
    Path("both.csv").write_text(Path("shards/info.csv").read_text() + Path("dataset.csv").read_text())
    with pytest.raises(
        UserError, match=re.escape("'0.png' has a file of its own, but the first is in a TFRecord file")
    ) as error:
        image_data("both.csv", 0.3)
    assert "python -m kit.data.tfrecord" in str(error.value)


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("png", "dog"),
        *(pytest.param(*case, marks=pytest.mark.long) for case in (("raw", "dog"), ("png", "1"), ("raw", "1"))),
    ],
)
def test_a_class_is_written_alone_joined_with_files_and_written_again(label, kind, capsys):
    header, *lines = Path("dataset.csv").read_text().replace(",dog", f",{label}").replace("cat", "0").splitlines()
    if label == "dog":
        lines = [line.replace(",0", ",cat") if line.endswith(",0") else line for line in lines]
    Path("all.csv").write_text("\n".join([header, *lines]) + "\n")
    own = [line for line in lines if line.endswith(label)]
    rest = [line for line in lines if not line.endswith(label)]
    Path("one.csv").write_text("\n".join([header, *own]) + "\n")
    write(data="one.csv", output="one")
    told = capsys.readouterr().out
    assert "one/info.csv: 12 images, " in told and "cat one/info.csv OTHER > dataset.csv" in told
    Path("joined.csv").write_text("\n".join([Path("one/info.csv").read_text().rstrip(), *rest]) + "\n")
    Path("expected.csv").write_text("\n".join([header, *own, *rest]) + "\n")
    write("--format", kind, data="joined.csv", output="both")
    write(data="both", output="again")  # from TFRecord files alone
    expected = decoded(image_data("expected.csv", 0), TRAINING)
    for path in ("both", "again"):
        for found, wanted in zip(decoded(image_data(path, 0), TRAINING), expected, strict=True):
            np.testing.assert_array_equal(found, wanted)


def test_png_files_made_from_raw_records_are_packed():
    Image.new("RGB", (64, 64)).save("grey.png")
    Path("grey.csv").write_text("a,grey.png,0\n")
    write(data="grey.csv", output="raw")
    write("--format", "png", data="raw", output="png")
    sizes = [sum(path.stat().st_size for path in Path(name).glob("*.tfrecord")) for name in ("raw", "png")]
    assert sizes[0] > 64 * 64 * 3 > 10 * sizes[1]


def test_a_damaged_record_that_is_written_again_is_named():
    write()
    path = Path("shards/part-00001-of-00004.tfrecord")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(
        UserError, match=r"shards/info.csv:\d+: image 'shards/part-00001-of-00004.tfrecord:\d+' is damaged"
    ):
        write(data="shards", output="again")


# ----------------------------------------------------------------------------- begun earlier


def states():
    return {path.name: path.stat().st_mtime_ns for path in Path("shards").glob("*.tfrecord")}


def test_what_is_missing_or_damaged_is_written_again_and_the_rest_is_kept(capsys):
    write()
    whole = {path.name: path.read_bytes() for path in Path("shards").iterdir()}
    before = states()
    first, second, third, fourth = sorted(Path("shards").glob("*.tfrecord"))
    first.unlink()
    second.write_bytes(second.read_bytes()[:-40])
    third.write_bytes(third.read_bytes()[:99] + b"x" + third.read_bytes()[100:])
    write()
    assert {path.name: path.read_bytes() for path in Path("shards").iterdir()} == whole
    assert [name for name, state in states().items() if before[name] == state] == [fourth.name]
    assert capsys.readouterr().out.count("not what was written; it is written again.") == 2
    write()
    assert "All TFRecord files are written already." in capsys.readouterr().out


def test_a_file_that_is_there_is_read_once_to_see_that_it_is_whole(monkeypatch):
    class Counting:
        def __init__(self):
            self.update, self.hexdigest = self, lambda: "0" * 32

        def __call__(self, piece):
            pieces.append(piece)

    write()
    path, pieces = Path("shards/part-00002-of-00004.tfrecord"), []
    state = path.stat()
    monkeypatch.setattr(parts.hashlib, "blake2b", lambda **_: Counting())
    first = parts.read_back(str(path))
    assert parts.read_back(str(path)) is first and b"".join(pieces) in (b"", path.read_bytes())
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns + 1))
    assert parts.read_back(str(path)) is not first and b"".join(pieces).endswith(path.read_bytes())


def test_one_that_is_stopped_goes_on(monkeypatch):
    encode, calls = writing.encode_record, []

    def stopped(*arguments):
        calls.append(arguments)
        if len(calls) == COUNT - 2:
            raise KeyboardInterrupt
        return encode(*arguments)

    monkeypatch.setattr(writing, "encode_record", stopped)
    with pytest.raises(KeyboardInterrupt):
        write()
    assert len(list(Path("shards").glob("*.tfrecord"))) == PARTS - 1 and not list(Path("shards").glob(".partial*"))
    with pytest.raises(
        UserError, match=re.escape("shards: its TFRecord files are not complete: there is no manifest.json")
    ):
        image_data("shards", 0.3)
    kept = states()
    write()
    assert len(calls) == COUNT - 2 + len(range(PARTS - 1, COUNT, PARTS)) and kept.items() <= states().items()
    assert decoded(image_data("shards", 0), TRAINING)[0].shape == (COUNT, 9, 6, 3)


@pytest.mark.parametrize("change", ["image", "format", "line"])
def test_other_images_are_not_mixed_in(change):
    write()
    if change == "image":
        Path("0.png").write_bytes(Path("2.png").read_bytes())
    if change == "line":
        with open("dataset.csv", "a") as file:
            file.write("another,0.png,dog\n")
    before = states()
    with pytest.raises(UserError, match=re.escape("shards: its files are written from other images, or otherwise")):
        write(*["--format", "png"] * (change == "format"))
    assert states() == before


def test_a_folder_of_something_else_is_left_alone(folder):
    with pytest.raises(UserError, match=re.escape("holds files, but no tfrecord.json")):
        write(output=str(folder))


def test_an_image_that_cannot_be_read_is_named_or_left_out(capsys):
    Path("5.png").write_bytes(Path("5.png").read_bytes()[:-30])
    with pytest.raises(UserError, match=r"dataset.csv:7: image '5.png' is damaged or cut short"):
        write()
    assert {path.name for path in Path("shards").iterdir()} == {
        ".lock",
        "tfrecord.json",
        "part-00000-of-00004.tfrecord",
    }
    write("--skip_bad", output="others")
    assert f"others/info.csv: {COUNT - 1} images" in capsys.readouterr().out


@pytest.mark.parametrize("when", ["write", "close"])
def test_a_full_disk_is_blamed_and_no_image(monkeypatch, when):
    class Full(tf.python_io.TFRecordWriter):
        pass

    def full(*arguments):
        raise tf.errors.ResourceExhaustedError(None, None, "part; No space left on device")

    setattr(Full, when, full)
    monkeypatch.setattr(tf.python_io, "TFRecordWriter", Full)
    with pytest.raises(UserError, match=re.escape("shards/part-00000-of-00004.tfrecord: cannot write: ")):
        write()
    assert not list(Path("shards").glob("*.tfrecord"))


# ----------------------------------------------------------------------------- wrong when read


def test_a_file_that_is_cut_short_is_told_before_training():
    write()
    path = Path("shards/part-00002-of-00004.tfrecord")
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UserError) as error:
        image_data("shards", 0.3)
    assert str(error.value) == (
        f"{path}: {size - 1:,} bytes, expected {size:,}: it is damaged or cut short.\n"
        "  Repeat the command that wrote it: it writes again what is missing or damaged."
    )


def test_a_file_that_is_gone_is_told():
    write()
    Path("shards/part-00002-of-00004.tfrecord").unlink()
    with pytest.raises(
        UserError,
        match=re.escape("image 'shards/part-00002-of-00004.tfrecord:0' does not exist: its TFRecord file is missing"),
    ):
        image_data("shards", 0.3)


def test_a_damaged_record_is_named():
    write()
    path = Path("shards/part-00001-of-00004.tfrecord")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    error = image_data("shards", 0.3).find_bad_example()
    assert str(error).startswith("shards/info.csv:")
    assert "is damaged: its record is not what was written.\n  Repeat the command that wrote it" in str(error)


@pytest.mark.parametrize("content", ["[]", "{}", '{"parts": [{"file": "x"}]}', "{"])
def test_a_wrong_manifest_is_told(content):
    write()
    Path("shards/manifest.json").write_text(content)
    with pytest.raises(UserError, match=re.escape("shards/manifest.json: ")):
        image_data("shards", 0.3)


def test_an_image_of_another_size_is_named():
    write()
    Image.new("RGB", (9, 6)).save("0.png")  # as many bytes
    Path("turned.csv").write_text("".join(f"image {number},0.png,{('dog', 'cat')[number]}\n" for number in (0, 1)))
    write(data="turned.csv", output="turned")
    Path("joined.csv").write_text(Path("shards/info.csv").read_text() + Path("turned/info.csv").read_text())
    data = image_data("joined.csv", 0)
    with pytest.raises(Exception, match="an image is 6 x 9 pixels"):
        decoded(data, TRAINING)
    assert "is 6 x 9 pixels, expected 9 x 6 like the others" in str(data.find_bad_example())


def test_a_folder_is_read_wherever_it_is_moved_or_copied(folder, monkeypatch):
    expected = decoded(image_data("dataset.csv", 0), TRAINING)
    write()
    Path("elsewhere").mkdir()
    Path("shards").rename("elsewhere/renamed")
    write("--format", "png")  # other files of the same names where the old ones were
    for here, path in ((folder, "elsewhere/renamed"), (folder / "elsewhere" / "renamed", "."), (folder, "shards")):
        monkeypatch.chdir(here)
        data = image_data(path, 0)
        for found, own in zip(decoded(data, TRAINING), expected):
            np.testing.assert_array_equal(found, own)
        assert data.is_raw == (path != "shards")


def test_a_joined_list_beside_the_files_of_one_set_reads_those_of_both():
    """Their files have the same names; only info.csv is the list of the files beside it."""
    write()
    Path("half.csv").write_text("".join(Path("dataset.csv").read_text().splitlines(True)[-9:]))
    write(data="half.csv", output="halves")
    Path("shards/all.csv").write_text(Path("halves/info.csv").read_text() + Path("shards/info.csv").read_text())
    half, images = (decoded(image_data(path, 0), TRAINING)[0] for path in ("halves", "shards"))
    joined, _ = decoded(image_data("shards/all.csv", 0), TRAINING)
    np.testing.assert_array_equal(joined, np.concatenate([half, images]))


def test_what_a_file_that_is_cut_short_still_holds_is_read_with_skip_bad(capsys):
    write()
    path = Path("shards/part-00002-of-00004.tfrecord")
    path.write_bytes(path.read_bytes()[:-20])
    data = image_data("shards", 0, skip_bad=True)
    assert data.num_training == COUNT - 1 and "1 bad line is left out" in capsys.readouterr().err
