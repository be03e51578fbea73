"""Ctrl-C that waits: for the end of a step, of an import, of the start of other processes."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any


class StopRequest:
    """Within its `with` block, Ctrl-C and SIGTERM only set `wanted`; the loop stops when it is ready.

    A second Ctrl-C ends the process at once, as usual.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self):
        self.wanted = False

    def __enter__(self) -> "StopRequest":
        self._before: dict[int, Any] = {number: signal.signal(number, self._note) for number in self.SIGNALS}
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.wanted = True
        signal.signal(number, self._before[number])


@contextlib.contextmanager
def deferred() -> Iterator[None]:
    """Delays Ctrl-C until the block has ended: within C++ code, such as TensorFlow's import, it can get lost."""
    if threading.current_thread() is not threading.main_thread():  # signals only reach the main thread
        yield
        return
    came = []
    before = signal.signal(signal.SIGINT, lambda *_: came.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came and before is not signal.SIG_IGN:
        raise KeyboardInterrupt


@contextlib.contextmanager
def ignored_by_children() -> Iterator[None]:
    """Processes that start within the block ignore Ctrl-C. One that comes meanwhile is heard after it, by this process.

    Where a signal that is ignored can't wait, that one is lost: on a Mac, on Windows, beside other threads.
    """
    can_block = hasattr(signal, "pthread_sigmask")
    mask: set[Any] = set()
    if can_block:
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if can_block:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
