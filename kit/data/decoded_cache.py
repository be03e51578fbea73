"""The file of `--input cached`, beside the CSV or table: all training examples, decoded.

It begins with a digest of its sources, then has a record per example: its values and its label. It is mapped into
memory, so the operating system decides how much of it stays there.
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
LAYOUT = b"2"  # of the file, and of what is decoded: another number, and older caches are written again


def cached_examples(data: Data, batches: Iterator[tuple[np.ndarray, np.ndarray]]) -> np.memmap:
    """The training examples, from their cache; it is written first if it is missing or out of date.

    Args:
      data: whose examples they are.
      batches: to fill the cache from, always in the same order: arrays (examples [B, ...], labels [B]). Not used if
        the cache is there.
    Returns:
      np.memmap [num_training] with the fields `example` (uint8 [H, W, 3], or float32 [columns]) and `label`.
    Raises:
      UserError: the cache can't be read or written.
    """
    path = Path(f"{data.source}.decoded")
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
    """Whether a file is a whole cache with this digest."""
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
    """Changes with the split, the layout, the sizes and times of the files that are decoded, and with dlho2018.py."""
    digest = hashlib.blake2b(LAYOUT, digest_size=DIGEST_SIZE)
    digest.update(data.split_of_line)
    digest.update(repr(record).encode())
    data.fingerprint(digest.update)
    digest.update(Path(data.lesson.__file__).read_bytes())
    return digest.digest()
