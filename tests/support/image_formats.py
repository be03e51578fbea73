"""Image files of every format and kind, small: what a viewer shows of them isn't what each decoder reads."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

HEIGHT, WIDTH = 24, 32
ROWS, COLUMNS = np.mgrid[:HEIGHT, :WIDTH]
PIXELS = np.stack([COLUMNS * 8, ROWS * 10, (COLUMNS + ROWS) * 4], axis=-1).astype(np.uint8)
RGB = Image.fromarray(PIXELS)
GREY = RGB.convert("L")
PALETTE = RGB.quantize(16)
ALPHA = Image.fromarray((COLUMNS * 8).astype(np.uint8))
RGBA, LA = Image.merge("RGBA", [*RGB.split(), ALPHA]), Image.merge("LA", [GREY, ALPHA])
OTHER_FRAME = ImageOps.invert(RGB)
ORIENTATION = 0x0112
CROPPED = RGB.crop((0, 0, 10, 12)).quantize(8)


def saved(image, kind, **options):
    """An image as the bytes of a file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def exif(orientation):
    tags = Image.Exif()
    tags[ORIENTATION] = orientation
    return tags


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def raw_png(values, depth, colours, before=b"", after=b""):
    """A PNG of any depth: values [H, W, channels] or [H, W]; PNG's type of colours; chunks before and after them."""
    if depth == 16:
        rows = [row.astype(">u2").tobytes() for row in values]
    else:
        bits = (values[..., None] >> np.arange(depth)[::-1] & 1).reshape(HEIGHT, -1)  # [H, W * depth]
        rows = [row.tobytes() for row in np.packbits(bits.astype(np.uint8), axis=1)]
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colours, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    chunks = chunk(b"IHDR", header) + before + chunk(b"IDAT", pixels) + after + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def bmp(bits, compression, height, colours, pixels):
    """A BMP, as Windows writes it; colours is its palette."""
    header = struct.pack(
        "<IiiHHIIiiII", 40, WIDTH, height, 1, bits, compression, len(pixels), 0, 0, len(colours) // 4, 0
    )
    start = 54 + len(colours)
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + header + colours + pixels


def on_canvas(gif):
    """A GIF whose first frame is smaller than what is shown."""
    return gif[:6] + struct.pack("<HH", WIDTH, HEIGHT) + gif[10:]


def with_exif_after_frame(jpeg):
    """A JPEG whose EXIF comes late, which the format allows."""
    tags, place = exif(6).tobytes(), jpeg.index(b"\xff\xc4")
    return jpeg[:place] + b"\xff\xe1" + struct.pack(">H", 2 + len(tags)) + tags + jpeg[place:]


