"""A network of its own: what is in it, who reaches it, and that a machine that doesn't let it stays as it was."""

import subprocess
import sys

import pytest

from kit.cluster import private_network

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
ENTER = """
import os, socket
from kit.cluster.private_network import enter_private_network, is_private
before = os.geteuid(), os.getegid()
if not enter_private_network():
    raise SystemExit(77)
assert is_private(), socket.if_nameindex()
assert (os.geteuid(), os.getegid()) == before
listening = socket.create_server(("127.0.0.1", 0))
socket.create_connection(listening.getsockname(), timeout=5).close()
print(listening.getsockname()[1], flush=True)
input()
"""


def start():
    command = [sys.executable, "-c", ENTER]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def port_of(process):
    port = process.stdout.readline()
    if not port and process.wait() == 77:
        pytest.skip("this system lets no process have a network of its own")
    return int(port)


def test_own_processes_reach_it_and_no_others_do():
    with start() as process:
        port = port_of(process)
        reach = f"import socket; socket.create_connection(('127.0.0.1', {port}), timeout=5)"
        from_here = subprocess.run([sys.executable, "-c", reach], capture_output=True, text=True, check=False)
        process.communicate("\n")
    assert "ConnectionRefusedError" in from_here.stderr
    assert process.returncode == 0


def test_two_have_the_same_port_at_once():
    listen = "import socket; print(socket.create_server(('127.0.0.1', 45678)).getsockname()[1], flush=True); input()"
    enter = "from kit.cluster.private_network import enter_private_network\nenter_private_network() or exit(77)\n"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", enter + listen], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    ports = [port_of(process) for process in both]
    for process in both:
        process.communicate("\n")
    assert ports == [45678, 45678]


def test_a_refusal_leaves_the_process_in_its_network(monkeypatch):
    def refuse(flags):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(private_network, "_unshare", refuse)
    before = private_network.socket.if_nameindex()
    assert not private_network.enter_private_network()
    assert private_network.socket.if_nameindex() == before
