"""Functional models: read as Keras reads them, of one input and one output; others are refused, by name."""

import json

import numpy as np
import pytest
from support.keras_process import keras_answers

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model.keras.network import build
from kit.model.keras.reading import from_json
from kit.model.keras.weights import read_weights
from kit.model.keras.writing import to_json

IN_KERAS = """
L = keras.layers
keras.utils.set_random_seed(1)

def image_chain():
    inputs = keras.Input((8, 9, 2), name="pixels")
    x = L.Conv2D(3, 3, activation="relu")(inputs)
    x = L.BatchNormalization()(x)
    x = L.Conv2D(4, 2, padding="same")(x)
    x = L.Dropout(0.5)(x)
    x = L.GlobalMaxPooling2D()(x)
    return keras.Model(inputs, L.Dense(2, "softmax", name="end")(L.Dense(5, "elu", name="a_first")(x)), name="chain")

inputs = keras.Input((4,))
hidden = L.Dense(3, name="hidden")(inputs)
left, right = (L.Dense(2, name=name)(hidden) for name in ("left", "right"))
shared = L.Dense(4, name="shared")
lists = keras.Model([inputs], [L.Dense(2)(hidden)])
models = {
    "chain": image_chain(),
    "lists": lists,
    "branch": keras.Model(inputs, L.Add(name="sum")([left, right])),
    "shared": keras.Model(inputs, shared(shared(inputs))),
    "outputs": keras.Model(inputs, [hidden, L.Dense(2, name="last")(hidden)]),
    "inputs": keras.Model([inputs, second := keras.Input((4,), name="second")], L.Add(name="sum")([inputs, second])),
    "monte carlo": keras.Model(inputs, L.Dense(1)(L.Dropout(0.5, name="always")(hidden, training=True))),
    "operation": keras.Model(inputs, L.Dense(1)(hidden * 2.0)),
}
for name, model in models.items():
    answers[name] = model.to_json()
chain = models["chain"]
chain.set_weights([given["draw"][:w.size].reshape(w.shape) for w in chain.get_weights()])
answers["predicted"] = chain.predict(given["images"], verbose=0)
chain.save_weights("chain.weights.h5")
chain.save("chain.h5")
chain.save("chain.keras")
"""
IMAGES = np.random.default_rng(0).normal(size=(7, 8, 9, 2)).astype(np.float32)


@pytest.fixture(scope="module")
def in_keras(tmp_path_factory):
    """(folder with Keras's files, its answers)."""
    folder = tmp_path_factory.mktemp("keras")
    draw = np.abs(np.random.default_rng(1).normal(size=500) / 4).astype(np.float32)
    return folder, keras_answers(IN_KERAS, folder, images=IMAGES, draw=draw)


def old_form(text):
    """The same model as Keras 2 writes it: inbound nodes as lists."""
    content = json.loads(text)
    for layer in content["config"]["layers"]:
        for i, node in enumerate(layer["inbound_nodes"]):
            tensors = json.dumps(node["args"])
            names = [part.split('"')[1] for part in tensors.split('"keras_history": ')[1:]]
            kwargs = {key: value for key, value in node["kwargs"].items() if value}
            layer["inbound_nodes"][i] = [[name, 0, 0, kwargs] for name in names]
    ends = content["config"]
    for key in ("input_layers", "output_layers"):
        ends[key] = [ends[key]] if isinstance(ends[key][0], str) else ends[key]
    return json.dumps({**content, "class_name": "Model", "keras_version": "2.2.4-tf"})


@pytest.mark.parametrize("form", [str, old_form])
@pytest.mark.parametrize("file", ["chain.weights.h5", "chain.h5"])
def test_a_chain_predicts_as_in_keras(in_keras, graph, file, form):
    folder, answers = in_keras
    architecture = from_json(form(str(answers["chain"])), "chain.json")
    assert (architecture.name, architecture.input_shape, len(architecture.layers)) == ("chain", (8, 9, 2), 7)
    values = read_weights(folder / file, architecture)
    images_ph = tf.placeholder(tf.float32, [None, 8, 9, 2])
    outputs, _, _ = build(architecture, images_ph, tf.placeholder_with_default(False, []))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for variable in tf.global_variables():
            if variable.op.name in values:
                variable.load(values[variable.op.name], session)
        predicted = session.run(outputs, {images_ph: IMAGES})
    np.testing.assert_allclose(predicted, answers["predicted"], rtol=1e-5, atol=1e-6)
    assert np.ptp(predicted[:, 0]) > 0.01


def test_the_parts_of_a_keras_file_are_read(in_keras, tmp_path):
    """The way out that the refusal of a .keras file names."""
    import zipfile

    folder, answers = in_keras
    with zipfile.ZipFile(folder / "chain.keras") as file:
        file.extractall(tmp_path)
    architecture = from_json((tmp_path / "config.json").read_text(), "config.json")
    assert architecture == from_json(str(answers["chain"]), "x")
    taken, saved = (
        read_weights(path, architecture) for path in (tmp_path / "model.weights.h5", folder / "chain.weights.h5")
    )
    assert all((taken[name] == saved[name]).all() for name in saved)


def test_the_order_of_the_list_does_not_matter(in_keras):
    content = json.loads(str(in_keras[1]["chain"]))
    content["config"]["layers"].reverse()
    assert from_json(json.dumps(content), "x") == from_json(str(in_keras[1]["chain"]), "x")


