"""Keras 1: its JSON means what Keras 2's means, its weights come in another order, Theano's are mirrored."""

import json

import h5py
import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model.keras import architectures
from kit.model.keras.keras_1 import translated
from kit.model.keras.network import build
from kit.model.keras.reading import from_json
from kit.model.keras.weights import read_weights

GLOROT = {"class_name": "GlorotUniform", "config": {}}
RNN = {"init": "glorot_uniform", "inner_init": "orthogonal", "inner_activation": "hard_sigmoid", "consume_less": "cpu"}
IMAGES = {"dim_ordering": "th", "border_mode": "valid"}
PAIRS = [  # (class and options of Keras 1, class and options of Keras 2)
    (
        (
            "Dense",
            {"output_dim": 4, "init": "glorot_uniform", "bias": False, "W_constraint": {"name": "MaxNorm", "m": 2}},
        ),
        ("Dense", {"units": 4, "kernel_initializer": GLOROT, "use_bias": False, "kernel_constraint": ("MaxNorm", 2)}),
    ),
    (
        ("Dense", {"output_dim": 4, "W_regularizer": {"name": "WeightRegularizer", "l1": 0.0, "l2": 0.5}}),
        ("Dense", {"units": 4, "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.5}}}),
    ),
    (("Dropout", {"p": 0.5}), ("Dropout", {"rate": 0.5})),
    (("GaussianNoise", {"sigma": 0.5}), ("GaussianNoise", {"stddev": 0.5})),
    (
        ("Convolution2D", {"nb_filter": 4, "nb_row": 3, "nb_col": 2, "subsample": [1, 2], **IMAGES}),
        (
            "Conv2D",
            {
                "filters": 4,
                "kernel_size": [3, 2],
                "strides": [1, 2],
                "data_format": "channels_first",
                "padding": "valid",
            },
        ),
    ),
    (
        ("AtrousConvolution1D", {"nb_filter": 4, "filter_length": 3, "atrous_rate": 2, "border_mode": "same"}),
        ("Conv1D", {"filters": 4, "kernel_size": 3, "dilation_rate": 2, "padding": "same"}),
    ),
    (
        ("MaxPooling1D", {"pool_length": 2, "stride": 1, "border_mode": "valid"}),
        ("MaxPooling1D", {"pool_size": 2, "strides": 1, "padding": "valid"}),
    ),
    (("UpSampling1D", {"length": 3}), ("UpSampling1D", {"size": 3})),
    (
        ("LSTM", {"output_dim": 3, "dropout_W": 0.1, "dropout_U": 0.2, "forget_bias_init": "one", **RNN}),
        (
            "LSTM",
            {
                **{"units": 3, "dropout": 0.1, "recurrent_dropout": 0.2, "unit_forget_bias": True},
                **{"kernel_initializer": GLOROT, "recurrent_initializer": {"class_name": "Orthogonal", "config": {}}},
                "recurrent_activation": "hard_sigmoid",
            },
        ),
    ),
    (
        ("Embedding", {"input_dim": 9, "output_dim": 2, "init": "uniform", "dropout": 0.0, "mask_zero": True}),
        (
            "Embedding",
            {
                **{"input_dim": 9, "output_dim": 2, "mask_zero": True},
                "embeddings_initializer": {"class_name": "RandomUniform", "config": {}},
            },
        ),
    ),
    (
        ("BatchNormalization", {"mode": 0, "axis": 1, "beta_init": "zero", "gamma_init": "one"}),
        (
            "BatchNormalization",
            {
                "axis": 1,
                "beta_initializer": {"class_name": "Zeros", "config": {}},
                "gamma_initializer": {"class_name": "Ones", "config": {}},
            },
        ),
    ),
]


def model(version, *layers):
    described = [
        {"class_name": name, "config": {"name": f"layer_{i}", **options}} for i, (name, options) in enumerate(layers)
    ]
    config = described if version == "1.2.2" else {"name": "sequential", "layers": described}
    text = json.dumps({"class_name": "Sequential", "keras_version": version, "config": config})
    return from_json(text, "net.json")


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_options_of_keras_1_mean_those_of_keras_2(old, new):
    constraint = new[1].get("kernel_constraint")
    if constraint:
        written = {"class_name": constraint[0], "config": {"max_value": constraint[1]}}
        new = new[0], {**new[1], "kernel_constraint": written}
    assert model("1.2.2", old) == model("2.2.4", new)


def test_an_old_layer_names_its_inputs_in_its_own_way():
    assert model("1.2.2", ("Dense", {"output_dim": 2, "input_dim": 5})).input_shape == (5,)
    assert model("1.2.2", ("LSTM", {"output_dim": 2, "input_dim": 5, "input_length": 7})).input_shape == (7, 5)
    assert model("1.2.2", ("Embedding", {"input_dim": 5, "output_dim": 2, "input_length": 7})).input_shape == (7,)


def test_a_merge_is_a_layer_of_its_kind():
    assert translated("Merge", {"name": "m", "mode": "concat", "concat_axis": 1}, "x") == (
        "Concatenate",
        {"name": "m", "axis": 1},
    )
    assert translated("Merge", {"name": "m", "mode": "sum"}, "x") == ("Add", {"name": "m"})


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (("Merge", {"mode": "concat", "layers": [1, 2]}), "a Merge of several branches is not supported"),
        (("BatchNormalization", {"mode": 2}), "mode=2 of Keras 1 is not in later versions"),
        (("MaxoutDense", {"output_dim": 2}), "of the class 'MaxoutDense', which is not supported"),
        (("Highway", {"init": "uniform"}), "of the class 'Highway', which is not supported"),
    ],
)
def test_what_keras_2_has_no_more_is_refused(layer, message):
    with pytest.raises(UserError) as error:
        model("1.2.2", layer)
    assert str(error.value).startswith("net.json: layer 'layer_0'") or "layer_0" in str(error.value)
    assert message in str(error.value)


