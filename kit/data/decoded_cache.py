"""Examples that were decoded once, in a file beside the CSV or table: what `--input cached` reads from.

The file holds a digest of what it was decoded from, then a record for each example: its values and its label. It is
read through memory that is mapped to it, so the operating system keeps as much of it in memory as there is room for.
"""

import contextlib
import hashlib
import os
from pathlib import Path

import numpy as np

from kit.cli.errors import UserError
from kit.data.image_csv import TRAINING, records_of
from kit.system.files import write_whole

DIGEST_SIZE = 32  # bytes
LAYOUT = b"1"  # of the file


def cached_examples(records, batches):
    """The training examples of a data set, from its cache, which is written first where it isn't there or is stale.

    Args:
      records: kit.data.image_csv.Records or kit.data.tables.table.Table.
      batches: what to fill a cache from, an iterator of (examples, labels), NumPy arrays, in an order that is always
        the same; nothing is taken from it where the cache is there.
    Returns:
      np.memmap [num_training] of records with the fields `example` (uint8 [H, W, 3], or float32 [columns]) and `label`.
    Raises:
      UserError: the cache can't be written.
    """
    path = Path(f"{records.csv_path}.decoded")
    value = np.float32 if records.is_table else np.uint8
    label = np.float32 if records.is_regression else np.int64
    record = np.dtype([("example", value, records.input_shape), ("label", label)])
    digest = _digest(records, record)
    if not _holds(path, digest, record.itemsize * records.num_training):
        with write_whole(path) as partial, open(partial, "wb") as file:
            file.write(digest)
            for examples, labels in batches:
                batch = np.empty(len(labels), record)
                batch["example"], batch["label"] = examples, labels
                file.write(batch)
    return np.memmap(path, record, "r", offset=DIGEST_SIZE, shape=(records.num_training,))


def _holds(path, digest, size):
    """Whether a cache is whole and was decoded from just that."""
    try:
        with open(path, "rb") as file:
            return file.read(DIGEST_SIZE) == digest and os.fstat(file.fileno()).st_size == DIGEST_SIZE + size
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UserError(
            f"{path}: cannot read this cache: {error.strerror}.\n  Remove it, or train without --input cached."
        ) from error


def _digest(records, record):
    """What tells whether a file that examples are decoded from was changed: its size and time, and the lines' parts."""
    digest = hashlib.blake2b(LAYOUT, digest_size=DIGEST_SIZE)
    digest.update(records.parts)
    digest.update(repr(record).encode())
    if records.is_table:
        digest.update(repr((_state(records.csv_path), records.fields, records.delimiter)).encode())
        digest.update(records.labels_of_lines)
    else:
        for _, _, path, label in records_of(records, TRAINING):
            digest.update(repr((path, label, _state(path))).encode())
    return digest.digest()


def _state(path):
    """Size and time of a file; nothing of one that vanished, which whoever decodes it will tell."""
    with contextlib.suppress(OSError):
        state = os.stat(path)
        return state.st_size, state.st_mtime_ns
    return None
