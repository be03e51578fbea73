"""Reads a gzip file as TensorFlow does, but raises an error where TensorFlow would silently skip something."""

import io
import zlib
from typing import BinaryIO

from kit.cli.errors import UserError

GZIP_MARK = b"\x1f\x8b"  # the first bytes of every gzip file
GZIP_FORMAT = 31  # zlib's number for it
CHUNK = 1 << 14  # compressed bytes at once; at most a thousand times as many come out
BUFFER = 1 << 18  # bytes


def open_gzip(path: str, file: BinaryIO) -> io.BufferedReader:
    """A stream of the decompressed bytes.

    Args:
      path: the file's path, for errors.
      file: the file, opened for reading bytes.
    Returns:
      A reader, which raises a UserError where the file is damaged.
    """
    return io.BufferedReader(_Unpacked(path, file), BUFFER)


class _Unpacked(io.RawIOBase):
    """The bytes of all members, one after another: bgzip writes many, and `cat` joins files to one of several."""

    def __init__(self, path: str, file: BinaryIO):
        self._path, self._file = path, file
        self._decoder, self._is_empty = None, False  # of the current member
        self._packed, self._unpacked = b"", memoryview(b"")

    def readable(self):
        return True

    def readinto(self, buffer):
        while not self._unpacked:
            self._packed = self._packed or self._file.read(CHUNK)
            if not self._packed:
                if self._decoder is not None:
                    raise self._damaged("it ends too early")
                return 0
            self._unpack()
        size = min(len(buffer), len(self._unpacked))
        buffer[:size] = self._unpacked[:size]
        self._unpacked = self._unpacked[size:]
        return size

    def _unpack(self):
        if self._decoder is None:
            if self._is_empty:  # TensorFlow would take it for the end of the file
                raise UserError(
                    f"{self._path}: contains an empty gzip file, where TensorFlow would stop reading.\n"
                    "  Compress it again: gunzip, then gzip."
                )
            self._decoder, self._is_empty = zlib.decompressobj(GZIP_FORMAT), True
        try:
            unpacked = self._decoder.decompress(self._packed)
        except zlib.error as error:
            raise self._damaged(str(error)) from None
        self._is_empty = self._is_empty and not unpacked
        self._unpacked = memoryview(unpacked)
        self._packed = b""
        if self._decoder.eof:
            self._packed, self._decoder = self._decoder.unused_data, None

    def _damaged(self, reason):
        return UserError(f"{self._path}: damaged gzip file: {reason}.\n  Copy or download it again.")