# ----------------------------------------------------------------------------- weights


def written(path, layers, **attributes):
    """A legacy file of weights: {layer: arrays}."""
    with h5py.File(path, "w") as file:
        file.attrs.update(attributes)
        file.attrs["layer_names"] = [name.encode() for name in layers]
        for name, arrays in layers.items():
            group = file.create_group(name)
            group.attrs["weight_names"] = [f"{name}_{i}_W".encode() for i in range(len(arrays))]
            for i, array in enumerate(arrays):
                group[f"{name}_{i}_W"] = array
    return path


def test_the_gates_of_an_lstm_come_in_another_order(tmp_path):
    random = np.random.default_rng(0)
    gates = [random.normal(size=shape) for _ in range(4) for shape in ((5, 3), (3, 3), (3,))]  # i, c, f, o
    network = model("1.2.2", ("LSTM", {"output_dim": 3, "batch_input_shape": [None, 7, 5], **RNN}))
    values = read_weights(written(tmp_path / "w.h5", {"lstm": gates}, keras_version=b"1.2.2"), network)
    i, c, f, o = (gates[n : n + 3] for n in (0, 3, 6, 9))
    for name, part in (("kernel", 0), ("recurrent_kernel", 1), ("bias", 2)):
        wanted = np.concatenate([gate[part] for gate in (i, f, c, o)], axis=-1)
        np.testing.assert_allclose(values[f"layer_0/lstm_cell/{name}"], wanted, rtol=1e-6)


CONVOLUTION = (
    "Convolution2D",
    {"nb_filter": 4, "nb_row": 3, "nb_col": 2, "batch_input_shape": [None, 2, 6, 5], **IMAGES},
)


def test_theano_s_kernels_are_mirrored_and_channels_come_first(tmp_path):
    """Against a convolution written as loops."""
    random = np.random.default_rng(0)
    kernel, bias = random.normal(size=(4, 2, 3, 2)).astype("f4"), random.normal(size=4).astype("f4")  # [out, in, H, W]
    images = random.normal(size=(3, 2, 6, 5)).astype("f4")
    path = written(tmp_path / "w.h5", {"c": [kernel, bias]}, keras_version=b"1.2.2", backend=b"theano")
    network = model("1.2.2", CONVOLUTION)
    values = read_weights(path, network)
    mirrored = kernel[:, :, ::-1, ::-1]
    wanted = np.zeros([3, 4, 4, 4])
    for row in range(4):
        for column in range(4):
            patch = images[:, :, row : row + 3, column : column + 2]
            wanted[:, :, row, column] = np.einsum("bchw,ochw->bo", patch, mirrored) + bias
    with tf.Graph().as_default():
        outputs, _, _ = build(network, tf.constant(images), tf.constant(False))
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for variable in tf.trainable_variables():
                variable.load(values[variable.op.name], session)
            np.testing.assert_allclose(session.run(outputs), wanted, rtol=1e-4, atol=1e-4)


def test_kernels_that_may_be_mirrored_are_refused(tmp_path):
    path = written(tmp_path / "w.h5", {"c": [np.zeros((4, 2, 3, 2)), np.zeros(4)]}, keras_version=b"1.2.2")
    with pytest.raises(UserError, match="written by Keras 1 with dim_ordering 'th'; nothing\nsays whether by Theano"):
        read_weights(path, model("1.2.2", CONVOLUTION))


def test_an_old_network_takes_no_other_weights(tmp_path):
    path = written(tmp_path / "w.h5", {"d": [np.zeros((3, 2)), np.zeros(2)]}, keras_version=b"1.2.2")
    network = architectures.with_input_shape(model("1.2.2", ("Dense", {"output_dim": 2})), (4,))
    with pytest.raises(
        UserError, match=r"shape differs: layer_0/kernel is \[3, 2\] in the file, \[4, 2\] in the network"
    ):
        read_weights(path, network)


@pytest.mark.parametrize(
    ("class_name", "options", "message"),
    [
        (
            "Convolution2D",
            {"nb_filter": 4, "nb_row": 3},
            r"layer 'c' \(Conv2D\): nb_col is missing, expected all of nb_r",
        ),
        ("Convolution2D", {"nb_filter": 4, "nb_col": 3}, r"layer 'c' \(Conv2D\): nb_row is missing"),
        ("Convolution3D", {"nb_filter": 4, "kernel_dim2": 3}, r"layer 'c' \(Conv3D\): kernel_dim1 is missing"),
        (
            "Convolution1D",
            {"nb_filter": 4, "dim_ordering": ["th"]},
            r"layer 'c' \(Conv1D\): data_format=\['th'\], expected a text",
        ),
        ("Merge", {"mode": ["sum"]}, r"layer 'c' \(Merge\): a Merge of mode \['sum'\] is not supported"),
    ],
)
def test_edited_options_are_told_with_their_layer(class_name, options, message):
    layers = [{"class_name": class_name, "config": {"name": "c", **options}}]
    text = json.dumps({"class_name": "Sequential", "config": layers, "keras_version": "1.2.2"})
    with pytest.raises(UserError, match=f"^net.json: {message}"):
        from_json(text, "net.json")
