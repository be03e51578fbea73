"""Between a run and other programs: Keras's weights in and out, SavedModels, each held against the other program."""

import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from sklearn.model_selection import train_test_split
from support.keras_process import keras_answers
from support.made_tables import (
    CLASSES,
    GENES,
    keras_weights,
    probabilities,
    rows_and_kinds,
    run_well,
    tabular,
    write_table,
)

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.runs import export as exchange

# With convolutions, pooling, dropout and moving averages.
TABLE_NETWORK = (
    "reshape 2 3 1, conv2d 4 2 relu padding=same, batchnormalization 0.8, averagepooling2d 1x2 padding=same, "
    "flatten, dropout 0.2, dense 2 softmax"
)
IMAGE_NETWORK = "conv2d 8 3 relu, maxpooling2d 2, flatten, dense 2 softmax"

KERAS_TRAINS = """
keras.utils.set_random_seed(5)
model = keras.Sequential([
    keras.layers.Input([6]),
    keras.layers.Dense(8, activation="elu"),
    keras.layers.BatchNormalization(momentum=0.7),
    keras.layers.Dropout(0.1),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(loss="binary_crossentropy", optimizer="rmsprop")
model.fit(given["rows"], given["kinds"], epochs=3, batch_size=4, verbose=0)
with open("keras.json", "w") as file:
    file.write(model.to_json())
model.save_weights("keras.weights.h5")
model.save("legacy.h5")
answers["chances"] = model.predict(given["rows"], verbose=0)
"""

KERAS_LOADS = """
import onnx.reference

for name, inputs in (("table", given["scaled"]), ("pictures", given["pixels"] / 127.5 - 1.0)):
    with open(f"runs/{name}/architecture.json") as file:
        model = keras.models.model_from_json(file.read())
    for weights in (f"{name}.weights.h5", f"runs/{name}/weights.h5"):
        model.load_weights(weights)
        answers[f"{name}, {weights}"] = model.predict(inputs, verbose=0)
for name, raw in (("table", {"rows": given["rows"]}), ("pictures", {"images": given["pixels"]})):
    signature = tf.saved_model.load(f"{name}_exported").signatures["serving_default"]
    outputs = signature(**{given_as: tf.constant(values) for given_as, values in raw.items()})
    answers[f"{name}, probabilities"] = outputs["probabilities"].numpy()
    answers[f"{name}, predicted"] = outputs["predicted"].numpy().astype("U")
    [values] = raw.values()
    network = tf.lite.Interpreter(f"{name}_exported/model.tflite")
    network.resize_tensor_input(0, values.shape)
    network.allocate_tensors()
    network.set_tensor(0, values)
    network.invoke()
    answers[f"{name}, TFLite"] = network.get_tensor(network.get_output_details()[0]["index"])
    network = onnx.reference.ReferenceEvaluator(f"{name}_exported/model.onnx")
    [answers[f"{name}, ONNX"]] = network.run(["probabilities"], raw)
"""


@pytest.fixture(scope="module")
def folder(drawn, tmp_path_factory):
    """A folder with a table and the drawn images, what Keras trained, and runs whose networks have gone out."""
    folder = tmp_path_factory.mktemp("exchange") / "class"
    shutil.copytree(drawn, folder)
    rows, kinds = rows_and_kinds()
    write_table(folder / "X.tabular", rows.tolist())
    write_table(folder / "y.tabular", [[CLASSES[kind]] for kind in kinds], ["kind"])
    cells = rows.tolist()
    cells[7][2] = cells[50][0] = "NA"
    write_table(folder / "holes.tabular", cells, GENES)
    words = ["--data", "holes.tabular", "--labels", "y.tabular", "--fill_missing", "--scale", "minmax", "--epochs", 3]
    run_well("training.py", folder, *words, "--architecture", TABLE_NETWORK, "--batch_size", 4, "--run", "table")
    going_out = ["--export", "table_exported", "--write_weights", "table.weights.h5"]
    run_well("evaluating.py", folder, "--data", "holes.tabular", *going_out)
    words = ["--architecture", IMAGE_NETWORK, "--epochs", 2, "--optimizer", "sgd", "--learning_rate", "0.001"]
    words += ["--precision", "float32"]  # the numbers that others are to find again
    run_well("training.py", folder, *words, "--run", "pictures")
    going_out = ["--export", "pictures_exported", "--write_weights", "pictures.weights.h5"]
    run_well("evaluating.py", folder, "--data", "dataset.csv", *going_out)
    return folder


