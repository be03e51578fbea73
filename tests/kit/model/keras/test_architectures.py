"""Architectures: Keras's JSON of both versions and the short form, read, written, and refused."""

import json

import pytest
from support.keras_process import keras_answers
from support.scripts import PROJECT

from kit.cli.errors import UserError
from kit.model.keras.architectures import Architecture, from_json, output_of, read, to_json, with_input_shape
from kit.model.keras.options import LAYERS

DATA = PROJECT / "tests" / "support" / "data"  # written by Keras 2: model.to_json()
ALL_LAYERS = DATA / "keras2_all_layers.json"
GALAXY = DATA / "keras2_galaxy.json"  # the tutorial's network, in the form of older versions
NEEDED = {
    "Dense": "4",
    "Activation": "relu",
    "Dropout": "0.5",
    "Reshape": "-1",
    "Conv2D": "4 3",
    "SeparableConv2D": "4 3",
    "AveragePooling2D": "2",
}
LEAST = [(name, f"{name} {NEEDED.get(name, '')}") for name in LAYERS]  # a layer of each class, all else by default

IN_KERAS = """
import json
L, R, I = keras.layers, keras.regularizers, keras.initializers
all_layers = keras.Sequential([
    L.InputLayer((24, 20, 3)),
    L.Conv2D(4, 3, strides=(2, 1), activation="relu", kernel_initializer="he_normal",
             kernel_regularizer=R.L1L2(0.25, 0.5), bias_initializer=I.Constant(0.125)),
    L.BatchNormalization(momentum=0.75, epsilon=0.5, scale=False),
    L.Activation("swish"),
    L.SeparableConv2D(6, 3, padding="same", depth_multiplier=2, depthwise_regularizer=R.L2(0.5)),
    L.LeakyReLU(negative_slope=0.25),
    L.ReLU(max_value=6.),
    L.ELU(alpha=0.5),
    L.MaxPooling2D((2, 1)),
    L.AveragePooling2D(2, padding="same", strides=1),
    L.Dropout(.25, seed=3),
    L.Activation("tanh"),
    L.Reshape((-1, 3, 2)),
    L.GlobalMaxPooling2D(keepdims=True),
    L.GlobalAveragePooling2D(),
    L.Flatten(),
    L.Dense(5, use_bias=False, kernel_initializer=I.VarianceScaling(2.0, "fan_avg", "uniform"),
            activity_regularizer=R.L1(0.5)),
    L.Softmax()], name="all_layers")
answers["all_layers"] = all_layers.to_json()
answers["no input"] = keras.Sequential([L.Dense(3), L.Activation("gelu")]).to_json()
built = keras.Sequential([L.Dense(3)])
built.build((None, 6))
answers["built"] = built.to_json()
answers["lambda"] = keras.Sequential([L.Lambda(lambda x: x + 1)]).to_json()

@keras.saving.register_keras_serializable("mine")
class Dense(L.Dense):
    pass

answers["own"] = keras.Sequential([Dense(3)]).to_json()
for name in given["least"]:
    model = keras.models.model_from_json(str(given[f"{name} text"]))
    answers[f"{name} loaded"] = json.dumps(model.layers[0].get_config())
    needed = json.loads(str(given[f"{name} needed"]))
    answers[f"{name} default"] = json.dumps(getattr(L, name)(**needed, name=model.layers[0].name).get_config())
again = keras.models.model_from_json(str(given["all_layers text"]))
answers["all_layers again"] = again.to_json()
"""


@pytest.fixture(scope="module")
def in_keras():
    """Keras 3's texts, and what it makes of the kit's."""
    given = {"least": [name for name, _ in LEAST], "all_layers text": to_json(all_layers_of_keras_2())}
    for name, text in LEAST:
        architecture = read(text)
        given[f"{name} text"] = to_json(architecture)
        needed = ("units", "activation", "rate", "target_shape", "filters", "kernel_size", "pool_size")
        config = architecture.layers[0].config
        required = {option: config[option] for option in needed if option in config and name in NEEDED}
        given[f"{name} needed"] = json.dumps(required)
    return {name: str(text) for name, text in keras_answers(IN_KERAS, **given).items()}


def sequential(*layers, **config):
    """The JSON of a model of these layers, each (class name, config)."""
    layers = [{"class_name": class_name, "config": options} for class_name, options in layers]
    return json.dumps({"class_name": "Sequential", "config": {"layers": layers, **config}})


