"""Makes an image of each picture, with several processes.

An image's name comes from what is in the picture's file, and from its class. So it is the same in every run, whatever
the file is called; two copies of a picture in one class are one image; and training and validation, which are split by
the name, don't share a picture.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import os
import re
import time
from collections.abc import Sequence
from typing import NamedTuple

from kit.cli import console
from kit.cli.settings import PicturesSettings
from kit.data.pictures.folder import path_of
from kit.data.pictures.photos import Photo
from kit.system.files import write_whole
from kit.system.workers import work_in_parallel

PICTURES_PER_TASK = 8


class MadeImage(NamedTuple):
    """What became of a picture."""

    photo: Photo
    content: str  # a digest of the picture's file
    name: str  # of the image
    problem: str = ""  # why there is none: a sentence without a full stop; then a way out, if any


def make_images(settings: PicturesSettings, photos: Sequence[Photo]) -> list[MadeImage]:
    """Makes the images that aren't there yet; each file is written completely or not at all.

    Raises:
      UserError: an image can't be written, or a worker was ended from outside.
    """
    from kit.data.image_shown import tell

    began = time.monotonic()
    tasks = [photos[start : start + PICTURES_PER_TASK] for start in range(0, len(photos), PICTURES_PER_TASK)]
    results = work_in_parallel(functools.partial(_make_task, settings), tasks, settings.workers, "making images")
    for _, told in results:
        for what, path in told.items():
            tell(what, path)
    size, seconds = settings.size, time.monotonic() - began
    images = [image for made, _ in results for image in made]
    console.say(
        f"Read {console.counted(len(images), 'pictures')} in {seconds:.1f} s. Images of {size} x {size} pixels show "
        "them whole, on the colour of their border."
    )
    return images


def _make_task(settings: PicturesSettings, photos: Sequence[Photo]) -> tuple[list[MadeImage], dict[str, str]]:
    """In a worker: the images of a few pictures; and what there is to tell about them, which the parent does once."""
    from kit.data import image_shown  # here, so that --help needs no NumPy and Pillow

    with contextlib.redirect_stderr(io.StringIO()):
        images = [_make(settings, photo) for photo in photos]
    return images, dict(image_shown.told)


def _make(settings: PicturesSettings, photo: Photo) -> MadeImage:
    from kit.data.drawing import png
    from kit.data.fitted_picture import fitted_file
    from kit.data.image_refusals import NotShown

    try:
        with open(photo.path, "rb") as file:
            content = hashlib.blake2b(file.read(), digest_size=16).hexdigest()
    except OSError as error:
        return MadeImage(photo, "", "", f"image '{photo.shown}' cannot be read ({error.strerror or error})")
    stem = re.sub(r"[^\w-]", "_", photo.label)
    made = MadeImage(photo, content, f"{stem}_{content[:16]}.png")
    path = path_of(settings, made.name)
    if os.path.exists(path):
        return made
    try:
        image = fitted_file(photo.path, (settings.size, settings.size))
    except NotShown as problem:
        return made._replace(problem=str(problem).replace(photo.path, photo.shown))
    with write_whole(path) as partial, open(partial, "wb") as file:
        file.write(png.encode(image))
    return made
