"""--explain_time: instead of a training, some steps are timed."""

from __future__ import annotations

import contextlib
from typing import Any

import kit.tensorflow1 as tf
from kit.cli import console
from kit.model.layer_registry import say_layers
from kit.profiling.explain_time import explain_time
from kit.profiling.step_times import Loop
from kit.profiling.wiring import wire
from kit.runs.recorder import Recorder, TrainingGraph


class TimingRecorder(Recorder):
    """Times steps once the session has started, and leaves nothing to the loop."""

    def watch(self, **parts: Any) -> None:
        self._is_direct = self._settings.input == "direct"
        if self._is_direct:
            parts["placeholders"] = wire(parts["placeholders"], parts["next_element"])
        self._parts, self._graph = TrainingGraph(**parts), tf.get_default_graph()
        self._run.begin(self._data)
        console.say(f"{self._data.path}: {self._run.data_spec}")
        say_layers(self._graph)

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
