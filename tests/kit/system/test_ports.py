"""Whether a server can listen at an address of this machine."""

import errno
import socket

import pytest

from kit.system.ports import try_to_listen


def test_an_address_that_is_free_or_taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(OSError) as caught:
            try_to_listen("127.0.0.1", port)
        assert caught.value.errno == errno.EADDRINUSE
    assert try_to_listen("127.0.0.1", port) == "127.0.0.1"


@pytest.mark.parametrize(("system", "option"), [("linux", "SO_REUSEADDR"), ("win32", "SO_EXCLUSIVEADDRUSE")])
def test_an_address_is_only_given_once_in_windows_too(system, option, monkeypatch):
    asked = []

    class Probe(socket.socket):
        def setsockopt(self, *values):
            asked.append(values)

    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", ~socket.SO_REUSEADDR, raising=False)
    monkeypatch.setattr(socket, "socket", Probe)
    monkeypatch.setattr("sys.platform", system)
    assert try_to_listen("127.0.0.1", 0) == "127.0.0.1"
    assert asked == [(socket.SOL_SOCKET, getattr(socket, option), 1)]
