"""Pictures of any size and kind in the size of a network: dropped onto the drawing board, photos, --images."""

import io

import numpy as np
import pytest
from PIL import Image

from kit.data import fitted_picture
from kit.data.image_refusals import NotShown
from kit.data.image_shown import shown_image, shown_in


def fitted(content, image_size):
    """The pixels of what a file's content shows, in a size."""
    return np.asarray(fitted_picture.fitted(shown_in(content, "drawing"), image_size))


def file_of(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def test_an_image_of_the_size_is_taken_as_it_is():
    pixels = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    assert (fitted(file_of(Image.fromarray(pixels)), (20, 30)) == pixels).all()


def test_another_ratio_is_filled_up_with_the_colour_of_the_border():
    image = Image.new("RGB", (100, 50), (10, 200, 30))
    image.paste((255, 0, 0), (45, 20, 55, 30))
    pixels = fitted(file_of(image), (64, 64))
    assert (pixels[0] == (10, 200, 30)).all() and (pixels[-1] == (10, 200, 30)).all()
    assert pixels[32, 32, 0] > 200
    rows, columns = np.nonzero(pixels[..., 0] > 130)
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == pytest.approx((6, 6), abs=1)  # not stretched: 10 * 64 / 100


def test_what_is_transparent_is_white():
    image = Image.new("RGBA", (16, 16), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (4, 4, 12, 12))
    pixels = fitted(file_of(image), (16, 16))
    assert (pixels[0, 0] == 255).all() and (pixels[8, 8] == 0).all()


def test_a_photo_is_turned_as_its_tag_says():
    image = Image.new("RGB", (40, 20), "white")
    image.paste("black", (0, 0, 20, 20))  # its left half; turned by 90 degrees clockwise, the upper half
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = fitted(file_of(image, "JPEG", exif=exif), (40, 20))
    assert pixels[5].mean() < 20 and pixels[35].mean() > 235


@pytest.mark.parametrize("content", [b"", b"garbage", b"<svg/>", b"\x89PNG\r\n\x1a\n", b"GIF89a" + b"\xff" * 40])
def test_what_is_no_image_is_told(content):
    with pytest.raises(NotShown, match=r"cannot be read|damaged|is empty"):
        fitted(content, (32, 32))


def test_a_file_cut_short_is_told():
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    with pytest.raises(NotShown, match=r"cannot be read|damaged|is empty"):
        fitted(file_of(Image.fromarray(noise))[:2000], (32, 32))


def test_a_bomb_is_told_before_it_is_decoded():
    with pytest.raises(NotShown, match=r"8000 x 8000 pixels|far too many"):
        fitted(file_of(Image.new("1", (8000, 8000))), (32, 32))


@pytest.mark.parametrize("size", [(3000, 1), (1, 3000), (1, 1), (7, 900)])
def test_the_thinnest_picture_fits(size):
    assert fitted(file_of(Image.new("RGB", size, (9, 8, 7))), (32, 48)).tolist() == [[[9, 8, 7]] * 48] * 32


def test_what_gets_smaller_is_smoothed():
    """Stripes of a pixel become their mean, as Pillow's own thumbnail has it."""
    stripes = np.zeros((640, 640, 3), np.uint8)
    stripes[::2] = 255
    pixels = fitted(file_of(Image.fromarray(stripes)), (64, 64)).astype(int)
    assert abs(pixels - 127.5).max() < 8
    expected = Image.fromarray(stripes)
    expected.thumbnail((64, 64), Image.Resampling.LANCZOS, reducing_gap=None)
    assert (pixels == np.asarray(expected)).all()


def test_any_format_and_size_of_pillows_is_read_where_it_may_be(tmp_path):
    rgb = Image.fromarray(np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8))
    for kind in ("TIFF", "PPM", "TGA", "ICO", "JPEG2000", "AVIF"):
        path = str(tmp_path / f"{kind}.x")
        options = {"sizes": [(30, 20)]} if kind == "ICO" else {}
        rgb.save(path, kind, **options)
        with Image.open(path) as expected:
            np.testing.assert_array_equal(shown_image(path, any_kind=True), expected.convert("RGB"))
        with pytest.raises(NotShown, match="not one of PNG"):
            shown_image(path)
    large = str(tmp_path / "large.png")
    Image.new("1", (6000, 4000)).save(large)
    assert shown_image(large, any_kind=True).size == (6000, 4000)
    (tmp_path / "a.eps").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n")
    for name, words in ((tmp_path / "a.eps", r"it is EPS, of no format"), (__file__, r"\(of no format that Pillow")):
        with pytest.raises(NotShown, match=words):
            shown_image(str(name), any_kind=True)
