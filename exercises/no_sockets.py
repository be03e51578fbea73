"""A process gives up sockets: on Linux, for itself and for all that it starts.

Landlock (exercises/fence.py) leaves UDP open, and sockets that are files, through which other programs take orders. So
a seccomp filter (https://docs.kernel.org/userspace-api/seccomp_filter.html) refuses to make any socket.
"""

import ctypes
import errno
import platform
import struct
from typing import NamedTuple

SET_FILTER, FILTER = 22, 2  # of prctl
IO_URING = 425  # the system call that makes sockets in another way; the same on every processor
OTHER_CALLS = 0x40000000  # from here on: those of 32-bit programs, with other numbers
LOAD, IS_EQUAL, IS_AT_LEAST, ANSWER = 0x20, 0x15, 0x35, 0x06  # what a filter's line does
NUMBER, PROCESSOR = 0, 4  # of a system call: where they stand
ALLOWED = 0x7FFF0000
REFUSED = 0x00050000 | errno.EACCES


class Processor(NamedTuple):
    """What a filter must know of a processor."""

    code: int  # by which Linux names it
    socket: int  # the number of this system call


PROCESSORS = {"x86_64": Processor(0xC000003E, 41), "aarch64": Processor(0xC00000B7, 198)}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("lines", ctypes.c_char_p)]


def refuse_sockets() -> None:
    """Makes every socket of this process a PermissionError, for good. Nothing on a processor that isn't known.

    The process must have given up new privileges.

    Raises:
      OSError: the system has no such filters.
    """
    processor = PROCESSORS.get(platform.machine())
    if processor is None:
        return
    lines = [  # (what, how many lines to skip if so, how many if not, with which number)
        (LOAD, 0, 0, PROCESSOR),
        (IS_EQUAL, 0, 5, processor.code),
        (LOAD, 0, 0, NUMBER),
        (IS_AT_LEAST, 3, 0, OTHER_CALLS),
        (IS_EQUAL, 2, 0, processor.socket),
        (IS_EQUAL, 1, 0, IO_URING),
        (ANSWER, 0, 0, ALLOWED),
        (ANSWER, 0, 0, REFUSED),
    ]
    program = _Program(len(lines), b"".join(struct.pack("=HBBI", *line) for line in lines))
    if ctypes.CDLL(None, use_errno=True).prctl(SET_FILTER, FILTER, ctypes.byref(program), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp filter")