def all_layers_of_keras_2():
    """The network of ALL_LAYERS; of four axes, Keras 2 calls the last one 3 where Keras 3 says -1."""
    architecture = read(ALL_LAYERS)
    (norm,) = (layer for layer in architecture.layers if layer.class_name == "BatchNormalization")
    assert norm.config["axis"] == 3
    norm.config["axis"] = -1
    return architecture


def refusal(text):
    """What is said to a JSON text that is refused."""
    with pytest.raises(UserError) as error:
        from_json(text, "net.json")
    return str(error.value)


# ----------------------------------------------------------------------------- Keras's JSON


def test_keras_2_and_keras_3_write_the_same_architecture(in_keras):
    of_keras_2, of_keras_3 = all_layers_of_keras_2(), from_json(in_keras["all_layers"], "x")
    assert of_keras_2 == of_keras_3
    assert len(of_keras_2.layers) == 17
    assert of_keras_2.input_shape == (24, 20, 3)
    assert of_keras_2.name == "all_layers"


def test_options_are_read_as_they_were_set():
    layers = {layer.name: layer.config for layer in read(ALL_LAYERS).layers}
    conv, norm, dense = layers["conv2d"], layers["batch_normalization"], layers["dense"]
    assert (conv["filters"], conv["kernel_size"], conv["strides"]) == (4, (3, 3), (2, 1))
    assert conv["kernel_initializer"] == {"class_name": "HeNormal", "config": {"seed": None}}
    assert conv["kernel_regularizer"] == {"class_name": "L1L2", "config": {"l1": 0.25, "l2": 0.5}}
    assert conv["bias_initializer"] == {"class_name": "Constant", "config": {"value": 0.125}}
    assert (norm["momentum"], norm["epsilon"], norm["scale"], norm["center"]) == (0.75, 0.5, False, True)
    assert dense["activity_regularizer"] == {"class_name": "L1L2", "config": {"l1": 0.5, "l2": 0.0}}
    assert layers["leaky_re_lu"]["negative_slope"] == 0.25
    assert layers["activation"]["activation"] == "silu"
    assert layers["reshape"]["target_shape"] == (-1, 3, 2)


def test_the_tutorial_s_network():
    architecture = read(GALAXY)
    assert architecture.input_shape == (7129,)
    assert [(layer.name, layer.config["units"], layer.config["activation"]) for layer in architecture.layers] == [
        ("dense", 16, "elu"),
        ("dense_1", 16, "elu"),
        ("dense_2", 1, "sigmoid"),
    ]
    assert output_of(architecture) == (1, "sigmoid")


def test_the_older_form_is_a_list_of_layers():
    content = json.loads(GALAXY.read_text())
    content["config"] = content["config"]["layers"][1:]  # no InputLayer, the first layer has the shape
    architecture = from_json(json.dumps(content), "x")
    assert architecture.input_shape == (7129,)
    assert architecture.layers == read(GALAXY).layers


def test_a_file_is_read_with_a_mark_at_its_start(tmp_path):
    path = tmp_path / "net.json"
    path.write_text(GALAXY.read_text(), encoding="utf-8-sig")
    assert read(path) == read(GALAXY)


def test_the_input_shape_is_found_wherever_keras_puts_it(in_keras):
    assert from_json(in_keras["built"], "x").input_shape == (6,)
    assert from_json(in_keras["no input"], "x").input_shape is None
    assert from_json(sequential(("Dense", {"units": 2, "batch_input_shape": [8, None, 3]})), "x").input_shape == (
        None,
        3,
    )


def test_old_spellings():
    text = sequential(
        ("Dense", {"units": 2.0, "kernel_initializer": "glorot_uniform", "activation": None, "dtype": "float32"}),
        (
            "BatchNormalization",
            {"axis": [1], "fused": True, "gamma_initializer": {"class_name": "Ones", "config": {"dtype": "float32"}}},
        ),
        ("Reshape", {"target_shape": {"class_name": "__tuple__", "items": [2, 1]}}),
        ("Activation", {"activation": {"class_name": "function", "config": "swish"}}),
    )
    dense, norm, reshape, activation = (layer.config for layer in from_json(text, "x").layers)
    assert (dense["units"], dense["activation"]) == (2, "linear")
    assert norm["axis"] == 1
    assert reshape["target_shape"] == (2, 1)
    assert activation["activation"] == "silu"


