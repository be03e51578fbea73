"""Why an image file isn't read, and the command that converts it."""

from __future__ import annotations

import contextlib
import os
import re
from typing import IO, TYPE_CHECKING, cast

from kit.cli import console

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFile import ImageFile

FORMATS = {"PNG": "PNG", "JPEG": "JPEG", "GIF": "GIF", "BMP": "BMP", "WEBP": "WebP"}  # {Pillow's name: ours}
ONE_OF = f"not one of {', '.join(FORMATS.values())}"
SIGNATURES = rb"(?s)\x89png|\xff\xd8\xff|gif8|bm.{4}\0{4}|riff.{4}webp"  # of these formats, in lower case
PICTURE = "Save it as a PNG, with a program that shows it."
OTHERS = {  # {first bytes of a file that Pillow can't read: (what it is, a way out)}
    b"<svg": ("SVG", PICTURE),
    b"ftyphei": ("HEIC", PICTURE),
    b"ftypmif1": ("HEIC", PICTURE),
    b"%pdf": ("PDF", PICTURE),
    b"<html": ("a web page", "Download the image again: a server has sent this page in its place."),
    b"<!doctype html": ("a web page", "Download the image again: a server has sent this page in its place."),
    b"git-lfs": ("a pointer of Git LFS", "Get the images: git lfs pull"),
    b"pk\3\4": ("a ZIP file", "Unpack it."),
}
DEEP_MODES = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")  # Pillow's, of more than 8 bits per colour
WHITES = (1, 255, 1023, 4095, 16383, 65535)  # usual ones: of fractions, and of 8, 10, 12, 14 and 16 bits
TO_8_BITS = (
    "import sys, numpy; from PIL import Image; white = float(sys.argv[3]); "
    "values = numpy.asarray(Image.open(sys.argv[1])).clip(0, white); "
    'Image.fromarray((values * (255 / white)).round().astype("uint8")).save(sys.argv[2])'
)
TO_PNG = (
    "import sys; from PIL import Image, ImageOps; "
    'ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGBA").save(sys.argv[2])'
)


class NotShown(Exception):
    """Why an image file isn't read: a sentence without a full stop; then, on a line of its own, a way out, if any."""


def too_deep(image: Image.Image, path: str) -> NotShown:
    """The refusal of an image with more than 8 bits per colour."""
    found = f"16 bits per {'grey value' if image.mode in DEEP_MODES else 'colour'}"
    return NotShown(f"image '{path}' has {found}, and the network is fed 8\n  {_conversion(image, path)}")


def check_first_frame(image: Image.Image, path: str) -> None:
    """Refuses a GIF whose first frame is smaller than its canvas: many are damaged; of others viewers differ."""
    tiles = cast("ImageFile", image).tile
    if tiles and tiles[0].extents != (0, 0, *image.size):
        left, top, right, bottom = tiles[0].extents or (0, 0, 0, 0)
        raise NotShown(
            f"image '{path}' claims {image.height} x {image.width} pixels, but its first frame has {bottom - top} x "
            f"{right - left}\n  {_conversion(image, path)}"
        )


def refusal(file: IO[bytes], path: str, problem: str) -> NotShown:
    """Why a file can't be read: the problem, and what the file is, if that can be told."""
    from PIL import Image

    file.seek(0)
    start = file.read(512).lower()
    if not start:
        return NotShown(f"image '{path}' is empty (0 bytes)")
    if re.match(SIGNATURES, start):
        return NotShown(f"image '{path}' is damaged or cut short (its header can't be read)")
    kind, way_out = next((each for signature, each in OTHERS.items() if signature in start), ("", ""))
    with contextlib.suppress(Exception):  # of Pillow: it doesn't know the file either
        file.seek(0)
        with Image.open(file) as image:
            if image.format and image.format not in FORMATS:
                kind, way_out = image.format, _conversion(image, path)
    found = f"it is {kind}, " if kind else ""
    text = f"image '{path}' cannot be read ({found}{problem})"
    return NotShown(f"{text}\n  {way_out}" if way_out else text)


def _conversion(image: Image.Image, path: str) -> str:
    """The command that makes a PNG of 8 bits per colour, for an error.

    Files of more bits don't say which value is white, 65535, or 4095 from a camera of 12 bits: the user decides.
    """
    new = f"{os.path.splitext(path)[0]}_8bit.png"
    then = "\n  Then use the new file in its place."
    if image.mode not in DEEP_MODES:
        return f"Convert it: {console.python('-c', TO_PNG, path, new)}{then}"
    most = cast("tuple[float, float]", image.getextrema())[1]
    white = next((white for white in WHITES if most <= white), most)
    command = console.python("-c", TO_8_BITS, path, new, f"{white}")
    return (
        f"It doesn't say which value is white; {most:.12g} is its highest. Convert it, {white} as white:\n"
        f"    {command}{then}\n  Use the same white for all images."
    )
