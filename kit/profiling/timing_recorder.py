"""--explain_time: some steps are timed instead of a whole training."""

from __future__ import annotations

import contextlib
from typing import Any

import kit.tensorflow1 as tf
from kit.profiling.explain_time import explain_time
from kit.profiling.step_times import Loop
from kit.profiling.wiring import wired_parts
from kit.runs.recorder import Recorder, TrainingGraph
from kit.runs.script_errors import check_fed


class TimingRecorder(Recorder):
    """Times some steps in `begin`; the lesson's loop then has nothing to do."""

    def watch(self, **parts: Any) -> None:
        self._is_direct = self._settings.input == "direct"
        if self._is_direct:
            parts = wired_parts(parts, self._data)
        else:
            check_fed(parts["next_element"], parts["placeholders"], self._data)
        self._parts, self._graph = TrainingGraph(**parts), tf.get_default_graph()
        self._run.begin(self._data)
        self._say_data_and_layers()

    def __enter__(self) -> TimingRecorder:
        self._open = contextlib.ExitStack()
        self._open.enter_context(self._parts.writer)
        return self

    def __exit__(self, *error: Any) -> None:
        self._open.close()

    def begin(self, session: tf.Session) -> None:
        self._graph.finalize()
        next_element = None if self._is_direct else self._parts.next_element
        loop = Loop(session, next_element, self._parts.placeholders, self._parts.fetches)
        explain_time(loop, self._run, self._data, self._parts.writer)

    def goes_on(self) -> bool:
        return False
