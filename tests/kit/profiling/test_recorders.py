"""The Recorder that --input and --explain_time ask for."""

from types import SimpleNamespace

import pytest

from kit.cli.settings import INPUTS, TrainingSettings
from kit.profiling.recorders import DirectRecorder, open_recorder
from kit.profiling.timing_recorder import TimingRecorder
from kit.runs.recorder import Recorder


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        *(pytest.param({"input": name}, Recorder, id=name) for name in INPUTS if name != "direct"),
        pytest.param({"input": "direct"}, DirectRecorder, id="direct"),
        pytest.param({"input": "direct", "explain_time": True}, TimingRecorder, id="timed"),
    ],
)
def test_flags_choose_the_recorder(graph, tmp_path, settings, kind):
    run = SimpleNamespace(name="run", folder=tmp_path, settings=TrainingSettings(**settings), is_resumed=False)
    data = SimpleNamespace(num_training=10, num_validation=0, score_name="accuracy", unit="images")
    assert type(open_recorder(run, data)) is kind
