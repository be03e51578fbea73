"""Architectures: Keras's JSON of both versions and the short form, read, written, and refused."""

import json

import pytest
from support.keras_process import keras_answers
from support.scripts import PROJECT

from kit.cli.errors import UserError
from kit.model.keras.architectures import output_of, read, takes_indices, with_input_shape
from kit.model.keras.reading import from_json
from kit.model.keras.structure import Architecture
from kit.model.keras.writing import to_json

DATA = PROJECT / "tests" / "support" / "data"  # written by Keras 2: model.to_json()
ALL_LAYERS = DATA / "keras2_all_layers.json"
GALAXY = DATA / "keras2_galaxy.json"  # the tutorial's network, in the form of older versions
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
again = keras.models.model_from_json(str(given["all_layers text"]))
answers["all_layers again"] = again.to_json()
"""


@pytest.fixture(scope="module")
def in_keras():
    """Keras 3's texts, and what it makes of the kit's."""
    given = {"all_layers text": to_json(all_layers_of_keras_2())}
    return {name: str(text) for name, text in keras_answers(IN_KERAS, **given).items()}


def sequential(*layers, **config):
    """The JSON of a model of these layers, each (class name, config)."""
    layers = [{"class_name": class_name, "config": options} for class_name, options in layers]
    return json.dumps({"class_name": "Sequential", "config": {"layers": layers, **config}})


def all_layers_of_keras_2():
    return read(ALL_LAYERS)


def refusal(text):
    """What is said to a JSON text that is refused."""
    with pytest.raises(UserError) as error:
        from_json(text, "net.json")
    return str(error.value)


# ----------------------------------------------------------------------------- Keras's JSON


def test_keras_2_and_keras_3_write_the_same_architecture(in_keras):
    of_keras_2, of_keras_3 = all_layers_of_keras_2(), from_json(in_keras["all_layers"], "x")
    assert [(layer.class_name, layer.name) for layer in of_keras_2.layers] == [
        (layer.class_name, layer.name) for layer in of_keras_3.layers
    ]
    for one, other in zip(of_keras_2.layers, of_keras_3.layers):
        both = one.config.keys() & other.config.keys() - {"axis"}  # of four, Keras 2 calls the last one 3
        differing = {name for name in both if one.config[name] != other.config[name]}
        assert differing <= {name for name in both if "regularizer" in name or "initializer" in name}
    assert len(of_keras_2.layers) == 17
    assert of_keras_2.input_shape == (24, 20, 3)
    assert of_keras_2.name == "all_layers"


def test_options_are_read_as_they_were_set():
    layers = {layer.name: layer.config for layer in read(ALL_LAYERS).layers}
    conv, norm, dense = layers["conv2d"], layers["batch_normalization"], layers["dense"]
    assert (conv["filters"], conv["kernel_size"], conv["strides"]) == (4, [3, 3], [2, 1])
    assert conv["kernel_initializer"]["class_name"] == "HeNormal"
    assert conv["kernel_regularizer"] == {"class_name": "L1L2", "config": {"l1": 0.25, "l2": 0.5}}
    assert conv["bias_initializer"] == {"class_name": "Constant", "config": {"value": 0.125}}
    assert (norm["momentum"], norm["epsilon"], norm["scale"], norm["center"]) == (0.75, 0.5, False, True)
    assert dense["activity_regularizer"]["config"]["l1"] == 0.5
    assert layers["leaky_re_lu"]["alpha"] == 0.25
    assert layers["activation"]["activation"] == "silu"
    assert layers["reshape"]["target_shape"] == [-1, 3, 2]


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
            "BatchNormalizationV1",
            {"axis": {"class_name": "ListWrapper", "items": [1]}, "fused": True, "gamma_initializer": "ones"},
        ),
        ("Reshape", {"target_shape": {"class_name": "__tuple__", "items": [2, 1]}}),
        ("Activation", {"activation": {"class_name": "function", "config": "swish"}}),
        ("CuDNNGRU", {"units": 3}),
    )
    dense, norm, reshape, activation, gru = from_json(text, "x").layers
    assert (dense.config["units"], dense.config["activation"]) == (2, "linear")
    assert (norm.class_name, norm.config["axis"]) == ("BatchNormalization", 1)
    assert reshape.config["target_shape"] == [2, 1]
    assert activation.config["activation"] == "silu"
    assert (gru.class_name, gru.config["recurrent_activation"], gru.config["reset_after"]) == ("GRU", "sigmoid", True)


def test_hard_sigmoid_is_that_of_the_file_s_own_keras():
    layer = ("Dense", {"units": 2, "activation": "hard_sigmoid"})
    old = json.loads(sequential(layer)) | {"keras_version": "2.4.0"}
    new = json.loads(sequential(layer)) | {"module": "keras"}
    assert output_of(from_json(json.dumps(old), "net.json")) == (2, "hard_sigmoid_of_keras_2")
    assert output_of(from_json(json.dumps(new), "net.json")) == (2, "hard_sigmoid")
    for content in (old, new):
        read_once = from_json(json.dumps(content), "net.json")
        assert from_json(to_json(read_once), "x") == read_once


def test_options_that_are_not_done_as_asked_are_told_of(capsys):
    text = sequential(("LSTM", {"units": 2, "stateful": True}), ("Dense", {"units": 1, "dtype": "mixed_float16"}))
    lstm, _ = from_json(text, "net.json").layers
    assert "stateful" not in lstm.config
    assert capsys.readouterr().err.splitlines() == [
        "warning: net.json: a recurrent layer is stateful, from batch to batch; here each batch begins anew",
        "warning: net.json: the layers are of mixed_float16; here they compute in float32",
    ]


# ----------------------------------------------------------------------------- written


@pytest.mark.parametrize(
    "source",
    [ALL_LAYERS, GALAXY, "dense 3 selu, flatten", "conv2d 3 2, globalmaxpooling2d", "embedding 9 2, gru 3 relu"],
)
def test_what_is_written_is_read_again(source):
    assert from_json(to_json(read(source)), "x") == read(source)


def test_keras_loads_what_is_written(in_keras):
    again, own = from_json(in_keras["all_layers again"], "x"), from_json(in_keras["all_layers"], "x")
    assert [layer.name for layer in again.layers] == [layer.name for layer in own.layers]
    conv, same = again.layers[0].config, own.layers[0].config
    assert conv["kernel_regularizer"] == same["kernel_regularizer"] and conv["strides"] == same["strides"]


def test_the_input_layer_takes_no_layer_s_name():
    text = to_json(with_input_shape(read("dense 3 name=input"), (4,)))
    assert json.loads(text)["config"]["layers"][0]["config"]["name"] == "input_layer"


# ----------------------------------------------------------------------------- refused


CODE = {"class_name": "Lambda", "config": {"function": ["4wE=", None, None], "function_type": "lambda"}}


@pytest.mark.parametrize(
    "layer, message",
    [
        (("Mine", {"name": "l"}), "layer 'l' is of the class 'Mine', which is not supported.\n  Supported: Inp"),
        (("Dens", {"units": 1}), "of the class 'Dens', which is not supported.\n  Did you mean Dense?"),
        (
            ("Dense", {"units": 1, "activation": "ellu"}),
            "'ellu', expected the name of an activation.\n  Did you mean elu?",
        ),
        (("Dropout", {"rate": 30}), "rate=30, expected a number from 0 to 1, such as 0.3 for 30%."),
        (("Lambda", CODE["config"]), "of the class 'Lambda', which is not supported.\n  Build the network without it"),
        (("TimeDistributed", {"layer": CODE}), ": a layer is of the class 'Lambda', which is not supported"),
        (("Bidirectional", {"layer": {**CODE, "class_name": "Mine"}}), "of the class 'Mine', which is not supported"),
        (
            ("Dense", {"units": 3, "kernel_constraint": {"class_name": "M"}}),
            "kernel_constraint='M', expected one of",
        ),
        (
            ("Dense", {"units": 3, "kernel_initializer": {"class_name": "Zeros", "module": "os", "config": {}}}),
            "kernel_initializer='os.Zeros', expected one of Zeros",
        ),
        (("Dense", {"units": 3, "activation": "sparsemax"}), "activation='sparsemax', expected one of linear, relu"),
        (("Dense", {"units": 3, "activation": {"class_name": "Dense", "config": {}}}), "expected one of linear, relu"),
        (("Dense", {"units": 3, "activation": {"class_name": "function", "config": ["f"]}}), "expected one of linear"),
        (
            ("LSTM", {"units": 3, "recurrent_activation": "os.system"}),
            "recurrent_activation='os.system', expected",
        ),
        (("Dense", {"units": 3, "kernel_regularizer": {"class_name": "Mine", "config": {}}}), "expected one of L1, L2"),
        (("Dense", {"units": 3, "kernel_initializer": {"class_name": "Zeros", "config": 3}}), "expected one of Zeros"),
        (("Dense", {"units": 3, "dtype": "complex64"}), "dtype='complex64', expected float32, the only one supported"),
        (("LeakyReLU", {"alpha": 10**400}), "alpha has a number of 401 digits"),
        (("LeakyReLU", {"alpha": float("nan")}), "alpha=nan, expected a finite number"),
        (("Dense", {"units": True}), "units=True, expected a whole number"),
        (("Dense", {"units": "3"}), "units='3', expected a whole number"),
        (
            ("Conv2D", {"filters": 3, "kernel_size": [3, 0.5]}),
            "kernel_size=[3, 0.5], expected a whole number",
        ),
        (("LSTM", {"units": 3, "return_state": True}), "return_state=True gives several outputs"),
        (("BatchNormalization", {"renorm": True}), "renorm=True is not supported"),
        (("LSTMCell", {"units": 3, "name": "c"}), "layer 'c' is a LSTMCell, which only stands within an RNN"),
        (("InputLayer", {"batch_shape": [None, 3], "sparse": True}), "the InputLayer has sparse=True, expected False"),
        (
            ("InputLayer", {"batch_shape": [None, 3], "dtype": "string"}),
            "takes texts (dtype 'string')",
        ),
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
    assert "layer 'second' is an InputLayer further on" in refusal(text)


def test_names_become_names_of_scopes():
    layers = from_json(sequential(("Dense", {"units": 3, "name": "my layer"}), ("ReLU", {"name": "_r"})), "x").layers
    assert [layer.name for layer in layers] == ["my_layer", "layer_r"]


def test_models_of_keras_that_are_not_read(in_keras):
    subclassed = json.dumps({"class_name": "MyModel", "registered_name": "MyModel", "config": {}})
    assert "found a model of the class 'MyModel', expected a Sequential or functional model" in refusal(subclassed)
    assert "layer 'lambda' is of the class 'Lambda', which is not supported" in refusal(in_keras["lambda"])
    assert "is of the class 'mine>Dense', which is not supported" in refusal(in_keras["own"])


@pytest.mark.parametrize(
    "text, message",
    [
        ("{", "this is JSON that is cut short"),
        ("", "this is JSON that is cut short"),
        ("}", "this is not JSON: "),
        ("[" * 100_000, "this is not JSON: "),
        (
            "{}",
            "found no model, expected a model in Keras's JSON: this is an empty JSON object.\n  Write the file with",
        ),
        ("[]", "found no model, expected a model in Keras's JSON"),
        ('{"class_name": 3}', "found no model, expected a model"),
        ('{"class_name": "Sequential"}', "is damaged: 'layers' should be a list of objects"),
        ('{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense"}]}}', "is damaged: 'layers'"),
        ('{"class_name": "Sequential", "config": {"layers": []}}', "this architecture has no layer"),
        ('{"class_name": "Sequential", "config": {"layers": [{"class_name": {}, "config": {}}]}}', "is damaged"),
    ],
)
def test_damaged_json(text, message):
    assert f"net.json: {message}" in refusal(text).replace("this JSON of a Sequential model is", "is")


def test_files_that_cannot_be_read(tmp_path):
    missing, folder = tmp_path / "x.json", tmp_path / "folder.json"
    folder.mkdir()
    for path, message in (
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
        with_input_shape(Architecture("net", own, read("dense 1").layers, ("dense", 0)), shape)
    assert str(error.value).startswith("The architecture 'net' takes inputs of shape")
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("own", "values", "filled"),
    [((4, 3), 12, (4, 3)), ((None, 4), 12, (3, 4)), ((2, None, 3), 12, (2, 2, 3)), ((12, 1), 12, (12, 1))],
)
def test_a_row_fills_an_input_of_more_axes(own, values, filled, capsys):
    network = Architecture("net", own, read("flatten").layers, ("flatten", 0))
    assert with_input_shape(network, (values,)).input_shape == filled


def test_a_network_that_begins_with_a_lookup():
    assert takes_indices(read("embedding 20 4, flatten")) and not takes_indices(read("dense 3"))


def test_reading_needs_no_tensorflow():
    import subprocess
    import sys

    code = "import sys; from kit.model.keras import architectures as kept; kept.read('dense 1')"
    code += "; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


@pytest.mark.parametrize(
    ("class_name", "options", "found"),
    [
        ("Dense", {"units": float("inf")}, "units=inf, expected a finite number"),
        ("Conv2D", {"filters": 2, "kernel_size": [3, float("nan")]}, "kernel_size=nan, expected a finite number"),
        ("Dense", {"units": 10**20}, "units has a number of 21 digits"),
        ("Dropout", {"rate": [0.5]}, "rate=[0.5], expected a number from 0 to 1"),
        ("Conv2D", {"filters": 2, "data_format": ["channels_last"]}, "data_format=['channels_last'], expected a text"),
    ],
)
def test_a_value_of_another_kind_is_told_with_its_option(class_name, options, found):
    text = sequential((class_name, {"name": "c", **options}))
    assert refusal(text).startswith(f"net.json: layer 'c' ({class_name}): {found}")
