"""Where the drawing board is served, and by which names."""

import socket

import pytest

from kit.board import addresses
from kit.board.addresses import free_address, is_open_to_others, names_allowed, names_to_open, reached_at
from kit.cli.errors import UserError


@pytest.mark.parametrize(
    ("host", "address", "is_open"),
    [
        ("127.0.0.1", "127.0.0.1", False),
        ("localhost", "127.0.0.1", False),
        ("0.0.0.0", "0.0.0.0", True),
        ("0", "0.0.0.0", True),
    ],
)
def test_what_a_host_means(host, address, is_open):
    assert free_address(host, 0) == address and is_open_to_others(address) == is_open


@pytest.mark.parametrize("host", ["", " ", "no host", "256.1.1.1", "http://127.0.0.1", "127.0.0.1:8000", "a..b"])
def test_no_address_of_this_computer(host):
    with pytest.raises(UserError, match=f"--host '{host}' --port 0: cannot serve.*\n  Give an address"):
        free_address(host, 0)


def test_a_port_in_use():
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(UserError, match="\n  Choose another port"):
        free_address("127.0.0.1", other.getsockname()[1])


def test_one_address_has_its_name():
    assert names_to_open("127.0.0.1", "127.0.0.1") == ["127.0.0.1"] and names_to_open("::1", "::1") == ["[::1]"]
    assert names_allowed("127.0.0.1", "127.0.0.1") == {"127.0.0.1", "localhost", "[::1]"}
    assert names_allowed("Laptop", "192.168.0.7") == {"laptop", "192.168.0.7"}


def test_all_addresses_are_named_for_other_devices(monkeypatch):
    own = {socket.AF_INET: ["192.168.0.7", "10.0.0.2", "192.168.0.7"], socket.AF_INET6: ["fd00::2"]}
    monkeypatch.setattr(addresses, "_own_addresses", own.__getitem__)
    monkeypatch.setattr(socket, "gethostname", lambda: "Laptop")
    assert names_to_open("0.0.0.0", "0.0.0.0") == ["192.168.0.7", "10.0.0.2"]
    assert names_to_open("::", "::")[0] == "[fd00::2]"
    allowed = names_allowed("0.0.0.0", "0.0.0.0")
    assert {"192.168.0.7", "10.0.0.2", "127.0.0.1", "localhost", "laptop", "laptop.local"} < allowed
    own[socket.AF_INET] = []
    assert names_to_open("0.0.0.0", "0.0.0.0") == ["Laptop"]  # in no network, as far as can be told


def test_own_addresses_are_this_computers_and_not_only_for_itself():
    for own in addresses._own_addresses(socket.AF_INET):
        with socket.create_server((own, 0)):  # fails at another computer's
            assert not own.startswith("127.")


def test_the_address_of_a_request():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        connection, _ = server.accept()
        with connection:
            assert reached_at(connection) == "127.0.0.1"
