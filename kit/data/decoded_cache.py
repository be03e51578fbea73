"""Examples that were decoded once, in a file beside the CSV or table: what `--input cached` reads from.

The file holds a digest of what it was decoded from, then a record for each example: its values and its label. It is
read through memory that is mapped to it, so the operating system keeps as much of it in memory as there is room for.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from kit.cli.errors import UserError
from kit.data.interface import Data
from kit.system.files import write_whole

DIGEST_SIZE = 32  # bytes
LAYOUT = b"1"  # of the file


def cached_examples(data: Data, batches: Iterator[tuple[np.ndarray, np.ndarray]]) -> np.memmap:
    """The training examples of a data set, from their cache, which is written first where it is missing or stale.

    Args:
      data: whose examples they are.
      batches: what to fill a cache from: arrays (examples, labels), in an order that is always the same; nothing is
        taken from it where the cache is there.
    Returns:
      np.memmap [num_training] of records with the fields `example` (uint8 [H, W, 3], or float32 [columns]) and `label`.
    Raises:
      UserError: the cache can't be written.
    """
    path = Path(f"{data.path}.decoded")
    record = np.dtype([("example", data.dtype, data.shape), ("label", data.label_dtype)])
    digest = _digest(data, record)
    if not _holds(path, digest, record.itemsize * data.num_training):
        with write_whole(path) as partial, open(partial, "wb") as file:
            file.write(digest)
            for examples, labels in batches:
                batch = np.empty(len(labels), record)
                batch["example"], batch["label"] = examples, labels
                file.write(batch)
    return np.memmap(path, record, "r", offset=DIGEST_SIZE, shape=(data.num_training,))


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


def _digest(data: Data, record: np.dtype) -> bytes:
    """What tells whether a file that examples are decoded from was changed: its size and time, and the lines' parts."""
    digest = hashlib.blake2b(LAYOUT, digest_size=DIGEST_SIZE)
    digest.update(data.split_of_line)
    digest.update(repr(record).encode())
    data.fingerprint(digest.update)
    return digest.digest()
