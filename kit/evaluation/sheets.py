"""Sheets of small pictures in rows, as PNG: Pillow draws."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from PIL import Image, ImageFont

LETTERS, GAP, MARGIN = 14, 6, 10  # pixels
LINE = round(1.3 * LETTERS)  # pixels from a line of text to the next
BAR = 20  # pixels, the height of a picture that is only a line of pixels
LEAST_BAR = 512  # pixels, its width, or that of the widest row
FRAME = "#b0b0b0"  # around a picture, or white ones would be lost on the sheet
DIMMED = 0.35  # how much of an image's contrast is left under a heat map


class Row(NamedTuple):
    """A row of pictures."""

    label: str  # before them; lines end in \n
    pictures: Sequence[np.ndarray]  # uint8 [h, w] or [h, w, 3]
    captions: Sequence[str] = ()  # below them


def sheet_png(title: str, rows: Sequence[Row], side: int, heads: Sequence[str] = (), abreast: int = 1) -> bytes:
    """Draws a sheet.

    Args:
      title: above all; lines end in \\n.
      rows: of the sheet, one or more.
      side: of each picture, in pixels; what is smaller is enlarged with its pixels in sight.
      heads: above the pictures of a row.
      abreast: how many columns of rows.
    Returns:
      The sheet as PNG: bytes.
    """
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(LETTERS)
    label = round(max(font.getlength(line) for row in rows for line in row.label.split("\n"))) + GAP
    most = max(len(row.pictures) for row in rows)
    bar = most * (side + GAP) - GAP
    if any(_is_bar(row) for row in rows):
        bar = max(bar, LEAST_BAR)
    block = label + bar + GAP + MARGIN
    heights = [_height(row, side) for row in rows]
    per_block = math.ceil(len(rows) / abreast)
    blocks = [range(start, min(start + per_block, len(rows))) for start in range(0, len(rows), per_block)]
    titles = title.split("\n")
    top = MARGIN + LINE * len(titles) + GAP
    width = max(MARGIN + block * len(blocks), round(max(map(font.getlength, titles))) + 2 * MARGIN)
    below = top + LINE * bool(heads)
    sheet = Image.new("RGB", (width, below + max(sum(heights[i] for i in part) for part in blocks) + MARGIN), "white")
    pen = ImageDraw.Draw(sheet)
    for number, line in enumerate(titles):
        pen.text((MARGIN, MARGIN + number * LINE), line, "black", font)
    for number, part in enumerate(blocks):
        left, y = MARGIN + number * block, below
        for place, head in enumerate(heads):
            pen.text((left + label + place * (side + GAP), top), cut_to_fit(head, font, side), "black", font)
        for i in part:
            _draw_row(sheet, font, rows[i], (left, y), label, side, bar)
            y += heights[i]
    return png_of(sheet)


def enlarged(picture: np.ndarray, side: int) -> Image.Image:
    """A picture whose longer side has so many pixels."""
    from PIL import Image

    height, width = picture.shape[:2]
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return Image.fromarray(picture).resize(size, Image.Resampling.NEAREST if scale >= 1 else Image.Resampling.BOX)


def overlaid(image: np.ndarray, heat: np.ndarray) -> np.ndarray:
    """An image with a heat map laid on it: grey where there is no heat, then red, then yellow.

    Args:
      image: uint8 [H, W, 3].
      heat: float32 [h, w], 0 to 1.
    Returns:
      uint8 [H, W, 3].
    """
    from PIL import Image

    height, width = image.shape[:2]
    smooth = Image.fromarray(heat.astype(np.float32)).resize((width, height), Image.Resampling.BILINEAR)
    share = np.clip(np.asarray(smooth), 0, 1)[..., None]  # [H, W, 1]
    grey = np.asarray(Image.fromarray(image).convert("L"))[..., None] * DIMMED + 255 * (1 - DIMMED) / 2
    yellow = 230 * np.clip(2 * share - 1, 0, 1)
    colour = np.concatenate([np.full_like(share, 225), yellow, np.zeros_like(share)], axis=2)
    opaque = np.clip(1.6 * share, 0, 0.9)
    return np.round(grey * (1 - opaque) + colour * opaque).astype(np.uint8)


def cut_to_fit(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: float) -> str:
    """A text that is no wider than some pixels, with dots where it was cut off."""
    text = shown = " ".join(text.split())
    while font.getlength(shown) > width and len(shown) > 1:
        text = text[:-1].rstrip()
        shown = f"{text}…"
    return shown


def png_of(image: Image.Image) -> bytes:
    """An image of Pillow's as PNG."""
    png = io.BytesIO()
    image.save(png, "PNG")
    return png.getvalue()


def _height(row, side):
    """Of a row with its captions, in pixels."""
    captions = LINE * max((caption.count("\n") + 1 for caption in row.captions), default=0)
    return max(BAR if _is_bar(row) else side, LINE * (row.label.count("\n") + 1)) + captions + GAP


def _is_bar(row):
    return all(picture.shape[0] == 1 for picture in row.pictures)


def _draw_row(sheet, font, row, corner, label, side, bar):
    """Draws a row at a corner of the sheet; label, side and bar are widths in pixels."""
    from PIL import Image, ImageDraw

    pen, (left, top) = ImageDraw.Draw(sheet), corner
    for number, line in enumerate(row.label.split("\n")):
        pen.text((left, top + number * LINE), line, "black", font)
    for place, picture in enumerate(row.pictures):
        x = left + label + place * (side + GAP)
        if picture.shape[0] == 1:
            way = Image.Resampling.NEAREST if picture.shape[1] <= bar else Image.Resampling.BOX
            drawn = Image.fromarray(picture).resize((bar, BAR), way)
        else:
            drawn = enlarged(picture, side)
        sheet.paste(drawn, (x, top))
        pen.rectangle((x - 1, top - 1, x + drawn.width, top + drawn.height), outline=FRAME)
    for place, caption in enumerate(row.captions):
        x = left + label + place * (side + GAP)
        for number, line in enumerate(caption.split("\n")):
            pen.text((x, top + side + 2 + number * LINE), cut_to_fit(line, font, side), "black", font)
