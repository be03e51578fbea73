"""Draws a shape as people do by hand: with a pen that wobbles and misses the corners, on paper or photographed.

Everything but the shape is chosen at random from a wide range, so that a real drawing is just one more of them: domain
randomisation (Tobin et al. 2017, https://arxiv.org/abs/1703.06907). Lengths are shares of the image's side, so images
of any size show the same drawings.
"""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from kit.data.drawing.plan import Plan
from kit.data.drawing.shapes import MOST_SEEN, corners_of

SUPERSAMPLING = 4  # anti-aliasing: strokes are drawn this many times larger, then reduced
STEP = 1 / 400  # between two points of a stroke, share of the image's side
MARGIN = 0.04  # that stays free around the corners, share of the image's side
THINNEST = 0.7  # pixels, of a pen


@dataclass(frozen=True)
class Hand:
    """How somebody draws. Lengths are shares of a side of the shape, if nothing else is said."""

    wobble: float  # standard deviation of slow waves around the line
    bow: float  # standard deviation of how far a side bends
    roundness: float  # of corners, 0 to 0.5
    overshoot: float  # mean of how much too long a stroke is at each end; too short if it is negative
    carelessness: float  # standard deviation of where strokes end
    lifts: float  # probability that the pen is lifted at a corner
    width: float  # of the pen, share of the image's side
    pressure: float  # standard deviation of the width along a stroke, share of the width


def plan_sketch(random: np.random.Generator, shape: str, size: int) -> Plan:
    """A shape drawn as by hand.

    Args:
      random: decides everything but the shape and the size.
      shape: a key of kit.data.drawing.shapes.SHAPES.
      size: height and width, in pixels.
    """
    hand = _hand(random)
    corners = _placed(random, _misshapen(random, shape))

    def paint() -> tuple[Image.Image, Image.Image]:
        ink = _ink(random, hand, _strokes(random, hand, corners), size)
        return _coloured(random, ink), Image.fromarray(np.round(ink * 255).astype(np.uint8))

    return Plan(corners * size, True, paint)


def _hand(random: np.random.Generator) -> Hand:
    return Hand(
        wobble=random.uniform(0, 0.02),
        bow=random.uniform(0, 0.09),
        roundness=random.uniform(0, 1) ** 2 * 0.5,  # mostly sharp
        overshoot=random.uniform(-0.08, 0.10),
        carelessness=random.uniform(0, 0.09),
        lifts=random.choice((0.05, 0.5, 0.95)),  # draws in one go, now and then, or side by side
        width=math.exp(random.uniform(math.log(0.008), math.log(0.07))),  # from a hairline to a felt pen
        pressure=random.uniform(0, 0.35),
    )


def _misshapen(random: np.random.Generator, shape: str) -> np.ndarray:
    """The corners of a shape that is too long, leans, and has no two equal angles: [N, 2], of perimeter 1.

    Equal perimeters need equal amounts of ink, so the ink doesn't tell the class.
    """
    corners = np.array(corners_of(shape))
    if random.random() < 0.5:
        corners = corners[:, ::-1]  # begins elsewhere, and goes round the other way
    corners = corners @ _rotation(random.integers(4) * math.pi / 2)
    stretch, lean = math.exp(random.normal(0, 0.16)), random.normal(0, 0.16)
    corners = corners @ np.array([[stretch, 0], [lean, 1 / stretch]])
    corners = corners @ _rotation(random.normal(0, 0.15) if random.random() < 0.7 else random.uniform(0, 2 * math.pi))
    lengths = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    if len(corners) <= MOST_SEEN:
        corners = corners + random.normal(0, random.uniform(0.02, 0.09), corners.shape) * lengths.mean()
    return corners / lengths.sum()


def _rotation(angle: float) -> np.ndarray:
    return np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])


def _placed(random: np.random.Generator, corners: np.ndarray) -> np.ndarray:
    """The corners at some place of the image and in some size: [N, 2], shares of the image's side."""
    largest = (1 - 2 * MARGIN) / np.ptp(corners, axis=0).max()
    corners = corners * min(random.uniform(0.9, 3.0), largest)
    room = 1 - 2 * MARGIN - np.ptp(corners, axis=0)
    return corners - corners.min(axis=0) + MARGIN + random.uniform(0, 1, 2) * room


def _strokes(random: np.random.Generator, hand: Hand, corners: np.ndarray) -> list[np.ndarray]:
    """What the pen draws from where it is set down to where it is lifted: a list of [M, 2]."""
    corners = np.roll(corners, random.integers(len(corners)), axis=0)
    sides = list(zip(corners, np.roll(corners, -1, axis=0), strict=True))
    typical = np.hypot(*(corners - np.roll(corners, 1, axis=0)).T).sum() / min(len(corners), 4)  # side's length
    if len(corners) > MOST_SEEN:  # a curve: nobody stops at its corners
        return [_stroke(random, hand, sides, typical, bow=0.0)]
    lifted = [number for number in range(1, len(sides)) if random.random() < hand.lifts]
    parts = [sides[first:end] for first, end in zip([0, *lifted], [*lifted, len(sides)], strict=True)]
    if random.random() < 0.12:
        parts.append([sides[random.integers(len(sides))]])  # a second pass over a side
    strokes = [_stroke(random, hand, part, typical, hand.bow) for part in parts]
    return [stroke + random.normal(0, 0.3 * hand.carelessness, 2) * typical for stroke in strokes]


