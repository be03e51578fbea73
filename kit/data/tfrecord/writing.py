"""Writes images into TFRecord files: each file is written completely or not at all, and one that is there is kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError, tensorflow_reason
from kit.data.image_data import ImageData
from kit.data.image_lines import HEADER, images_of
from kit.data.interface import Lesson
from kit.data.parts import TRAINING
from kit.data.pipeline import without_autotune
from kit.data.shown_content import shown_content
from kit.data.tfrecord.folder import INFO, MANIFEST, checksums, part_name
from kit.data.tfrecord.records import HEAD, RAW, TAIL, encode_record
from kit.data.tfrecord.sharded_images import ShardedImages
from kit.system.files import write_csv, write_json, write_whole

AT_ONCE = 64  # images
PNG_START = b"\x89PNG"
PIECE = 1 << 20  # bytes


class Image(NamedTuple):
    """An image that the CSV lists."""

    name: str
    path: str
    label: int


class Part(NamedTuple):
    """A TFRecord file that has been written."""

    path: str
    places: list[int]  # of its records: the byte at which each begins
    size: int  # bytes
    checksum: str  # BLAKE2b, 16 bytes


def open_images(csv_path: str, skip_bad: bool) -> ImageData:
    """The images of a CSV, all of them TRAINING.

    Raises:
      UserError: as kit.data.image_csv.scan_csv; or they are in TFRecord files already.
    """
    data = ImageData.scan(csv_path, 0.0, skip_bad, lesson=cast("Lesson", None))  # whose functions aren't called
    if isinstance(data, ShardedImages):
        raise UserError(f"{csv_path}: its images are in TFRecord files already. Name a CSV of image files with --data.")
    return data


def write_parts(data: ImageData, folder: str, count: int, kind: str) -> list[Part]:
    """Writes all images of a CSV into `count` files: image i into file i modulo `count`, so that each has all classes.

    Args:
      data: whose images are all TRAINING.
      folder: for the files.
      count: how many files.
      kind: RAW or PNG.
    Raises:
      UserError: an image can't be read, or a file can't be written.
    """
    images = [Image(name, path, label) for _, name, path, label in images_of(data, TRAINING)]
    of_part = [images[number::count] for number in range(count)]
    paths = [os.path.join(folder, part_name(number, count)) for number in range(count)]
    known = checksums(folder)
    parts = [_written(path, len(some), known) for path, some in zip(paths, of_part)]
    missing = [number for number, part in enumerate(parts) if part is None]
    if not missing:
        console.say("All TFRecord files are written already.")
    with console.progress("writing", sum(len(of_part[number]) for number in missing), "images") as bar:
        for number in missing:
            _write_part(data, of_part[number], paths[number], kind, bar.advance)
    return [part or _read_back(path) for part, path in zip(parts, paths)]


def _written(path, count, known):
    """A file that is there and whole, as a Part; else None."""
    if not os.path.exists(path):
        return None
    part = _read_back(path)
    is_whole = len(part.places) == count and known.get(os.path.basename(path), part.checksum) == part.checksum
    if not is_whole:
        console.say(f"{path}: not what was written; it is written again.")
    return part if is_whole else None


def write_info(data: ImageData, folder: str, parts: Sequence[Part], kind: str) -> None:
    """Writes info.csv, a line per image in the order of the CSV, and then the manifest; says what there is."""
    info, counts, count = os.path.join(folder, INFO), [0] * data.num_classes, len(parts)

    def lines():
        for number, (_, name, _, label) in enumerate(images_of(data, TRAINING)):
            part = parts[number % count]
            counts[label] += 1
            written = data.class_names[label] if data.number_of_word else label
            yield name, f"{part.path}:{part.places[number // count]}", written

    write_csv(info, HEADER, lines())
    height, width = data.image_size
    written = [
        {"file": os.path.basename(part.path), "images": len(part.places), "bytes": part.size, "blake2b": part.checksum}
        for part in parts
    ]
    manifest = {"images": data.num_training, "height": height, "width": width, "format": kind}
    write_json(os.path.join(folder, MANIFEST), {**manifest, "classes": list(data.class_names), "parts": written})
    of_classes = console.listed([f"{name} ({number:,})" for name, number in zip(data.class_names, counts)])
    size = sum(part.size for part in parts) / (1 << 20)
    console.say(
        f"{info}: {console.counted(data.num_training, 'images')}, {of_classes}, in {count} files, {size:,.0f} MiB"
    )


def _write_part(data, images, path, kind, advance):
    with write_whole(path) as partial:
        try:
            with tf.python_io.TFRecordWriter(partial) as writer:
                for some, pixels, contents in _decoded(data, images):
                    for image, array, content in zip(some, pixels, contents):
                        stored = _stored(array, content, kind)
                        writer.write(encode_record(image.name, image.label, array, stored, kind))
                    advance(len(some))
        except tf.errors.OpError as error:
            raise (
                data.find_bad_example(TRAINING) or UserError(f"{path}: cannot write: {tensorflow_reason(error)}.")
            ) from error


def _stored(pixels: np.ndarray, content: bytes, kind: str) -> bytes:
    """An image's pixels as a record keeps them; a PNG file as it is."""
    if kind == RAW:
        return pixels.tobytes()
    if content.startswith(PNG_START):
        return content
    from kit.data.drawing import png

    return png.encode(pixels)


def _decoded(data: ImageData, images: Sequence[Image]) -> Iterator[tuple[Sequence[Image], np.ndarray, Sequence[bytes]]]:
    """Decodes images as training does, some at a time: (images, uint8 [B, H, W, 3], their files' contents as shown)."""

    def read(path):
        content = shown_content(tf.read_file(path), path)
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


def _read_back(path: str) -> Part:
    """Reads a file that was written, now or by an earlier start."""
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
