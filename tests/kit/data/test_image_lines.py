"""The lines of a CSV of images: which count, how they may be written, and the error for each wrong one."""

import pytest
from PIL import Image
from support.data_sets import image_data
from support.image_csvs import HEADER, found, names_found, refusal, two_classes, write, write_bytes

from kit.data.image_lines import images_of
from kit.data.parts import TRAINING, VALIDATION


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, with two whole images of 8 x 6 pixels."""
    monkeypatch.chdir(tmp_path)
    for name in ("square.png", "triangle.png"):
        Image.new("RGB", (6, 8), "red").save(name)
    return tmp_path


# ---- which lines count


@pytest.mark.parametrize("places", [(0,), (0, 4), (4,), (8,), (0, 0, 4, 4, 8), ()], ids=str)
def test_headers_are_dropped_wherever_they_stand(places):
    lines = two_classes(4)
    with_headers = list(lines)
    for place in sorted(places, reverse=True):
        with_headers.insert(place, HEADER)
    assert names_found(write(with_headers)) == [line.split(",")[0] for line in lines]


@pytest.mark.parametrize("header", ["Image_Name,IMAGE_PATH,Label", '"image_name","image_path","label"'])
def test_headers_of_other_programs_are_dropped(header):
    assert len(names_found(write([header, *two_classes(2)]))) == 4


def test_an_image_named_like_a_column_is_no_header():
    assert "image_name" in names_found(write([*two_classes(2), "image_name,square.png,0"]))


def test_counts_and_size():
    data = image_data(write([HEADER, *two_classes(50)]), 0.3)
    assert data.num_training + data.num_validation == 100
    assert data.num_training == len(list(images_of(data, TRAINING)))
    assert data.num_validation == len(list(images_of(data, VALIDATION)))
    assert data.image_size == (8, 6)  # height first
    assert data.num_classes == 2


def test_images_come_with_the_numbers_of_their_lines():
    data = image_data(write([HEADER, *two_classes(2), "", HEADER, "square_9.png,square.png,0"]), 1.0)
    assert [number for number, *_ in images_of(data, VALIDATION)] == [2, 3, 4, 5, 8]


# ---- how the text may be written


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("header", [[HEADER], []], ids=["header", "no header"])
def test_line_ends_and_marks(encoding, newline, header):
    expected = [(name, path, int(label)) for name, path, label in (line.split(",") for line in two_classes(2))]
    assert found(write([*header, *two_classes(2)], newline=newline, encoding=encoding)) == expected


def test_mark_before_a_quoted_record():
    assert names_found(write(['"a,b.png",square.png,0', *two_classes(1)], encoding="utf-8-sig"))[0] == "a,b.png"


@pytest.mark.parametrize("second_starts_with", [[HEADER], [], ['"q,1.png",triangle.png,1']], ids=str)
def test_mark_in_the_middle_of_a_joined_file(second_starts_with):
    write([HEADER, *two_classes(2)[:2]], "first.csv", encoding="utf-8-sig", newline="\r\n")
    write([*second_starts_with, *two_classes(2)[2:]], "second.csv", encoding="utf-8-sig")
    with open("first.csv", "rb") as first, open("second.csv", "rb") as second:
        joined = write_bytes(first.read() + second.read())
    quoted = ["q,1.png"] if second_starts_with and HEADER not in second_starts_with else []
    assert names_found(joined) == ["square_0.png", "square_1.png", *quoted, "triangle_0.png", "triangle_1.png"]


def test_no_newline_at_the_end():
    assert names_found(write_bytes("\n".join(two_classes(2)).encode()))[-1] == "triangle_1.png"


def test_blank_lines_are_left_out():
    lines = two_classes(2)
    assert len(names_found(write(["", lines[0], "   ", *lines[1:], "\t", ""], newline="\r\n"))) == 4


def test_quotes_and_names_beyond_ascii():
    for path in ("a, b.png", 'say "hi".png', "dreieck Größe.png", "三角形.png"):
        Image.new("RGB", (6, 8)).save(path)
    lines = ['"a, b.png","a, b.png",0', '"say ""hi"".png","say ""hi"".png",1', "Größe_1,dreieck Größe.png,0"]
    lines += ["三角形_1,三角形.png,1"]
    assert found(write(lines)) == [
        ("a, b.png", "a, b.png", 0),
        ('say "hi".png', 'say "hi".png', 1),
        ("Größe_1", "dreieck Größe.png", 0),
        ("三角形_1", "三角形.png", 1),
    ]


# ---- wrong files


def test_no_such_csv():
    text = refusal("nothing.csv")
    assert text.startswith("nothing.csv: no such file.") and "cat " in text and "--data" in text


def test_a_folder_as_csv(folder):
    (folder / "data").mkdir()
    text = refusal("data")
    assert text.startswith("data: a folder") and "data/info.csv" in text


@pytest.mark.parametrize("content", ["", "\n\n", f"{HEADER}\n", f"\ufeff{HEADER}\r\n{HEADER}\r\n"])
def test_a_csv_without_images(content):
    text = refusal(write_bytes(content.encode()))
    assert text.startswith("data.csv: holds no images") and HEADER in text and "dataset_creation.py" in text


def test_a_very_long_line():
    text = refusal(write_bytes(b"a,square.png,0\n" + b"x" * 10_000_000 + b"\nb,square.png,1\n"))
    assert text.startswith("data.csv:2: ") and "65,536 bytes" in text and len(text) < 500


def test_utf_16_names_the_cure():
    text = refusal(write([HEADER, *two_classes(2)], encoding="utf-16"))
    assert text.startswith("data.csv:1: not text in UTF-8") and "PowerShell" in text


@pytest.mark.parametrize("broken", [b"a\0.png,square.png,0", b"\xff.png,square.png,0"], ids=["NUL", "Latin-1"])
def test_a_line_that_is_no_text(broken):
    lines = [line.encode() for line in two_classes(1)]
    text = refusal(write_bytes(b"\n".join([*lines, broken])))
    assert text.startswith("data.csv:3: not text in UTF-8") and ("PowerShell" in text) == (b"\0" in broken)


# ---- wrong lines


@pytest.mark.parametrize(
    "line, words",
    [
        ("square.png,0", "2 fields, expected 3, separated by commas: image_name,image_path,label"),
        ("square.png", "1 field, expected 3"),
        ("a,square.png,0,1", "4 fields, expected 3"),
        ("a,square.png,0,", "4 fields, expected 3"),
        ("a,b,square.png,0", "4 fields, expected 3"),
        ("a,square.png,cat", "label 'cat' is a word, but line 2 has the number '0'"),
        ("a,square.png,nan", "label 'nan', expected a whole number from 0, or the name of a class"),
        ("a,square.png,1.5", "label '1.5', expected a whole number"),
        ("a,square.png,", "label '', expected a whole number"),
        ("a,square.png,-1", "label '-1', expected a whole number"),
        ("a,square.png,+1", "label '+1', expected a whole number"),
        ("a,square.png,1e0", "label '1e0', expected a whole number"),
        ("a,square.png,٣", "label '٣', expected a whole number"),
        ("a,square.png,99999999999999999999", "label '99999999999999999999', expected a whole number"),
        ("a,no_such.png,0", "image 'no_such.png' does not exist"),
        ('"a,square.png,0', "quote"),
        ('a,"square.png,0', "quote"),
    ],
)
def test_a_wrong_line_is_named(line, words):
    text = refusal(write([HEADER, *two_classes(2), line, *two_classes(1)]))
    assert text.startswith("data.csv:6: ") and words in text and "--skip_bad" in text
    assert "more lines" not in text


def test_text_after_a_closing_quote_is_not_called_an_open_quote():
    text = refusal(write([*two_classes(2), '"a" b,square.png,0']))
    assert text.startswith("data.csv:5: ") and "never closed" not in text


def test_a_missing_image_tells_where_paths_start():
    assert "relative to the current folder, then to the CSV's" in refusal(write([*two_classes(2), "a,gone.png,0"]))


def test_only_the_first_wrong_line_is_shown_and_the_others_are_counted():
    text = refusal(write([HEADER, "a,b", *two_classes(2), *["x,y"] * 1500]))
    assert text.startswith("data.csv:2: 2 fields") and "other lines: 1,500" in text


def test_labels_with_a_gap():
    text = refusal(write([*two_classes(2), "disc_0.png,square.png,3"]))
    assert text.startswith("data.csv: ") and "go up to 3" in text and "no image has label 2" in text


def test_labels_that_do_not_begin_at_0():
    assert "no image has label 0" in refusal(write(["a,square.png,1", "b,square.png,2"]))


def test_one_class_only():
    text = refusal(write(two_classes(3)[:3]))
    assert "every image has label 0" in text and "two classes" in text and "cat squares/info.csv" in text


def test_a_label_that_the_network_does_not_know():
    text = refusal(write([*two_classes(2), "disc_0.png,square.png,2"]), class_names=("square", "triangle"))
    assert text.startswith("data.csv:5: label 2") and "square (0), triangle (1)" in text
