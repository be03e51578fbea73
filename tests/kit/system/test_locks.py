"""One process at a time writes to a folder; a killed one leaves no lock behind."""

import errno
import os
import subprocess
import sys
import threading

import pytest
from support.scripts import PROJECT, environment

from kit.cli.errors import UserError
from kit.system import locks

LOCK_AND_WAIT = """
import sys, time
from kit.system.locks import acquire_lock
acquire_lock(sys.argv[1], "training")
print("locked", flush=True)
time.sleep(60)
"""

LOCK = """
import sys
from kit.cli.errors import UserError
from kit.system.locks import acquire_lock
try:
    acquire_lock(sys.argv[1], "training")
except UserError:
    sys.exit(3)
"""


@pytest.fixture
def other(tmp_path):
    """A process that has locked tmp_path."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOCK_AND_WAIT, str(tmp_path)],
        cwd=PROJECT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "locked\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_process_is_refused(other, tmp_path):
    with pytest.raises(UserError) as error:
        locks.acquire_lock(tmp_path, "training")
    assert str(error.value) == (
        f"{tmp_path}: another training is writing here.\n  Wait for it to end, stop it, or give another name."
    )
    assert other.poll() is None


def test_a_killed_process_leaves_no_lock(other, tmp_path):
    other.kill()
    other.wait(timeout=60)
    locks.acquire_lock(tmp_path, "training")


def test_a_brief_lock_waits_for_another_process(other, tmp_path):
    with pytest.raises(UserError, match="another program is writing here"), locks.brief_lock(tmp_path, "program", 0.05):
        pass
    threading.Timer(0.1, other.kill).start()
    with locks.brief_lock(tmp_path, "program"):
        assert subprocess.run([sys.executable, "-c", LOCK, tmp_path], cwd=PROJECT, env=environment()).returncode == 3
    assert subprocess.run([sys.executable, "-c", LOCK, tmp_path], cwd=PROJECT, env=environment()).returncode == 0


def test_the_same_process_may_lock_again(tmp_path):
    locks.acquire_lock(tmp_path, "training")
    locks.acquire_lock(str(tmp_path), "training")


def test_a_folder_without_write_permission_is_tolerated(tmp_path):
    locks.acquire_lock(tmp_path / "missing", "training")  # nor can a file be made here, not even by root
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_locks_is_tolerated(tmp_path, monkeypatch):
    def refuse(file):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(locks, "_lock", refuse)
    locks.acquire_lock(tmp_path, "training")


def test_partial_files_are_removed_and_nothing_else(tmp_path):
    for name in (".partial-12-a.png", "a.png", ".partial"):
        (tmp_path / name).write_text("")
    locks.remove_partial_files(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".partial", "a.png"]
