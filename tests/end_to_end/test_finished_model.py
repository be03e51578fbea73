"""evaluating.py --model: models of Keras that were trained elsewhere predict tables and sequences, as Keras does."""

import json

import numpy as np
import pytest
from support.keras_process import keras_answers
from support.made_tables import GENES, column, probabilities, run, run_well, tabular, write_table

LETTERS = "ACGT"
MODELS = """
layers = keras.layers
keras.utils.set_random_seed(3)
rows, indices = given["rows"], given["letters"]
letters = np.eye(4, dtype="float32")[indices]

def keep(name, model, inputs):
    random = np.random.default_rng(0)
    model.set_weights([weights + random.uniform(0, 0.3, weights.shape) for weights in model.get_weights()])
    model.save(f"{name}.keras")
    model.save(f"{name}.h5")
    model.save_weights(f"{name}.weights.h5")
    with open(f"{name}.json", "w") as file:
        file.write(model.to_json())
    answers[name] = np.asarray(model(inputs))

keep("three", keras.Sequential([keras.Input((6,)), layers.Dense(5, "relu"), layers.BatchNormalization(),
                                layers.Dense(3, "softmax")]), rows)
keep("two", keras.Sequential([keras.Input((6,)), layers.Dense(1, "sigmoid")]), rows)
keep("value", keras.Sequential([keras.Input((3, 2)), layers.LSTM(4), layers.Dense(1)]), rows.reshape(-1, 3, 2))
keep("places", keras.Sequential([keras.Input((6,)), layers.Reshape((6, 1)), layers.Dense(2)]), rows)
keep("reads", keras.Sequential([keras.Input((None, 4)), layers.Conv1D(3, 4, activation="relu"),
                                layers.GlobalMaxPooling1D(), layers.Dense(2)]), letters)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with models and what they predict, answers.npz; and what they predict it of."""
    folder = tmp_path_factory.mktemp("finished")
    random = np.random.default_rng(5)
    rows = random.normal(size=(12, 6)).round(3).astype(np.float32)
    letters = random.integers(0, 4, [8, 9])
    keras_answers(MODELS, folder, rows=rows, letters=letters)
    write_table(folder / "X.tabular", rows.tolist())
    named = [[f"patient_{number}", *row, "cab"[number % 3]] for number, row in enumerate(rows.tolist())]
    write_table(folder / "named.tabular", named, ["name", *GENES, "kind"])
    records = [f">read_{number}\n{''.join(LETTERS[each] for each in row)}\n" for number, row in enumerate(letters)]
    (folder / "reads.fasta").write_text("".join(records))
    return folder


def answers(folder, name):
    with np.load(folder / "answers.npz") as file:
        return file[name]


def predicted(folder, name):
    return tabular(folder / "runs" / name / "evaluation/predictions.tabular")


@pytest.mark.parametrize("files", [["three.keras"], ["three.h5"], ["three.json", "--weights", "three.weights.h5"]])
def test_classes_have_keras_probabilities(folder, files):
    printed = run_well("evaluating.py", folder, "--model", *files, "--data", "X.tabular")
    assert f"Model {files[0]}: from 6 columns, the classes 0, 1, 2; their names: --classes" in printed
    assert "The columns are taken as they are: scale them first" in printed
    rows, wanted = predicted(folder, "three"), answers(folder, "three")
    np.testing.assert_allclose(probabilities(rows), wanted, atol=1e-6)
    assert [int(row["predicted"]) for row in rows] == wanted.argmax(axis=1).tolist()
    assert not (folder / "runs/three/config.json").exists()


def test_labels_are_scored_under_the_names_given(folder):
    words = ["--model", "three.keras", "--data", "named.tabular", "--label_column", "kind", "--classes", "c", "a", "b"]
    run_well("evaluating.py", folder, *words, "--run", "scored", "--write_weights", "again.weights.h5")
    evaluation = folder / "runs/scored/evaluation"
    report = json.loads((evaluation / "report.json").read_text(encoding="utf-8"))
    assert report["accuracy"] == pytest.approx(np.mean(answers(folder, "three").argmax(axis=1) == np.arange(12) % 3))
    assert (report["run"], report["checkpoint"]) == ("scored", "three.keras")
    assert [row["name"] for row in predicted(folder, "scored")] == [f"patient_{number}" for number in range(12)]
    page = (evaluation / "report.html").read_text(encoding="utf-8")
    assert "finished elsewhere" in page and "training.py" not in page
    words = ["--model", "three.json", "--weights", "again.weights.h5", "--data", "X.tabular", "--run", "again"]
    run_well("evaluating.py", folder, *words)
    np.testing.assert_allclose(probabilities(predicted(folder, "again")), answers(folder, "three"), atol=1e-6)


