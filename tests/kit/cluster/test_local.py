"""python -m kit.cluster, with scripts that are quicker than training: how workers start, speak and end."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys

import pytest
from support.scripts import PROJECT, environment

from kit.cluster.local import free_addresses
from kit.cluster.tf_config import read_cluster

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has it")
RANK = "import json, os, signal, sys\nrank = json.loads(os.environ['TF_CONFIG'])['task']['index']\n"
IMPATIENT = """
import sys
from kit.cluster import local
local.SECONDS_FOR_THE_OTHERS = local.SECONDS_TO_STOP = 0.2
sys.exit(local.run_workers(sys.argv[1:], 2))
"""
MODULE = ("-m", "kit.cluster", "--workers", "2")
STOPPING = "Stopping the workers; a second Ctrl-C kills them.\n"
SECONDS = 60  # for what takes one or two on an idle machine


class Launcher:
    """A launcher in a process of its own, with a script for its two workers."""

    def __init__(self, folder, code, *arguments, with_python=MODULE, stdout=subprocess.PIPE):
        (folder / "training.py").write_text(RANK + code, encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, *with_python, "training.py", *arguments],
            cwd=folder,
            env={**environment(), "PYTHONPATH": str(PROJECT)},
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
        )

    def lines(self, count):
        """The next lines of its output, sorted: no worker waits for the other."""
        return sorted(self.process.stdout.readline().rstrip("\n") for _ in range(count))

    def end(self):
        """(status, the rest of its output, its errors), as it ends."""
        rest, errors = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, rest, errors


@pytest.fixture
def launch(tmp_path):
    """Starts a launcher: launch(code of the script, flags of the script ...)."""
    with contextlib.ExitStack() as stack:

        def start(code, *arguments, **more):
            launcher = Launcher(tmp_path, code, *arguments, **more)
            stack.callback(launcher.process.communicate)
            stack.callback(launcher.process.kill)
            return launcher

        yield start


def of(worker, text):
    """The lines of a worker, in their order."""
    label = f"worker {worker} | "
    return [line.removeprefix(label) for line in text.splitlines() if line.startswith(label)]


def test_each_worker_knows_the_workers_and_its_rank(launch):
    status, output, errors = launch("print(os.environ['TF_CONFIG'])\nprint(sys.argv[1:])", "--epochs", "a b").end()
    assert (status, errors) == (0, "")
    clusters = [read_cluster({"TF_CONFIG": of(worker, output)[0]}) for worker in (0, 1)]
    assert [cluster.rank for cluster in clusters] == [0, 1]
    assert clusters[0].workers == clusters[1].workers
    assert len(set(clusters[0].workers)) == 2
    assert of(0, output)[1] == of(1, output)[1] == "['--epochs', 'a b']"


def test_lines_keep_their_order_and_their_stream(launch):
    code = "for i in range(200):\n    print('out', i)\n    print('err', i, file=sys.stderr)\nprint('no end', end='')"
    status, output, errors = launch(code).end()
    assert status == 0
    for worker in (0, 1):
        assert of(worker, output) == [*(f"out {i}" for i in range(200)), "no end"]
        assert of(worker, errors) == [f"err {i}" for i in range(200)]


def test_a_line_is_shown_while_the_worker_goes_on(launch):
    launcher = launch("print('ready')\nsignal.pause()")
    assert launcher.lines(2) == ["worker 0 | ready", "worker 1 | ready"]
    assert launcher.process.poll() is None


def test_the_first_failing_worker_is_named_and_its_status_returned(launch):
    code = "print('ready')\nif rank == 1:\n    sys.exit(7)\nsignal.pause()"
    status, _, errors = launch(code, with_python=("-c", IMPATIENT)).end()
    assert status == 7
    assert errors.splitlines() == [
        "worker 1 ended with status 7; the others get 0.2 s to end by themselves.",
        "Still running, so sent SIGTERM: worker 0.",
    ]


def test_a_worker_that_fails_alone_is_named_too(launch):
    one = launch("sys.exit(3)", with_python=("-m", "kit.cluster", "--workers", "1"))
    assert one.end() == (3, "", "worker 0 ended with status 3.\n")


def test_a_worker_that_the_system_killed(launch):
    code = "if rank == 1:\n    os.kill(os.getpid(), signal.SIGKILL)"
    status, _, errors = launch(code).end()
    assert status == 128 + signal.SIGKILL
    assert errors.startswith("worker 1 was ended by SIGKILL")


def test_the_others_may_end_by_themselves(launch, tmp_path):
    os.mkfifo(tmp_path / "pipe")  # worker 0 reads its end when worker 1 is gone
    code = "if rank == 1:\n    os.open('pipe', os.O_WRONLY)\n    sys.exit(2)\nopen('pipe').read()\nprint('said last')"
    status, output, errors = launch(code).end()
    assert (status, of(0, output)) == (2, ["said last"])
    assert errors.startswith("worker 1 ended with status 2") and "SIGTERM" not in errors


IGNORES = """
if rank == 1:
    open('pipe').read()
    sys.exit(2)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open('pipe', 'w').close()
