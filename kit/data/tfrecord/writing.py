"""Writes the images of a CSV into TFRecord files; files that are there and whole are kept."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, cast

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.settings import TfrecordSettings
from kit.data.drawing.png import EFFORT, STORED
from kit.data.image_data import ImageData
from kit.data.image_lines import HEADER, TABLE_HINT, images_of
from kit.data.image_place import MARK
from kit.data.interface import Lesson
from kit.data.parts import TRAINING
from kit.data.pipeline import without_autotune
from kit.data.shown_content import shown_content
from kit.data.tfrecord.folder import INFO, claim_folder
from kit.data.tfrecord.parts import (
    Part,
    images_in_parts,
    part_paths,
    place_of,
    read_back,
    say_damaged,
    whole_parts,
    write_manifest,
    write_part,
)
from kit.data.tfrecord.records import RAW, encode_record, read_record
from kit.system.files import write_csv

AT_ONCE = 64  # images
PNG_START = b"\x89PNG"
RECORD_PLACE = rf"(?s).+{re.escape(MARK)}\d+"  # of a record, and not of a file


class Image(NamedTuple):
    """An image that the CSV lists."""

    name: str
    path: str
    label: int


def pack_images(settings: TfrecordSettings) -> int:
    """Writes all images of a CSV into a folder; returns how many classes they have.

    Raises:
      UserError: an image or a flag is wrong, or a file can't be written.
    """
    data, folder = open_images(settings.data, settings.skip_bad), settings.output_directory
    states = hashlib.blake2b(digest_size=16)
    data.fingerprint(states.update)
    claim_folder(folder, {"data": states.hexdigest(), "shards": settings.shards, "format": settings.format})
    parts = write_parts(data, folder, settings.shards, settings.format)
    write_info(data, folder, parts, settings.format)
    return data.num_classes


def open_images(csv_path: str, skip_bad: bool) -> ImageData:
    """The images of a CSV, all of them TRAINING: files, records, or both; of one class, too.

    Raises:
      UserError: as kit.data.image_csv.scan_csv.
    """
    lesson = cast("Lesson", None)  # whose functions aren't called
    try:
        return ImageData.scan(csv_path, 0.0, skip_bad, is_part=True, lesson=lesson)
    except UserError as error:
        text = str(error).replace(TABLE_HINT, "  If it is a table of numbers: --format table.")
        raise UserError(text) from error


def write_parts(data: ImageData, folder: str, count: int, kind: str) -> list[Part]:
    """Writes all images of a CSV into `count` files.

    Args:
      data: whose images are all TRAINING.
      folder: for the files.
      count: how many files.
      kind: records.RAW or PNG.
    Raises:
      UserError: an image can't be read, or a file can't be written.
    """
    images = [Image(name, path, label) for _, name, path, label in images_of(data, TRAINING)]
    paths, parts = part_paths(folder, count), whole_parts(folder, images_in_parts(len(images), count))
    missing = [number for number, part in enumerate(parts) if part is None]
    say_damaged(paths, parts)
    with console.progress("writing", sum(len(images[number::count]) for number in missing), "images") as bar:
        for number in missing:
            try:
                write_part(paths[number], _records(data, images[number::count], kind, bar.advance))
            except tf.errors.OpError:
                raise data.find_bad_example(TRAINING) or UserError(f"{data.path}: an image can't be read.") from None
    return [part or read_back(path) for part, path in zip(parts, paths)]


def write_info(data: ImageData, folder: str, parts: Sequence[Part], kind: str) -> None:
    """Writes info.csv, a line per image in the order of the CSV, and then the manifest; says what there is."""
    info, counts = os.path.join(folder, INFO), Counter[int]()

    def lines():
        for index, (_, name, _, label) in enumerate(images_of(data, TRAINING)):
            counts[label] += 1
            yield name, place_of(parts, index), data.class_names[label] if data.number_of_word else label

    write_csv(info, HEADER, lines())
    write_manifest(folder, parts, data.image_size, kind, data.class_names)
    classes = zip(data.class_names, sorted(counts))
    of_classes = console.listed([f"{name} ({counts[label]:,})" for name, label in classes])
    files, size = console.counted(len(parts), "files"), sum(part.size for part in parts) / (1 << 20)
    console.say(f"{info}: {console.counted(data.num_training, 'images')}, {of_classes}, in {files}, {size:,.0f} MiB")


def _records(data: ImageData, images: Sequence[Image], kind: str, advance: Callable[[int], None]) -> Iterator[bytes]:
    for some, pixels, contents in _decoded(data, images, kind):
        for image, array, content in zip(some, pixels, contents):
            yield encode_record(image.name, image.label, array, _stored(array, content, kind), kind)
        advance(len(some))


def _stored(pixels: np.ndarray, content: bytes, kind: str) -> bytes:
    """An image's pixels as a record keeps them; a PNG file as it is."""
    if kind == RAW:
        return pixels.tobytes()
    if content.startswith(PNG_START):
        return content
    from kit.data.drawing import png

    return png.encode(pixels)


def _decoded(
    data: ImageData, images: Sequence[Image], kind: str
) -> Iterator[tuple[Sequence[Image], np.ndarray, Sequence[bytes]]]:
    """Decodes images as training does, some at a time: (images, uint8 [B, H, W, 3], their files' contents as shown)."""

    def record(path: bytes) -> np.ndarray:
        return np.array(read_record(path.decode()).as_png(STORED if kind == RAW else EFFORT), object)

    def read(path):
        content = tf.cond(
            tf.strings.regex_full_match(path, RECORD_PLACE),
            lambda: tf.ensure_shape(tf.numpy_function(record, [path], tf.string, stateful=False), []),
            lambda: shown_content(tf.read_file(path), path),
        )
        pixels = tf.image.decode_image(content, channels=3, expand_animations=False)
        return tf.ensure_shape(pixels, data.shape), content

    with tf.Graph().as_default() as graph:
        paths_ph = tf.placeholder(tf.string, [None])
        files = tf.data.Dataset.from_tensor_slices(paths_ph)
        read_as_it_stands = tf.autograph.experimental.do_not_convert(read)
        batches = files.map(read_as_it_stands, num_parallel_calls=tf.data.AUTOTUNE).batch(AT_ONCE).prefetch(2)
        iterator = tf.data.make_initializable_iterator(without_autotune(batches))
        next_element = iterator.get_next()
    with tf.Session(graph=graph) as session:
        session.run(iterator.initializer, {paths_ph: [image.path for image in images]})
        for start in range(0, len(images), AT_ONCE):
            yield images[start : start + AT_ONCE], *session.run(next_element)
