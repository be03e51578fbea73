"""The TFRecord files of a folder, its parts: written completely or not at all, and read back."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError, tensorflow_reason
from kit.data.tfrecord.folder import MANIFEST, checksums, part_name
from kit.data.tfrecord.records import HEAD, TAIL
from kit.system.files import file_state, write_json, write_whole

PIECE = 1 << 20  # bytes


class Part(NamedTuple):
    """A TFRecord file that has been written."""

    path: str
    places: list[int]  # of its records: the byte at which each begins
    size: int  # bytes
    checksum: str  # BLAKE2b, 16 bytes


def part_paths(folder: str, count: int) -> list[str]:
    """The paths of a folder's files. Image i is in file i modulo `count`, so that each file has all classes."""
    return [os.path.join(folder, part_name(number, count)) for number in range(count)]


def write_part(path: str, records: Iterable[bytes]) -> None:
    """Writes a file.

    Raises:
      UserError: it can't be written.
    """
    with write_whole(path) as partial:
        with _readable_errors(path):
            writer = tf.python_io.TFRecordWriter(partial)
        for record in records:  # whose own errors are of the images
            with _readable_errors(path):
                writer.write(record)
        with _readable_errors(path):
            writer.close()


@contextlib.contextmanager
def _readable_errors(path: str) -> Iterator[None]:
    try:
        yield
    except tf.errors.OpError as error:
        raise UserError(f"{path}: cannot write: {tensorflow_reason(error)}.") from error


def read_back(path: str) -> Part:
    """Reads a file that was written, now or by an earlier start; in this process only once, unless it changes."""
    return _read_back(path, file_state(path))


@functools.cache
def _read_back(path: str, state: tuple[int, int] | None) -> Part:
    places, checksum, size = [], hashlib.blake2b(digest_size=16), os.path.getsize(path)
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            checksum.update(piece)
        place = 0
        while place + HEAD.size + TAIL <= size:
            file.seek(place)
            places.append(place)
            place += HEAD.size + HEAD.unpack(file.read(HEAD.size))[0] + TAIL
    return Part(path, places, size, checksum.hexdigest())


def images_in_parts(num_images: int, count: int) -> list[int]:
    """How many images are in each of `count` files."""
    return [len(range(number, num_images, count)) for number in range(count)]


def whole_parts(folder: str, sizes: Sequence[int]) -> list[Part | None]:
    """The files that are there: of each, None if it is missing, or isn't what was written.

    Args:
      folder: of the files.
      sizes: how many records each must have.
    """
    known, parts = checksums(folder), []
    for path, size in zip(part_paths(folder, len(sizes)), sizes):
        part = read_back(path) if os.path.exists(path) else None
        if part:
            is_whole = len(part.places) == size
            is_whole &= known.get(os.path.basename(path), part.checksum) == part.checksum
            part = part if is_whole else None
        parts.append(part)
    return parts


def say_damaged(paths: Sequence[str], parts: Sequence[Part | None]) -> None:
    """Says which of the files that are there aren't whole, or that none is left to write; parts: from whole_parts."""
    for path, part in zip(paths, parts):
        if part is None and os.path.exists(path):
            console.say(f"{path}: not what was written; it is written again.")
    if all(parts):
        console.say("All TFRecord files are written already.")


def place_of(parts: Sequence[Part], index: int) -> str:
    """Where image i of a data set is, as a CSV names it."""
    part = parts[index % len(parts)]
    return f"{part.path}:{part.places[index // len(parts)]}"


def write_manifest(
    folder: str, parts: Sequence[Part], image_size: tuple[int, int], kind: str, classes: Sequence[str]
) -> None:
    """Writes the manifest of a folder, by which all of it is known to be there.

    Args:
      folder: of the files.
      parts: the files.
      image_size: (height, width) in pixels.
      kind: records.RAW or PNG.
      classes: their names.
    """
    height, width = image_size
    of_images = {"images": sum(len(part.places) for part in parts), "height": height, "width": width, "format": kind}
    write_json(
        os.path.join(folder, MANIFEST), {**of_images, "classes": list(classes), "parts": in_manifest(parts, "images")}
    )


def in_manifest(parts: Sequence[Part], unit: str) -> list[dict[str, Any]]:
    """What a manifest says of the files; unit: what a record is, in the plural."""
    return [
        {"file": os.path.basename(part.path), unit: len(part.places), "bytes": part.size, "blake2b": part.checksum}
        for part in parts
    ]
