"""Files written completely or not at all."""

import csv
import errno
import os
from pathlib import Path

import pytest

from kit.cli.errors import UserError
from kit.system.files import (
    check_writable,
    file_digest,
    make_folder,
    read_json,
    write_csv,
    write_json,
    write_text,
    write_whole,
)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("kind", [str, Path])
def test_a_file_appears_under_its_name_once_it_is_whole(tmp_path, kind):
    target = tmp_path / "a.png"
    with write_whole(kind(target)) as partial:
        Path(partial).write_bytes(b"half")
        assert not target.exists()
        assert Path(partial).suffix == ".png"
        Path(partial).write_bytes(b"whole")
    assert names(tmp_path) == ["a.png"]
    assert target.read_bytes() == b"whole"


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("old", [None, b"old"], ids=["new file", "old file"])
def test_a_failure_leaves_nothing_and_the_old_file(tmp_path, failure, old):
    target = tmp_path / "a.txt"
    if old:
        target.write_bytes(old)
    with pytest.raises(failure), write_whole(target) as partial:
        Path(partial).write_bytes(b"half of the new")
        raise failure
    assert names(tmp_path) == (["a.txt"] if old else [])
    assert not old or target.read_bytes() == old


def test_a_full_disk_is_told_and_leaves_the_old_file(tmp_path):
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    with (
        pytest.raises(UserError, match=r"a\.txt: cannot write: No space left") as refusal,
        write_whole(target) as partial,
    ):
        Path(partial).write_bytes(b"half of the new")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert str(target) in str(refusal.value)
    assert names(tmp_path) == ["a.txt"]
    assert target.read_bytes() == b"old"


def test_a_target_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    for target in ("folder", "file/below.txt", "missing/below.txt"):
        with pytest.raises(UserError, match=target):
            write_text(tmp_path / target, "text")
    assert names(tmp_path) == ["file", "folder"]
    assert names(tmp_path / "folder") == []


def test_text_is_utf8_with_plain_line_ends(tmp_path):
    write_text(tmp_path / "a.txt", "Würfel\n図\n")
    assert (tmp_path / "a.txt").read_bytes() == b"W\xc3\xbcrfel\n\xe5\x9b\xb3\n"


def test_csv_comes_back_from_a_reader(tmp_path):
    rows = [("Würfel 図", 1, 0.5), ('the "best"', "a,b", None)]
    write_csv(tmp_path / "a.csv", ("name", "x", "y"), iter(rows))
    assert (tmp_path / "a.csv").read_bytes().decode() == ('name,x,y\nWürfel 図,1,0.5\n"the ""best""","a,b",\n')
    with open(tmp_path / "a.csv", encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == [["Würfel 図", "1", "0.5"], ['the "best"', "a,b", ""]]


def test_csv_with_tabs_quotes_tabs_only(tmp_path):
    write_csv(tmp_path / "a.tsv", ("x",), [("a,b",), ("a\tb",)], delimiter="\t")
    assert (tmp_path / "a.tsv").read_text() == 'x\na,b\n"a\tb"\n'


def test_csv_whose_rows_fail_leaves_the_old_file(tmp_path):
    def rows():
        yield ("first",)
        raise ValueError

    write_text(tmp_path / "a.csv", "old")
    with pytest.raises(ValueError):
        write_csv(tmp_path / "a.csv", ("name",), rows())
    assert names(tmp_path) == ["a.csv"]
    assert (tmp_path / "a.csv").read_text() == "old"


def test_json_comes_back(tmp_path):
    content = {"name": "Würfel 図", "values": [1, 2.5, None, True]}
    write_json(tmp_path / "a.json", content)
    assert read_json(tmp_path / "a.json", "a test") == content
    assert "図" in (tmp_path / "a.json").read_text(encoding="utf-8")  # for people to read


def test_json_holds_what_utf_8_can_not(tmp_path):
    """Half characters: where Python puts the bytes of a name in another encoding."""
    content = {"M\udcfcller": ["\ud800", "图"]}
    write_json(tmp_path / "a.json", content)
    assert read_json(tmp_path / "a.json", "a test") == content


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[1]", b"\xff{}", b"[" * 100_000], ids=lambda content: repr(content)[:8]
)
def test_what_is_no_json_object_is_told(tmp_path, content):
    path = tmp_path / "a.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError) as refusal:
        read_json(path, "the settings of a run")
    assert str(refusal.value).startswith(f"{path}: ")
    assert "the settings of a run" in str(refusal.value)


def test_a_folder_is_made_with_its_parents_or_refused(tmp_path):
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_bytes(b"")
    for path in ("file", "file/below"):
        with pytest.raises(UserError, match=path):
            make_folder(tmp_path / path)


@pytest.mark.parametrize("size", [0, 1000, 3_000_000])
def test_the_digest_of_a_file_changes_with_its_bytes(tmp_path, size):
    path = tmp_path / "file"
    content = bytes(range(256)) * (size // 256 + 1)
    path.write_bytes(content[:size])
    digest = file_digest(path)
    os.utime(path, (0, 0))
    assert file_digest(path) == digest and len(digest) < 30
    others = [content[:size] + b"\n"] + ([b"x" + content[1:size], content[: size - 1] + b"x"] if size else [])
    for other in others:
        path.write_bytes(other)
        assert file_digest(path) != digest


@pytest.mark.parametrize("length", [250, 300])  # of the name; the temporary file's name is longer
def test_too_long_a_name_is_told_before_anything_is_computed(length, tmp_path):
    path = tmp_path / ("a" * length)
    for check in (check_writable, lambda path: write_text(path, "")):
        with pytest.raises(UserError, match=r"a: cannot write: File name too long\.\n  Choose a shorter name\.$"):
            check(path)
    assert names(tmp_path) == []
