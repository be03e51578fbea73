"""Draws one image: a shape on a background, in a style.

An image depends on (seed, shape, index) alone, so that any number of processes, in any order, draws
the same files. Nothing but the shape may tell the classes apart: area, colours and position are drawn
from distributions that don't know the shape, and an outline is given a share of the shape's area rather
than a width, because a triangle has more outline than a square of the same area.
"""

import math
import zlib

import numpy as np
from PIL import Image, ImageDraw

from kit.data.drawing.shapes import REACH, corners_of

SUPERSAMPLING = 4  # a pixel's edge coverage is counted on a grid this fine: anti-aliasing
LEAST_CONTRAST = 60  # grey levels between the shape and every part of its background


def draw(shape, index, size, seed, style):
    """Draws image `index` of a data set.

    Args:
      shape: a key of kit.data.drawing.shapes.SHAPES.
      index: the image's number in the data set, from 0.
      size: height and width, in pixels.
      seed: the data set's seed, a whole number >= 0.
      style: a key of STYLES.
    Returns:
      PIL.Image, RGB, size x size.
    """
    random = np.random.Generator(np.random.PCG64([seed, zlib.crc32(shape.encode()), index]))
    return STYLES[style](random, shape, size)


def _plain(random, shape, size):
    """Black on white, filled, upright: only size and place vary."""
    area, centre = _area_and_centre(random, size)
    mask = _coverage(corners_of(shape), size, area, centre, angle=0.0, hole=0.0)
    return Image.composite(Image.new("RGB", (size, size), "black"), Image.new("RGB", (size, size), "white"), mask)


def _varied(random, shape, size):
    """Any size, place, rotation and colours; a flat, graded or mottled background; filled or outlined."""
    area, centre = _area_and_centre(random, size)
    angle = random.uniform(0, 2 * math.pi)
    is_outline = random.random() < 0.5
    hole = random.uniform(0.35, 0.6) if is_outline else 0.0  # the share of the area that is cut out
    mask = _coverage(corners_of(shape), size, area, centre, angle, hole)
    colour, background_colours = _contrasting_colours(random)
    draw_background = _BACKGROUNDS[random.integers(len(_BACKGROUNDS))]
    background = draw_background(random, size, background_colours)
    background.paste(tuple(map(int, colour)), mask=mask)
    return background


STYLES = {"plain": _plain, "varied": _varied}


def _area_and_centre(random, size):
    area = random.uniform(0.04, 0.20) * size**2  # pixels
    reach = REACH * math.sqrt(area)
    centre = random.uniform(reach, size - reach, 2)
    return area, centre


def _coverage(unit_corners, size, area, centre, angle, hole):
    """How much of each pixel the shape covers: an 'L' image, 0 to 255."""
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    outline = np.array(unit_corners) @ turn * math.sqrt(area)
    fine = Image.new("L", (size * SUPERSAMPLING, size * SUPERSAMPLING))
    pen = ImageDraw.Draw(fine)
    for share, ink in ((1.0, 255), (hole, 0)):
        if share > 0:
            corners = (outline * math.sqrt(share) + centre) * SUPERSAMPLING - 0.5  # the pen counts pixel centres
            pen.polygon([tuple(corner) for corner in corners], fill=ink)
    return fine.reduce(SUPERSAMPLING)


def _contrasting_colours(random):
    """A shape's colour and two of a background, LEAST_CONTRAST grey levels apart; which is lighter is chance."""
    while True:
        colours = random.integers(0, 256, (3, 3))
        shape, first, second = colours @ (0.299, 0.587, 0.114)  # luma, ITU-R BT.601
        if (shape - first) * (shape - second) > 0 and min(abs(shape - first), abs(shape - second)) >= LEAST_CONTRAST:
            return colours[0], colours[1:]


def _flat_background(random, size, colours):
    return Image.new("RGB", (size, size), tuple(map(int, colours[0])))


def _gradient_background(random, size, colours):
    """From one colour to the other, in any direction."""
    angle = random.uniform(0, 2 * math.pi)
    along = np.linspace(-1, 1, size, dtype=np.float32)
    ramp = along[None, :] * math.cos(angle) + along[:, None] * math.sin(angle)  # [size, size]
    return _blend(colours, (ramp - ramp.min()) * (255 / np.ptp(ramp)))


def _mottled_background(random, size, colours):
    """Blots of both colours, an eighth of the image across, with a fine grain."""
    blots = Image.fromarray(random.integers(0, 256, (8, 8), dtype=np.uint8))
    blots = np.asarray(blots.resize((size, size), Image.Resampling.BILINEAR), dtype=np.int16)
    grain = random.integers(-8, 9, (size, size), dtype=np.int16)
    return _blend(colours, np.clip(blots + grain, 0, 255))


_BACKGROUNDS = (_flat_background, _gradient_background, _mottled_background)


def _blend(colours, share):
    """Mixes two colours: share [size, size] of the second, 0 to 255 -> an RGB image."""
    mask = Image.fromarray(share.astype(np.uint8))
    first, second = (Image.new("RGB", mask.size, tuple(map(int, colour))) for colour in colours)
    return Image.composite(second, first, mask)
