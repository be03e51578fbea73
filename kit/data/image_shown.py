"""What a viewer shows of an image file, and what the network is fed: one rule, for every file that the kit reads.

Pillow decides: a picture is turned as its EXIF tag says, transparency is laid on white, of several frames the first
counts, and other kinds of colour become RGB. What would need a guess is refused, with a way to convert it.
"""

from __future__ import annotations

import contextlib
import io
import os
import struct
import warnings
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, cast

from kit.cli import console
from kit.data.image_place import record_place
from kit.data.image_refusals import DEEP_MODES, FORMATS, ONE_OF, NotShown, check_first_frame, refusal, too_deep

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFile import ImageFile

MOST_PIXELS = 4096 * 4096  # an image with more is refused before it is decoded
NO_PICTURES = {"EPS", "WMF", "MPEG", "BUFR", "GRIB", "HDF5"}  # Pillow's: programs, films, and what it only names
ORIENTATION = 0x0112  # EXIF's tag
TURNS = {  # {its value: how to turn the pixels}; names in PIL.Image.Transpose
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
PLAIN_CHUNKS = {b"IHDR", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"tIME"}
TEXT_CHUNKS = {b"eXIf", b"iTXt", b"zTXt", b"tEXt", b""}  # in which EXIF may be
PNG_START = 8  # bytes before the first chunk
told: dict[str, str] = {}  # the conversions that were said: {what is done: the first path}


def image_size(path: str) -> tuple[str | None, tuple[int, int] | None]:
    """The size of an image as it is shown, from the file's header.

    Returns:
      (problem, size): the text of a NotShown, and None; or None, and (height, width) in pixels.
    """
    try:
        with open_image(path) as file, _opened(file, path) as image:
            width, height = image.size
            return None, (width, height) if _orientation(image) in (5, 6, 7, 8) else (height, width)
    except FileNotFoundError:
        return f"image '{path}' does not exist", None
    except OSError as error:
        return f"image '{path}' cannot be read ({error.strerror or error})", None
    except NotShown as problem:
        return str(problem), None


def open_image(path: str) -> IO[bytes]:
    """Opens an image's file; for a record of a TFRecord file, a PNG in memory.

    Raises:
      NotShown: the record is damaged.
      OSError: the file can't be read.
    """
    if record_place(path) is None:
        return open(path, "rb")
    from kit.data.tfrecord.records import open_record  # here: only such images need it

    return open_record(path)


def shown_image(path: str, any_kind: bool = False) -> Image.Image:
    """An image file as it is shown, in mode RGB.

    Args:
      path: of the file.
      any_kind: whether it may have any format and size that Pillow reads; else one of FORMATS, and MOST_PIXELS.
    Raises:
      NotShown: it is refused, or it is damaged.
      OSError: it can't be opened.
    """
    with open_image(path) as file, _opened(file, path, any_kind) as image:
        return _as_shown(image, path)


def shown_in(content: bytes, name: str) -> Image.Image:
    """An image as it is shown, in mode RGB, from the bytes of its file; raises as shown_image does."""
    with _opened(io.BytesIO(content), name) as image:
        return _as_shown(image, name)


def plain_content(content: bytes, path: str) -> bytes:
    """The bytes of an image file that tf.image.decode_image decodes to what is shown.

    Args:
      content: of the file.
      path: of the file, for messages.
    Returns:
      `content` itself, if decode_image reads it rightly; otherwise a PNG of what is shown.
    Raises:
      NotShown: it is refused, or it is damaged.
    """
    from kit.data.drawing import png  # here, like PIL: `--help` needs neither

    with _opened(io.BytesIO(content), path) as image:
        if _is_plain(image, content):
            return content
        return png.encode(_as_shown(image, path), png.STORED)


def all_formats() -> list[str]:
    """The formats of pictures that Pillow reads."""
    from PIL import Image

    Image.init()
    return [name for name in Image.OPEN if name not in NO_PICTURES]


@contextlib.contextmanager
def _opened(file: IO[bytes], path: str, any_kind: bool = False) -> Iterator[Image.Image]:
    """Opens an image that isn't refused; errors of Pillow, also in the block, become NotShown."""
    from PIL import Image

    head = file.read(64)
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(file, formats=all_formats() if any_kind else list(FORMATS))
    except Image.DecompressionBombError:
        raise NotShown(f"image '{path}' claims far too many pixels to be true") from None
    except Exception:  # Pillow's decoders raise many types: OSError, SyntaxError, struct.error, ...
        raise refusal(file, path, "of no format that Pillow reads" if any_kind else ONE_OF) from None
    with image:
        width, height = image.size
        if width * height > MOST_PIXELS and not any_kind:
            raise NotShown(f"image '{path}' claims {height} x {width} pixels, more than {MOST_PIXELS:,}")
        is_deep_png = image.format == "PNG" and head[24] > 8
        try:
            if is_deep_png or image.mode in DEEP_MODES:
                raise too_deep(image, path)
            if image.format == "GIF":
                check_first_frame(image, path)
            yield image
        except NotShown:
            raise
        except Exception as error:
            raise NotShown(f"image '{path}' is damaged or cut short ({_one_line(error)})") from None


def _as_shown(image: Image.Image, path: str) -> Image.Image:
    from PIL import Image

    turn = TURNS.get(_orientation(image))
    if image.mode == "CMYK":
        tell("has CMYK colours: they are converted to RGB", path)
    shown = image
    if image.has_transparency_data:
        shown = image.convert("RGBA")
        if shown.getchannel("A").getextrema() != (255, 255):
            tell("is transparent in places: it is laid on white", path)
        shown = Image.alpha_composite(Image.new("RGBA", image.size, "white"), shown)
    shown = shown.convert("RGB")
    if turn:
        tell("is turned upright, as its EXIF tag says", path)
        shown = shown.transpose(Image.Transpose[turn])
    if getattr(image, "is_animated", False):
        tell("has several frames: the first is read", path)
    return shown


def _orientation(image: Image.Image) -> int:
    """EXIF's orientation, 1 to 8; 1 (upright) also if its EXIF can't be read: a viewer then shows it as it is.

    An image that isn't decoded yet stays so, if possible: Pillow would decode each PNG, as EXIF may follow the pixels.
    """
    if image.format == "PNG" and not _png_chunks(image) & TEXT_CHUNKS:
        return 1
    try:
        return image.getexif().get(ORIENTATION, 1)
    except (SyntaxError, ValueError, TypeError, KeyError, struct.error):
        return 1


def _is_plain(image: Image.Image, content: bytes) -> bool:
    """Whether tf.image.decode_image reads an opened image as it is shown."""
    if image.mode not in ("RGB", "L") or "transparency" in image.info:
        return False
    if image.format == "PNG":
        return content[24] == 8 and {b"IEND"} < _png_chunks(image) <= PLAIN_CHUNKS
    return image.format in ("JPEG", "MPO") and _orientation(image) not in TURNS


def _png_chunks(image: Image.Image) -> set[bytes]:
    """The kinds of chunks in an opened PNG that isn't decoded yet; with b"" if they don't end as they should."""
    file = cast("IO[bytes]", cast("ImageFile", image).fp)
    before, end, place, kinds = file.tell(), file.seek(0, os.SEEK_END), PNG_START, set()
    while place < end:
        file.seek(place)
        length, kind = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
        kinds.add(kind)
        place += 12 + length
    file.seek(before)
    return kinds if place == end else {*kinds, b""}


def tell(what: str, path: str) -> None:
    """Says once what is done to images of a kind."""
    if what not in told:
        told[what] = path
        console.warn(f"image '{console.one_line(path)}' {what}; so is every other of its kind")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
