"""The workers of a cluster on this machine: starts them, and waits until all have ended."""

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue

from kit.cli import console
from kit.cli.errors import UserError
from kit.cluster.labelled_output import write_line
from kit.cluster.private_network import enter_private_network
from kit.cluster.tf_config import Cluster
from kit.cluster.worker_process import WorkerProcess

SECONDS_FOR_THE_OTHERS = 30  # to end by themselves, after a worker's error
SECONDS_TO_STOP = 10  # after SIGTERM
SECONDS_OF_A_WAIT = 0.5  # Python's handler of a signal that comes just before a wait runs only after it
HOST = "127.0.0.1"
Event = WorkerProcess | int  # a worker that has ended, or the number of a signal that this process got


def run_workers(command: Sequence[str], size: int, pin: bool = False) -> int:
    """Runs a script in several workers.

    Ctrl-C and SIGTERM are passed on to the workers, once; a second one kills them.

    Args:
      command: the script and its flags.
      size: how many workers.
      pin: whether each worker stays on one core of the processor.
    Returns:
      The exit status: 0 if all workers ended with 0, else that of the first that didn't.
    Raises:
      UserError: a worker could not be started, or its output not be written.
      BrokenPipeError: nobody reads the output any more.
    """
    if sys.platform == "win32":
        raise UserError("Windows has no signals by which workers could be stopped.\n  Use Linux, WSL or macOS.")
    events: SimpleQueue[Event] = SimpleQueue()
    enter_private_network()  # otherwise the workers say that their ports are open
    addresses, cores = free_addresses(size), _cores(size) if pin else [None] * size
    workers: list[WorkerProcess] = []
    with _signals_into(events):
        try:
            for rank, core in enumerate(cores):
                workers.append(WorkerProcess(command, Cluster(addresses, rank), core))
            for worker in workers:
                worker.watch(events.put)
            status = _Supervision(workers, events).until_all_have_ended()
        finally:
            _send(workers, signal.SIGKILL)  # to those that still run, if one could not be started
    _check_output(workers)
    return status


def free_addresses(size: int) -> tuple[str, ...]:
    """Addresses on this machine that no process listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(size)]  # all open at once, so that they differ
        for each in sockets:
            each.bind((HOST, 0))
        return tuple(f"{HOST}:{each.getsockname()[1]}" for each in sockets)


class _Supervision:
    """Waits for the workers; ends all after one has failed."""

    def __init__(self, workers: list[WorkerProcess], events: "SimpleQueue[Event]"):
        self._running, self._events = list(workers), events
        self._status = 0
        self._was_told_to_stop = False
        self._deadline: float | None = None  # of those that still run
        self._at_deadline = signal.SIGTERM  # what they get then

    def until_all_have_ended(self) -> int:
        """Returns the exit status."""
        while self._running:
            event = self._next_event()
            if event is None:
                self._stop_the_others()
            elif isinstance(event, int):
                self._pass_on(event)
            else:
                self._note_end(event)
        return self._status

    def _next_event(self) -> Event | None:
        """The next event; None if the deadline comes first."""
        while self._deadline is None or time.monotonic() < self._deadline:
            with contextlib.suppress(Empty):
                return self._events.get(timeout=SECONDS_OF_A_WAIT)
        return None

    def _note_end(self, worker: WorkerProcess) -> None:
        self._running.remove(worker)
        if worker.status == 0 or self._status:
            return
        self._status = worker.status
        if self._was_told_to_stop:  # so were the others, and they may take their time to save
            return
        if self._running:
            _say(f"{worker.name} {worker.end}; the others get {SECONDS_FOR_THE_OTHERS} s to end by themselves.")
            self._deadline = time.monotonic() + SECONDS_FOR_THE_OTHERS
        else:
            _say(f"{worker.name} {worker.end}.")

    def _stop_the_others(self) -> None:
        names = console.listed([worker.name for worker in self._running])
        _say(f"Still running, so sent {self._at_deadline.name}: {names}.")
        _send(self._running, self._at_deadline)
        self._deadline = time.monotonic() + SECONDS_TO_STOP
        self._at_deadline = signal.SIGKILL

    def _pass_on(self, number: int) -> None:
        """Passes on the first signal; the second kills."""
        if not self._was_told_to_stop:
            _say("Stopping the workers; a second Ctrl-C kills them.")
        _send(self._running, signal.SIGKILL if self._was_told_to_stop else number)
        self._was_told_to_stop = True


@contextlib.contextmanager
def _signals_into(events: "SimpleQueue[Event]") -> Iterator[None]:
    """Within the block, Ctrl-C and SIGTERM become events."""
    before = {
        number: signal.signal(number, lambda number, frame: events.put(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _cores(size: int) -> list[int | None]:
    """A core for each worker, in turn."""
    if not hasattr(os, "sched_getaffinity"):
        raise UserError("--pin: this system lets no process choose its core.\n  Leave out --pin.")
    cores = sorted(os.sched_getaffinity(0))
    return [cores[rank % len(cores)] for rank in range(size)]


def _check_output(workers: Sequence[WorkerProcess]) -> None:
    """Checks that all that the workers printed was shown."""
    for error in (worker.output_error for worker in workers):
        if isinstance(error, BrokenPipeError):
            raise error
        if error:
            raise UserError(f"What the workers print can't be written: {error.strerror}.")


def _send(workers: Sequence[WorkerProcess], number: int) -> None:
    for worker in workers:
        worker.send(number)


def _say(text: str) -> None:
    write_line(sys.stderr.buffer, text.encode())
