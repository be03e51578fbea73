"""Ctrl-C that waits: for the end of a block in which it could get lost."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from support.scripts import PROJECT

from kit.cli.interrupts import deferred


@pytest.fixture(autouse=True)
def heard():
    """Ctrl-C as a terminal's processes hear it, whatever this one was started with."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_waits_for_the_end_of_the_block():
    done = []
    with pytest.raises(KeyboardInterrupt), deferred():
        os.kill(os.getpid(), signal.SIGINT)
        done.append("the rest of the block")
    assert done
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_without_ctrl_c_nothing_happens():
    with deferred():
        pass
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_in_the_block_goes_first():
    with pytest.raises(ValueError, match="broken"), deferred():
        os.kill(os.getpid(), signal.SIGINT)
        raise ValueError("broken")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_thread_holds_nothing_back():
    done = []

    def work():
        with deferred():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done


CODE = """
import os, signal, subprocess, sys
from kit.cli.interrupts import ignored_by_children
try:
    with ignored_by_children():
        os.kill(os.getpid(), signal.SIGINT)
        code = "import signal; print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"
        print(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip())
except KeyboardInterrupt:
    print("heard", signal.getsignal(signal.SIGINT) is signal.default_int_handler)
    print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere an ignored signal can't wait")
def test_processes_that_start_ignore_ctrl_c_and_this_one_hears_it_afterwards():
    result = subprocess.run([sys.executable, "-c", CODE], cwd=PROJECT, capture_output=True, text=True)
    assert result.stdout.split() == ["True", "heard", "True", "False"]