while True:
    signal.pause()
"""


def test_a_worker_that_ignores_sigterm_is_killed(launch, tmp_path):
    os.mkfifo(tmp_path / "pipe")  # worker 1 fails when worker 0 ignores SIGTERM
    status, _, errors = launch(IGNORES, with_python=("-c", IMPATIENT)).end()
    assert status == 2
    assert errors.splitlines()[1:] == [
        "Still running, so sent SIGTERM: worker 0.",
        "Still running, so sent SIGKILL: worker 0.",
    ]


SAVES = """
numbers = {signal.SIGINT, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
print('ready')
number = signal.sigwait(numbers)
print('saved after', number.name)
sys.exit(130)
"""
GOES_ON = """
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
print('ready')
signal.sigwait({signal.SIGINT})
print('no')
signal.pause()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_passed_on_once_and_the_workers_may_save(launch, number):
    launcher = launch(SAVES)
    launcher.lines(2)
    launcher.process.send_signal(number)
    status, output, errors = launcher.end()
    assert (status, errors) == (130, STOPPING)
    assert of(0, output) == of(1, output) == [f"saved after {number.name}"]


def test_a_second_signal_kills(launch):
    launcher = launch(GOES_ON)
    launcher.lines(2)
    launcher.process.send_signal(signal.SIGINT)
    assert launcher.lines(2) == ["worker 0 | no", "worker 1 | no"]
    launcher.process.send_signal(signal.SIGINT)
    assert launcher.end() == (128 + signal.SIGKILL, "", STOPPING)


def test_ctrl_c_of_a_terminal_comes_once(launch):
    """A terminal sends it to all of a group; the workers are not in the launcher's."""
    launcher = launch("print(os.getpgrp())\nsignal.pause()")
    groups = {int(line.rpartition(" ")[2]) for line in launcher.lines(2)}
    assert len(groups) == 2
    assert os.getpgid(launcher.process.pid) not in groups


@ON_LINUX
def test_no_worker_outlives_a_killed_launcher(launch):
    launcher = launch("print(os.getpid())\nwhile 1: signal.pause()")
    workers = [os.pidfd_open(int(line.rpartition(" ")[2])) for line in launcher.lines(2)]
    launcher.process.kill()
    for worker in workers:
        assert select.select([worker], [], [], SECONDS)[0], "it is still running"
        os.close(worker)


@ON_LINUX
def test_pin_keeps_each_worker_on_a_core(launch):
    code = "print(json.dumps(sorted(os.sched_getaffinity(0))))"
    output = launch(code, with_python=(*MODULE, "--pin")).end()[1]
    cores = sorted(os.sched_getaffinity(0))
    assert [json.loads(of(worker, output)[0]) for worker in (0, 1)] == [[cores[0]], [cores[1 % len(cores)]]]


def test_who_reads_no_further_ends_the_workers(launch):
    launcher = launch("while True:\n    print('line')")
    launcher.lines(1)
    launcher.process.stdout.close()
    launcher.process.stdout = None
    assert launcher.end()[0] == 130


@ON_LINUX
def test_a_full_disk_is_said(launch):
    with open("/dev/full", "w") as full:
        status, _, errors = launch("print('line')", stdout=full).end()
    assert status == 2
    assert errors.splitlines()[-1] == "error: What the workers print can't be written: No space left on device."


def test_free_addresses_differ():
    addresses = free_addresses(50)
    assert len(set(addresses)) == 50
    assert all(address.startswith("127.0.0.1:") for address in addresses)
