"""Watches the other workers while this one trains: who ends, hangs or is cut off would leave the others waiting."""

from __future__ import annotations

import threading
import time

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.cluster.membership import Member
from kit.cluster.notices import Unreachable, lost

SECONDS_BETWEEN_ROUNDS = 2.0
SECONDS_UNTIL_LOST = 12.0  # without an answer
SECONDS_TO_NAME = 5.0  # the worker that broke a step


class Watch:
    """Asks each worker's server for a text, again and again. If one doesn't answer, it closes this worker's session."""

    def __init__(self, member: Member, session: tf.Session) -> None:
        """Starts watching, in a thread of its own.

        Args:
          member: this worker.
          session: in which it trains; closed, it gives up the step that it waits in.
        """
        self._member, self._session = member, session
        self._lost: int | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stops watching."""
        self._ended.set()

    def explain(self) -> UserError | None:
        """Why a step has failed: the error for the worker that is lost; None if all answer."""
        deadline = time.monotonic() + SECONDS_TO_NAME
        while self._lost is None and time.monotonic() < deadline:  # it may still be about to end
            self._lost = next((rank for rank in self._others() if not self._answers(rank, SECONDS_TO_NAME)), None)
        return None if self._lost is None else lost(self._member.cluster, self._lost)

    def _watch(self) -> None:
        answered_at = dict.fromkeys(self._others(), time.monotonic())
        while not self._ended.wait(SECONDS_BETWEEN_ROUNDS):
            for rank in self._others():
                if self._answers(rank, SECONDS_UNTIL_LOST / 2):
                    answered_at[rank] = time.monotonic()
                elif time.monotonic() - answered_at[rank] >= SECONDS_UNTIL_LOST and not self._ended.is_set():
                    self._lost = rank
                    self._session.close()
                    return

    def _others(self) -> list[int]:
        return [rank for rank in range(self._member.size) if rank != self._member.rank]

    def _answers(self, rank: int, seconds: float) -> bool:
        try:
            self._member.notices.read(rank, "place", seconds)
        except Unreachable:
            return False
        return True
