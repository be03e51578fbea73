"""Every format, held against Pillow: what is fed is what a viewer shows, or the file is refused with what it is."""

import shlex
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from support.image_formats import HEIGHT, RGBA, WIDTH, pictures, refused, saved

import kit.tensorflow1 as tf
from dlho2018 import read_image
from kit.data import image_shown, shown_content
from kit.data.image_files import ImageCheck
from kit.data.image_shown import image_size, shown_image
from kit.data.shown_content import decoded_as_shown

PICTURES, REFUSED = pictures(), refused()
MENDED = {  # {damaged JPEG that a viewer shows: what is wrong with it}
    "JPEG without some pixels": "premature end of data segment",
    "JPEG with extraneous bytes": "37 extraneous bytes before marker 0xd9",
}
BY_TENSORFLOW = (
    "at its end",
    "plain JPEG",
    "grey JPEG",
    "progressive JPEG",
    "several pictures",
    "broken EXIF",
    "1, JPEG",
    "9, JPEG",
    *MENDED,
)
MOST_APART = 8  # levels, between TensorFlow's JPEG and Pillow's


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(image_shown, "told", {})
    return tmp_path


@pytest.fixture(scope="module")
def fed():
    """What the lesson's read_image reads of a path, in the data's graph: path -> uint8 [H, W, 3]."""
    with tf.Graph().as_default() as graph:
        path_ph = tf.placeholder(tf.string, [])
        image = decoded_as_shown(lambda: read_image(path_ph))
    with tf.Session(graph=graph) as session:
        yield lambda path: session.run(image, {path_ph: str(path)})


@pytest.fixture(scope="module")
def check():
    return ImageCheck()


def as_pillow_shows(path):
    """uint8 [H, W, 3], by Pillow's own calls."""
    with Image.open(path) as image:
        turned = ImageOps.exif_transpose(image) if path != "JPEG with broken EXIF" else image
        with_alpha = turned.convert("RGBA")
        white = Image.new("RGBA", with_alpha.size, "white")
        return np.asarray(Image.alpha_composite(white, with_alpha).convert("RGB"))


@pytest.mark.parametrize("name", PICTURES)
def test_what_pillow_shows_is_fed(name, folder, fed, check):
    (folder / name).write_bytes(PICTURES[name])
    expected = as_pillow_shows(name)
    pixels = fed(name).astype(int)
    assert pixels.shape == expected.shape and {HEIGHT, WIDTH} == set(pixels.shape[:2])
    assert np.abs(pixels - expected).max() <= (MOST_APART if name.endswith(BY_TENSORFLOW) or "pictures" in name else 0)
    assert image_size(name) == (None, expected.shape[:2])
    assert check.problem(name, expected.shape[:2]) is None
    np.testing.assert_array_equal(np.asarray(shown_image(name)), expected)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_fed_is_refused_with_what_it_is(name, folder, fed, check):
    content, words = REFUSED[name]
    (folder / name).write_bytes(content)
    problem = check.problem(name)
    assert problem.startswith(f"image '{name}'") and all(each in problem for each in words), problem
    with pytest.raises(tf.errors.OpError):
        fed(name)


@pytest.mark.parametrize("name, white", [("12 bits in 16", 4095), ("TIFF of fractions", 1), ("16 bits", 65535)])
def test_the_command_converts_to_8_bits(name, white, folder, check, monkeypatch):
    (folder / name).write_bytes(REFUSED[name][0])
    run_command(check.problem(name), monkeypatch)
    with Image.open(name) as image:
        expected = np.asarray(image, float) / white * 255
    converted = np.asarray(shown_image(f"{name}_8bit.png"))[..., 0]
    assert np.abs(converted - expected).max() <= 0.5 + 1e-4 and check.problem(f"{name}_8bit.png") is None


@pytest.mark.parametrize("name", ["TIFF", "16 bits, RGB and alpha", "small first frame"])
def test_the_command_converts_to_png(name, folder, check, monkeypatch):
    (folder / name).write_bytes(REFUSED[name][0])
    run_command(check.problem(name), monkeypatch)
    np.testing.assert_array_equal(np.asarray(shown_image(f"{name}_8bit.png")), as_pillow_shows(name))


def run_command(problem, monkeypatch):
    """Runs the Python code of an error's command, in this process."""
    _, code, *arguments = shlex.split(problem[problem.rindex(" -c ") :].splitlines()[0])
    monkeypatch.setattr(sys, "argv", ["-c", *arguments])
    exec(code, {})


def test_a_jpeg_that_its_decoder_mends_is_named(folder, check, capfd):
    for name in MENDED:
        (folder / name).write_bytes(PICTURES[name])
        assert check.problem(name) is None
    (folder / "cut").write_bytes(REFUSED["cut JPEG"][0])
    assert check.problem("cut").startswith("image 'cut' is damaged or cut short")
    assert capfd.readouterr().err.splitlines() == [
        f"warning: image '{name}' is damaged ({words}); what a viewer shows of it is read"
        for name, words in MENDED.items()
    ]


def test_what_is_done_is_said_once(folder, check, capsys):
    for name in ("RGB and alpha", "grey and alpha", "orientation 6, PNG", "orientation 3, JPEG", "animated GIF"):
        (folder / name).write_bytes(PICTURES[name])
        assert check.problem(name) is None
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(";")[0] for line in lines] == [
        "warning: image 'RGB and alpha' is transparent in places: it is laid on white",
        "warning: image 'orientation 6, PNG' is turned upright, as its EXIF tag says",
        "warning: image 'animated GIF' has several frames: the first is read",
    ]


def test_nothing_is_said_where_nothing_is_done(folder, check, capsys):
    (folder / "opaque").write_bytes(saved(RGBA.convert("RGB").convert("RGBA"), "PNG"))
    (folder / "plain").write_bytes(PICTURES["plain PNG"])
    assert check.problem("opaque") is None and check.problem("plain") is None
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["plain PNG", "grey PNG", "plain JPEG", "grey JPEG"])
def test_common_files_cost_no_python(name, folder, monkeypatch):
    monkeypatch.setattr(shown_content, "plain_content", lambda content, path: 1 / 0)
    (folder / name).write_bytes(PICTURES[name])
    with tf.Graph().as_default(), tf.Session() as session:
        assert session.run(decoded_as_shown(lambda: read_image(tf.constant(name)))).any()


def test_a_folder_and_a_missing_file_are_named(folder, check):
    Path("a folder").mkdir()
    assert check.problem("gone.png") == "image 'gone.png' does not exist"
    assert check.problem("a folder") == "image 'a folder' cannot be read (Is a directory)"
