"""The scan of a CSV: what is counted, how it is split, and the error for each wrong input."""

import random
import re
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from support.data_sets import image_data

from kit.cli.errors import UserError
from kit.data.bad_images import find_bad_image
from kit.data.image_files import ImageCheck, common_size
from kit.data.image_lines import images_of
from kit.data.parts import TRAINING, VALIDATION

HEADER = "image_name,image_path,label"
SHAPES = ("square", "triangle")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, with two whole images of 8 x 6 pixels."""
    monkeypatch.chdir(tmp_path)
    for name in ("square.png", "triangle.png"):
        Image.new("RGB", (6, 8), "red").save(name)
    return tmp_path


def two_classes(images_per_class=4):
    """The lines of a good CSV, without a header."""
    return [
        f"{shape}_{i}.png,{shape}.png,{label}" for label, shape in enumerate(SHAPES) for i in range(images_per_class)
    ]


def write(lines, path="data.csv", newline="\n", encoding="utf-8"):
    """Writes a CSV of some lines; gives its path."""
    with open(path, "w", newline="", encoding=encoding) as file:
        file.write("".join(line + newline for line in lines))
    return path


def write_bytes(content, path="data.csv"):
    with open(path, "wb") as file:
        file.write(content)
    return path


def found(csv_path, **options):
    """(name, path, label) of every image of a CSV, in the file's order."""
    data = image_data(csv_path, validation=0.5, **options)
    return [row[1:] for row in sorted([*images_of(data, TRAINING), *images_of(data, VALIDATION)])]


def names_found(csv_path, **options):
    return [name for name, _, _ in found(csv_path, **options)]


def refusal(csv_path, validation=0.5, **options):
    """The text of the error that a CSV gives."""
    with pytest.raises(UserError) as caught:
        image_data(csv_path, validation, **options)
    return str(caught.value)


def png_that_claims(width, height):
    """A PNG whose header claims a size, with right checksums and next to no pixels."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(64))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


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


# ---- the classes' names


def test_class_names_come_from_the_images_names():
    assert image_data(write([HEADER, *reversed(two_classes(3))]), 0.5).class_names == ("square", "triangle")


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(("1.png", "2.png", "3.png", "4.png"), id="no word"),
        pytest.param(("img_1.png", "img_2.png", "img_3.png", "img_4.png"), id="the same word"),
        pytest.param(("square_1.png", "box_2.png", "triangle_3.png", "triangle_4.png"), id="two words in a class"),
    ],
)
def test_class_names_fall_back_to_the_labels(names):
    lines = [f"{name},square.png,{label}" for name, label in zip(names, (0, 0, 1, 1))]
    assert image_data(write(lines), 0.5).class_names == ("0", "1")


def test_given_class_names_are_kept_though_the_file_holds_one_class():
    data = image_data(write(two_classes(3)[:3]), 1.0, class_names=("ball", "box"))
    assert data.class_names == ("ball", "box") and data.num_validation == 3


# ---- the split


def parts_of_names(csv_path, validation=0.2):
    data = image_data(csv_path, validation)
    return {name: part for part in (TRAINING, VALIDATION) for _, name, _, _ in images_of(data, part)}


def test_split_is_about_the_share_asked_for():
    csv_path = write(two_classes(2500))
    for share in (0.1, 0.2, 0.5):
        count = image_data(csv_path, share).num_validation
        assert abs(count - 5000 * share) < 4 * (5000 * share * (1 - share)) ** 0.5  # four standard deviations


def test_split_takes_about_the_same_share_of_each_class():
    parts = parts_of_names(write(two_classes(2500)))
    for shape in SHAPES:
        assert 400 < sum(part == VALIDATION for name, part in parts.items() if name.startswith(shape)) < 600


def test_split_is_disjoint_and_complete():
    lines = two_classes(200)
    data = image_data(write([HEADER, *lines]), 0.4)
    training, validation = ({name for _, name, _, _ in images_of(data, part)} for part in (TRAINING, VALIDATION))
    assert not training & validation
    assert training | validation == {line.split(",")[0] for line in lines}


def test_a_name_keeps_its_part_in_another_order_and_another_file():
    lines = two_classes(100)
    original = parts_of_names(write(lines))
    random.Random(0).shuffle(lines)
    more = [HEADER, "", *lines[:70], HEADER, "circle_1.png,square.png,2", *lines[70:150]]
    shuffled = parts_of_names(write(more, "other.csv", newline="\r\n"))
    common = original.keys() & shuffled.keys()
    assert len(common) == 150
    assert {name: original[name] for name in common} == {name: shuffled[name] for name in common}


def test_a_name_keeps_its_part_with_another_label_and_path(folder):
    lines = [f"image_{i}.png,square.png,{i % 2}" for i in range(200)]
    others = [f'"image_{i}.png",{folder}/triangle.png,{(i + 1) % 2}' for i in range(200)]
    assert parts_of_names(write(lines)) == parts_of_names(write(others))


def test_a_larger_share_only_adds_to_validation():
    csv_path = write(two_classes(200))
    small, large = (parts_of_names(csv_path, share) for share in (0.1, 0.4))
    assert {name for name in small if small[name] == VALIDATION} < {n for n in large if large[n] == VALIDATION}


# ---- where the images are


def test_paths_are_relative_to_the_current_folder_first(folder, monkeypatch):
    (folder / "sets").mkdir()
    Image.new("RGB", (3, 3)).save("sets/square.png")
    assert image_data(write(two_classes(2), "sets/data.csv"), 0.5).image_size == (8, 6)


def test_paths_are_relative_to_the_csv_next(folder, monkeypatch):
    write(two_classes(2))
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert [path for _, path, _ in found("../data.csv")] == ["../square.png"] * 2 + ["../triangle.png"] * 2
    assert {path for _, path, _ in found(str(folder / "data.csv"))} == {
        f"{folder}/square.png",
        f"{folder}/triangle.png",
    }


def test_absolute_paths_stay(folder):
    lines = [f"square_{i},{folder}/square.png,{i % 2}" for i in range(4)]
    assert {path for _, path, _ in found(write(lines))} == {f"{folder}/square.png"}


def test_an_absolute_path_first_leaves_the_others_relative_to_the_csv(folder, monkeypatch):
    write([f"square_9,{folder}/square.png,0", *two_classes(2)])
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert len(found("../data.csv")) == 5


def test_a_missing_image_first_leaves_the_others_relative_to_the_csv(folder, monkeypatch):
    write(["square_9,gone.png,0", *two_classes(2)])
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert len(found("../data.csv", skip_bad=True)) == 4


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
        ("a,square.png,cat", "label 'cat', expected a whole number from 0"),
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


def test_common_size_names_the_image_that_differs(folder):
    make_wrong("other size", folder / "wrong.png")
    assert common_size(["square.png", "triangle.png"]) == (8, 6)
    with pytest.raises(UserError, match=r"'wrong.png' is 6 x 8 pixels, expected 8 x 6"):
        common_size(["square.png", "wrong.png"])


def test_images_in_both_places_are_warned_of(folder, capsys):
    (folder / "elsewhere").mkdir()
    for name in ("square.png", "triangle.png"):
        (folder / "elsewhere" / name).write_bytes((folder / name).read_bytes())
    image_data(write(two_classes(), "elsewhere/data.csv"), 0.5)
    assert "'square.png' is in the current folder and beside elsewhere/data.csv" in capsys.readouterr().err
