"""One line of a table as a record of a TFRecord file, and back; all lines of a folder of such files.

A record is a tf.train.Example:

  number  int64  of the line in the table's file, from 1
  line    bytes  as it stands there, without its line end: a header, a row, a comment, nothing
  crc32   int64  zlib.crc32 of `line`: by it, damage is found

The files hold the lines in their order. lines.csv has a line for each, too: its place, and its checksum. So whatever
reads a table's lines reads these, and finds each line's number, its part and its label as ever.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.image_place import record_place
from kit.data.tfrecord.folder import MANIFEST, WAY_OUT, check_whole, part_names
from kit.data.tfrecord.records import next_record, record_at

LINES = "lines.csv"


def encode_line(number: int, line: bytes) -> bytes:
    """A line as a record, without what the file puts around it; number: from 1."""
    numbers = {"number": number, "crc32": zlib.crc32(line)}
    features = {key: tf.train.Feature(int64_list=tf.train.Int64List(value=[each])) for key, each in numbers.items()}
    features["line"] = tf.train.Feature(bytes_list=tf.train.BytesList(value=[line]))
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


def lines_of(folder: str) -> Iterator[tuple[int, bytes]]:
    """The lines of the table in a folder, as kit.data.tables.delimited.numbered_lines gives those of a file.

    Raises:
      UserError: a file is missing or damaged.
    """
    paths = [os.path.join(folder, name) for name in part_names(folder)]
    for path in paths:
        if not os.path.isfile(path):
            raise UserError(f"{path}: no such file, but {MANIFEST} names it.\n{WAY_OUT}")
    check_whole(paths, skip_bad=False)
    number = 0
    for path in paths:
        size = os.path.getsize(path)
        with open(path, "rb", buffering=1 << 20) as file:
            while (start := file.tell()) < size:
                number += 1
                yield number, _line_in(next_record(file), path, start, number)


def read_line(place: str) -> bytes:
    """Reads a line, from its place.

    Raises:
      UserError: it is damaged.
      OSError: the file can't be read.
    """
    path, start = record_place(place) or (place, 0)
    return _line_in(record_at(path, start), path, start)


def _line_in(record: bytes | None, path: str, start: int, number: int | None = None) -> bytes:
    try:
        feature = tf.train.Example.FromString(record or b"").features.feature
        line = feature["line"].bytes_list.value[0]
        found, crc32 = (feature[name].int64_list.value[0] for name in ("number", "crc32"))
        is_whole = zlib.crc32(line) == crc32 and number in (None, found)
    except Exception:  # protobuf's DecodeError, or what isn't there
        is_whole = False
    if not is_whole:
        raise UserError(f"{path}: the record at byte {start:,} is damaged: it is not what was written.\n{WAY_OUT}")
    return line
