"""Lines and cells of a delimited file: against TensorFlow's reader of lines, and Python's csv."""

import csv
import gzip
import random

import pytest
from support.scripts import elements

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.tables.delimited import LineProblem, cells_of, check_text, compression_of, numbered_lines

CONTENTS = {
    "unix": b"a,b\n1,2\n",
    "windows": b"a,b\r\n1,2\r\n",
    "no end": b"a\n1",
    "blank lines": b"\n\na\n \n\n1\n\n",
    "two ends": b"a\r\r\n1\n",
    "other ends": b"a\x0b1\x0c2\xe2\x80\xa83\n4",
    "long": b"1\t" * 300_000 + b"1\n2\n",
    "nothing": b"",
}


@pytest.fixture
def write(tmp_path):
    def write(content, name="table"):
        (tmp_path / name).write_bytes(content)
        return str(tmp_path / name)

    return write


def lines_of(path):
    return [line for _, line in numbered_lines(path, compression_of(path, "--data"), "--data")]


def tensorflows_lines(path, compression):
    return elements(tf.data.TextLineDataset(path, compression))


def refusal(path):
    with pytest.raises(UserError) as caught:
        lines_of(path)
    return str(caught.value).removeprefix(path)


# ---- lines


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_lines_are_those_of_tensorflow(graph, write, content, packed):
    path = write(gzip.compress(content) if packed else content)
    assert lines_of(path) == tensorflows_lines(path, "GZIP" if packed else "")


@pytest.mark.parametrize(
    "members",
    [(b"1\n2", b"3\n", b"4\n"), (b"1\n" * 200_000, b"2\n" * 200_000), (b"1\n2\n", b"")],
    ids=["joined", "large", "as bgzip ends"],
)
def test_a_gzip_file_of_several(graph, write, members):
    path = write(b"".join(map(gzip.compress, members)))
    if len(members[0]) < 100:
        assert lines_of(path) == tensorflows_lines(path, "GZIP")
    assert lines_of(path) == b"".join(members).splitlines()


def test_lines_are_numbered_from_1_and_lose_a_mark(write):
    path = write(b"\xef\xbb\xbfa\n1\n")
    assert list(numbered_lines(path, "", "--data")) == [(1, b"a"), (2, b"1")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            gzip.compress(b"1\n2\n" * 50, mtime=0)[:-9],
            ": damaged gzip file: it ends too early.\n  Copy or download it",
        ),
        (gzip.compress(b"1\n", mtime=0) + b"junk", ": damaged gzip file: Error -3"),
        (gzip.compress(b"1\n", mtime=0) + b"\0\0\0", ": damaged gzip file"),
        (gzip.compress(b"1\n" * 50, mtime=0)[:-8] + b"\xff" * 8, ": damaged gzip file: Error -3"),
        (gzip.compress(b"", mtime=0) + gzip.compress(b"1\n", mtime=0), ": contains an empty gzip file"),
        (b"PK\x03\x04abc", ": a zip file or an Excel workbook; save the table as text"),
        (b"BZh91AY", ": compressed with bzip2; decompress it, or use gzip."),
        ("1\n2\n".encode("utf-16"), ": text in UTF-16; save it as UTF-8."),
    ],
)
def test_what_is_no_text(write, content, said):
    assert refusal(write(content)).startswith(said)


def test_no_file(tmp_path):
    assert refusal(str(tmp_path / "none.csv")) == (
        ": no such file.\n  Give --data a path relative to the current folder."
    )
    assert refusal(str(tmp_path)) == ": a folder. --data expects a file."
    assert refusal("/dev/null").startswith(": not a regular file.\n  Save the table to a file first")


def test_a_line_without_end(write, monkeypatch):
    monkeypatch.setattr("kit.data.tables.delimited.LONGEST_LINE", 1000)
    assert refusal(write(b"1\n" + b"2," * 600)) == ":2: a line of more than 1,000 bytes; is this a table?"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"caf\xe9", "not text in UTF-8; save the file as UTF-8"),
        (b"1\0,\0002\0", "zero bytes, as in UTF-16; save the file as UTF-8"),
        (b"1\r2", "a carriage return within the line; save the file with Unix or Windows line ends"),
        (b"1\x1c2", "a control character in the line; save the file as plain text"),
    ],
)
def test_lines_that_are_no_text(line, said):
    with pytest.raises(LineProblem) as caught:
        check_text(line)
    assert str(caught.value) == said
    check_text("plain, naïve, 数".encode())


# ---- cells


@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
def test_cells_are_those_that_csv_wrote(tmp_path, delimiter):
    chance = random.Random(0)
    rows = [
        ["".join(chance.choices(['"', ",", ";", "x", "1", "é"], k=chance.randrange(5))) for _ in range(6)]
        for _ in range(500)
    ]
    with open(tmp_path / "table", "w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
    lines = (tmp_path / "table").read_bytes().split(b"\n")
    assert [[cell.decode() for cell in cells_of(line, delimiter)] for line in lines[:-1]] == rows


def test_spaces_around_quotes():
    assert cells_of(b'1, "a, b" ,"",""', ",") == [b"1", b"a, b", b"", b""]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'1,"a', "a quote isn't closed; cells with a line break can't be read, and a quote within a cell is written "),
        (b'1,5" long', "a quote isn't closed"),
        (b'"a"b,1', 'a stray quote; quotes enclose a whole cell: "a, b"'),
        (b'a "b" c,1', "a stray quote"),
        (b'"1\t",2', "a tab or similar at the start or end of a quoted cell"),
    ],
)
def test_wrong_quotes(line, said):
    with pytest.raises(LineProblem) as caught:
        cells_of(line, ",")
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a,b\nß,1\n".encode("latin-1"), "a,b\nß,1\n"),
        ("a,b\nß,1\n".encode("utf-16"), "a,b\nß,1\n"),
        (b"a,b\r3,1\r", "a,b\n3,1\n"),
    ],
    ids=["Latin-1", "UTF-16", "old Macintosh"],
)
def test_the_command_of_the_error_converts_the_file(write, content, text):
    path = write(content, "table's.csv")
    with pytest.raises(UserError) as caught:
        for number, line in numbered_lines(path, compression_of(path, "--data"), "--data"):
            try:
                check_text(line)
            except LineProblem as problem:
                raise problem.in_file(path, number) from None
    before, command = str(caught.value).split('python -c "')
    exec(command.removesuffix('"'), {})
    new = before.split("this writes ")[1].removesuffix(": ")
    with open(new, encoding="utf-8") as file:
        assert file.read() == text