def test_one_sigmoid_is_two_classes_with_a_threshold(folder):
    words = ["--model", "two.keras", "--data", "X.tabular", "--classes", "ALL", "AML", "--threshold", 0.6]
    printed = run_well("evaluating.py", folder, *words)
    assert printed.count("--threshold 0.6: AML from a probability of 0.6 on\n") == 1
    wanted = answers(folder, "two")[:, 0]
    np.testing.assert_allclose(column(predicted(folder, "two"), "probability_AML"), wanted, atol=1e-6)
    assert [row["predicted"] for row in predicted(folder, "two")] == np.where(wanted >= 0.6, "AML", "ALL").tolist()
    assert 0 < np.mean((wanted >= 0.5) & (wanted < 0.6)) < 1


def test_a_row_fills_the_steps_of_a_recurrent_network(folder):
    run_well("evaluating.py", folder, "--model", "value.h5", "--data", "X.tabular")
    np.testing.assert_allclose(column(predicted(folder, "value"), "predicted"), answers(folder, "value")[:, 0], 1e-5)


def test_sequences_are_one_hot(folder):
    printed = run_well("evaluating.py", folder, "--model", "reads.keras", "--data", "reads.fasta")
    assert "from 9 letters of ACGT, one-hot in this order" in printed
    exponentials = np.exp(answers(folder, "reads"))  # the model ends in logits
    wanted = exponentials / exponentials.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(probabilities(predicted(folder, "reads")), wanted, atol=1e-6)


def test_rows_are_explained_from_zeros(folder):
    words = ["--model", "two.keras", "--data", "X.tabular", "--explain_rows", 2, "--run", "why"]
    printed = run_well("evaluating.py", folder, *words)
    rows = tabular(folder / "runs/why/evaluation/explanations.tabular")
    assert "compared with that of a row of zeros: " in printed and set(column(rows, "compared_with")) == {0.0}
    run_well("evaluating.py", folder, "--model", "two.keras", "--data", "X.tabular", "--run", "why_not")
    chance = float(predicted(folder, "why_not")[1]["probability_1"])
    write_table(folder / "zeros.tabular", [[0] * 6])
    run_well("evaluating.py", folder, "--model", "two.keras", "--data", "zeros.tabular", "--run", "zeros")
    of_zeros = float(predicted(folder, "zeros")[0]["probability_1"])
    logits = [np.log(each / (1 - each)) for each in (chance, of_zeros)]
    sign = 1 if chance > 0.5 else -1  # the lead is that of the predicted class
    assert column(rows, "share").sum() == pytest.approx(sign * (logits[0] - logits[1]), abs=1e-3)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["two.keras"], "--model two.keras: needs --data, a table to predict."),
        (["two.keras", "--data", "X.tabular", "--part", "test"], "--part has no effect on --model."),
        (["two.keras", "--data", "X.tabular", "--threshold", "f1"], "--threshold f1: it is chosen on a run's"),
        (["two.keras", "--data", "X.tabular", "--classes", "a", "a"], "--classes a a: expected 2 different names"),
        (["value.keras", "--data", "X.tabular", "--classes", "a", "b"], "value.keras predicts values, not classes."),
        (["none.keras", "--data", "X.tabular"], "--model none.keras: there is no such file."),
        (["two.json", "--data", "X.tabular"], "--model two.json: no model with its weights."),
        (["two.weights.h5", "--data", "X.tabular"], "two.weights.h5: this is an HDF5 file of weights, without an arc"),
        (["two.keras", "--data", "named.tabular"], "name their column with --label_column."),
        (["places.keras", "--data", "X.tabular"], "its outputs have the shape [6, 2], expected one per class"),
        (["two.keras", "--data", "reads.fasta"], "--model two.keras: it takes inputs of [6]. Of a FASTA file's"),
        (
            ["two.keras", "--data", "named.tabular", "--label_column", "kind"],
            "classes of --model get their names from --classes.",
        ),
        (["taken.keras", "--data", "X.tabular"], "a run has this name, and the evaluation goes there."),
    ],
)
def test_what_does_not_fit_is_refused(folder, words, message):
    if words[0] == "taken.keras":
        (folder / "taken.keras").write_bytes((folder / "two.keras").read_bytes())
        (folder / "runs/taken").mkdir(parents=True)
        (folder / "runs/taken/config.json").write_text("{}")
    before = sorted(folder.rglob("*"))
    result = run("evaluating.py", folder, "--model", *words)
    assert result.returncode == 2 and message in result.stderr and "Traceback" not in result.stderr
    assert sorted(folder.rglob("*")) == before


def test_classes_are_only_for_a_model(folder):
    result = run("evaluating.py", folder, "--classes", "a", "b")
    assert result.returncode == 2 and "--classes needs --model: a run knows its classes." in result.stderr
