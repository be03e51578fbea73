"""A collection of small models of every layer, made by Keras 3 and by tf_keras (Keras 2), each in its own process.

Each is read from its files, predicts what Keras predicted, learns, and is written again.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.keras_process import environment

import kit.tensorflow1 as tf
from kit.model.keras import architectures, writing
from kit.model.keras.network import build
from kit.model.keras.weights import read_weights, write_weights

COLLECTION = Path(__file__).parents[3] / "support" / "keras_collection.py"
IN_KERAS = """
import sys
import numpy as np
name, old, wanted = sys.argv[1], sys.argv[1] == "tf_keras", sys.argv[2:]
keras = __import__(name)
keras.utils.set_random_seed(1)
random = np.random.default_rng(0)
for name, model in collection(keras, old).items():
    if wanted and name not in wanted:
        continue
    takes_indices = "embedding" in name or "text" in name
    shape = (5, *model.input_shape[1:])
    inputs = random.integers(0, 20, shape) if takes_indices else random.normal(size=shape)
    inputs = inputs.astype("float32")
    if name == "normalization_adapted":
        next(layer for layer in model.layers if "normalization" in layer.name).adapt(inputs)
    else:
        model.set_weights([w + random.uniform(0.05, 0.3, w.shape).astype(w.dtype) if w.dtype.kind == "f" else w
                           for w in model.get_weights()])
    with open(f"{name}.json", "w") as file:
        file.write(model.to_json())
    model.save_weights(f"{name}.weights.h5")
    model.save(f"{name}.keras")
    model.save(f"{name}.h5")
    np.savez(f"{name}.npz", inputs=inputs, outputs=np.asarray(model(inputs, training=False)))
