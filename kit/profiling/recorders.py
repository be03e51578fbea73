"""The Recorder that a run needs: the lesson's, or one with a loop of its own."""

from __future__ import annotations

from typing import Any

import kit.tensorflow1 as tf
from kit.data.interface import Data
from kit.data.shares import parsed_at_once
from kit.profiling.wiring import wired_parts
from kit.runs.recorder import Recorder
from kit.runs.run_folder import Run


def open_recorder(run: Run, data: Data) -> Recorder:
    """The Recorder of a run, by --explain_time and --input."""
    data = parsed_at_once(data)
    if run.settings.explain_time:
        from kit.profiling.timing_recorder import TimingRecorder  # here, so that --help needn't wait for it

        return TimingRecorder(run, data)
    if run.settings.input == "direct":
        return DirectRecorder(run, data)
    return Recorder(run, data)


class DirectRecorder(Recorder):
    """--input direct: nothing is fetched or fed; the graph reads its batches from the iterator."""

    def watch(self, **parts: Any) -> None:
        super().watch(**wired_parts(parts, self._data))

    def begin(self, session: tf.Session) -> None:
        """Trains to the end in a loop without fetch and feed; the lesson's loop then has nothing to do."""
        super().begin(session)
        _, labels, is_training = self._parts.placeholders
        while super().goes_on():
            try:
                fetches = [labels, *self._parts.fetches]
                batch_labels, _, loss, score, rate, summary = session.run(fetches, {is_training: True})
            except tf.errors.OutOfRangeError:
                break
            step = self.add(loss, score, rate, len(batch_labels))
            if self.wants_point:
                self._parts.writer.add_summary(summary, step)
            if self.epoch_is_over:
                self.end_epoch()

    def goes_on(self) -> bool:
        return False
