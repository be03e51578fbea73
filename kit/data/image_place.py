"""Where an image is: a file of its own, or a record of a TFRecord file.

In a CSV, 'shards/part-00003-of-00016.tfrecord:81920' is the image whose record begins at byte 81,920 of that file. So
lines are shuffled, split and joined as ever, and only the images that are wanted are read.
"""

import os
import re

MARK = ".tfrecord:"  # in the path of an image that is a record
PLACE = re.compile(rf"(.+){re.escape(MARK)}(\d+)", re.DOTALL)


def record_place(path: str) -> tuple[str, int] | None:
    """The TFRecord file, and the byte at which the image's record begins; None for an image with a file of its own."""
    found = PLACE.fullmatch(path) if MARK in path else None
    return (found[1] + MARK[:-1], int(found[2])) if found else None


def beside(folder: str, path: str) -> str:
    """The place of a record in the file of the same name in another folder."""
    return os.path.join(folder, re.split(r"[/\\\\]", path)[-1])


def file_of(path: str) -> str:
    """The file that an image is in."""
    place = record_place(path)
    return place[0] if place else path
