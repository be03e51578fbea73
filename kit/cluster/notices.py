"""What the workers of a cluster tell each other beside the gradients: texts that one holds and the others read.

A text is a variable on the server of the worker that says it. The others read it with a session of their own on that
server, as programs of TensorFlow 1 read the variables of a cluster.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.cluster.tf_config import Cluster

PART = 16 << 20  # bytes of a text that are sent at once
SECONDS_TO_ANSWER = 10  # of a server, also of a busy one
SECONDS_UNTIL_LOST = 12  # without an answer
SECONDS_TO_START = 300  # for all workers
SECONDS_TO_BE_READ = 15  # by the others, before a worker ends with an error
SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_IN_SILENCE = 10  # before it is said what is waited for


class Unreachable(Exception):
    """A worker's server doesn't answer."""


def lost(cluster: Cluster, rank: int) -> UserError:
    """The error for a worker that can't be reached any more."""
    return UserError(
        f"worker {rank} ({cluster.workers[rank]}) has ended, hangs, or can't be reached; the others can't go on "
        "without it.\n  Its own output may say why. Go on from the last checkpoint with --resume, on any number of "
        "workers\n  that divides --micro_batches."
    )


class Notices:
    """The texts of all workers."""

    def __init__(self, cluster: Cluster) -> None:
        """
        Args:
          cluster: whose servers are asked; this worker's own has been started.
        """
        self._cluster = cluster
        self._has_started: set[int] = set()  # ranks that have answered

    def say(self, name: str, content: bytes) -> None:
        """Lets the others read a text.

        Args:
          name: by which they ask for it.
          content: in place of what was said under this name before.
        """
        parts = [content[start : start + PART] for start in range(0, len(content), PART)]
        for number, part in enumerate(parts):
            self._assign(f"{name}_part_{number}", part)
        self._assign(name, str(len(parts)).encode())

    def read(self, rank: int, name: str, seconds: float = SECONDS_TO_ANSWER) -> bytes | None:
        """Reads what a worker says.

        Args:
          rank: of the worker.
          name: of the text.
          seconds: to wait for an answer.
        Returns:
          The text; None if the worker hasn't said it yet.
        Raises:
          Unreachable: the worker doesn't answer.
        """
        count = self._value(rank, name, seconds)
        if count is None:
            return None
        parts = [self._value(rank, f"{name}_part_{number}", seconds) for number in range(int(count))]
        return b"".join(part or b"" for part in parts)

    def wait_for(self, rank: int, name: str) -> bytes:
        """Reads what a worker says, as soon as it says it.

        Raises:
          UserError: the worker doesn't start, or is lost.
        """
        began = time.monotonic()
        answered_at, is_said = began if rank in self._has_started else None, False
        while True:
            now = time.monotonic()
            try:
                content = self.read(rank, name, SECONDS_UNTIL_LOST / 2)
                self._has_started.add(rank)
                if content is not None:
                    return content
                answered_at = now
            except Unreachable:
                now = time.monotonic()
                if answered_at is not None and now - answered_at > SECONDS_UNTIL_LOST:
                    raise lost(self._cluster, rank) from None
                if answered_at is None and now - began > SECONDS_TO_START:
                    raise UserError(
                        f"worker {rank} ({self._cluster.workers[rank]}) didn't start within {SECONDS_TO_START} "
                        "seconds.\n  Start it, too, with the same command; and check its address in TF_CONFIG and that "
                        "its port can be reached."
                    ) from None
            if not is_said and now - began > SECONDS_IN_SILENCE:
                is_said = True
                console.say(f"Waiting for worker {rank} ({self._cluster.workers[rank]}) ...")
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def let_all_read(self, name: str) -> None:
        """Waits a little until all workers say `name`, so that they read this one's texts before it ends."""
        deadline = time.monotonic() + SECONDS_TO_BE_READ
        for rank in range(self._cluster.size):
            try:
                while self.read(rank, name, SECONDS_TO_BE_READ) is None and time.monotonic() < deadline:
                    time.sleep(SECONDS_BETWEEN_LOOKS)
            except Unreachable:  # it has ended
                pass

    def _assign(self, name: str, content: bytes) -> None:
        with tf.Graph().as_default() as graph:
            variable = tf.Variable("", name=name, dtype=tf.string)
            content_ph = tf.placeholder(tf.string, [])
            assign = tf.assign(variable, content_ph)
        with self._session(self._cluster.rank, graph) as session:
            session.run(assign, {content_ph: content})

    def _value(self, rank: int, name: str, seconds: float) -> bytes | None:
        def ask() -> bytes | None:
            with tf.Graph().as_default() as graph:
                variable = tf.Variable("", name=name, dtype=tf.string)
            session = self._session(rank, graph, seconds)
            try:
                value = session.run(variable)
            except tf.errors.FailedPreconditionError:  # not initialised
                value = None
            session.close()  # but not one whose server didn't answer: closing would wait for it again
            return value

        return _within(seconds, ask)

    def pulse(self, rank: int, seconds: float) -> Callable[[], bool]:
        """A function that asks a worker's server whether it is there. It keeps its session, so asking costs little.

        Args:
          rank: of the worker.
          seconds: to wait for an answer.
        """
        with tf.Graph().as_default() as graph:
            answer = tf.constant(True)
        session = self._session(rank, graph, seconds)

        def answers() -> bool:
            try:
                return bool(_within(seconds, lambda: session.run(answer)))
            except Unreachable:
                return False

        return answers

    def _session(self, rank: int, graph: tf.Graph, seconds: float = SECONDS_TO_ANSWER) -> tf.Session:
        config = tf.ConfigProto(operation_timeout_in_ms=round(1000 * seconds))
        config.device_filters.append(f"/job:worker/task:{rank}")
        return tf.Session(f"grpc://{self._cluster.workers[rank]}", graph=graph, config=config)


def _within(seconds: float, ask: Callable[[], Any]) -> Any:
    """What `ask` returns, computed in another thread.

    To begin a session on a server that was cut off takes minutes, whatever the session's timeout (TensorFlow 2.21).

    Raises:
      Unreachable: there is no answer in time, or the server can't be reached.
    """
    outcome: SimpleQueue[tuple[Any, Exception | None]] = SimpleQueue()

    def run() -> None:
        try:
            outcome.put((ask(), None))
        except Exception as error:
            outcome.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        answer, error = outcome.get(timeout=seconds)
    except Empty:
        raise Unreachable from None
    if isinstance(error, tf.errors.OpError):
        raise Unreachable from error
    if error:
        raise error
    return answer


def hide_errors_of_closing() -> None:
    """Prints no traceback where a session can't be closed because its server is gone."""
    hook_before = threading.excepthook

    def hook(failure: threading.ExceptHookArgs) -> None:
        if failure.thread is None or failure.thread.name != "SessionCloseThread":
            hook_before(failure)

    threading.excepthook = hook