def pictures():
    """{name: bytes} of files that are read."""
    jpeg, png = saved(RGB, "JPEG", quality=95), saved(RGB, "PNG")
    bits = np.asarray(GREY)
    turned = {
        f"orientation {number}, {kind}": saved(RGB, kind, exif=exif(number), **options)
        for number in (1, 2, 3, 4, 5, 6, 7, 8, 9)
        for kind, options in (("PNG", {}), ("JPEG", {}), ("WEBP", {"lossless": True}))
    }
    return turned | {
        "plain PNG": png,
        "grey PNG": saved(GREY, "PNG"),
        "plain JPEG": jpeg,
        "grey JPEG": saved(GREY, "JPEG"),
        "progressive JPEG": saved(RGB, "JPEG", progressive=True),
        "CMYK JPEG": saved(RGB.convert("CMYK"), "JPEG"),
        "JPEG without some pixels": jpeg[: len(jpeg) * 3 // 4] + jpeg[-2:],
        "JPEG with more bytes at its end": jpeg + bytes(40),
        "JPEG with extraneous bytes": jpeg[:-2] + bytes(40) + jpeg[-2:],
        "several pictures in a JPEG": saved(RGB, "MPO", save_all=True, append_images=[OTHER_FRAME]),
        "JPEG turned by XMP": saved(RGB, "JPEG", xmp=b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'),
        "JPEG with EXIF after the frame": with_exif_after_frame(jpeg),
        "JPEG with broken EXIF": jpeg[:2] + b"\xff\xe1\0\x10Exif\0\0garbage!" + jpeg[2:],
        "PNG with EXIF after the pixels": raw_png(PIXELS, 8, 2, after=chunk(b"eXIf", exif(6).tobytes()[6:])),
        "PNG with a resolution": saved(RGB, "PNG", dpi=(72, 72)),
        "PNG without its end": png[:-12],
        "RGB and alpha": saved(RGBA, "PNG"),
        "grey and alpha": saved(LA, "PNG"),
        "RGB with a transparent colour": saved(RGB, "PNG", transparency=(0, 0, 0)),
        "grey with a transparent value": saved(GREY, "PNG", transparency=GREY.getpixel((5, 5))),
        "palette": saved(PALETTE, "PNG"),
        "palette with a transparent colour": saved(PALETTE, "PNG", transparency=3),
        "palette with alpha": saved(PALETTE, "PNG", transparency=bytes(range(0, 256, 16))),
        "1 bit": saved(RGB.convert("1"), "PNG"),
        "1 bit, black is transparent": saved(RGB.convert("1"), "PNG", transparency=0),
        "2 bits": raw_png(bits >> 6, 2, 0),
        "4 bits": raw_png(bits >> 4, 4, 0),
        "palette of 2 bits": raw_png(bits >> 6, 2, 3, chunk(b"PLTE", bytes(range(12)))),
        "APNG": saved(RGB, "PNG", save_all=True, append_images=[OTHER_FRAME]),
        "BMP of 24 bits": saved(RGB, "BMP"),
        "BMP of 32 bits": saved(RGBA, "BMP"),
        "BMP of 1 bit": saved(RGB.convert("1"), "BMP"),
        "palette BMP": saved(PALETTE, "BMP"),
        "grey BMP": saved(GREY, "BMP"),
        "BMP from the top": bmp(24, 0, -HEIGHT, b"", PIXELS[..., ::-1].tobytes()),
        "RLE BMP": bmp(
            8,
            1,
            HEIGHT,
            bytes(range(16)),
            b"".join(bytes([WIDTH, row % 4, 0, 0]) for row in range(HEIGHT)) + b"\0\1",
        ),
        "WebP": saved(RGB, "WEBP"),
        "WebP with alpha": saved(RGBA, "WEBP", lossless=True),
        "animated WebP": saved(RGB, "WEBP", save_all=True, append_images=[OTHER_FRAME]),
        "GIF": saved(RGB, "GIF"),
        "animated GIF": saved(RGB, "GIF", save_all=True, append_images=[OTHER_FRAME]),
        "transparent GIF": saved(RGBA, "GIF"),
    }


DEEP = COLUMNS * 120  # 12 bits
DEEP_COLOURS = np.stack([DEEP * 16] * 4, axis=-1)


def refused():
    """{name: (bytes, words of the refusal)} of files that aren't read, though a viewer may show them."""
    fits = "not one of PNG, JPEG, GIF, BMP, WebP"
    return {
        "16 bits": (
            raw_png(DEEP * 16, 16, 0),
            ["16 bits per grey value", "59520 is its highest", "65535 as white", "same white"],
        ),
        "12 bits in 16": (raw_png(DEEP, 16, 0), ["16 bits per grey value", "3720 is its highest", "4095 as white"]),
        "16 bits per colour": (raw_png(DEEP_COLOURS[..., :3], 16, 2), ["16 bits per colour", "Convert it"]),
        "16 bits, grey and alpha": (raw_png(DEEP_COLOURS[..., :2], 16, 4), ["16 bits per colour", "Convert it"]),
        "16 bits, RGB and alpha": (raw_png(DEEP_COLOURS, 16, 6), ["16 bits per colour", "Convert it"]),
        "small first frame": (on_canvas(saved(CROPPED, "GIF")), ["claims 24 x 32 pixels", "has 12 x 10", "Convert it"]),
        "TIFF": (saved(RGB, "TIFF"), ["it is TIFF", fits, "Convert it", "use the new file in its place"]),
        "TIFF of fractions": (
            saved(Image.fromarray((COLUMNS / 40).astype(np.float32)), "TIFF"),
            ["it is TIFF", "1 as white"],
        ),
        "TIFF of 12 bits": (saved(Image.fromarray(DEEP.astype(np.uint16)), "TIFF"), ["it is TIFF", "4095 as white"]),
        "ICO": (saved(RGB, "ICO"), ["it is ICO", fits, "Convert it"]),
        "PPM": (saved(RGB, "PPM"), ["it is PPM", "Convert it"]),
        "SVG": (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', ["it is SVG", "PNG"]),
        "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40), ["it is HEIC", "PNG"]),
        "web page": (b"<!DOCTYPE html><html>404</html>", ["a web page", "Download"]),
        "LFS": (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n", ["Git LFS", "git lfs pull"]),
        "text": (b"not an image\n" * 9, [f"cannot be read ({fits})"]),
        "nothing": (b"", ["is empty (0 bytes)"]),
        "cut PNG": (saved(RGB, "PNG")[:-40], ["damaged or cut short"]),
        "cut JPEG": (saved(RGB, "JPEG")[:-40], ["damaged or cut short"]),
        "JPEG without its end": (saved(RGB, "JPEG")[:-2], ["damaged or cut short"]),
        "progressive JPEG, cut": (saved(RGB, "JPEG", progressive=True)[:-40], ["damaged or cut short"]),
        "cut WebP": (saved(RGB, "WEBP")[:-40], ["damaged or cut short"]),
    }
