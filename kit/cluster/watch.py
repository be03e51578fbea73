"""Watches the other workers while this one trains: who ends, hangs or is cut off would leave the others waiting."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable

import kit.tensorflow1 as tf
from kit.cli.errors import WRONG_INPUT, UserError
from kit.cluster.membership import Member
from kit.cluster.notices import SECONDS_BETWEEN_LOOKS, SECONDS_UNTIL_LOST, lost

SECONDS_BETWEEN_ROUNDS = 2.0
SECONDS_TO_ANSWER = 5.0
SECONDS_TO_GIVE_UP = 8.0  # for a step, once its session is closed


class Watch:
    """Asks each worker again and again for a sign of life. If one gives none, it closes this worker's session.

    A step that waits for all workers to take part for the first time doesn't always notice (TensorFlow 2.21): then the
    process ends here.
    """

    def __init__(self, member: Member, session: tf.Session, before_end: Callable[[], None]) -> None:
        """Starts watching, in a thread of its own.

        Args:
          member: this worker.
          session: in which it trains; closed, it gives up the step that it waits in.
          before_end: called before the process ends here.
        """
        self._member, self._session, self._before_end = member, session, before_end
        others = [rank for rank in range(member.size) if rank != member.rank]
        self._pulses = {rank: member.notices.pulse(rank, SECONDS_TO_ANSWER) for rank in others}
        self._lost: int | None = None
        self._ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def end(self) -> None:
        """Stops watching."""
        self._ended.set()

    def explain(self) -> UserError | None:
        """Why a step has failed: the error for the worker that is lost; None if all answer."""
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while self._lost is None and time.monotonic() < deadline:  # one may be just about to end
            self._lost = next((rank for rank, answers in self._pulses.items() if not answers()), None)
            time.sleep(SECONDS_BETWEEN_LOOKS)
        return None if self._lost is None else lost(self._member.cluster, self._lost)

    def _watch(self) -> None:
        answered_at = dict.fromkeys(self._pulses, time.monotonic())
        while not self._ended.wait(SECONDS_BETWEEN_ROUNDS):
            for rank, answers in self._pulses.items():
                if answers():
                    answered_at[rank] = time.monotonic()
                elif time.monotonic() - answered_at[rank] >= SECONDS_UNTIL_LOST and not self._ended.is_set():
                    self._lost = rank
                    threading.Thread(target=self._session.close, daemon=True).start()  # it may take long
                    if not self._ended.wait(SECONDS_TO_GIVE_UP):
                        self._end_process(rank)
                    return

    def _end_process(self, rank: int) -> None:
        print(f"error: {lost(self._member.cluster, rank)}", file=sys.stderr, flush=True)
        self._before_end()
        os._exit(WRONG_INPUT)
