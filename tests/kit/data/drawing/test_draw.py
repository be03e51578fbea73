"""The shapes and the images: right in themselves, and alike in everything but the shape."""

import dataclasses
import hashlib
import math

import numpy as np
import pytest
from matplotlib.path import Path as Outline
from scipy.stats import ks_2samp
from support.cues import LUMA, chance_of_a_right_guess, summary

from kit.cli.settings import DrawingSettings
from kit.data.drawing import draw as drawing
from kit.data.drawing.shapes import REACH, SHAPES, corners_of, default_label

CORNERS = {"square": 4, "triangle": 3, "circle": 72, "pentagon": 5, "hexagon": 6, "star": 10}
IMAGES = 1000  # of each class, in the search for cues
SEED = 5


# Shapes


def test_every_shape_has_its_corners():
    assert {name: len(corners_of(name)) for name in SHAPES} == CORNERS


@pytest.mark.parametrize("name", CORNERS)
def test_area_is_1_and_centroid_0(name):
    """Counted on a fine grid, by another library's test of what lies inside."""
    step = 0.005
    along = np.arange(-1, 1, step) + step / 2
    grid = np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2)
    inside = grid[Outline(corners_of(name)).contains_points(grid)]
    assert len(inside) * step**2 == pytest.approx(1, abs=0.01)
    assert inside.mean(axis=0) == pytest.approx([0, 0], abs=0.005)


@pytest.mark.parametrize("name", CORNERS)
def test_every_corner_is_within_reach(name):
    assert max(math.dist((0, 0), corner) for corner in corners_of(name)) <= REACH


def test_triangle_is_equilateral_and_points_up():
    sides = sorted(math.dist(a, b) for a, b in zip(corners_of("triangle"), np.roll(corners_of("triangle"), 1, axis=0)))
    assert sides == pytest.approx([2 / 3**0.25] * 3)  # area 1 = sqrt(3) / 4 * side^2
    ys = sorted(y for _, y in corners_of("triangle"))  # downwards
    assert ys[0] < 0 < ys[1] == pytest.approx(ys[2])


@pytest.mark.parametrize("turn", [1, -1], ids=["clockwise", "anticlockwise"])
def test_a_new_shape_may_stand_anywhere_and_turn_either_way(monkeypatch, turn):
    corners = [(10, 20), (14, 20), (14, 24), (10, 24)][::turn]
    monkeypatch.setitem(SHAPES, f"far square {turn}", lambda: corners)
    expected = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)][::turn]
    assert np.array(corners_of(f"far square {turn}")) == pytest.approx(np.array(expected))


def test_too_thin_a_shape_is_refused(monkeypatch):
    monkeypatch.setitem(SHAPES, "needle", lambda: [(0, 0), (10, 0), (10, 1), (0, 1)])
    with pytest.raises(ValueError, match=r"needle.*0\.9"):
        corners_of("needle")


def test_labels_of_the_class_text():
    assert (default_label("square"), default_label("triangle")) == (0, 1)
    assert sorted(map(default_label, SHAPES)) == list(range(len(SHAPES)))


# One image


def digest(shape="square", index=3, size=32, seed=7, style="varied"):
    image = drawing.draw(shape, index, size, seed, style)
    return hashlib.sha256(image.tobytes()).hexdigest()


@pytest.mark.parametrize("style", drawing.STYLES)
@pytest.mark.parametrize("size", [16, 33, 128])
@pytest.mark.parametrize("shape", CORNERS)
def test_image_is_rgb_of_the_size(shape, size, style):
    image = drawing.draw(shape, 0, size, 0, style)
    assert (image.mode, image.size) == ("RGB", (size, size))


@pytest.mark.parametrize("style", drawing.STYLES)
def test_an_image_does_not_depend_on_those_before(style):
    forwards = [digest(index=index, style=style) for index in range(20)]
    np.random.seed(1)  # the global generator is nobody's business
    backwards = [digest(index=index, style=style) for index in reversed(range(20))]
    assert forwards == backwards[::-1]
    assert len(set(forwards)) == 20


@pytest.mark.parametrize(
    "other",
    [{"shape": "hexagon"}, {"index": 4}, {"seed": 8}, {"size": 33}, {"style": "plain"}, {"seed": 7 + 2**40}],
    ids=str,
)
def test_another_image_for_another(other):
    assert digest(**other) != digest()


def test_every_style_is_a_choice():
    (style,) = (field for field in dataclasses.fields(DrawingSettings) if field.name == "style")
    assert set(style.metadata["choices"]) == set(drawing.STYLES)


def test_shapes_do_not_share_their_places():
    """Equal random numbers for all shapes would pair square 5 with triangle 5."""
    areas = [[plain_ink(shape, index).sum() for index in range(30)] for shape in ("square", "triangle")]
    assert abs(np.corrcoef(areas)[0, 1]) < 0.6


# Plain: black on white


def plain_ink(shape, index, size=64):
    """How black each pixel is, 0 to 1: [size, size]."""
    pixels = np.asarray(drawing.draw(shape, index, size, SEED, "plain"), dtype=float)
    assert (pixels == pixels[..., :1]).all()  # grey
    return 1 - pixels[..., 0] / 255


def bounding_box(ink):
    """(height, width) in pixels of what is more black than white."""
    rows, columns = np.nonzero(ink > 0.5)
    return np.ptp(rows) + 1, np.ptp(columns) + 1


