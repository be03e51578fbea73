"""Watch mode in a terminal: a save is answered with the verdict on what was saved."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

import pytest
from support.scripts import PROJECT, environment
from support.students import solve

from exercises.blanks import all_blanks
from exercises.build_handout import build_folder

SECONDS_TO_WAIT = 60


def hear_ctrl_c():
    """In a new process: Ctrl-C is heard, even where the tests run in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A process in a terminal of its own, and what it prints."""

    def __init__(self, words):
        self._master, slave = pty.openpty()
        env = {**environment(), "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40"}
        self.process = subprocess.Popen(
            words, cwd=PROJECT, stdin=slave, stdout=slave, stderr=slave, env=env, preexec_fn=hear_ctrl_c
        )
        os.close(slave)
        self.text = ""

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
        os.close(self._master)


@pytest.fixture
def folder(tmp_path):
    build_folder(tmp_path / "my_handson")
    return tmp_path / "my_handson"


@pytest.fixture
def terminal(folder):
    watching = Terminal([sys.executable, "-m", "exercises", "watch", str(folder)])
    yield watching
    watching.close()


def test_a_save_is_answered_and_ctrl_c_ends(folder, terminal):
    first = terminal.read_until(r"Next: blank 0,[^\n]*\n[^\n]*\n[^\n]*\n")
    assert len(re.findall(r"(?m)^ +\d+  \S*empty", first)) == len(all_blanks())
    solve(folder, 0)
    told = terminal.read_until(r"Next: blank 1,[^\n]*\n[^\n]*\n[^\n]*\n")
    assert "Saved: checking blank 0 ..." in told
    assert re.search(r"  0  \x1b\[32mdone", told) and f"1 of {len(all_blanks())} done" in told
    script = folder / "first_graph.py"
    script.write_text(script.read_text().replace("2 * x**2 + 3", "2 * x^2 + 3"))
    told = terminal.read_until(r"Next: blank 0,[^\n]*\n[^\n]*\n[^\n]*\n")
    assert re.search(r"  0  \x1b\[31mnot yet", told) and "TypeError" in told and "y = 2 * x^2 + 3" in told
    terminal.process.send_signal(signal.SIGINT)
    assert "Stopped watching." in terminal.read_until("Stopped watching.")
    assert terminal.process.wait(timeout=30) == 0


def test_it_ends_when_all_is_done(folder):
    solve(folder)
    terminal = Terminal([sys.executable, "-m", "exercises", "watch", str(folder)])
    all_done = f"All {len(all_blanks())} blanks are done."
    assert all_done in terminal.read_until(all_done)
    assert terminal.process.wait(timeout=30) == 0
    terminal.close()
