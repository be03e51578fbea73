"""Raw images that are read a batch at once, each again in every epoch.

The first time, all of an image's record is read and checked. From then on it is known where in the file the pixels are,
and only they are read: straight into the batch. Their checksum is compared every time.
"""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Callable

import numpy as np

from kit.data.tfrecord.records import Stored, read_record_at

IMAGE = np.dtype(
    [
        ("file", np.int32),  # its number
        ("start", np.int64),  # of the record: a byte of the file
        ("label", np.int32),  # the number of its class
        ("offset", np.int32),  # of the pixels, from `start`; 0: the record wasn't read yet
        ("crc32", np.uint32),  # of the pixels
    ]
)
ALIGNED = 64  # bytes: TensorFlow takes an array over without a copy if it begins at a multiple of them


class RawImages:
    """Raw images of one shape."""

    def __init__(self, files: list[str], images: np.ndarray, shape: tuple[int, ...], check: Callable[[Stored], Stored]):
        """
        Args:
          files: the TFRecord files.
          images: IMAGE [N]; where they are. Offsets and checksums are filled in as the records are read.
          shape: of an image: (H, W, 3).
          check: called with each record that is read whole; raises NotShown for an image of another shape.
        """
        self._files, self._images, self._shape, self._check = files, images, shape, check

    def read(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Reads a batch; several threads may do so at once.

        Args:
          numbers: int64 [B], of the images, from 0.
        Returns:
          (pixels, labels): uint8 [B, H, W, 3] and int64 [B].
        Raises:
          NotShown, OSError: as records.read_record_at.
        """
        pixels = _aligned(len(numbers), math.prod(self._shape))  # [B, H * W * 3]
        wanted = self._images[numbers]
        for number, row, (file, start, _, offset, crc32) in zip(numbers.tolist(), pixels, wanted.tolist()):
            if not (offset and _read_into(row, self._files[file], start + offset) and zlib.crc32(row) == crc32):
                row[:] = self._read_whole(number)
        return pixels.reshape(-1, *self._shape), wanted["label"].astype(np.int64)

    def _read_whole(self, number: int) -> np.ndarray:
        """Reads all of a record, which finds damage, and notes where its pixels are: uint8 [H * W * 3]."""
        image = self._images[number]
        stored = self._check(read_record_at(self._files[image["file"]], int(image["start"])))
        image["crc32"] = zlib.crc32(stored.image)
        image["offset"] = stored.offset  # last: from now on, both are used
        return stored.raw_pixels.ravel()


def _read_into(row: np.ndarray, path: str, place: int) -> bool:
    """Fills an array from a byte of a file on; whether the file went so far."""
    with io.FileIO(path) as file:
        file.seek(place)
        return file.readinto(row) == row.nbytes


def _aligned(rows: int, columns: int) -> np.ndarray:
    """An array uint8 [rows, columns] that is not filled yet."""
    memory = np.empty(rows * columns + ALIGNED, np.uint8)
    first = -memory.ctypes.data % ALIGNED
    return memory[first : first + rows * columns].reshape(rows, columns)
