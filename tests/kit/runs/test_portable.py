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


@pytest.mark.parametrize(
    ("wrong", "why"),
    [(0.01, "its outputs differ from the graph's by 0.01"), (np.nan, "not all outputs are finite numbers")],
)
def test_a_file_with_other_outputs_is_left_out(graph, tmp_path, capsys, monkeypatch, wrong, why):
    def write(path, session, inputs, outputs, examples):
        path.write_text("a network")
        return session.run(outputs, {inputs: examples}) + np.float32(wrong)

    monkeypatch.setattr(portable, "_write_onnx", write)
    files, _, warned = written(tmp_path, capsys, lambda rows: rows)
    assert files == {"model.tflite"}
    assert f"model.onnx left out: {why}" in warned


@pytest.mark.parametrize(("size", "is_kept"), [(490, True), (1, False)])
def test_a_difference_is_compared_with_the_size_of_the_outputs(graph, tmp_path, capsys, monkeypatch, size, is_kept):
    def write(path, session, inputs, outputs, examples):
        path.write_text("a network")
        return session.run(outputs, {inputs: examples}) + np.float32(0.00012)  # two steps of float32 at 490

    monkeypatch.setattr(portable, "_write_onnx", write)
    files, _, _ = written(tmp_path, capsys, lambda rows: size * rows / 4)
    assert ("model.onnx" in files) == is_kept


def test_outputs_that_are_no_numbers_are_never_the_same(graph, tmp_path, capsys):
    files, _, warned = written(tmp_path, capsys, lambda rows: rows / 0.0)
    assert files == set() and "model.tflite left out: not all outputs are finite numbers" in warned


def test_the_overflow_of_a_branch_that_is_not_taken_is_not_told(graph, tmp_path, capsys, recwarn):
    files, _, _ = written(tmp_path, capsys, lambda rows: tf.nn.elu(100 * rows))  # exp(400) is no float32
    assert "model.onnx" in files and not [each for each in recwarn if each.category is RuntimeWarning]
