"""One image file: its size, and whether it is whole."""

import warnings

from kit.errors import UserError

FORMATS = ("PNG", "JPEG", "GIF", "BMP")  # what tf.image.decode_image reads
MOST_PIXELS = 4096 * 4096  # an image that claims more is refused before any memory is given to it


def image_problem(path, size=None):
    """What is wrong with an image file, by reading all of it.

    Args:
      path: the file.
      size: the (height, width) it should have, or None for any.
    Returns:
      A sentence without a full stop for the user, or None if the image is fine.
    """
    problem, found = image_size(path)
    if problem:
        return problem
    if size is not None and found != tuple(size):
        return f"image '{path}' is {_times(found)} pixels, expected {_times(size)} like the others"
    from PIL import Image

    try:
        with Image.open(path, formats=FORMATS) as image:
            image.load()
    except Exception as error:  # Pillow's decoders raise many types: OSError, SyntaxError, struct.error, ...
        return f"image '{path}' is damaged or cut short ({error})"
    return None


def image_size(path):
    """The size of an image file, from its header.

    Returns:
      (problem, size): a sentence for the user and None, or None and (height, width) in pixels.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                width, height = image.size
    except FileNotFoundError:
        return f"image '{path}' does not exist", None
    except Image.DecompressionBombError:
        return f"image '{path}' claims far too many pixels to be true", None
    except Exception as error:  # see above
        reason = error.strerror if isinstance(error, OSError) and error.strerror else f"not one of {', '.join(FORMATS)}"
        return f"image '{path}' cannot be read ({reason})", None
    if width * height > MOST_PIXELS:
        return f"image '{path}' claims {width} x {height} pixels, more than {MOST_PIXELS:,}", None
    return None, (height, width)


def common_size(paths):
    """The (height, width) of several image files.

    Raises:
      UserError: one can't be read, or they differ in size.
    """
    first = None
    for path in paths:
        problem = image_problem(path, first)
        if problem:
            raise UserError(f"{problem}.")
        if first is None:
            _, first = image_size(path)
    return first


def _times(size):
    return " x ".join(str(side) for side in size)
