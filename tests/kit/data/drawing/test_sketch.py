"""Sketches: like a person's drawings, and no cue but the shape."""

import dataclasses

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import label
from support.cues import LUMA, chance_of_a_right_guess, summary

from kit.data.drawing import sketch
from kit.data.drawing.sketch import Hand, plan_sketch

IMAGES = 1000  # of each class, in the search for cues
STEADY = Hand(
    wobble=0, bow=0, roundness=0, overshoot=0, carelessness=0, lifts=0, width=0.03, pressure=0
)  # draws with a ruler
SQUARE = np.array([(0.2, 0.3), (0.8, 0.3), (0.8, 0.9), (0.2, 0.9)])
SIZE = 200


def drawn(random, shape, size):
    """A sketch: an RGB image."""
    image, _ = plan_sketch(random, shape, size).paint()
    return image


def ink_of(hand, corners=SQUARE, seed=0):
    """How a hand draws an outline: [SIZE, SIZE], 0 to 1."""
    random = np.random.default_rng(seed)
    return sketch._ink(random, hand, sketch._strokes(random, hand, corners), SIZE)


def test_a_steady_hand_draws_the_outline():
    """Held against a square whose inked pixels are counted by hand: a frame 0.6 wide with a line of 0.03."""
    ink = ink_of(STEADY)
    rows, columns = np.nonzero(ink > 0.5)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == pytest.approx((57, 182, 37, 162), abs=1.5)
    assert ink.sum() == pytest.approx(4 * 0.6 * 0.03 * SIZE**2, rel=0.04)
    assert ink[70:170, 50:150].max() == 0


@pytest.mark.parametrize(
    ("traits", "pieces"),
    [({}, 1), ({"lifts": 1, "overshoot": -0.1}, 4), ({"overshoot": -0.1}, 1), ({"lifts": 1, "overshoot": 0.1}, 1)],
    ids=["one go", "gaps at each corner", "one gap", "crossing ends"],
)
def test_pieces_of_a_square(traits, pieces):
    hand = dataclasses.replace(STEADY, **traits)
    strokes = sketch._strokes(np.random.default_rng(1), hand, SQUARE)
    assert len(strokes) == (4 if traits.get("lifts") else 1)
    _, found = label(ink_of(hand, seed=1) > 0.5, np.ones((3, 3)))
    assert found == pieces


@pytest.mark.parametrize("traits", [{"wobble": 0.05}, {"bow": 0.2}, {"roundness": 0.5}], ids=lambda t: next(iter(t)))
def test_an_unsteady_hand_leaves_the_outline(traits):
    """The furthest that any point of a stroke is from the square's sides."""
    (path,) = sketch._strokes(np.random.default_rng(2), dataclasses.replace(STEADY, **traits), SQUARE)
    x, y = path.T
    from_sides = np.minimum.reduce([abs(x - 0.2), abs(x - 0.8), abs(y - 0.3), abs(y - 0.9)])
    assert 0.01 < from_sides.max() < 0.2


def test_any_size_shows_the_same_drawing():
    for index in range(20):
        large, small = (np.asarray(drawn(np.random.default_rng(index), "star", size)) for size in (128, 64))
        reduced = np.asarray(Image.fromarray(large).reduce(2), float)
        assert abs(reduced - small).mean() < 8


@pytest.fixture(scope="module")
def summaries():
    """{shape: {feature: [IMAGES]}} of sketches of 32 x 32."""
    features, draw_ink = {}, sketch._ink
    for number, shape in enumerate(("square", "triangle")):
        inks, images = [], []

        def listening(*arguments, inks=inks):
            inks.append(draw_ink(*arguments))
            return inks[-1]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sketch, "_ink", listening)
            for index in range(IMAGES):
                images.append(drawn(np.random.default_rng([number, index]), shape, 32))
        features[shape] = summary(np.stack([np.asarray(image, float) for image in images]), np.stack(inks))
    return features


@pytest.mark.long
def test_no_cue_but_the_shape_gives_the_class_away(summaries):
    assert chance_of_a_right_guess(summaries["square"], summaries["triangle"]) < 0.55


@pytest.mark.long
def test_a_cue_would_have_been_found(summaries):
    thicker = {**summaries["triangle"], "ink area": summaries["triangle"]["ink area"] * 1.2}
    assert chance_of_a_right_guess(summaries["square"], thicker) > 0.55


@pytest.mark.long
def test_light_and_dark_pens_and_every_width_occur(summaries):
    squares = summaries["square"]
    is_dark_pen = squares["ink luma"] < squares["background luma"]
    assert 0.7 < is_dark_pen.mean() < 0.9
    thin, thick = np.quantile(squares["ink area"] / 32**2, (0.05, 0.95))
    assert thin < 0.04 and thick > 0.1


def test_ink_can_be_told_from_paper():
    for index in range(200):
        luma = np.asarray(drawn(np.random.default_rng(index), "square", 64), float) @ LUMA
        assert np.ptp(luma) > 40