@pytest.fixture(scope="module")
def rows():
    """The rows of holes.tabular as a user has them: float32 [N, columns], NaN where nothing stands."""
    rows, _ = rows_and_kinds()
    rows[7, 2] = rows[50, 0] = np.nan
    return rows


@pytest.fixture(scope="module")
def scaled(rows):
    """The same rows as the network is given them, worked out from the training rows: minmax, the mean for a hole."""
    learnt_from, _ = train_test_split(np.arange(60), test_size=12, random_state=0)  # the same split as the kit's
    training = np.float64(rows[learnt_from])
    low, high = np.nanmin(training, axis=0), np.nanmax(training, axis=0)
    return np.float32((np.where(np.isnan(rows), np.nanmean(training, axis=0), rows) - low) / (high - low))


@pytest.fixture(scope="module")
def pixels(folder):
    """All images of the drawn data set in the CSV's order: uint8 [N, 32, 32, 3]."""
    lines = (folder / "dataset.csv").read_text().splitlines()
    paths = [line.split(",")[1] for line in lines if not line.startswith("image_name")]
    return np.stack([np.asarray(Image.open(folder / path).convert("RGB")) for path in paths])


@pytest.fixture(scope="module")
def predictions(folder):
    """What the kit predicts: {run: (probabilities [N, classes], predicted words [N])}."""
    of_table = tabular(folder / "runs" / "table" / "evaluation" / "predictions.tabular")
    of_pictures = tabular(folder / "runs" / "pictures" / "evaluation" / "predictions.csv", ",")
    names = ("square", "triangle")
    return {
        "table": (probabilities(of_table), [row["predicted"] for row in of_table]),
        "pictures": (probabilities(of_pictures), [names[int(row["predicted"])] for row in of_pictures]),
    }


@pytest.fixture(scope="module")
def loaded(folder, rows, scaled, pixels):
    """What Keras and TF2 make of what went out: {"<run>, <what>": its answers}."""
    return keras_answers(KERAS_LOADS, folder, rows=rows, scaled=scaled, pixels=pixels)


# ----------------------------------------------------------------------------- out


@pytest.mark.parametrize("weights", ["{}.weights.h5", "runs/{}/weights.h5"], ids=["Keras 3's", "legacy"])
@pytest.mark.parametrize("name", ["table", "pictures"])
def test_keras_loads_architecture_and_weights_and_predicts_the_same(loaded, predictions, name, weights):
    chances, _ = predictions[name]
    assert np.ptp(chances[:, 0]) > 0.1
    np.testing.assert_allclose(loaded[f"{name}, {weights.format(name)}"], chances, atol=1e-5)


@pytest.mark.parametrize("name", ["table", "pictures"])
def test_tf2_loads_the_saved_model_and_predicts_the_same_from_raw_data(loaded, predictions, name):
    chances, predicted = predictions[name]
    np.testing.assert_allclose(loaded[f"{name}, probabilities"], chances, atol=1e-5)
    assert loaded[f"{name}, predicted"].tolist() == predicted


@pytest.mark.parametrize("file", ["TFLite", "ONNX"])
@pytest.mark.parametrize("name", ["table", "pictures"])
def test_tflite_and_onnx_predict_the_same_from_raw_data(loaded, predictions, name, file):
    np.testing.assert_allclose(loaded[f"{name}, {file}"], predictions[name][0], atol=1e-5)


def test_the_classes_lie_beside_the_network(folder):
    assert (folder / "pictures_exported" / "labels.txt").read_text() == "square\ntriangle\n"
    assert (folder / "table_exported" / "labels.txt").read_text() == "".join(f"{name}\n" for name in CLASSES)


@pytest.mark.parametrize(("name", "given"), [("table", "rows"), ("pictures", "images")])
def test_tf1_loads_the_saved_model_and_predicts_the_same_from_raw_data(
    graph, folder, rows, pixels, predictions, name, given
):
    chances, predicted = predictions[name]
    with tf.Session() as session:
        model = tf.saved_model.load(session, [tf.saved_model.SERVING], str(folder / f"{name}_exported"))
        signature = model.signature_def["serving_default"]
        assert (set(signature.inputs), set(signature.outputs)) == ({given}, {"probabilities", "predicted"})
        fed = {signature.inputs[given].name: rows if name == "table" else pixels}
        found = session.run({key: output.name for key, output in signature.outputs.items()}, fed)
    np.testing.assert_allclose(found["probabilities"], chances, atol=1e-5)
    assert [word.decode() for word in found["predicted"]] == predicted