def _stroke(random: np.random.Generator, hand: Hand, sides: list, typical: float, bow: float) -> np.ndarray:
    """A stroke along some sides, each a pair of corners: [M, 2]. `typical` is the length of a side."""
    path = np.concatenate([*(_bent(random, start, end, bow) for start, end in sides), sides[-1][1][None]])
    for too_long in random.normal(hand.overshoot, hand.carelessness, 2) * typical:
        path = _lengthened(path, too_long)[::-1]
    path = _rounded(path, hand.roundness * random.uniform(0.08, 0.25) * typical / STEP)
    waves = _waves(random, len(path), count=2 * len(path) * STEP / typical)
    return path + waves * hand.wobble * typical


def _bent(random: np.random.Generator, start: np.ndarray, end: np.ndarray, bow: float) -> np.ndarray:
    """Points from one corner to the next, without the last: [M, 2], on a parabola."""
    side = end - start
    t = np.linspace(0, 1, max(2, round(np.hypot(*side) / STEP)), endpoint=False)[:, None]
    return start + t * side + 4 * t * (1 - t) * random.normal(0, bow) * np.array([-side[1], side[0]])


def _lengthened(path: np.ndarray, length: float) -> np.ndarray:
    """A path that begins earlier by a length, straight on; or later, if it is negative."""
    points = round(abs(length) / STEP)
    if length < 0:
        return path[min(points, len(path) // 3) :]
    ahead = path[0] - path[min(5, len(path) - 1)]
    step = ahead / max(np.hypot(*ahead), 1e-9) * STEP
    return np.concatenate([path[0] + step * np.arange(points, 0, -1)[:, None], path])


def _rounded(path: np.ndarray, width: float) -> np.ndarray:
    """A path with round corners: averaged in a Gaussian window, `width` points wide; its ends stay."""
    reach = min(round(2.5 * width), len(path) // 3)
    if reach < 1:
        return path
    window = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    padded = np.pad(path, ((reach, reach), (0, 0)), "reflect", reflect_type="odd")
    return np.stack([np.convolve(axis, window / window.sum(), "valid") for axis in padded.T], axis=1)


def _waves(random: np.random.Generator, points: int, count: float) -> np.ndarray:
    """Smooth noise around 0 for each point of a path: [points, 2], so many waves long."""
    knots = random.normal(0, 1, (max(2, math.ceil(2 * count) + 1), 2))
    at = np.linspace(0, len(knots) - 1, points)
    before = np.minimum(at.astype(int), len(knots) - 2)
    t = (at - before)[:, None]
    t = t * t * (3 - 2 * t)  # smooth at the knots
    return knots[before] * (1 - t) + knots[before + 1] * t


def _ink(random: np.random.Generator, hand: Hand, strokes: list[np.ndarray], size: int) -> np.ndarray:
    """The share of each pixel that is inked: float32 [size, size]."""
    side = size * SUPERSAMPLING
    fine = Image.new("L", (side, side))
    pen = ImageDraw.Draw(fine)
    for stroke in strokes:
        pressure = 1 + hand.pressure * np.clip(_waves(random, len(stroke), count=3)[:, 0], -2, 2)
        widths = np.maximum(hand.width * pressure * side, THINNEST * SUPERSAMPLING)
        every = max(1, int(widths.min() / (4 * STEP * side)))  # discs a quarter of their width apart
        points, radii = stroke[::every] * side, widths[::every] / 2
        for (x, y), (next_x, next_y), radius in zip(points, points[1:], radii):
            pen.line((x, y, next_x, next_y), fill=255, width=round(2 * radius))
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(fine.reduce(SUPERSAMPLING), np.float32) / 255


def _coloured(random: np.random.Generator, ink: np.ndarray) -> Image.Image:
    """Ink on paper, clean or photographed: an RGB image."""
    dark, light = _dark_and_light(random)
    pen, paper = (dark, light) if random.random() < 0.8 else (light, dark)
    if random.random() < 0.6:
        return _image(paper + (pen - paper) * ink[..., None])
    blur, noise, strength = random.uniform(0, 0.01), random.uniform(0, 8), random.uniform(0.7, 1.0)
    paper = paper * _soft_light(random, len(ink))[..., None]
    grain = random.normal(0, noise, (*ink.shape, 1))
    photo = _image(paper + (pen - paper) * strength * ink[..., None] + grain)
    return photo.filter(ImageFilter.GaussianBlur(blur * len(ink)))


def _dark_and_light(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two colours, [3] and [3], 0 to 255: black and white, or those of a pen and of paper."""
    if random.random() < 0.4:
        return np.full(3, random.uniform(0, 40)), np.full(3, 255.0)
    tint = random.uniform(-25, 25, 3) * random.integers(2)
    return random.uniform(0, 90) + tint, random.uniform(190, 255) + random.uniform(-15, 0, 3)


def _soft_light(random: np.random.Generator, size: int) -> np.ndarray:
    """How light it is, from one side of the image to the other: [size, size], at most 1."""
    angle, depth = random.uniform(0, 2 * math.pi), random.uniform(0, 0.35)
    along = np.linspace(0, 1, size)
    ramp = along[None, :] * math.cos(angle) + along[:, None] * math.sin(angle)
    return 1 - depth * (ramp - ramp.min()) / np.ptp(ramp)


def _image(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
