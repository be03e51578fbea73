"""Ctrl-C that waits: for the end of a step, or of an import."""

import contextlib
import signal
import threading


class StopRequest:
    """While its `with` lasts, Ctrl-C and SIGTERM set `wanted` and leave the rest to the loop.

    A second Ctrl-C ends the process at once, as usual.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self):
        self.wanted = False

    def __enter__(self):
        self._before = {number: signal.signal(number, self._note) for number in self.SIGNALS}
        return self

    def __exit__(self, *error):
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number, frame):
        self.wanted = True
        signal.signal(number, self._before[number])


@contextlib.contextmanager
def held_back():
    """Lets Ctrl-C wait until the block has ended: within C++, as in TensorFlow's import, it can get lost."""
    if threading.current_thread() is not threading.main_thread():  # where signals don't arrive
        yield
        return
    came = []
    before = signal.signal(signal.SIGINT, lambda *_: came.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt
