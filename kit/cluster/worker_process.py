"""One worker of a cluster on this machine: a process that ends with this one, however this one ends."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence

from kit.cli.errors import UserError
from kit.cluster.labelled_output import LabelledOutput
from kit.cluster.tf_config import NAME, Cluster, tf_config

PARENT_DEATH_SIGNAL = 1  # of Linux's prctl
SECONDS_FOR_LAST_LINES = 5  # after a worker's end; a process that it has left behind may hold its output open


class WorkerProcess:
    """A running worker."""

    def __init__(self, command: Sequence[str], cluster: Cluster, core: int | None):
        """Starts it.

        Args:
          command: the script and its flags.
          cluster: what its TF_CONFIG says.
          core: the processor's core that it is to stay on, or None.
        Raises:
          UserError: the system starts no more processes.
        """
        self.name = f"worker {cluster.rank}"
        try:
            self._process = subprocess.Popen(
                [sys.executable, *command],
                env={**os.environ, NAME: tf_config(cluster), "PYTHONUNBUFFERED": "1"},  # a killed one's last lines, too
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # a terminal's Ctrl-C reaches the launcher only, which passes it on
                preexec_fn=_preparation(core),
            )
        except OSError as error:
            raise UserError(f"{self.name} can't be started: {error.strerror}. Use fewer --workers.") from error
        self._outputs: list[LabelledOutput] = []

    def watch(self, when_ended: Callable[["WorkerProcess"], object]) -> None:
        """Begins to show what it prints; call it once all are started, as a fork wants no threads.

        Args:
          when_ended: called in another thread when the worker has ended and all that it printed is shown.
        """
        assert self._process.stdout and self._process.stderr
        self._outputs = [
            LabelledOutput(self._process.stdout, f"{self.name} | ", sys.stdout.buffer),
            LabelledOutput(self._process.stderr, f"{self.name} | ", sys.stderr.buffer),
        ]
        threading.Thread(target=self._wait, args=[when_ended], daemon=True).start()

    @property
    def status(self) -> int:
        """Its exit status, once it has ended; 128 + N if signal N ended it, as in shells."""
        code = self._process.returncode
        return 128 - code if code < 0 else code

    @property
    def end(self) -> str:
        """How it has ended, in words."""
        code = self._process.returncode
        return f"was ended by {_signal_name(-code)}" if code < 0 else f"ended with status {code}"

    @property
    def output_error(self) -> OSError | None:
        """Why its lines could not be shown; None if they were."""
        return next((output.error for output in self._outputs if output.error), None)

    def send(self, number: int) -> None:
        """Sends it a signal, if it is still running."""
        self._process.send_signal(number)

    def _wait(self, when_ended: Callable[["WorkerProcess"], object]) -> None:
        self._process.wait()
        for output in self._outputs:
            output.join(SECONDS_FOR_LAST_LINES)
        when_ended(self)


def _preparation(core: int | None) -> Callable[[], None]:
    """What a new process does before it becomes the worker."""
    launcher = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a launcher in a script's background was started without
        if libc is not None:
            libc.prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
            if os.getppid() != launcher:  # it has ended already
                os._exit(1)
        if core is not None:
            os.sched_setaffinity(0, {core})

    return prepare


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"signal {number}"
