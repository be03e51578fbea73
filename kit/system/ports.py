"""Whether a server can listen at an address of this machine."""

import socket
import sys


def try_to_listen(host: str, port: int, family: socket.AddressFamily = socket.AF_INET) -> str:
    """Listens for a moment; a server that has just ended leaves an address free.

    Args:
      host: a name or an address; "" for all of this machine's.
      port: 0 for any.
      family: of the address.
    Returns:
      The address in numbers: "127.0.0.1", "::".
    Raises:
      OSError: no server can listen there.
    """
    # Windows gives an address with SO_REUSEADDR to two servers.
    option = socket.SO_EXCLUSIVEADDRUSE if sys.platform == "win32" else socket.SO_REUSEADDR
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, option, 1)
        probe.bind((host, port))
        probe.listen()
        return probe.getsockname()[0]