@pytest.mark.parametrize("shape", CORNERS)
def test_plain_is_black_on_white(shape):
    for index in range(20):
        ink = plain_ink(shape, index)
        border = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
        assert ink.max() == 1
        assert np.median(border) == 0
        assert np.mean((ink > 0) & (ink < 1)) < 0.12  # grey only along the edge


@pytest.mark.parametrize(
    ("shape", "share_of_box", "height_by_width"), [("square", 1.0, 1.0), ("triangle", 0.5, math.sqrt(3) / 2)]
)
def test_square_fills_its_box_and_triangle_half_of_it(shape, share_of_box, height_by_width):
    inks = [plain_ink(shape, index, 128) for index in range(50)]
    boxes = [bounding_box(ink) for ink in inks]
    shares = [ink.sum() / (height * width) for ink, (height, width) in zip(inks, boxes)]
    assert np.mean(shares) == pytest.approx(share_of_box, abs=0.03)
    assert max(abs(share - share_of_box) for share in shares) < 0.08
    assert np.mean([height / width for height, width in boxes]) == pytest.approx(height_by_width, abs=0.03)


def test_plain_triangle_points_up():
    for index in range(20):
        widths = plain_ink("triangle", index).sum(axis=1)
        widths = widths[widths > 0]
        assert widths[: len(widths) // 2].sum() < widths[len(widths) // 2 :].sum()


@pytest.mark.parametrize("shape", [name for name in CORNERS if name != "square"])
def test_plain_ink_has_the_distribution_of_the_squares(shape):
    squares, others = (np.array([plain_ink(s, i, 32).sum() for i in range(500)]) for s in ("square", shape))
    error_of_difference = math.sqrt((squares.var() + others.var()) / 500)
    assert abs(squares.mean() - others.mean()) < 4 * error_of_difference
    assert ks_2samp(squares, others).pvalue > 0.001


def ink_by_area(shape, size, hole):
    """Mean of ink drawn / area asked for, over 100 places and angles that are the same for every shape."""
    ratios = []
    for index in range(100):
        random = np.random.default_rng(index)
        area, angle = random.uniform(0.04, 0.2) * size**2, random.uniform(0, 2 * math.pi)
        centre = size / 2 + random.uniform(-0.5, 0.5, 2)
        mask = drawing.coverage(corners_of(shape), size, area, centre, angle, hole)
        ratios.append(np.asarray(mask).sum() / 255 / (area * (1 - hole)))
    return np.mean(ratios)


@pytest.mark.parametrize("hole", [0.0, 0.5], ids=["filled", "outline"])
@pytest.mark.parametrize(("size", "slack"), [(128, 0.015), (32, 0.05)])
def test_one_area_gives_every_shape_the_same_ink(size, slack, hole):
    ratios = [ink_by_area(shape, size, hole) for shape in CORNERS]
    assert ratios == pytest.approx([1] * len(CORNERS), abs=slack)
    assert max(ratios) - min(ratios) < 0.02


# Varied: no cue but the shape


def drawn_with_masks(shape, count, size):
    """Varied images and where their ink is: float [count, size, size, 3] 0 to 255, [count, size, size] 0 to 1."""
    masks, images = [], []
    coverage = drawing.coverage

    def listening(*arguments, **named):
        masks.append(coverage(*arguments, **named))
        return masks[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "coverage", listening)
        for index in range(count):
            images.append(np.asarray(drawing.draw(shape, index, size, SEED, "varied"), dtype=float))
    assert len(masks) == count
    return np.stack(images), np.stack([np.asarray(mask) for mask in masks]) / 255


@pytest.mark.parametrize("shape", ["square", "triangle", "star"])
def test_shape_stands_out_from_every_pixel_of_its_background(shape):
    lighter = 0
    for pixels, ink in zip(*drawn_with_masks(shape, 300, 64)):
        colour = pixels[ink == 1]
        assert len(colour) and (colour == colour[0]).all()
        difference = colour[0] @ LUMA - pixels[ink == 0] @ LUMA
        assert (difference > 0).all() or (difference < 0).all()
        assert abs(difference).min() >= drawing.LEAST_CONTRAST - 1.5  # channels are rounded to whole levels
        lighter += difference[0] > 0
    assert 100 < lighter < 200  # of 300: which is the lighter is chance


@pytest.fixture(scope="module")
def summaries():
    """{shape: {feature: [IMAGES]}} of varied images of 32 x 32: what a look at no outline can tell."""
    return {shape: summary(*drawn_with_masks(shape, IMAGES, 32)) for shape in ("square", "triangle")}


@pytest.mark.parametrize("feature", ["ink area", "ink x", "ink y", "ink luma", "background luma", "luma deviation"])
def test_classes_have_one_distribution_of(feature, summaries):
    assert ks_2samp(summaries["square"][feature], summaries["triangle"][feature]).pvalue > 0.001


def test_no_cue_but_the_shape_gives_the_class_away(summaries):
    assert chance_of_a_right_guess(summaries["square"], summaries["triangle"]) < 0.55


def test_a_cue_would_have_been_found(summaries):
    """The same search, in triangles a fifth larger and in triangles a little lower: it must see both."""
    triangles = summaries["triangle"]
    larger = {**triangles, "ink area": triangles["ink area"] * 1.2}
    lower = {**triangles, "ink y": triangles["ink y"] + 2}
    assert chance_of_a_right_guess(summaries["square"], larger) > 0.55
    assert chance_of_a_right_guess(summaries["square"], lower) > 0.55
