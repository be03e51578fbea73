"""A network of its own for the workers of one machine, so that nobody else reaches their ports.

TensorFlow's server listens on all addresses of the machine, and no option of it changes that (2.21). In a network
namespace of Linux there is only the loopback device.
"""

import os
import socket
import struct
import sys
from pathlib import Path

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER and CLONE_NEWNET of unshare(2)
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 1  # SIOCGIFFLAGS, SIOCSIFFLAGS and IFF_UP of netdevice(7)
LOOPBACK = "lo"


def enter_private_network() -> bool:
    """Moves this process, and those that it will start, into a network that has only 127.0.0.1.

    Call it before other threads are started.

    Returns:
      Whether the system has let it: Linux only, and not in every container.
    """
    if sys.platform != "linux" or not _is_allowed():
        return False
    _enter()
    return True


def is_private() -> bool:
    """Whether only this machine's processes can reach its ports: there is no device but the loopback."""
    return [name for _, name in socket.if_nameindex()] == [LOOPBACK]


def _is_allowed() -> bool:
    """Whether another process can do it: this one must not end up halfway, without any network."""
    child = os.fork()
    if child == 0:
        try:
            _enter()
            os._exit(0)
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return status == 0


def _enter() -> None:
    user, group = os.geteuid(), os.getegid()
    try:
        _unshare(NEW_NETWORK)  # for root
    except PermissionError:
        _unshare(NEW_USER | NEW_NETWORK)
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    _start_loopback()


def _unshare(flags: int) -> None:
    import ctypes  # here: `--help` needs none

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _start_loopback() -> None:
    import fcntl  # here: Windows has none

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14x", LOOPBACK.encode(), 0)
        (flags,) = struct.unpack_from("H", fcntl.ioctl(any_socket, GET_FLAGS, request), 16)
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14x", LOOPBACK.encode(), flags | UP))
