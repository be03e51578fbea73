"""A contact sheet of a data set's first images."""

import math

from kit.cli.errors import UserError
from kit.cli.settings import DrawingSettings
from kit.data.drawing.folder import image_name, path_of
from kit.system.files import write_whole

COLUMNS, ROWS = 8, 4  # images at most
SIZE = 128  # pixels; larger images are scaled down
GAP = 2  # pixels between images


def write_preview(settings: DrawingSettings) -> str:
    """Writes preview.png to the output directory, and returns its path.

    Raises:
      UserError: an image of the folder can't be read.
    """
    from PIL import Image  # here, so that --help needs no Pillow

    size = min(settings.size, SIZE)
    step = size + GAP
    count = min(settings.num_images, COLUMNS * ROWS)
    sheet = Image.new("RGB", (COLUMNS * step - GAP, math.ceil(count / COLUMNS) * step - GAP), "white")
    for index in range(count):
        path = path_of(settings, image_name(settings, index))
        row, column = divmod(index, COLUMNS)
        try:
            with Image.open(path) as image:
                sheet.paste(image.resize((size, size)), (column * step, row * step))
        except Exception as error:  # Pillow's decoders raise many types
            raise UserError(
                f"{path}: not the image that was drawn: {error}.\n"
                "  Delete it and give the same command again, which draws it again."
            ) from error
    preview = path_of(settings, "preview.png")
    with write_whole(preview) as partial:
        sheet.save(partial)
    return preview
