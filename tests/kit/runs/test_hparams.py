"""Settings that were tried: the messages are read as TensorBoard reads them."""

from support import warm
from support.scripts import PROJECT

from kit.runs.hparams import end_of_try, in_words, start_of_try

TRIED = {"learning_rate": 0.00123, "batch_size": 64, "layers": 3, "filters": 8}


def test_settings_in_words():
    assert in_words(TRIED) == "learning_rate 0.0012, batch_size 64, layers 3, filters 8"


def test_a_try_is_what_the_page_hparams_reads():
    from tensorboard.plugins.hparams import api_pb2, metadata

    (start,) = start_of_try("try_01", TRIED).value
    assert start.tag == metadata.SESSION_START_INFO_TAG
    info = metadata.parse_session_start_info_plugin_data(start.metadata.plugin_data.content)
    assert info.group_name == "try_01"
    assert {name: value.number_value for name, value in info.hparams.items()} == TRIED
    accuracy, end = end_of_try(accuracy=0.75).value
    assert (accuracy.tag, accuracy.simple_value) == ("curves/accuracy", 0.75)
    assert end.tag == metadata.SESSION_END_INFO_TAG
    status = metadata.parse_session_end_info_plugin_data(end.metadata.plugin_data.content).status
    assert status == api_pb2.STATUS_SUCCESS


def test_keras_stays_outside(tmp_path):
    code = f"""
import sys
sys.path.insert(0, {str(PROJECT)!r})
from kit.runs.hparams import end_of_try, start_of_try
start_of_try("a", {{"x": 1}}), end_of_try(accuracy=1)
print("keras" in sys.modules)
"""
    result = warm.run("-c", tmp_path, code)
    assert result.stdout == "False\n", result.stderr