# ----------------------------------------------------------------------------- in


@pytest.fixture(scope="module")
def of_keras(folder):
    """The probabilities of a network that Keras trained, with its files beside it: [N]."""
    rows, kinds = rows_and_kinds()
    return keras_answers(KERAS_TRAINS, folder, rows=rows, kinds=kinds)["chances"][:, 0]


@pytest.fixture(scope="module")
def taken_over(folder, of_keras):
    """A run that went on from Keras's weights, by steps too small to change one."""
    words = ["--data", "X.tabular", "--labels", "y.tabular", "--architecture", "keras.json", "--epochs", 1]
    words += ["--initial_weights", "keras.weights.h5", "--learning_rate", "1e-30", "--run", "taken_over"]
    return folder / "runs" / "taken_over", run_well("training.py", folder, *words)


def test_initial_weights_are_where_a_run_starts(folder, taken_over):
    ours, theirs = keras_weights(taken_over[0] / "weights.h5"), keras_weights(folder / "legacy.h5")
    theirs = {"/".join(name.split("/")[-2:]): value for name, value in theirs.items() if "model_weights" in name}
    ours = {"/".join(name.split("/")[-2:]).removesuffix(":0"): value for name, value in ours.items()}
    moved = {name for name, value in ours.items() if not np.array_equal(value, theirs[name])}
    assert len(ours) == 8 and moved == {name for name in ours if "moving" in name}


@pytest.mark.parametrize("weights", ["keras.weights.h5", "legacy.h5"])
def test_keras_s_weights_are_evaluated_to_the_same_probabilities(folder, of_keras, taken_over, weights):
    words = ["--run", "taken_over", "--data", "X.tabular", "--weights", weights]
    run_well("evaluating.py", folder, *words)
    rows = tabular(taken_over[0] / "evaluation" / "predictions.tabular")
    assert np.ptp(of_keras) > 0.1
    np.testing.assert_allclose(probabilities(rows), np.stack([1 - of_keras, of_keras], axis=1), atol=1e-5)


# ----------------------------------------------------------------------------- refused


def test_an_export_leaves_what_is_there_untouched(tmp_path):
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine.txt").write_text("mine")
    with pytest.raises(UserError) as error, exchange.new_folder(taken):
        pass
    assert "exists already. Remove it, or choose another name." in str(error.value)
    assert [path.name for path in taken.iterdir()] == ["mine.txt"]


def test_an_export_is_there_whole_or_not_at_all(tmp_path):
    with exchange.new_folder(tmp_path / "new" / "folder") as partial:
        partial.mkdir()
        (partial / "saved_model.pb").write_text("all of it")
        assert not (tmp_path / "new" / "folder").exists()
    with pytest.raises(ZeroDivisionError), exchange.new_folder(tmp_path / "new" / "other") as partial:
        partial.mkdir()
        raise ZeroDivisionError
    assert [str(path.relative_to(tmp_path / "new")) for path in (tmp_path / "new").rglob("*.pb")] == [
        "folder/saved_model.pb"
    ]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["folder"]


def test_an_export_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(UserError) as error, exchange.new_folder(tmp_path / "file" / "model"):
        pass
    assert f"cannot write to '{tmp_path / 'file'}'. Choose a folder that you may write to." in str(error.value)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_network_of_the_kit_has_no_weights_for_keras(graph):
    run = SimpleNamespace(architecture=None, name="mine")
    with tf.Session() as session:
        for refused in (exchange.load_weights, exchange.write_weights):
            with pytest.raises(UserError) as error:
                refused(session, "a.h5", run)
            assert "run 'mine' has one of dlho2018_nns.py.\n  Use --export" in str(error.value)


def test_the_class_exported_is_decided_by_the_threshold():
    probabilities = np.float32([[0.75, 0.25], [0.875, 0.125], [0.25, 0.75]])
    with tf.Graph().as_default(), tf.Session() as session:
        found = session.run([exchange.decided(tf.constant(probabilities), each) for each in (None, 0.25)])
    assert [each.tolist() for each in found] == [[0, 0, 1], [1, 0, 1]]
    assert {each.dtype for each in found} == {np.dtype(np.int64)}
