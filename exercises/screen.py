"""A terminal as a screen that is redrawn, and that gives keys as they are pressed; it is always put back as it was."""

import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from types import FrameType, TracebackType
from typing import Any, NoReturn

OPEN, CLOSE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"  # a page of its own without a cursor, and back
HOME, CLEAR_LINE, CLEAR_BELOW = "\x1b[H", "\x1b[K", "\x1b[J"
COLOURS = re.compile(r"(\x1b\[[0-9;]*m)")
ARROWS = {"\x1b[A": "p", "\x1b[D": "p", "\x1b[B": "n", "\x1b[C": "n"}  # up and left, down and right
SEQUENCE = re.compile(r"\x1b(?:[\[O][0-9;]*[ -~]?)?")  # what other keys send
MOST_BYTES = 1024  # that are read at once
WINDOWS_LOOKS = 0.05  # seconds between looks for a key, where there is no waiting for one


class Screen:
    """Within its `with`: a page of its own, keys without Enter and unseen. Ctrl-C is a KeyboardInterrupt, as ever."""

    def __enter__(self) -> "Screen":
        self._keys = _Keys()
        self._before = signal.signal(signal.SIGTERM, _end)
        try:
            self._open()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._close()
        finally:
            signal.signal(signal.SIGTERM, self._before)

    def show(self, lines: Sequence[str]) -> None:
        """Shows lines in place of what was there: line by line, as a screen that is cleared first flickers."""
        *others, last = [*lines] or [""]
        _write(HOME + "".join(f"{CLEAR_LINE}{line}\n" for line in others) + CLEAR_BELOW + last)

    def keys(self, seconds: float) -> str:
        """The keys that are pressed, arrows as n and p; "" if none is within some seconds. A lost terminal is "q"."""
        text = self._keys.wait(seconds)
        for sequence, key in ARROWS.items():
            text = text.replace(sequence, key)
        return SEQUENCE.sub("", text)

    @contextlib.contextmanager
    def lent(self) -> Iterator[None]:
        """Gives the terminal, as it was, to a program that is waited for; Ctrl-C is for that program alone."""
        self._close()
        before = signal.signal(signal.SIGINT, lambda number, frame: None)  # a program that is started has its own
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
            self._open()

    def _open(self) -> None:
        self._keys.begin()
        _write(OPEN)

    def _close(self) -> None:
        try:
            _write(CLOSE)
        finally:
            self._keys.end()


def cut(line: str, width: int) -> str:
    """A line that isn't wider than so many columns; its colours stay."""
    parts, left = [], width
    for part in COLOURS.split(line):
        parts.append(part if part.startswith("\x1b") else part[:left])
        left -= 0 if part.startswith("\x1b") else len(parts[-1])
    return "".join(parts)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _end(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


if sys.platform == "win32":
    import msvcrt

    class _Keys:
        """The keys of a console of Windows."""

        def begin(self) -> None:
            os.system("")  # which makes the console understand the codes above

        def end(self) -> None:
            pass

        def wait(self, seconds: float) -> str:
            until = time.monotonic() + seconds
            while not msvcrt.kbhit() and time.monotonic() < until:
                time.sleep(WINDOWS_LOOKS)
            pressed = ""
            while msvcrt.kbhit():
                key = msvcrt.getwch()
                if key == "\x03":
                    raise KeyboardInterrupt
                if key in "\x00\xe0":  # an arrow or the like, in two parts
                    key = {"H": "p", "K": "p", "P": "n", "M": "n"}.get(msvcrt.getwch(), "")
                pressed += key
            return pressed

else:
    import select
    import termios

    class _Keys:
        """The keys of a terminal."""

        def __init__(self) -> None:
            self._file = sys.stdin.fileno()
            self._before: list[Any] = termios.tcgetattr(self._file)

        def begin(self) -> None:
            mode = termios.tcgetattr(self._file)
            mode[3] &= ~(termios.ICANON | termios.ECHO)
            mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
            mode[6][termios.VSUSP] = bytes([os.fpathconf(self._file, "PC_VDISABLE") & 0xFF])  # no Ctrl-Z
            termios.tcsetattr(self._file, termios.TCSADRAIN, mode)

        def end(self) -> None:
            termios.tcsetattr(self._file, termios.TCSADRAIN, self._before)

        def wait(self, seconds: float) -> str:
            ready, _, _ = select.select([self._file], [], [], seconds)
            if not ready:
                return ""
            try:
                pressed = os.read(self._file, MOST_BYTES)
            except OSError:  # the window was closed
                pressed = b""
            return pressed.decode("utf-8", "ignore") if pressed else "q"
