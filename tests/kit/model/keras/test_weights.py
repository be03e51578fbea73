"""Weights in Keras's layouts: written by Keras and read here, written here and read by Keras, and refused."""

import h5py
import numpy as np
import pytest
from support.keras_process import keras_answers

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model.keras import architectures, writing
from kit.model.keras.network import build
from kit.model.keras.weights import read_weights, shapes_of, write_weights

NETWORKS = {  # name: (short form, shape of the inputs)
    "dense": ("dense 16 elu, dropout .2, dense 16 elu, dense 1 sigmoid", (20,)),
    "conv": (
        "conv2d 4 3 relu, batchnormalization, separableconv2d 6 3 padding=same depth_multiplier=2, leakyrelu .2, "
        "maxpooling2d 2, conv2d 5 2 strides=2, batchnormalization scale=false, averagepooling2d 2 1 padding=same, "
        "activation swish, flatten, dropout .3, dense 7 name=hidden use_bias=false, batchnormalization center=false, "
        "dense 3, softmax",
        (14, 13, 3),
    ),
    "global": (
        "conv2d 8 3 gelu groups=1, batchnormalization trainable=false, globalaveragepooling2d, dense 2",
        (9, 9, 1),
    ),
}
LAYOUTS = ("k.weights.h5", "k.h5")  # what is written here
MANY = 11  # layers of a class: in a file, dense_10 stands before dense_2

IN_KERAS = """
for name in given["networks"]:
    inputs = given[f"{name} inputs"]
    model = keras.models.model_from_json(open(f"{name}.json").read())
    random = np.random.default_rng(3)
    model.set_weights([random.uniform(0.1, 1, w.shape) * random.choice([-0.5, 0.5, 0.7]) if "variance" not in w.path
                       else random.uniform(0.5, 2, w.shape) for w in model.weights])
    model.save_weights(f"{name}_x.weights.h5")
    model.save(f"{name}_model_x.h5")
    answers[f"{name} of keras"] = model(inputs)
    for file in given["layouts"]:
        model = keras.models.model_from_json(open(f"{name}.json").read())
        model.load_weights(f"{name}_{file}")
        answers[f"{name} {file}"] = model(inputs)
many = keras.models.model_from_json(open("many.json").read())
for i, weights in enumerate(many.weights):
    weights.assign(np.full(weights.shape, i))
many.save_weights("many.weights.h5")
many.load_weights("many_k.weights.h5")
answers["many"] = np.array([weights.numpy().flat[0] for weights in many.weights])
"""


def network(name):
    """The Architecture of one of NETWORKS."""
    text, shape = NETWORKS[name]
    return architectures.with_input_shape(architectures.read(text), shape)


def many():
    return architectures.with_input_shape(architectures.read(", ".join(["dense 2"] * MANY)), (2,))


def random_values(architecture):
    """Values for every variable, moving averages too: none of them what a network starts with."""
    random = np.random.default_rng(0)
    return {
        name: random.uniform(0.2, 1, shape).astype(np.float32) * (1 if name.endswith("variance") else 0.4)
        for name, shape in shapes_of(architecture).items()
    }


def inputs_of(name):
    return np.random.default_rng(1).normal(size=(6, *NETWORKS[name][1])).astype(np.float32)


def predictions(name, values):
    """What the kit's network gives with these values of its variables."""
    with tf.Graph().as_default():
        inputs = tf.placeholder(tf.float32, [None, *NETWORKS[name][1]])
        outputs, _, _ = build(network(name), inputs, tf.placeholder_with_default(False, []))
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for variable in tf.global_variables():
                if variable.op.name in values:
                    variable.load(values[variable.op.name], session)
            return session.run(outputs, {inputs: inputs_of(name)})


@pytest.fixture(scope="module")
def exchange(tmp_path_factory):
    """(folder, answers): a folder with files of the kit's and of Keras's, and what Keras predicts with them."""
    folder = tmp_path_factory.mktemp("exchange")
    given = {"networks": list(NETWORKS), "layouts": LAYOUTS}
    for name in NETWORKS:
        architecture = network(name)
        (folder / f"{name}.json").write_text(writing.to_json(architecture))
        for file in LAYOUTS:
            write_weights(folder / f"{name}_{file}", architecture, random_values(architecture))
        given[f"{name} inputs"] = inputs_of(name)
    (folder / "many.json").write_text(writing.to_json(many()))
    numbered = {name: np.full(shape, i) for i, (name, shape) in enumerate(shapes_of(many()).items())}
    write_weights(folder / "many_k.weights.h5", many(), numbered)
    return folder, keras_answers(IN_KERAS, folder, **given)


# ----------------------------------------------------------------------------- with Keras


