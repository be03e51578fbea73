"""A table in TFRecord files: its rows are those of the text file, and what is wrong is told."""

import gzip
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.data_sets import image_data, table_data

import kit.tensorflow1 as tf
import dlho2018
from kit.cli.errors import UserError
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pipeline import decode_all
from kit.data.tables.labels import LabelSource
from kit.data.tables.splits import hold_out
from kit.data.tfrecord import __main__ as command
from kit.data.tfrecord import table_writing
from kit.data.tfrecord.sharded_table import ShardedTable
from kit.data.tfrecord.table_lines import read_line

KIND = LabelSource(None, "kind")
ROWS = [(f"patient {number}", number / 7, number**2 - 40.5, ("ill", "well")[number % 2]) for number in range(20)]
PLAIN = "name,age,dose,kind\n" + "".join(f"{name},{age:.4f},{dose},{kind}\n" for name, age, dose, kind in ROWS)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("table.csv").write_text(PLAIN)


def write(*more, data="table.csv", output="shards"):
    sys.argv[1:] = ["--data", data, "--format", "table", "--output_directory", output, "--shards", "3", *more]
    command.main()


def opened(path, **options):
    return table_data(path, KIND, split=hold_out(0.3, 0, False), **options)


def decoded(data, part):
    return decode_all(data, lambda: dlho2018.read_lines(data, part), data.count(part))


def packed(content):
    return gzip.compress(content.encode())


KINDS = {
    "plain": (PLAIN.encode(), {}),
    "no line end": (PLAIN.rstrip().encode(), {}),
    "of Windows, with a mark": (("\ufeff" + PLAIN.replace("\n", "\r\n")).encode(), {}),
    "gzip": (packed(PLAIN), {}),
    "comments and blank lines": (("# by hand\n" + PLAIN.replace("\npatient 7", "\n\npatient 7")).encode(), {}),
    "quotes": (re.sub(r"(patient \d+)", r'"\1, ü"', PLAIN).encode(), {}),
    "decimal commas": (PLAIN.replace(",", ";").replace(".", ",").encode(), {}),
    "missing": (PLAIN.replace("patient 3,0.4286", "patient 3,NA").encode(), {"fill_missing": True}),
}


@pytest.mark.parametrize("name", KINDS)
def test_rows_and_labels_are_those_of_the_text_file(name):
    content, options = KINDS[name]
    Path("table.csv").write_bytes(content)
    write()
    plain, sharded = opened("table.csv", scale="standard", **options), opened("shards", scale="standard", **options)
    assert type(sharded) is ShardedTable and sharded.most_shuffled == plain.most_shuffled
    assert plain.split_of_line == sharded.split_of_line and plain.class_names == sharded.class_names == ("ill", "well")
    for part in (TRAINING, VALIDATION):
        for expected, found in zip(decoded(plain, part), decoded(sharded, part), strict=True):
            np.testing.assert_array_equal(found, expected)
        assert list(plain.names_of_rows(part, 0)) == list(sharded.names_of_rows(part, 0))
    np.testing.assert_array_equal(plain.scaling.offset, sharded.scaling.offset)


