"""Ctrl-C that waits for the end of a step."""

import signal


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
