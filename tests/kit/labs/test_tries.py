"""Settings that were tried: the messages are read as TensorBoard reads them."""

import io

import numpy as np
from PIL import Image
from support import warm
from support.scripts import PROJECT

from kit.labs.tries import end_of_try, in_words, start_of_try, tries_png

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
    accuracy, end = end_of_try(0.75).value
    assert (accuracy.tag, accuracy.simple_value) == ("curves/accuracy", 0.75)
    assert end.tag == metadata.SESSION_END_INFO_TAG
    status = metadata.parse_session_end_info_plugin_data(end.metadata.plugin_data.content).status
    assert status == api_pb2.STATUS_SUCCESS


def test_keras_stays_outside(tmp_path):
    code = f"""
import sys
sys.path.insert(0, {str(PROJECT)!r})
from kit.labs.tries import end_of_try, start_of_try
start_of_try("a", {{"x": 1}}), end_of_try(1)
print("keras" in sys.modules)
"""
    result = warm.run("-c", tmp_path, code)
    assert result.stdout == "False\n", result.stderr


def test_a_dot_for_each_try():
    tries = [{**TRIED, "learning_rate": rate, "layers": layers} for rate, layers in ((1e-4, 2), (1e-3, 2), (1e-2, 3))]
    pictures = [
        np.asarray(Image.open(io.BytesIO(tries_png(tries[:count], [0.5, 0.9, 0.7][:count], 0))).convert("RGB"))
        for count in (2, 3)
    ]
    purple, yellow = (68, 1, 84), (223, 227, 24)  # the first of viridis, and one near its end
    near = [
        [(abs(picture - np.array(colour)).max(axis=2) < 45).sum() for colour in (purple, yellow)]
        for picture in pictures
    ]
    assert near[0][0] > 300 and near[1][0] > 300 and near[0][1] < 50 and near[1][1] > 150