def test_labels_may_be_in_a_file_of_their_own_and_the_folder_elsewhere():
    write()
    Path("labels.txt").write_text("".join(f"{kind}\n" for *_, kind in ROWS))
    Path("elsewhere").mkdir()
    Path("shards").rename("elsewhere/renamed")
    options = {"without_columns": ("kind",), "split": hold_out(0.3, 0, False)}
    plain = table_data("table.csv", LabelSource("labels.txt", None), **options)
    sharded = table_data("elsewhere/renamed", LabelSource("labels.txt", None), **options)
    for expected, found in zip(decoded(plain, TRAINING), decoded(sharded, TRAINING), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_each_place_holds_its_line():
    write()
    listed = Path("shards/lines.csv").read_text().splitlines()
    lines = [read_line(f"shards/{line.split(',')[0]}").decode() for line in listed]
    assert lines == PLAIN.splitlines()


def test_a_digest_changes_with_a_digit():
    write()
    Path("table.csv").write_text(PLAIN.replace("0.4286", "0.4287"))
    write(output="others")
    assert opened("shards").spec.digest != opened("others").spec.digest


# ----------------------------------------------------------------------------- begun earlier


def test_what_is_missing_or_damaged_is_written_again_and_the_rest_is_kept(capsys):
    write()
    whole = {path.name: path.read_bytes() for path in Path("shards").iterdir()}
    first, second, third = sorted(Path("shards").glob("*.tfrecord"))
    first.unlink()
    second.write_bytes(second.read_bytes()[:99] + b"x" + second.read_bytes()[100:])
    before = third.stat().st_mtime_ns
    write()
    assert {path.name: path.read_bytes() for path in Path("shards").iterdir()} == whole
    assert third.stat().st_mtime_ns == before and capsys.readouterr().out.count("it is written again.") == 1
    write()
    assert "All TFRecord files are written already." in capsys.readouterr().out


def test_one_that_is_stopped_is_not_read_and_goes_on(monkeypatch):
    encode = table_writing.encode_line

    def stopped(number, line):
        if number == 12:
            raise KeyboardInterrupt
        return encode(number, line)

    monkeypatch.setattr(table_writing, "encode_line", stopped)
    with pytest.raises(KeyboardInterrupt):
        write()
    with pytest.raises(UserError, match=re.escape("shards: its TFRecord files are not complete")):
        opened("shards")
    monkeypatch.setattr(table_writing, "encode_line", encode)
    write()
    assert opened("shards").num_training == opened("table.csv").num_training


def test_another_table_is_not_mixed_in():
    write()
    Path("table.csv").write_text(PLAIN.replace("0.4286", "0.42861"))
    with pytest.raises(UserError, match=re.escape("shards: its files are written from another table, or otherwise")):
        write()


# ----------------------------------------------------------------------------- wrong


@pytest.mark.parametrize("bit", [1, 128])
def test_every_damaged_byte_is_found_or_harms_nothing(bit):
    write()
    path, rows = Path("shards/part-00001-of-00003.tfrecord"), decoded(opened("table.csv"), TRAINING)[0]
    content, found = path.read_bytes(), 0
    for place in range(0, len(content), 5):
        path.write_bytes(content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :])
        try:
            data = opened("shards", tells=False)
        except UserError as error:
            found += 1
            assert f"{path}: the record at byte " in str(error) and "is damaged: it is not what was written" in str(
                error
            )
        else:  # TFRecord's own checksums
            assert data.num_training == len(rows)
    assert found > len(content) // 10


def test_a_row_that_is_damaged_later_is_named():
    write()
    data, path = opened("shards"), Path("shards/part-00001-of-00003.tfrecord")
    place = path.read_bytes().index(b"patient")
    path.write_bytes(path.read_bytes()[:place] + b"q" + path.read_bytes()[place + 1 :])
    with pytest.raises(tf.errors.OpError, match="is damaged: it is not what was written"):
        decode_all(data, lambda: dlho2018.read_lines(data, TRAINING), data.num_training)
    assert str(data.find_bad_example()).startswith(f"{path}: the record at byte ")


def test_a_file_that_is_gone_or_cut_short_is_told():
    write()
    path = Path("shards/part-00001-of-00003.tfrecord")
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UserError, match=re.escape(f"{path}: {size - 1:,} bytes, expected {size:,}")):
        opened("shards")
    path.unlink()
    with pytest.raises(UserError, match=re.escape(f"{path}: no such file, but manifest.json names it.")):
        opened("shards")


def test_files_that_are_mixed_up_are_told():
    write()
    manifest = json.loads(Path("shards/manifest.json").read_text())
    manifest["parts"].reverse()
    Path("shards/manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UserError, match="is damaged: it is not what was written"):
        opened("shards")


def test_what_the_folder_holds_is_said_where_the_flags_ask_for_something_else():
    write()
    with pytest.raises(UserError, match=re.escape("shards: TFRecord files of a table.\n  Say where its labels are")):
        image_data("shards", 0.3)
    Image.new("RGB", (8, 8)).save("0.png")
    Path("dataset.csv").write_text("a,0.png,0\nb,0.png,1\n")
    sys.argv[1:] = ["--output_directory", "images"]
    command.main()
    with pytest.raises(UserError, match=re.escape("images: TFRecord files of images. --labels and --label_column are")):
        opened("images")


@pytest.mark.parametrize(
    "data, more, message",
    [
        ("gone.csv", (), "gone.csv: no such file."),
        ("empty.csv", (), "empty.csv: holds no line."),
        ("images.csv", (), "images.csv: a CSV of images"),
        ("shards", (), "shards: its lines are in TFRecord files already."),
        ("table.csv", ("--skip_bad",), "--skip_bad is only for images."),
    ],
)
def test_what_cannot_be_written_is_refused_before_there_is_a_folder(data, more, message):
    write()
    Path("empty.csv").write_text("")
    Path("images.csv").write_text("image_name,image_path,label\n")
    with pytest.raises(UserError, match=re.escape(message)):
        write(*more, data=data, output="others")
    assert not Path("others").exists()


def test_a_table_that_is_taken_for_images_is_told_the_flag():
    sys.argv[1:] = ["--data", "table.csv", "--output_directory", "others"]
    with pytest.raises(UserError, match="--format table"):
        command.main()