def test_inputs_and_outputs_may_be_lists(in_keras):
    assert len(from_json(str(in_keras[1]["lists"]), "x").layers) == 2


def test_a_graph_is_more_than_a_chain(in_keras):
    branch, shared = (
        from_json(form(str(in_keras[1][name])), "x") for name, form in (("branch", str), ("shared", old_form))
    )
    assert [layer.name for layer in branch.layers] == ["hidden", "left", "right", "sum"]
    assert branch.layers[3].calls[0].sources == (("left", 0), ("right", 0)) and not branch.is_chain
    assert [call.sources for call in shared.layers[0].calls] == [(("", 0),), (("shared", 0),)]
    assert shared.output == ("shared", 1)


REFUSED = [
    ("outputs", "has 2 outputs: hidden, last; expected one.\n  Write the file with one output"),
    ("inputs", ", second; only one is supported.\n  Give it one input"),
    ("monte carlo", "the layer 'always' is called with training=True, which is not supported"),
    ("operation", "is of the class 'Multiply', which is not supported"),
]


@pytest.mark.parametrize(
    ("form", "model", "message"),
    [*((str, *each) for each in REFUSED), *((old_form, *each) for each in REFUSED[:3])],
)
def test_what_is_not_supported_is_refused_by_name(in_keras, model, message, form):
    with pytest.raises(UserError) as error:
        from_json(form(str(in_keras[1][model])), "net.json")
    text = str(error.value)
    assert text.startswith("net.json: ") and message in text


def layer(name, *before, class_name="Dense", options=None):
    """A layer in Keras 2's JSON, called once on these layers."""
    config = {"batch_input_shape": [None, 4]} if class_name == "InputLayer" else {"units": 2}
    nodes = [[[other, 0, 0, options or {}] for other in before]] if before else []
    return {"name": name, "class_name": class_name, "config": {"name": name, **config}, "inbound_nodes": nodes}


@pytest.mark.parametrize(
    ("layers", "ends", "message"),
    [
        ([layer("a", "nowhere")], [["a", 0, 0]], "the layer 'nowhere' or its call is missing"),
        ([layer("a", "in")], None, "has no outputs: none is named"),
        ([layer("a", "in")], [["a", 5, 0]], "the layer 'a' or its call is missing"),
        ([{**layer("a", "in"), "name": ["a"]}], [["a", 0, 0]], "a layer's name is ['a'], expected a text"),
        (
            [{"class_name": "Sequential", "config": [], "inbound_nodes": [[["in", 0, 0]]]}],
            [["a", 0, 0]],
            "a layer of the class Sequential has no name",
        ),
        ([layer("a", "in"), layer("a", "in")], [["a", 0, 0]], "two layers have the same name"),
        ([layer("a", "in"), layer("b", class_name="InputLayer")], [["a", 0, 0]], "has 2 inputs: in, b"),
        ([layer("a", "in", options={"training": True})], [["a", 0, 0]], "'a' is called with training=True"),
        ([layer("a", "in", options={"y": ["b", 0, 0]})], [["a", 0, 0]], "'a' is called with y=['b', 0, 0]"),
        ([{**layer("a", "in"), "inbound_nodes": [["in"]]}], [["a", 0, 0]], "what the layer 'a' is called on"),
        ([{**layer("a", "in"), "inbound_nodes": [{"args": 3}]}], [["a", 0, 0]], "what the layer 'a' is called on"),
        ([{**layer("a", "in"), "inbound_nodes": [[["in", 0, 1, {}]]]}], [["a", 0, 0]], "a second output of"),
    ],
)
def test_odd_graphs_are_refused(layers, ends, message):
    config = {"name": "m", "layers": [layer("in", class_name="InputLayer"), *layers], "output_layers": ends}
    with pytest.raises(UserError) as error:
        from_json(json.dumps({"class_name": "Model", "config": config}), "net.json")
    assert message in str(error.value)


@pytest.mark.parametrize("class_name", ["Dense", "Activation", "Flatten"])  # some don't change what they are called on
@pytest.mark.parametrize(
    ("layers", "names"),  # each: a name, then what it is called on
    [(["ab", "ba"], "a, b"), (["bb"], "b"), (["ax", "bab"], "b")],
)
def test_a_loop_is_refused_by_name(layers, names, class_name):
    layers = [layer(name, *before, class_name=class_name) for name, *before in layers]
    config = {"name": "m", "layers": [layer("x", class_name="InputLayer"), *layers], "output_layers": [["b", 0, 0]]}
    with pytest.raises(UserError, match=rf"^net.json: .* called in a loop, on their own output: {names}\.$"):
        from_json(json.dumps({"class_name": "Model", "config": config}), "net.json")


def test_a_distributed_model_is_a_chain_of_distributed_layers():
    parts = [
        {"class_name": "Dense", "config": {"name": "d", "units": 2}},
        {"class_name": "Flatten", "config": {"name": "f"}},
    ]
    inner = {"class_name": "Sequential", "config": {"name": "s", "layers": parts}}
    layers = [{"class_name": "TimeDistributed", "config": {"name": "td", "layer": inner}}]
    network = from_json(json.dumps({"class_name": "Sequential", "config": layers}), "x")
    (distributed,) = network.layers
    assert [layer.config["layer"]["class_name"] for layer in distributed.network.layers] == ["Dense", "Flatten"]
    assert {layer.class_name for layer in distributed.network.layers} == {"TimeDistributed"}
    assert from_json(to_json(network), "x") == network