"""
KERAS_3 = (  # the names that `collection` gives
    *("activations", "activations_3", "activation_layers", "shapes", "regularised", "noise", "spatial_dropout"),
    *("normalisation", "group_norm", "row_norm", "normalization_layer", "normalization_adapted"),
    *("conv1d", "conv2d", "conv3d", "conv3d_pools", "transposed", "transposed_1d", "transposed_3d"),
    *("depthwise", "depthwise_1d", "separable", "separable_1d", "pooling_1d", "pooling_2d"),
    *("global_max_1d", "global_avg_1d", "global_max_2d", "global_avg_2d", "global_max_3d"),
    *("padding_1d", "padding_2d", "padding_3d", "simple_rnn", "lstm", "gru", "lstm_hard", "bidirectional"),
    *("time_distributed", "time_distributed_conv", "rnn_of_cells", "conv_lstm"),
    *("embedding_pool", "embedding_masked", "embedding_conv", "embedding_bidirectional"),
    *("one_unit", "value", "hard_end", "activation_end", "channels_first", "frozen"),
    *("chain", "residual", "merges", "shared", "inception", "nested_sequential", "nested_functional"),
    *("inference_mode", "sequential_of_models", "attention", "text_towers"),
)
LONG = (  # their classes' siblings are in the quick tests
    *("global_max_1d", "global_avg_1d", "global_max_2d", "global_avg_2d", "global_max_3d", "conv3d_pools"),
    *("transposed_1d", "transposed_3d", "depthwise_1d", "separable_1d", "pooling_1d", "pooling_2d", "padding_1d"),
    *("padding_3d", "simple_rnn", "embedding_bidirectional", "embedding_conv", "embedding_pool", "one_unit", "value"),
    *("hard_end", "row_norm", "normalization_layer", "chain", "residual", "time_distributed", "text_towers"),
    *("sequential_of_models", "bidirectional", "activation_end", "shapes", "spatial_dropout", "activations_3"),
    *("activation_layers", "noise", "group_norm", "normalization_adapted", "conv1d", "conv3d", "transposed"),
    *("depthwise", "separable", "padding_2d", "lstm_hard", "time_distributed_conv", "rnn_of_cells", "frozen"),
    *("shared", "inception", "nested_sequential", "inference_mode"),
)
QUICK = tuple(name for name in KERAS_3 if name not in LONG)
OF_OLD_FILES = ("thresholded", "locally_1d", "locally_2d", "lstm_hard", "hard_end", "gru")
REST = tuple(name for name in (*KERAS_3, *OF_OLD_FILES[:3]) if name not in (*OF_OLD_FILES[3:], "activations_3"))
SUFFIXES = (".weights.h5", ".keras", ".h5")


def made_by(library, folder, wanted=()):
    """Lets a library write its files of the collection into a folder."""
    code = COLLECTION.read_text(encoding="utf-8") + IN_KERAS
    legacy = {"TF_USE_LEGACY_KERAS": "1"} if library == "tf_keras" else {}
    any_processor = {"TF_ENABLE_ONEDNN_OPTS": "1"}  # else some can't do channels_first
    command = [sys.executable, "-c", code, library, *wanted]
    done = subprocess.run(
        command, cwd=folder, env={**environment(), **legacy, **any_processor}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


@pytest.fixture(scope="module")
def keras_3(tmp_path_factory):
    return made_by("keras", tmp_path_factory.mktemp("keras_3"), QUICK)


@pytest.fixture(scope="module")
def all_of_keras_3(tmp_path_factory):
    return made_by("keras", tmp_path_factory.mktemp("all"))


@pytest.fixture(scope="module")
def old_keras(tmp_path_factory):
    return made_by("tf_keras", tmp_path_factory.mktemp("old_keras"), OF_OLD_FILES)


@pytest.fixture(scope="module")
def rest_of_old_keras(tmp_path_factory):
    return made_by("tf_keras", tmp_path_factory.mktemp("rest"), REST)


def check(folder, name, suffixes):
    """Holds a model of the collection against what its maker predicted."""
    with np.load(folder / f"{name}.npz") as file:
        inputs, wanted = file["inputs"], file["outputs"]
    architecture = architectures.read(folder / f"{name}.json")
    assert architectures.from_json(writing.to_json(architecture), "again") == architecture
    assert all(
        architectures.read(folder / f"{name}{suffix}") == architecture for suffix in suffixes if "w" not in suffix
    )
    with tf.Graph().as_default():
        inputs_ph = tf.placeholder(tf.float32, [None, *architecture.input_shape])
        outputs, logits, _ = build(architecture, inputs_ph, tf.placeholder_with_default(False, []))
        labels = tf.one_hot(np.arange(len(inputs)) % 3, logits.shape[1].value)
        loss = tf.reduce_mean(tf.square(logits - labels)) + tf.losses.get_regularization_loss()
        trained = tf.trainable_variables()
        gradients, _ = tf.clip_by_global_norm(tf.gradients(loss, trained), 1e-3)  # a small step, whatever the slope
        step = tf.train.GradientDescentOptimizer(1.0).apply_gradients(zip(gradients, trained))
        variables = {variable.op.name: variable for variable in tf.global_variables()}
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for suffix in suffixes:
                values = read_weights(folder / f"{name}{suffix}", architecture)
                for variable, value in values.items():
                    variables[variable].load(value, session)
                found, before = session.run([outputs, loss], {inputs_ph: inputs})
                np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5, err_msg=suffix)
            session.run(step, {inputs_ph: inputs})
            assert session.run(loss, {inputs_ph: inputs}) < before
    layout = suffixes[0]
    write_weights(folder / f"{name}_again{layout}", architecture, values)
    again = read_weights(folder / f"{name}_again{layout}", architecture)
    assert all(np.array_equal(again[variable], value) for variable, value in values.items())


def turn(name, names):
    """One of the three kinds of files, in turn: all are read for some model of each sort."""
    return [SUFFIXES[names.index(name) % len(SUFFIXES)]]


@pytest.mark.parametrize("name", QUICK)
def test_a_model_of_keras_3_predicts_the_same_and_learns(name, keras_3):
    check(keras_3, name, turn(name, QUICK))


@pytest.mark.long
def test_the_collection_of_keras_3_is_whole(all_of_keras_3):
    assert {path.stem for path in all_of_keras_3.glob("*.npz")} == set(KERAS_3)


@pytest.mark.parametrize("name", OF_OLD_FILES)
def test_a_model_of_keras_2_predicts_the_same_and_learns(name, old_keras):
    check(old_keras, name, [".weights.h5", ".h5"])


@pytest.mark.long
@pytest.mark.parametrize("name", REST)
def test_the_other_models_of_keras_2(name, rest_of_old_keras):
    check(rest_of_old_keras, name, SUFFIXES)


@pytest.mark.long
@pytest.mark.parametrize("name", KERAS_3)
def test_every_file_of_keras_3(name, all_of_keras_3):
    check(all_of_keras_3, name, SUFFIXES)


def test_the_old_hard_sigmoid_is_written_as_such(old_keras):
    text = writing.to_json(architectures.read(old_keras / "hard_end.json"))
    assert '"keras_version": "2.15.0"' in text and '"activation": "hard_sigmoid"' in text
