"""Where the drawing board is served: whether it can be, and how browsers on this computer and on others name it."""

from __future__ import annotations

import contextlib
import errno
import socket
import sys
from typing import TYPE_CHECKING

from kit.cli.errors import UserError
from kit.system.ports import try_to_listen

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")  # how this computer names itself
ELSEWHERE = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}  # for examples in texts: nobody has them
NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)  # an address, but none of this computer's


def free_address(host: str, port: int) -> str:
    """The address that a host means, where a server can listen: werkzeug would end the process with its own words.

    Args:
      host: a name, or an address.
      port: 0 for any.
    Returns:
      The address in numbers: "127.0.0.1", "::".
    Raises:
      UserError: no server can listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET  # as werkzeug decides
    way_out = "Choose another port, or --port 0 for any that is free."
    try:
        if not host.strip():
            raise OSError(errno.EADDRNOTAVAIL, "no address is given")
        return try_to_listen(host, port, family)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that can't be one, a..b
        if isinstance(error, (socket.gaierror, UnicodeError)) or error.errno in NOT_HERE:
            way_out = (
                "Give an address of this computer: --host 127.0.0.1 for itself, 0.0.0.0 to let other devices in too."
            )
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(f"--host '{host}' --port {port}: cannot serve a page there: {reason}.\n  {way_out}") from error


def is_open_to_others(address: str) -> bool:
    """Whether other devices reach a server at an address of free_address."""
    return not _parsed(address).is_loopback


def names_to_open(host: str, address: str) -> list[str]:
    """How a browser names a server, the one to try first in front.

    Args:
      host: as the user gave it.
      address: what it means, of free_address.
    """
    if not _parsed(address).is_unspecified:
        return [_in_browser(host)]
    families = [socket.AF_INET6] if ":" in address else []
    if not families or sys.platform != "win32":  # whose :: takes no IPv4
        families.append(socket.AF_INET)
    found = [_in_browser(own) for family in families for own in _own_addresses(family)]
    return list(dict.fromkeys(found)) or [socket.gethostname()]


def names_allowed(host: str, address: str) -> set[str]:
    """All names by which browsers may ask for a server, in lower case; no name that another page could have."""
    names, meant = {*names_to_open(host, address), _in_browser(address)}, _parsed(address)
    if meant.is_unspecified or meant.is_loopback:
        names |= {*LOOPBACK}
    if meant.is_unspecified:
        names |= {socket.gethostname(), f"{socket.gethostname()}.local"}
    return {name.lower() for name in names}


def reached_at(connection: socket.socket) -> str:
    """The address of this computer by which a request came in: it may have more than names_to_open finds."""
    return _in_browser(connection.getsockname()[0].removeprefix("::ffff:"))


def _own_addresses(family: socket.AddressFamily) -> list[str]:
    """This computer's addresses in its networks, the one towards the internet first; no packet is sent."""
    found = []
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((ELSEWHERE[family], 9))  # only chooses a way
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        if family == socket.AF_INET:
            found += socket.gethostbyname_ex(socket.gethostname())[2]
    return [own for own in found if not own.startswith("127.") and own not in ("::1", "::", "0.0.0.0")]


def _parsed(address: str) -> IPv4Address | IPv6Address:
    import ipaddress  # here: `--help` needs none

    return ipaddress.ip_address(address.partition("%")[0])


def _in_browser(host: str) -> str:
    return f"[{host}]" if ":" in host else host
