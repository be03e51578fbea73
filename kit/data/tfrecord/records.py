"""One image as a record of a TFRecord file, and back.

A record is a tf.train.Example, as https://www.tensorflow.org/tutorials/load_data/tfrecord explains it:

  name         bytes  image_name of the CSV
  label        int64  the number of its class
  height       int64  in pixels
  width        int64
  format       bytes  RAW or PNG
  image        bytes  RAW: uint8 [H, W, 3], row by row; PNG: a PNG file
  fingerprint  bytes  tf.fingerprint of `image`, 8 bytes: by it, damage is found
"""

from __future__ import annotations

import functools
import io
import struct
from collections.abc import Callable, Sequence
from typing import BinaryIO

import numpy as np

import kit.tensorflow1 as tf
from kit.data.image_place import record_place
from kit.data.image_refusals import NotShown
from kit.data.tfrecord.folder import WAY_OUT

RAW, PNG = "raw", "png"
HEAD, TAIL = struct.Struct("<Q4x"), 4  # around a record: its length and a checksum of it; a checksum of the record
LONGEST = 1 << 30  # bytes: a greater length is damage


def encode_record(name: str, label: int, pixels: np.ndarray, image: bytes, kind: str, fingerprint: bytes) -> bytes:
    """An image as a record, without what the file puts around it.

    Args:
      name: image_name.
      label: the number of its class.
      pixels: uint8 [H, W, 3].
      image: the pixels as RAW or PNG.
      kind: RAW or PNG.
      fingerprint: of `image`, from `fingerprints`.
    """
    texts = {"name": name.encode(), "format": kind.encode(), "image": image, "fingerprint": fingerprint}
    numbers = {"label": label, "height": pixels.shape[0], "width": pixels.shape[1]}
    features = {key: tf.train.Feature(bytes_list=tf.train.BytesList(value=[text])) for key, text in texts.items()}
    for key, number in numbers.items():
        features[key] = tf.train.Feature(int64_list=tf.train.Int64List(value=[number]))
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


def read_record(path: str) -> bytes:
    """A record, from the place that a CSV names.

    Raises:
      NotShown: there is no record, or its length is damaged.
      OSError: the file can't be read.
    """
    file_path, start = record_place(path) or (path, 0)
    with open(file_path, "rb") as file:
        file.seek(start)
        head = file.read(HEAD.size)
        length = HEAD.unpack(head)[0] if len(head) == HEAD.size else LONGEST
        record = file.read(length) if length < LONGEST else b""
        if len(record) < length or len(file.read(TAIL)) < TAIL:
            raise damaged(path)
    return record


def damaged(path: str) -> NotShown:
    """The error for a record that isn't what was written."""
    return NotShown(
        f"image '{path}' is damaged: its record is not what was written\n{WAY_OUT}"
    )


def pixels_of(record: tf.Tensor, image_size: tuple[int, int] | None = None) -> tf.Tensor:
    """Takes an image out of its record, in the graph.

    Args:
      record: string [].
      image_size: (height, width) in pixels; None for any.
    Returns:
      uint8 [H, W, 3]. Run, it raises tf.errors.InvalidArgumentError if the record is damaged, or of another size.
    """
    sides = {side: tf.FixedLenFeature([], tf.int64) for side in ("height", "width")}
    texts = {text: tf.FixedLenFeature([], tf.string) for text in ("format", "image", "fingerprint")}
    found = tf.parse_single_example(record, {**sides, **texts})
    fingerprint = tf.decode_raw(found["fingerprint"], tf.uint8)  # [8]
    is_whole = tf.reduce_all(tf.equal(tf.fingerprint([found["image"]])[0], fingerprint))
    with tf.control_dependencies([tf.Assert(is_whole, ["damaged record"])]):
        image = tf.identity(found["image"])
    shape = tf.stack([found["height"], found["width"], 3])
    pixels = tf.cond(
        tf.equal(found["format"], RAW),
        lambda: tf.reshape(tf.decode_raw(image, tf.uint8), shape),
        lambda: tf.image.decode_png(image, channels=3),
    )
    return tf.ensure_shape(pixels, [*(image_size or (None, None)), 3])


def open_record(path: str) -> BinaryIO:
    """An image as a PNG file in memory, from its record.

    Args:
      path: the place that a CSV names.
    Raises:
      NotShown: the record is damaged.
      OSError: its file can't be read.
    """
    from kit.data.drawing import png  # here, like PIL: `--help` needs neither

    try:
        pixels = _decode()(read_record(path))
    except tf.errors.InvalidArgumentError:
        raise damaged(path) from None
    return io.BytesIO(png.encode(pixels, png.STORED))


@functools.cache
def _decode() -> Callable[[bytes], np.ndarray]:
    """record -> uint8 [H, W, 3]."""
    graph = tf.Graph()
    with graph.as_default():
        record_ph = tf.placeholder(tf.string, [])
        pixels = pixels_of(record_ph)
    session = tf.Session(graph=graph)
    return lambda record: session.run(pixels, {record_ph: record})


@functools.cache
def _fingerprint() -> Callable[[Sequence[bytes]], np.ndarray]:
    graph = tf.Graph()
    with graph.as_default():
        images_ph = tf.placeholder(tf.string, [None])
        found = tf.fingerprint(images_ph)
    session = tf.Session(graph=graph)
    return lambda images: session.run(found, {images_ph: images})


def fingerprints(images: Sequence[bytes]) -> list[bytes]:
    """tf.fingerprint of each: 8 bytes."""
    return [fingerprint.tobytes() for fingerprint in _fingerprint()(images)]
