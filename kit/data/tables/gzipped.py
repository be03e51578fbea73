"""A gzip file, read so that TensorFlow reads the same: what its reader would pass over is an error here."""

import io
import zlib

from kit.cli.errors import UserError

GZIP_MARK = b"\x1f\x8b"  # the first bytes of every gzip file
GZIP_FORMAT = 31  # zlib's number for it
CHUNK = 1 << 14  # compressed bytes at once; at most a thousand times as many come out
BUFFER = 1 << 18  # bytes


def open_gzip(path, file):
    """A stream of the unpacked bytes.

    Args:
      path: of the file, for errors.
      file: the file, opened for reading bytes.
    Returns:
      An io.BufferedReader. Reading from it raises a UserError where the file is damaged.
    """
    return io.BufferedReader(_Unpacked(path, file), BUFFER)


class _Unpacked(io.RawIOBase):
    """The bytes of all members: a gzip file is one after another, as bgzip writes it or `cat` joins it."""

    def __init__(self, path, file):
        self._path, self._file = path, file
        self._decoder, self._is_empty = None, False  # of the present member
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
            if self._is_empty:  # TensorFlow takes it for the end of the file
                raise UserError(
                    f"{self._path}: an empty gzip file stands within this one, and TensorFlow stops reading there.\n"
                    "  Pack it anew: gunzip it, then gzip it."
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
        return UserError(f"{self._path}: this gzip file is damaged: {reason}.\n  Copy or download it again.")
