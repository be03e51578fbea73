"""One image as a record of a TFRecord file, and back.

A record is a tf.train.Example, as https://www.tensorflow.org/tutorials/load_data/tfrecord explains it:

  name    bytes  image_name of the CSV
  label   int64  the number of its class
  height  int64  in pixels
  width   int64
  format  bytes  RAW or PNG
  image   bytes  RAW: uint8 [H, W, 3], row by row; PNG: a PNG file
  crc32   int64  zlib.crc32 of `image`: by it, damage is found
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import BinaryIO, NamedTuple

import numpy as np

import kit.tensorflow1 as tf
from kit.data.image_place import record_place
from kit.data.image_refusals import NotShown
from kit.data.tfrecord.folder import WAY_OUT

RAW, PNG = "raw", "png"
HEAD, TAIL = struct.Struct("<Q4x"), 4  # around a record: its length and a checksum of it; a checksum of the record
LONGEST = 1 << 30  # bytes: a greater length is damage
ENOUGH = 64  # bytes of an image, to find it in its record


class Stored(NamedTuple):
    """What a record holds of an image."""

    image: bytes  # in `format`
    format: str  # RAW or PNG
    shape: tuple[int, ...]  # (H, W, 3)
    offset: int  # of the image in the file, in bytes from where the record begins

    @property
    def raw_pixels(self) -> np.ndarray:
        """The pixels of a RAW image: uint8 [H, W, 3]."""
        return np.frombuffer(self.image, np.uint8).reshape(self.shape)

    def as_png(self, level: int) -> bytes:
        """A PNG file; level: of deflate, for one that isn't a PNG already."""
        from kit.data.drawing import png  # here, like PIL: `--help` needs neither

        return png.encode(self.raw_pixels, level) if self.format == RAW else self.image


def encode_record(name: str, label: int, pixels: np.ndarray, image: bytes, kind: str) -> bytes:
    """An image as a record, without what the file puts around it.

    Args:
      name: image_name.
      label: the number of its class.
      pixels: uint8 [H, W, 3].
      image: the pixels as RAW or PNG.
      kind: RAW or PNG.
    """
    texts = {"name": name.encode(), "format": kind.encode(), "image": image}
    height, width, _ = pixels.shape
    numbers = {"label": label, "height": height, "width": width, "crc32": zlib.crc32(image)}
    features = {key: tf.train.Feature(bytes_list=tf.train.BytesList(value=[text])) for key, text in texts.items()}
    for key, number in numbers.items():
        features[key] = tf.train.Feature(int64_list=tf.train.Int64List(value=[number]))
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


def read_record(path: str) -> Stored:
    """Reads a record, from the place that a CSV names; raises as read_record_at does."""
    return read_record_at(*(record_place(path) or (path, 0)))


def read_record_at(path: str, start: int) -> Stored:
    """Reads the record that begins at a byte of a file.

    Python takes it apart: of a damaged one, TensorFlow's error would hold bytes that are no text, and end the session.

    Raises:
      NotShown: there is no record, or it is damaged.
      OSError: the file can't be read.
    """
    record = record_at(path, start)
    stored = None if record is None else _stored_in(record)
    if stored is None:
        raise NotShown(f"image '{path}:{start}' is damaged: its record is not what was written\n{WAY_OUT}")
    return stored


def record_at(path: str, start: int) -> bytes | None:
    """The record that begins at a byte of a file, without what is around it; None if the file ends before it does."""
    with open(path, "rb", buffering=0) as file:
        file.seek(start)
        return next_record(file)


def next_record(file: BinaryIO | io.RawIOBase) -> bytes | None:
    """The record that begins where a file is read next; None if the file ends before it does."""
    head = file.read(HEAD.size) or b""
    length = HEAD.unpack(head)[0] if len(head) == HEAD.size else LONGEST
    record = file.read(length + TAIL) or b"" if length < LONGEST else b""
    return record[:-TAIL] if len(record) == length + TAIL else None


def _stored_in(record: bytes) -> Stored | None:
    try:
        feature = tf.train.Example.FromString(record).features.feature
        image, kind = (feature[name].bytes_list.value[0] for name in ("image", "format"))
        height, width, crc32 = (feature[name].int64_list.value[0] for name in ("height", "width", "crc32"))
    except Exception:  # protobuf's DecodeError, or what isn't there
        return None
    offset = HEAD.size + record.find(image[:ENOUGH])
    stored = Stored(image, kind.decode("latin-1"), (height, width, 3), offset)
    fits = stored.format == PNG or (stored.format == RAW and len(image) == height * width * 3)
    return stored if fits and zlib.crc32(image) == crc32 else None


def open_record(path: str) -> BinaryIO:
    """An image as a PNG file in memory, from its record; raises as read_record does."""
    return io.BytesIO(read_record(path).as_png(level=0))
