"""A contact sheet of a data set's first images."""

import math
from collections.abc import Sequence

from kit.cli.errors import UserError
from kit.cli.settings import DrawingSettings
from kit.data.drawing.folder import path_of
from kit.system.files import write_whole

COLUMNS, ROWS = 8, 4  # images at most
SIZE = 128  # pixels; larger images are scaled down
GAP = 2  # pixels between images


def write_preview(settings: DrawingSettings, paths: Sequence[str]) -> str:
    """Writes preview.png to the output directory, and returns its path.

    Args:
      settings: of the drawing.
      paths: of all images.
    Raises:
      UserError: an image of the folder can't be read.
    """
    preview = path_of(settings, "preview.png")
    write_contact_sheet(preview, paths[: COLUMNS * ROWS], settings.size)
    return preview


def write_contact_sheet(sheet_path: str, paths: Sequence[str], size: int) -> None:
    """Writes a picture of images side by side.

    Args:
      sheet_path: of the picture.
      paths: of the images, at most COLUMNS * ROWS.
      size: their height and width in pixels.
    Raises:
      UserError: an image can't be read.
    """
    from PIL import Image  # here, so that --help needs no Pillow

    from kit.data.image_shown import open_image

    size = min(size, SIZE)
    step = size + GAP
    sheet = Image.new("RGB", (COLUMNS * step - GAP, math.ceil(len(paths) / COLUMNS) * step - GAP), "white")
    for index, path in enumerate(paths):
        row, column = divmod(index, COLUMNS)
        try:
            with open_image(path) as file, Image.open(file) as image:
                sheet.paste(image.resize((size, size)), (column * step, row * step))
        except Exception as error:  # Pillow's decoders raise many types
            raise UserError(
                f"{path}: not the image that was written: {error}.\n"
                "  Delete it and give the same command again, which makes it again."
            ) from error
    with write_whole(sheet_path) as partial:
        sheet.save(partial)
