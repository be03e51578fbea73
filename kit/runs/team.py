"""The processes that train a run together, with --micro_batches: this one alone, or the workers of a cluster."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.cli.flags import to_json
from kit.cluster.membership import member
from kit.data.interface import Data
from kit.data.shares import Share
from kit.model.micro_batches import MicroBatches, mean_of_batch
from kit.runs.run_folder import Run

OF_A_LOST_WORKER = ("UnavailableError", "CancelledError", "AbortedError", "DeadlineExceededError", "InternalError")


class Team:
    """What the processes share of each batch, and what they tell each other."""

    def __init__(self, run: Run, wants_stop: Callable[[], bool]) -> None:
        """Divides the batches of the default graph, whose network is still to be built.

        Args:
          run: that is trained.
          wants_stop: whether this process was asked to stop, by Ctrl-C.
        """
        self._run, self._member, settings = run, member(), run.settings
        self._key = f"{zlib.crc32(run.name.encode()):08x}"  # a run's name may have letters that TensorFlow's can't
        size, rank = (self._member.size, self._member.rank) if self._member else (1, 0)
        own, rows = settings.micro_batches // size, settings.batch_size // settings.micro_batches
        self.share = Share(rank * own * rows, own * rows) if settings.micro_batches > 1 else None  # of each batch
        self._wants_stop, self._heard_stop, self._watch = wants_stop, False, None
        if self._member:
            from kit.cluster.gathering import gatherer  # here, like others below: only a cluster needs them

            MicroBatches(settings.micro_batches, rows, rank * own, own, gatherer(self._member))
            self._pass_on_stop()
        elif settings.micro_batches > 1:
            MicroBatches(settings.micro_batches, rows)

    def agree(self, data: Data) -> None:
        """Checks that all workers have the same data; otherwise a UserError."""
        if self._member:
            from kit.cluster.agreement import agree

            agree(self._member, f"data_{self._key}", {"data": to_json(data.spec)})

    def begin(self, session: tf.Session) -> None:
        """Watches the other workers, from here until `finish` or an error."""
        if self._member:
            from kit.cluster.watch import Watch
            from kit.runs.shared_runs import remove_copies

            self._watch = Watch(self._member, session, remove_copies)

    @property
    def stops(self) -> bool:
        """Whether to stop: all workers after the same step, if one of them was asked to."""
        return self._heard_stop if self._member else self._wants_stop()

    def end_epoch(self, session: tf.Session, step: int, network_variables: Sequence) -> None:
        """Checks that all workers have the same weights and moving averages; otherwise a UserError."""
        if not self._member:
            return
        from kit.cluster.agreement import agree

        digest = hashlib.sha256()
        for values in session.run(network_variables):
            digest.update(np.ascontiguousarray(values).tobytes())
        agree(self._member, f"weights_{self._key}_{step}", {"weights": digest.hexdigest()[:16]})

    def finish(self) -> None:
        """Waits until all workers have taken the last step, and know it of each other: before that, none may end."""
        if self._member and self._watch:
            self._watch.end()
            from kit.cluster.agreement import agree, is_read

            what = f"end_{self._key}"
            agree(self._member, what, {})
            self._member.notices.let_all_read(is_read(what))

    def explain(self, error: BaseException) -> UserError | None:
        """The worker that is lost, if that is why a step failed."""
        if not self._watch:
            return None
        self._watch.end()
        is_of_session = type(error).__name__ in OF_A_LOST_WORKER or "closed Session" in str(error)
        return self._watch.explain() if is_of_session else None

    def _pass_on_stop(self) -> None:
        """Lets each step tell all workers whether one of them was asked to stop."""

        def hear(wanted: Any) -> Any:
            self._heard_stop = bool(wanted)
            return wanted

        def add_hearing(wanted: tf.Tensor) -> None:
            tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.numpy_function(hear, [wanted], tf.float32))

        asked = tf.numpy_function(lambda: np.float32(self._wants_stop()), [], tf.float32)
        mean_of_batch(tf.ensure_shape(asked, []), add_hearing)