@pytest.mark.parametrize("file", LAYOUTS)
@pytest.mark.parametrize("name", NETWORKS)
def test_keras_predicts_the_same_with_weights_written_here(name, file, exchange):
    wanted = predictions(name, random_values(network(name)))
    assert wanted.std() > 1e-3
    np.testing.assert_allclose(exchange[1][f"{name} {file}"], wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("file", ["x.weights.h5", "model_x.h5"])
@pytest.mark.parametrize("name", NETWORKS)
def test_predictions_are_the_same_with_weights_written_by_keras(name, file, exchange):
    folder, answers = exchange
    values = read_weights(folder / f"{name}_{file}", network(name))
    np.testing.assert_allclose(predictions(name, values), answers[f"{name} of keras"], rtol=1e-5, atol=1e-5)


def test_many_layers_of_a_class_keep_their_order(exchange):
    folder, answers = exchange
    values = read_weights(folder / "many.weights.h5", many())
    assert [value.flat[0] for value in values.values()] == list(range(2 * MANY))
    assert answers["many"].tolist() == list(range(2 * MANY))


# ----------------------------------------------------------------------------- the layouts


@pytest.mark.parametrize("file", LAYOUTS)
@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_written_is_read_again(name, file, tmp_path):
    values = random_values(network(name))
    write_weights(tmp_path / file, network(name), values)
    again = read_weights(tmp_path / file, network(name))
    assert list(again) == list(values)
    for variable, value in values.items():
        np.testing.assert_array_equal(again[variable], value)
        assert again[variable].dtype == np.float32


def test_the_layout_is_found_out_by_the_content(tmp_path):
    values = random_values(network("dense"))
    for file, other in (("a.weights.h5", "a.h5"), ("b.h5", "b.weights.h5")):
        write_weights(tmp_path / file, network("dense"), values)
        (tmp_path / file).rename(tmp_path / other)
        again = read_weights(tmp_path / other, network("dense"))
        np.testing.assert_array_equal(again["dense/kernel"], values["dense/kernel"])


def test_layers_of_a_legacy_file_are_matched_by_their_order(tmp_path):
    other_names = architectures.read("dense 16 name=z, dropout .2, dense 16 name=b, dense 1 name=a")
    other_names = architectures.with_input_shape(other_names, (20,))
    values = random_values(other_names)
    write_weights(tmp_path / "x.h5", other_names, values)
    again = read_weights(tmp_path / "x.h5", network("dense"))
    np.testing.assert_array_equal(again["dense/kernel"], values["z/kernel"])
    np.testing.assert_array_equal(again["dense_2/kernel"], values["a/kernel"])


def test_long_lists_of_names_come_in_parts(tmp_path):
    path, values = tmp_path / "x.h5", random_values(network("dense"))
    write_weights(path, network("dense"), values)
    with h5py.File(path, "a") as file:
        names = file.attrs["layer_names"]
        del file.attrs["layer_names"]
        file.attrs["layer_names0"], file.attrs["layer_names1"] = names[:1], names[1:]
    np.testing.assert_array_equal(read_weights(path, network("dense"))["dense_2/bias"], values["dense_2/bias"])


def test_keras_2_13_s_name_for_the_layers(tmp_path):
    path, values = tmp_path / "x.weights.h5", random_values(network("dense"))
    write_weights(path, network("dense"), values)
    with h5py.File(path, "a") as file:
        file.move("layers", "_layer_checkpoint_dependencies")
    np.testing.assert_array_equal(read_weights(path, network("dense"))["dense_1/bias"], values["dense_1/bias"])


def test_the_legacy_layout_is_keras_2_s(tmp_path):
    write_weights(tmp_path / "x.h5", network("global"), random_values(network("global")))
    with h5py.File(tmp_path / "x.h5") as file:
        names = [b"conv2d", b"batch_normalization", b"global_average_pooling2d", b"dense"]
        assert file.attrs["layer_names"].tolist() == names
        assert file["dense"].attrs["weight_names"].tolist() == [b"dense/kernel:0", b"dense/bias:0"]
        assert file["global_average_pooling2d"].attrs["weight_names"].tolist() == []
        assert file["dense/dense/kernel:0"].shape == (8, 2)


# ----------------------------------------------------------------------------- refused


def refusal(path, architecture):
    """What is said to a file that is refused."""
    with pytest.raises(UserError) as error:
        read_weights(path, architecture)
    return str(error.value)


@pytest.mark.parametrize("file, extra", [("x.weights.h5", "layers/dense_2/vars"), ("x.h5", "dense_2/dense_2")])
def test_every_difference_is_named(file, extra, tmp_path):
    path = tmp_path / file
    write_weights(path, network("dense"), random_values(network("dense")))
    kernel, bias = ("0", "1") if file == "x.weights.h5" else ("kernel:0", "bias:0")
    fewer = architectures.with_input_shape(architectures.read("dense 16, dense 8"), (30,))
    assert refusal(path, fewer) == (
        f"{path}: its weights are not this network's:\n"
        f"  missing in the network: {extra}/{kernel} [16, 1]\n"
        f"  missing in the network: {extra}/{bias} [1]\n"
        "  shape differs: dense/kernel is [20, 16] in the file, [30, 16] in the network\n"
        "  shape differs: dense_1/kernel is [16, 16] in the file, [16, 8] in the network\n"
        "  shape differs: dense_1/bias is [16] in the file, [8] in the network\n"
        "  Give the architecture that the weights were trained with."
    )
    more = architectures.with_input_shape(architectures.read("dense 16, dense 16, dense 1, dense 1"), (20,))
    assert "\n  missing in the file: dense_3/kernel [1, 1]\n  missing in the file: dense_3/bias [1]\n" in refusal(
        path, more
    )
    unbiased = architectures.with_input_shape(architectures.read("dense 16 use_bias=false, dense 16, dense 1"), (20,))
    assert "[16]\n  Give the architecture" in refusal(path, unbiased)


def test_many_differences_are_cut_short(tmp_path):
    write_weights(tmp_path / "x.h5", network("dense"), random_values(network("dense")))
    deep = architectures.with_input_shape(architectures.read(", ".join(["dense 16"] * 30)), (20,))
    lines = refusal(tmp_path / "x.h5", deep).splitlines()
    assert lines[-2] == "  and 16 more"  # 27 layers of 2 and the last of the file of 2
    assert len(lines) == 1 + 40 + 2


def test_files_that_are_none(tmp_path):
    architecture = network("dense")
    text, other, cut = tmp_path / "text.h5", tmp_path / "other.h5", tmp_path / "cut.h5"
    text.write_text("weights")
    with h5py.File(other, "w") as file:
        file["numbers"] = [1, 2]
    write_weights(cut, architecture, random_values(architecture))
    cut.write_bytes(cut.read_bytes()[:3000])
    assert refusal(tmp_path / "none.h5", architecture) == (
        f"{tmp_path}/none.h5: cannot read these weights: there is no such file.\n"
        "  Give a path relative to the current folder."
    )
    assert refusal(tmp_path, architecture) == f"{tmp_path}: this is a folder, expected weights in HDF5.\n  Give a file."
    assert f"{other}: this HDF5 file has no weights from Keras.\n  Expected weights from Keras" in refusal(
        other, architecture
    )
    for path in (text, cut):
        assert refusal(path, architecture).startswith(f"{path}: cannot read these weights: ")


def test_damage_within_a_file_is_told(tmp_path):
    path, architecture = tmp_path / "x.h5", network("dense")
    write_weights(path, architecture, random_values(architecture))
    with h5py.File(path, "a") as file:
        del file["dense_1/dense_1/bias:0"]
    assert refusal(path, architecture) == f"{path}: this file is damaged: 'dense_1/bias:0' is missing in '/dense_1'."
    with h5py.File(path, "a") as file:
        file["dense_1/dense_1/bias:0"] = np.array([b"x"] * 16)
    assert "/dense_1/dense_1/bias:0 has values of type |S1, expected numbers" in refusal(path, architecture)
    with h5py.File(path, "a") as file:
        del file["dense_1/dense_1/bias:0"]
        file["dense_1/dense_1/bias:0"] = np.full(16, 1e300)
    assert "/dense_1/dense_1/bias:0 has values that are infinite or not a number" in refusal(path, architecture)


@pytest.mark.parametrize("kind", ["link", "external", "virtual"])
def test_files_that_point_to_others_are_refused(kind, tmp_path):
    path, other, architecture = tmp_path / "x.h5", tmp_path / "other.h5", network("dense")
    write_weights(path, architecture, random_values(architecture))
    write_weights(other, architecture, random_values(architecture))
    name = "dense/dense/kernel:0"
    with h5py.File(path, "a") as file:
        del file[name]
        if kind == "link":
            file[name] = h5py.ExternalLink("other.h5", name)
        elif kind == "external":
            file.create_dataset(name, (20, 16), "f4", external=[(str(other), 0, 20 * 16 * 4)])
        else:
            layout = h5py.VirtualLayout((20, 16), "f4")
            layout[:] = h5py.VirtualSource(str(other), name, (20, 16))
            file.create_virtual_dataset(name, layout)
    assert refusal(path, architecture) == (
        f"{path}: 'dense/kernel:0' points to another file. Give a file that holds the weights itself."
    )


def test_weights_need_the_shape_of_the_inputs():
    with pytest.raises(UserError, match="'network' doesn't say the shape of its inputs, on which its weights depend"):
        shapes_of(architectures.read("dense 3"))


def test_weights_are_written_whole_or_not_at_all(tmp_path):
    architecture = network("dense")
    values = random_values(architecture)
    path = tmp_path / "x.h5"
    write_weights(path, architecture, values)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="missing in values, or of another shape: dense/bias"):
        write_weights(path, architecture, {**values, "dense/bias": np.zeros(3)})
    with pytest.raises(UserError, match="there is no folder"):
        write_weights(tmp_path / "none" / "x.h5", architecture, values)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["x.h5"]