def test_hard_sigmoid_of_keras_2_is_warned_of(capsys):
    layer = ("Dense", {"units": 2, "activation": "hard_sigmoid"})
    old = json.loads(sequential(layer)) | {"keras_version": "2.4.0"}
    assert from_json(json.dumps(old), "net.json") == from_json(sequential(layer), "net.json")
    assert capsys.readouterr().err == (
        "warning: net.json: a layer has the activation hard_sigmoid, which Keras 3 computes differently from Keras 2; "
        "here it is Keras 3's.\n"
    )


# ----------------------------------------------------------------------------- written


@pytest.mark.parametrize("source", [ALL_LAYERS, GALAXY, "dense 3 selu, flatten", "conv2d 3 2, globalmaxpooling2d"])
def test_what_is_written_is_read_again(source):
    assert from_json(to_json(read(source)), "x") == read(source)


def test_keras_loads_what_is_written(in_keras):
    assert from_json(in_keras["all_layers again"], "x") == from_json(in_keras["all_layers"], "x")


@pytest.mark.parametrize("name", LAYERS)
def test_defaults_are_keras_s(name, in_keras):
    assert json.loads(in_keras[f"{name} loaded"]) == json.loads(in_keras[f"{name} default"])


def test_the_input_layer_takes_no_layer_s_name():
    text = to_json(with_input_shape(read("dense 3 name=input"), (4,)))
    assert json.loads(text)["config"]["layers"][0]["config"]["name"] == "input_layer"


