"""A network of this machine's own, with the latency and the bandwidth that one asks for. Linux, as root.

Each worker lives in a network namespace whose only way out is a TUN device. A thread here is the switch between them:
it holds each packet for as long as its way would take. (netem, which does this in the kernel, is not in every kernel.)
"""

import contextlib
import fcntl
import heapq
import itertools
import os
import select
import struct
import subprocess
import threading
import time

SET_NAME, TUN, NO_HEADER = 0x400454CA, 0x0001, 0x1000  # TUNSETIFF, IFF_TUN and IFF_NO_PI of <linux/if_tun.h>
LARGEST_PACKET = 65000  # bytes; few large packets, so that the switch takes little of the processor
LAST_BYTE_OF_ADDRESS = 19  # of the receiver, in an IPv4 packet
SECONDS_BETWEEN_LOOKS = 0.05


class DelayedNetwork:
    """A switch and the namespaces of its workers; they are removed at the end of a `with` block."""

    def __init__(self, size):
        """
        Args:
          size: how many workers.
        """
        self.addresses = [f"10.77.0.{rank + 1}" for rank in range(size)]
        self.namespaces = [f"kit-{os.getpid()}-{rank}" for rank in range(size)]
        self.latency, self.rate = 0.0, None  # seconds of one way; bits per second of each worker's line, None: any
        self.silenced = set()  # ranks whose packets, in and out, are lost
        self.received = [0] * size  # bytes into each worker
        self.busy = 0.0  # seconds of processor that the switch took
        self._free_at = [0.0] * 2 * size  # when each worker's line out, and then its line in, can take more
        self._waiting = []  # heap of (time, number, receiver, packet)
        self._numbers, self._ended, self._devices = itertools.count(), threading.Event(), []

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            for namespace, address in zip(self.namespaces, self.addresses):
                _ip("netns", "add", namespace)
                stack.callback(_ip, "netns", "delete", namespace)
                self._devices.append(_open_tun(namespace))
                stack.callback(os.close, self._devices[-1])
                _ip("link", "set", namespace, "netns", namespace, "name", "tun0")
                _ip("-n", namespace, "address", "add", f"{address}/24", "dev", "tun0")
                _ip("-n", namespace, "link", "set", "tun0", "mtu", LARGEST_PACKET, "up")
                _ip("-n", namespace, "link", "set", "lo", "up")
            thread = threading.Thread(target=self._switch, daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(self._ended.set)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def command(self, rank, *words):
        """The command that runs `words` in a worker's namespace."""
        return ["ip", "netns", "exec", self.namespaces[rank], *map(str, words)]

    def unplug(self, rank):
        """Takes a worker's device down; its system knows."""
        _ip("-n", self.namespaces[rank], "link", "set", "tun0", "down")

    def silence(self, rank):
        """Loses all packets of a worker; nobody is told."""
        self.silenced.add(rank)

    def _switch(self):
        while not self._ended.is_set():
            timeout = SECONDS_BETWEEN_LOOKS
            if self._waiting:
                timeout = max(0.0, min(timeout, self._waiting[0][0] - time.monotonic()))
            ready, _, _ = select.select(self._devices, [], [], timeout)
            for device in ready:
                self._take(self._devices.index(device), os.read(device, LARGEST_PACKET + 100))
            while self._waiting and self._waiting[0][0] <= time.monotonic():
                _, _, receiver, packet = heapq.heappop(self._waiting)
                self.received[receiver] += len(packet)
                with contextlib.suppress(OSError):  # the device is down
                    os.write(self._devices[receiver], packet)
            self.busy = time.thread_time()

    def _take(self, sender, packet):
        """Decides when a packet arrives: both lines must be free for as long as it takes, and then there is the way."""
        receiver = packet[LAST_BYTE_OF_ADDRESS] - 1
        if packet[0] >> 4 != 4 or not 0 <= receiver < len(self._devices) or {sender, receiver} & self.silenced:
            return
        at = time.monotonic()
        if self.rate:
            out, into = sender, len(self._devices) + receiver
            at = max(at, self._free_at[out], self._free_at[into]) + 8 * len(packet) / self.rate
            self._free_at[out] = self._free_at[into] = at
        heapq.heappush(self._waiting, (at + self.latency, next(self._numbers), receiver, packet))


def _open_tun(name):
    """Makes a TUN device; returns its file descriptor, from which one reads what is sent on it."""
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, SET_NAME, struct.pack("16sH22x", name.encode(), TUN | NO_HEADER))
    return device


def _ip(*words):
    subprocess.run(["ip", *map(str, words)], check=True)
