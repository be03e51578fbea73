"""A network for places without Python: TFLite for phones and small boards, ONNX for browsers and most other programs.

Each file is run on real examples, and kept only if its outputs are the graph's.
https://ai.google.dev/edge/litert/conversion/tensorflow/overview, https://onnx.ai
"""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console

LARGEST_DIFFERENCE = 1e-5  # between a file's outputs and the graph's: of the largest output, and beyond that
TFLITE, ONNX = "model.tflite", "model.onnx"
OPSET = 18  # of ONNX: the newest that tf2onnx is tested with


def write_portable(
    session: tf.Session, folder: str | Path, examples: np.ndarray, inputs: tf.Tensor, outputs: tf.Tensor, name: str
) -> None:
    """Writes a network as `model.tflite` and, if tf2onnx is installed, as `model.onnx`; says what it wrote.

    Args:
      session: a tf.Session with the weights in place.
      folder: where to write; it exists.
      examples: to compare on: uint8 [N, H, W, 3], or float32 [N, columns].
      inputs: the placeholder of a batch; its name is the input's name in the files.
      outputs: float32 [B, classes], or [B, 1]; depends on `inputs`.
      name: of the outputs in the files.
    """
    with _frozen(session, inputs, outputs, name) as (frozen, inputs, outputs):
        expected = frozen.run(outputs, {inputs: examples})  # in float32, as the files compute
        for file, write in ((TFLITE, _write_tflite), (ONNX, _write_onnx)):
            path = Path(folder) / file
            try:
                found = write(path, frozen, inputs, outputs, examples)
                _check_same(found, expected)
            except Exception as error:  # whatever a converter raises at an operation that it doesn't know
                path.unlink(missing_ok=True)
                console.warn(f"{file} left out: {_first_line(error)}")
            else:
                console.say(f"{file}: the same outputs on {console.counted(len(examples), 'examples')}")


def _check_same(found: np.ndarray, expected: np.ndarray) -> None:
    """Checks that outputs are equal but for the rounding of float32; otherwise a ValueError."""
    if not (np.isfinite(found).all() and np.isfinite(expected).all()):
        raise ValueError("not all outputs are finite numbers")
    difference = np.max(np.abs(found - expected))
    allowed = LARGEST_DIFFERENCE * (1 + np.max(np.abs(expected)))
    if difference > allowed:
        raise ValueError(f"its outputs differ from the graph's by {difference:.2g}")


@contextlib.contextmanager
def _frozen(session, inputs, outputs, name) -> Iterator[tuple[tf.Session, tf.Tensor, tf.Tensor]]:
    """A session of a graph of its own that leads from the inputs to the outputs, with the weights as constants."""
    constants = tf.graph_util.convert_variables_to_constants(session, session.graph.as_graph_def(), [outputs.op.name])
    with tf.Graph().as_default() as graph, tf.Session(graph=graph) as frozen:
        placeholder = tf.placeholder(inputs.dtype, inputs.shape, inputs.op.name)
        given = {inputs.op.name: placeholder}
        if any(node.name == "is_training" for node in constants.node):
            given["is_training"] = tf.constant(False)
        [result] = tf.import_graph_def(constants, given, [outputs.name], name="network")
        yield frozen, placeholder, tf.identity(result, name)


def _write_tflite(path, session, inputs, outputs, examples) -> np.ndarray:
    content = tf.lite.TFLiteConverter.from_session(session, [inputs], [outputs]).convert()
    path.write_bytes(content)
    plain = tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES  # a delegate prints a line
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the interpreter is to move to a package of its own
        network = tf.lite.Interpreter(model_content=content, experimental_op_resolver_type=plain)
    [given], [result] = network.get_input_details(), network.get_output_details()
    network.resize_tensor_input(given["index"], examples.shape)
    network.allocate_tensors()
    network.set_tensor(given["index"], examples)
    network.invoke()
    return network.get_tensor(result["index"])


def _write_onnx(path, session, inputs, outputs, examples) -> np.ndarray:
    if importlib.util.find_spec("tf2onnx") is None:
        raise ModuleNotFoundError("it needs one more package: pip install tf2onnx")
    logging.getLogger("tf2onnx").setLevel(logging.ERROR)
    import onnx.reference  # here: optional, and slow to import
    import tf2onnx

    names = {tensor.name: tensor.op.name for tensor in (inputs, outputs)}  # without the ":0"
    network, _ = tf2onnx.convert.from_graph_def(
        session.graph.as_graph_def(),
        input_names=[inputs.name],
        output_names=[outputs.name],
        tensors_to_rename=names,
        opset=OPSET,
    )
    path.write_bytes(network.SerializeToString())
    with np.errstate(all="ignore"):  # it computes both branches of elu, of which one overflows
        [found] = onnx.reference.ReferenceEvaluator(network).run(None, {inputs.op.name: examples})
    return np.asarray(found)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
