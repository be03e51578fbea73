"""Sheets of pictures, read back by Pillow."""

import io

import numpy as np
import pytest
from PIL import Image, ImageFont

from kit.evaluation.sheets import BAR, GAP, LEAST_BAR, Row, cut_to_fit, enlarged, overlaid, sheet_png

COLOURS = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30)]


def squares(count):
    return [np.full((4, 4, 3), colour, np.uint8) for colour in COLOURS[:count]]


@pytest.mark.parametrize(("abreast", "side"), [(1, 20), (2, 33)])
def test_all_pictures_are_on_the_sheet_in_their_order(abreast, side):
    rows = [Row("1\nfirst", squares(3), ["a caption"]), Row("2", squares(4)), Row("3", squares(2))]
    png = sheet_png("a title\nof two lines", rows, side, ["one", "two"], abreast)
    sheet = np.asarray(Image.open(io.BytesIO(png)))
    assert (sheet[[0, -1]] == 255).all() and (sheet[:, [0, -1]] == 255).all()  # nothing reaches over the edge
    shown = [(sheet == colour).all(axis=2) for colour in COLOURS]
    assert [mask.sum() // side**2 for mask in shown] == [3, 3, 2, 1]
    lefts = [np.flatnonzero(mask.any(axis=0))[0] for mask in shown]
    assert np.diff(lefts).tolist() == [side + GAP] * 3


def test_a_line_of_pixels_fills_the_row():
    rows = [Row("maps", squares(4)), Row("neurons", [np.array([[0, 255]], np.uint8)])]
    sheet = np.asarray(Image.open(io.BytesIO(sheet_png("title", rows, 40))))
    first = np.flatnonzero((sheet == COLOURS[0]).all(axis=2).any(axis=0))[0]
    width = 4 * 40 + 3 * GAP
    width = max(width, LEAST_BAR)
    line = sheet[-30, first : first + width, 0]
    np.testing.assert_array_equal(line, np.repeat([0, 255], width // 2))


def test_a_long_line_of_pixels_is_averaged():
    neurons = np.tile(np.array([0, 0, 0, 200], np.uint8), LEAST_BAR)[np.newaxis]
    sheet = np.asarray(Image.open(io.BytesIO(sheet_png("title", [Row("neurons", [neurons])], 40))))
    assert ((sheet == 50).all(axis=2).sum(axis=1) >= LEAST_BAR).sum() == BAR


def test_small_pictures_keep_their_pixels_and_large_ones_fit():
    chess = np.array([[0, 255], [255, 0], [0, 255]], np.uint8)
    np.testing.assert_array_equal(np.asarray(enlarged(chess, 30)), chess.repeat(10, 0).repeat(10, 1))
    assert enlarged(np.zeros((100, 50, 3), np.uint8), 20).size == (10, 20)


def test_heat_colours_an_image_and_no_heat_leaves_it_grey():
    image = np.random.default_rng(0).integers(0, 255, (8, 8, 3)).astype(np.uint8)
    cold, hot = overlaid(image, np.zeros((2, 2))), overlaid(image, np.ones((2, 2)))
    assert not np.ptp(cold, axis=2).any()  # grey
    assert (hot[..., 0] > 180).all() and (hot[..., 1] > 180).all() and (hot[..., 2] < 40).all()  # yellow
    warm = overlaid(image, np.full((2, 2), 0.5))
    assert (warm[..., 0] > warm[..., 1] + 40).all()  # red


def test_a_text_is_cut_to_a_width():
    font = ImageFont.load_default(18)
    assert cut_to_fit("98% square", font, 160) == "98% square"
    cut = cut_to_fit("98% a class with\na long name", font, 160)
    assert cut.startswith("98% a class") and cut.endswith("…") and 120 < font.getlength(cut) <= 160