# ----------------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    "layer, message",
    [
        (
            ("LSTM", {"name": "l", "units": 3}),
            "layer 'l' is of the class 'LSTM', which is not supported.\n  Supported: Inp",
        ),
        (
            ("Dense", {"units": 3, "kernel_constraint": {"class_name": "NonNeg"}}),
            "layer 'dense' (Dense): kernel_constraint={",
        ),
        (("Dense", {"units": 3, "lora_rank": 4}), "lora_rank=4: not supported; supported: units, activation"),
        (("Dense", {"units": 3, "activation": "sparsemax"}), "activation='sparsemax', expected one of linear, relu"),
        (
            ("Dense", {"units": 3, "activation": {"class_name": "LeakyReLU", "config": {}}}),
            "expected one of linear, relu",
        ),
        (("Dense", {"units": 3, "activation": {"class_name": "function", "config": ["f"]}}), "expected one of linear"),
        (
            ("Dense", {"units": 3, "kernel_regularizer": {"class_name": "Mine", "config": {}}}),
            "expected one of L1, L2, L1L2",
        ),
        (("Dense", {"units": 3, "kernel_initializer": {"class_name": "Zeros", "config": 3}}), "expected one of Zeros"),
        (
            ("Dense", {"units": 3, "kernel_regularizer": {"class_name": "L2", "config": {"l2": -1}}}),
            "L2: l2=-1, expected a number at least 0",
        ),
        (("Dense", {"units": 3, "dtype": "float16"}), "dtype='float16', expected float32, the only one supported"),
        (
            ("Dense", {"units": 3, "dtype": {"class_name": "DTypePolicy", "config": {"name": "mixed_float16"}}}),
            "dtype='mixed_float16', expected float32",
        ),
        (("LeakyReLU", {"alpha": 10**400}), "expected a number"),
        (("Dense", {"units": True}), "units=True, expected a whole number"),
        (("Dense", {"units": "3"}), "units='3', expected a whole number"),
        (("Dense", {"units": 3, "use_bias": 1}), "use_bias=1, expected true or false"),
        (("Dense", {"units": 3, "name": "my layer"}), "layer 'my layer' (Dense): a layer's name has letters"),
        (("Conv2D", {"filters": 3, "kernel_size": 3, "data_format": "channels_first"}), "expected 'channels_last'"),
        (("Conv2D", {"filters": 3, "kernel_size": [3, 3, 3]}), "kernel_size=[3, 3, 3], expected"),
        (("BatchNormalization", {"renorm": True}), "renorm=True: not supported"),
        (("BatchNormalization", {"axis": [1, 2]}), "axis=[1, 2], expected a whole number"),
        (("InputLayer", {"batch_shape": [None, 3], "sparse": True}), "the InputLayer has sparse=True, expected False"),
        (("InputLayer", {"batch_shape": [None, 3], "dtype": "int64"}), "dtype='int64', expected 'float32'"),
        (("InputLayer", {"batch_shape": [None]}), "the input shape is [None], expected a list"),
        (("InputLayer", {"batch_shape": [None, "x"]}), "the input shape is [None, 'x'], expected a list"),
        (("InputLayer", {"batch_shape": 7}), "the input shape is 7, expected a list"),
        (("InputLayer", {"batch_shape": [None, 3]}), "net.json: this architecture has no layer"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(layer, message):
    text = refusal(sequential(layer))
    assert text.startswith("net.json: ")
    assert message in text


def test_an_input_layer_further_on_is_refused():
    text = sequential(("Dense", {"units": 3}), ("InputLayer", {"name": "second"}))
    assert "layer 'second' is of the class 'InputLayer', which is not supported" in refusal(text)


def test_models_of_keras_that_are_not_read(in_keras):
    subclassed = json.dumps({"class_name": "MyModel", "registered_name": "MyModel", "config": {}})
    assert "found a model of the class 'MyModel', expected a Sequential model" in refusal(subclassed)
    assert "layer 'lambda' is of the class 'Lambda', which is not supported" in refusal(in_keras["lambda"])
    assert "is of the class 'mine>Dense', which is not supported" in refusal(in_keras["own"])


@pytest.mark.parametrize(
    "text, message",
    [
        ("{", "this is JSON that is cut short"),
        ("", "this is JSON that is cut short"),
        ("}", "this is not JSON: "),
        ("[" * 100_000, "this is not JSON: "),
        ("[]", "found no model, expected a Sequential model in Keras's JSON"),
        ('{"class_name": 3}', "found no model, expected a Sequential model"),
        ('{"class_name": "Sequential"}', "is damaged: 'layers' should be a list of objects"),
        ('{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense"}]}}', "is damaged: 'layers'"),
        ('{"class_name": "Sequential", "config": {"layers": []}}', "this architecture has no layer"),
        ('{"class_name": "Sequential", "config": {"layers": [{"class_name": {}, "config": {}}]}}', "is damaged"),
    ],
)
def test_damaged_json(text, message):
    assert f"net.json: {message}" in refusal(text).replace("this JSON of a Sequential model is", "is")


def test_files_that_cannot_be_read(tmp_path):
    binary, missing, folder = tmp_path / "x.h5", tmp_path / "x.json", tmp_path / "folder.json"
    binary.write_bytes(b"\x89HDF\xff\xfe")
    folder.mkdir()
    for path, message in (
        (binary, "this is not text, expected Keras's JSON. Write the file with Keras's model.to_json()."),
        (
            missing,
            "cannot read this architecture: No such file or directory.\n  Give a file in Keras's JSON, or the short",
        ),
        (folder, "this is a folder, expected Keras's JSON."),
    ):
        with pytest.raises(UserError) as error:
            read(path)
        assert str(error.value).startswith(f"{path}: {message}")


# ----------------------------------------------------------------------------- use


def test_the_data_s_shape_is_filled_in():
    assert with_input_shape(read("dense 1"), (5,)).input_shape == (5,)
    open_size = from_json(sequential(("GlobalMaxPooling2D", {"batch_input_shape": [None, None, None, 3]})), "x")
    assert with_input_shape(open_size, (8, 9, 3)).input_shape == (8, 9, 3)


@pytest.mark.parametrize(
    "own, shape, message",
    [
        ((7129,), (7130,), "takes inputs of shape [7129], the data's are [7130].\n  Choose the columns with --columns"),
        ((8, 8, 3), (64,), "takes inputs of shape [8, 8, 3], the data's are [64].\n  Choose the columns"),
        ((None, None, 3), (8, 8, 1), "[None, None, 3], the data's are [8, 8, 1].\n  Use data of that shape"),
    ],
)
def test_data_of_another_shape_is_refused(own, shape, message):
    with pytest.raises(UserError) as error:
        with_input_shape(Architecture("net", own, read("dense 1").layers), shape)
    assert str(error.value).startswith("The architecture 'net' takes inputs of shape")
    assert message in str(error.value)


def test_reading_needs_no_tensorflow():
    import subprocess
    import sys

    code = "import sys; from kit.model.keras import architectures as kept; kept.read('dense 1')"
    code += "; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr
