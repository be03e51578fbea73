"""What can't be written for other places is left out, and that is said. What is written: test_export.py."""

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.runs import portable
from tf_layers import j_deconv_layer, j_flatten_layer, j_upsample_layer

ROWS = np.float32([[1, 2], [3, 4]])


def written(folder, capsys, compute):
    """Writes rows -> compute(rows) to a folder. Returns ({file name}, what was said, what was warned of)."""
    rows = tf.placeholder(tf.float32, [None, 2], "rows")
    values = compute(rows)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        portable.write_portable(session, folder, ROWS, rows, values, "values")
    said = capsys.readouterr()
    return {path.name for path in folder.iterdir()}, said.out, said.err


def test_an_operation_that_a_converter_does_not_know_leaves_the_file_out(graph, tmp_path, capsys):
    files, _, warned = written(tmp_path, capsys, lambda rows: tf.betainc(rows, rows, rows / 10))
    assert files == set()
    assert "model.tflite left out: " in warned and "model.onnx left out: " in warned


def test_layers_that_make_images_larger_are_written(graph, tmp_path, capsys):
    def compute(rows):
        images = j_deconv_layer(tf.reshape(rows, [-1, 1, 2, 1]), 2, "deconv", activation="tanh")  # [B, 2, 4, 2]
        images = j_upsample_layer(images, "nearest")  # [B, 4, 8, 2]
        return j_flatten_layer(j_upsample_layer(images, "bilinear", method="bilinear"))  # [B, 8 * 16 * 2]

    files, _, warned = written(tmp_path, capsys, compute)
    assert files == {"model.tflite", "model.onnx"} and warned == ""


def test_without_tf2onnx_there_is_no_onnx(graph, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(portable.importlib.util, "find_spec", lambda name: None)
    files, said, warned = written(tmp_path, capsys, lambda rows: 2 * rows)
    assert files == {"model.tflite"} and "model.tflite: the same outputs on 2 examples" in said
    assert "model.onnx left out: it needs one more package: pip install tf2onnx" in warned


@pytest.mark.parametrize("wrong", [0.01, np.nan])
def test_a_file_with_other_outputs_is_left_out(graph, tmp_path, capsys, monkeypatch, wrong):
    def write(path, session, inputs, outputs, examples):
        path.write_text("a network")
        return session.run(outputs, {inputs: examples}) + np.float32(wrong)

    monkeypatch.setattr(portable, "_write_onnx", write)
    files, _, warned = written(tmp_path, capsys, lambda rows: rows)
    assert files == {"model.tflite"}
    assert f"model.onnx left out: its outputs differ from the graph's by {wrong}" in warned
