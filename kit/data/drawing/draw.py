"""Draws one image: a shape on a background, in a style.

An image depends only on (seed, shape, index), so any number of processes draws the same files in any order. Only the
shape distinguishes the classes: area, colours and position have the same distributions for all shapes. An outline
covers a share of the shape's area instead of having a width, because a triangle has a longer outline than a square of
the same area.
"""

import math
import zlib
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageDraw

from kit.data.drawing.plan import Plan
from kit.data.drawing.shapes import REACH, corners_of
from kit.data.drawing.sketch import plan_sketch

SUPERSAMPLING = 4  # anti-aliasing: shapes are drawn this many times larger, then reduced
SHIFT = (
    -0.5 / SUPERSAMPLING
)  # pixels, to the right and down: from where a polygon is asked for to where Pillow fills it
LEAST_CONTRAST = 60  # grey levels between the shape and its background


def draw(shape: str, index: int, size: int, seed: int, style: str) -> Image.Image:
    """Draws image `index` of a data set; arguments are those of `plan`. An RGB image, size x size."""
    image, _ = plan(shape, index, size, seed, style).paint()
    return image


def plan(shape: str, index: int, size: int, seed: int, style: str) -> Plan:
    """Decides where the shape of image `index` of a data set is, and how it will be painted.

    Args:
      shape: a key of kit.data.drawing.shapes.SHAPES.
      index: the image's number in the data set, from 0.
      size: height and width, in pixels.
      seed: the data set's seed, 0 or more.
      style: a key of STYLES.
    """
    random = np.random.Generator(np.random.PCG64([seed, zlib.crc32(shape.encode()), index]))
    return STYLES[style](random, shape, size)


def _plain(random: np.random.Generator, shape: str, size: int) -> Plan:
    """Black on white, filled, upright: only size and position vary."""
    area, centre = _area_and_centre(random, size)

    def paint() -> tuple[Image.Image, Image.Image]:
        mask = coverage(corners_of(shape), size, area, centre, angle=0.0, hole=0.0)
        black, white = (Image.new("RGB", (size, size), colour) for colour in ("black", "white"))
        return Image.composite(black, white, mask), mask

    return Plan(_outline(corners_of(shape), area, angle=0.0) + centre + SHIFT, False, paint)


def _varied(random: np.random.Generator, shape: str, size: int) -> Plan:
    """Any size, position, rotation and colours; a flat, graded or mottled background; filled or outlined."""
    area, centre = _area_and_centre(random, size)
    angle = random.uniform(0, 2 * math.pi)
    is_outline = random.random() < 0.5
    hole = random.uniform(0.35, 0.6) if is_outline else 0.0  # the share of the area that is cut out

    def paint() -> tuple[Image.Image, Image.Image]:
        mask = coverage(corners_of(shape), size, area, centre, angle, hole)
        colour, background_colours = contrasting_colours(random)
        draw_background = BACKGROUNDS[random.integers(len(BACKGROUNDS))]
        image = draw_background(random, size, background_colours)
        image.paste(tuple(map(int, colour)), mask=mask)
        return image, mask

    return Plan(_outline(corners_of(shape), area, angle) + centre + SHIFT, is_outline, paint)


def _mixed(random: np.random.Generator, shape: str, size: int) -> Plan:
    """Varied or sketched, half and half."""
    return (_varied if random.random() < 0.5 else plan_sketch)(random, shape, size)


STYLES: dict[str, Callable[[np.random.Generator, str, int], Plan]] = {
    "plain": _plain,
    "varied": _varied,
    "sketch": plan_sketch,
    "mixed": _mixed,
}


def _area_and_centre(random: np.random.Generator, size: int) -> tuple[float, np.ndarray]:
    area = random.uniform(0.04, 0.20) * size**2  # pixels
    reach = REACH * math.sqrt(area)
    centre = random.uniform(reach, size - reach, 2)
    return area, centre


def coverage(
    unit_corners: Sequence[tuple[float, float]], size: int, area: float, centre: np.ndarray, angle: float, hole: float
) -> Image.Image:
    """The share of each pixel that the shape covers: an 'L' image, 0 to 255."""
    outline = _outline(unit_corners, area, angle)
    fine = Image.new("L", (size * SUPERSAMPLING, size * SUPERSAMPLING))
    pen = ImageDraw.Draw(fine)
    for share, ink in ((1.0, 255), (hole, 0)):
        if share > 0:
            corners = (outline * math.sqrt(share) + centre) * SUPERSAMPLING - 0.5  # pens go by pixel centres
            pen.polygon([tuple(corner) for corner in corners], fill=ink)
    return fine.reduce(SUPERSAMPLING)


def _outline(unit_corners: Sequence[tuple[float, float]], area: float, angle: float) -> np.ndarray:
    """The corners of a shape of area 1, brought to size and turned; its centroid stays at (0, 0): [N, 2]."""
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return np.array(unit_corners) @ turn * math.sqrt(area)


def contrasting_colours(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A colour for the shape, [3], and two for the background, [2, 3], LEAST_CONTRAST grey levels from it.

    The shape is lighter or darker than both, at random.
    """
    while True:
        colours = random.integers(0, 256, (3, 3))
        if stands_out(colours[0], colours[1:]):
            return colours[0], colours[1:]


def stands_out(colour: np.ndarray, background_colours: np.ndarray) -> bool:
    """Whether a colour, [3], is lighter than both of a background, [2, 3], or darker, by LEAST_CONTRAST."""
    shape, first, second = np.stack([colour, *background_colours]) @ (0.299, 0.587, 0.114)  # luma, ITU-R BT.601
    return bool(
        (shape - first) * (shape - second) > 0 and min(abs(shape - first), abs(shape - second)) >= LEAST_CONTRAST
    )


def _flat_background(random: np.random.Generator, size: int, colours: np.ndarray) -> Image.Image:
    return Image.new("RGB", (size, size), tuple(map(int, colours[0])))


def _gradient_background(random: np.random.Generator, size: int, colours: np.ndarray) -> Image.Image:
    """From one colour to the other, in any direction."""
    angle = random.uniform(0, 2 * math.pi)
    along = np.linspace(-1, 1, size, dtype=np.float32)
    ramp = along[None, :] * math.cos(angle) + along[:, None] * math.sin(angle)  # [size, size]
    return _blend(colours, (ramp - ramp.min()) * (255 / np.ptp(ramp)))


def _mottled_background(random: np.random.Generator, size: int, colours: np.ndarray) -> Image.Image:
    """Blots of both colours, an eighth of the image wide, with a fine grain."""
    blots = Image.fromarray(random.integers(0, 256, (8, 8), dtype=np.uint8))
    blots = np.asarray(blots.resize((size, size), Image.Resampling.BILINEAR), dtype=np.int16)
    grain = random.integers(-8, 9, (size, size), dtype=np.int16)
    return _blend(colours, np.clip(blots + grain, 0, 255))


BACKGROUNDS = (_flat_background, _gradient_background, _mottled_background)


def _blend(colours: np.ndarray, share: np.ndarray) -> Image.Image:
    """Mixes two colours: share [size, size] of the second, 0 to 255 -> an RGB image."""
    mask = Image.fromarray(share.astype(np.uint8))
    first, second = (Image.new("RGB", mask.size, tuple(map(int, colour))) for colour in colours)
    return Image.composite(second, first, mask)
