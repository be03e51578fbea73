"""This process as a worker: TensorFlow's server, which the others reach, and what a session needs to use it.

The server accepts everyone who reaches its port, on every address of the machine, whatever TF_CONFIG says
(TensorFlow 2.21 has no option for it): whoever can connect can run any operation. Keep the ports behind a firewall.
"""

from __future__ import annotations

import errno
import os
import sys

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError, tensorflow_reason
from kit.cluster.tf_config import Cluster, read_cluster
from kit.system import threads
from kit.system.ports import try_to_listen


class Member:
    """This process as one of several workers."""

    def __init__(self, cluster: Cluster) -> None:
        """Starts the server.

        Raises:
          UserError: the server can't be started: its port is taken, for example.
        """
        from kit.cluster.notices import Notices, hide_errors_of_closing  # here: `--help` needs none
        from kit.cluster.private_network import is_private

        threads.use_one_per_operation()
        self.cluster, self.rank, self.size = cluster, cluster.rank, cluster.size
        try:
            servers = {"worker": list(cluster.workers)}
            self._server = tf.train.Server(servers, "worker", cluster.rank, config=self._config(tf.ConfigProto()))
        except tf.errors.OpError as error:
            raise UserError(f"{self.name}: {why_no_server(self._port, error)}") from error
        hide_errors_of_closing()
        self.notices = Notices(cluster)
        if not is_private():
            console.warn(
                f"{self.name}: TensorFlow's server accepts anyone who reaches port {self._port} of this machine, and "
                "whoever does can run code here.\n  Keep it behind a firewall."
            )

    @property
    def target(self) -> str:
        """Of a tf.Session on this process's server."""
        return self._server.target

    @property
    def name(self) -> str:
        """Such as "worker 1 (host1:2222)"."""
        return f"worker {self.rank} ({self.cluster.workers[self.rank]})"

    @property
    def _port(self) -> int:
        return int(self.cluster.workers[self.rank].rpartition(":")[2])

    def configure(self, config: tf.ConfigProto) -> None:
        """Makes a session compute on this worker only, and gather from all."""
        self._config(config)
        config.device_filters.append(f"/job:worker/task:{self.rank}")
        config.isolate_session_state = True  # variables of an earlier run have the same names

    def _config(self, config: tf.ConfigProto) -> tf.ConfigProto:
        config.experimental.collective_group_leader = "/job:worker/replica:0/task:0"
        return config

    def be_quiet(self) -> None:
        """Leaves it to worker 0 to say how the training goes."""
        if self.rank:
            console.say(f"Worker {self.rank} of {self.size} computes its share; worker 0 says how the training goes.")
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # until the process ends


def why_no_server(port: int, error: tf.errors.OpError) -> str:
    """Why TensorFlow's server could not be started, and a way out: its own error doesn't say.

    Args:
      port: of this machine, which is tried again.
      error: the server's.
    """
    try:
        try_to_listen("", port)
    except OSError as found:
        if found.errno == errno.EADDRINUSE:
            return (
                "its port is in use, by another program or by another worker of the same 'index'.\n"
                "  Each worker has its own 'index' in TF_CONFIG, and each address is one worker's."
            )
        return f"its port {port} can't be used: {found.strerror}.\n  Choose one from 1024 to 65535 in TF_CONFIG."
    return f"TensorFlow's server didn't start: {tensorflow_reason(error).rstrip('.')}."


_member: Member | None = None


def join() -> Member | None:
    """Starts this process's server, if TF_CONFIG makes it one of several workers; otherwise returns None.

    Raises:
      UserError: TF_CONFIG is wrong, or the server can't be started.
    """
    global _member  # a process is one worker, or none
    cluster = read_cluster()
    if cluster and _member is None:
        _member = Member(cluster)
    return _member


def member() -> Member | None:
    """This process as a worker, once it has joined; None if it trains alone."""
    return _member
