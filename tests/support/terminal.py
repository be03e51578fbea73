"""A process in a terminal of its own, for tests that type and read."""

import os
import pty
import re
import select
import signal
import subprocess
import termios
import time

from support.scripts import PROJECT, environment

SECONDS_TO_WAIT = 60


def hear_ctrl_c():
    """In a new process: it leads a group, and hears Ctrl-C even where the tests run in the background."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A process in a terminal of its own, and what it prints."""

    def __init__(self, words):
        self._master, slave = pty.openpty()
        self._before = termios.tcgetattr(slave)
        env = {**environment(), "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40"}
        self.process = subprocess.Popen(
            words, cwd=PROJECT, stdin=slave, stdout=slave, stderr=slave, env=env, preexec_fn=hear_ctrl_c
        )
        self._slave = slave  # open, so that its mode can still be asked for when the process has ended
        self.text = ""

    @property
    def is_as_before(self):
        """Whether the terminal's mode is the one that the process was started in."""
        return termios.tcgetattr(self._slave) == self._before

    def press(self, keys):
        os.write(self._master, keys.encode())

    def read_until(self, pattern):
        """Reads on until a pattern has appeared; gives what was printed since the last call."""
        new, deadline = "", time.monotonic() + SECONDS_TO_WAIT
        while not re.search(pattern, new):
            ready, _, _ = select.select([self._master], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"no {pattern} in:\n{self.text}{new}"
            try:
                new += os.read(self._master, 65536).decode().replace("\r\n", "\n")
            except OSError:  # the process has ended
                assert re.search(pattern, new), self.text + new
        self.text += new
        return new

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self._slave)
        os.close(self._master)
