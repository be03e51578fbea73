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
from typing import BinaryIO, NamedTuple

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


class Stored(NamedTuple):
    """What a record holds of an image: NumPy's arrays of no dimension, as tf.numpy_function takes them."""

    image: np.ndarray  # bytes, in `format`
    fingerprint: np.ndarray  # bytes, of `image`
    format: np.ndarray  # bytes, RAW or PNG
    shape: np.ndarray  # int64 [3]: H, W, 3


def dtypes() -> list[tf.DType]:
    """Of the fields of a Stored, in the graph."""
    return [tf.string, tf.string, tf.string, tf.int64]


def read_record(path: str) -> Stored:
    """Reads a record, from the place that a CSV names.

    It is taken apart here: what TensorFlow says of one that is damaged holds its bytes, and so ends the session.

    Raises:
      NotShown: there is no record, or none that can be taken apart.
      OSError: the file can't be read.
    """
    file_path, start = record_place(path) or (path, 0)
    with open(file_path, "rb") as file:
        file.seek(start)
        head = file.read(HEAD.size)
        length = HEAD.unpack(head)[0] if len(head) == HEAD.size else LONGEST
        record = file.read(length) if length < LONGEST else b""
        is_whole = len(record) == length and len(file.read(TAIL)) == TAIL
    try:
        if not is_whole:
            raise ValueError
        feature = tf.train.Example.FromString(record).features.feature
        names = ("image", "fingerprint", "format")
        image, fingerprint, kind = (np.array(feature[name].bytes_list.value[0], object) for name in names)
        sides = (feature[name].int64_list.value[0] for name in ("height", "width"))
        return Stored(image, fingerprint, kind, np.array([*sides, 3], np.int64))
    except Exception:  # protobuf's DecodeError, or what isn't there
        raise damaged(path) from None


def damaged(path: str) -> NotShown:
    """The error for a record that isn't what was written."""
    return NotShown(f"image '{path}' is damaged: its record is not what was written\n{WAY_OUT}")


def pixels_of(stored: Sequence[tf.Tensor], image_size: Sequence[int | None] = (None, None)) -> tf.Tensor:
    """The pixels of an image that was read, in the graph.

    Args:
      stored: the fields of a Stored, as tensors.
      image_size: (height, width) in pixels, for the static shape.
    Returns:
      uint8 [H, W, 3]. Run, it raises tf.errors.InvalidArgumentError if the image is damaged, or of another size.
    """
    image, fingerprint, kind = (tf.ensure_shape(text, []) for text in stored[:3])
    is_whole = tf.equal(tf.fingerprint([image])[0], tf.decode_raw(fingerprint, tf.uint8))  # [8]
    with tf.control_dependencies([tf.Assert(tf.reduce_all(is_whole), ["damaged record"])]):
        image = tf.identity(image)
    pixels = tf.cond(
        tf.equal(kind, RAW),
        lambda: tf.reshape(tf.decode_raw(image, tf.uint8), stored[3]),
        lambda: tf.image.decode_png(image, channels=3),
    )
    return tf.ensure_shape(pixels, [*image_size, 3])


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
        pixels = _decoder()(read_record(path))
    except tf.errors.InvalidArgumentError:
        raise damaged(path) from None
    return io.BytesIO(png.encode(pixels, png.STORED))


@functools.cache
def _decoder() -> Callable[[Stored], np.ndarray]:
    """A session that decodes: Stored -> uint8 [H, W, 3]."""
    graph = tf.Graph()
    with graph.as_default():
        stored_ph = [tf.placeholder(dtype) for dtype in dtypes()]
        pixels = pixels_of(stored_ph)
    session = tf.Session(graph=graph)
    return lambda stored: session.run(pixels, dict(zip(stored_ph, stored)))


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
