"""evaluating.py --importance and --explain_rows, as a user runs it: held against scikit-learn and the predictions."""

import base64
import json

import numpy as np
import pytest
from PIL import Image
from sklearn.base import BaseEstimator
from sklearn.inspection import permutation_importance
from support.made_tables import (
    CLASSES,
    GENES,
    column,
    keras_weights,
    rows_and_kinds,
    run,
    run_well,
    tabular,
    write_table,
)

TRAINING = ["--data", "X.tabular", "--scale", "standard", "--batch_size", 4]
NAMES = [f"patient_{number}" for number in range(60)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a table, and two runs on it: a single layer for classes, two layers for values."""
    folder = tmp_path_factory.mktemp("importance")
    rows, kinds = rows_and_kinds()
    write_table(folder / "X.tabular", [[name, *row] for name, row in zip(NAMES, rows.tolist())], ["", *GENES])
    write_table(folder / "y.tabular", [[name, CLASSES[kind]] for name, kind in zip(NAMES, kinds)], ["", "kind"])
    write_table(folder / "values.tabular", list(zip(NAMES, (rows[:, 0] - rows[:, 1]).tolist())), ["", "value"])
    words = ["--labels", "y.tabular", "--architecture", "dense 1 sigmoid", "--epochs", 6, "--learning_rate", 0.1]
    run_well("training.py", folder, *TRAINING, *words, "--run", "two", "--stratified")
    words = ["--labels", "values.tabular", "--architecture", "dense 8 elu, dense 1", "--learning_rate", 0.1]
    run_well("training.py", folder, *TRAINING, *words, "--epochs", 20, "--run", "values")
    return folder


@pytest.fixture(scope="module")
def two(folder):
    """What was printed, and the evaluation's folder, of the run with classes: on the patients held out."""
    words = ["--importance", "--importance_repeats", 5, "--explain_rows", *held_out(folder, "two")[:2]]
    return run_well("evaluating.py", folder, "--run", "two", *words), folder / "runs" / "two" / "evaluation"


@pytest.fixture(scope="module")
def values(folder):
    lines = (folder / "X.tabular").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "most.tabular").write_text("".join(lines[:-1]), encoding="utf-8")  # not the table that it was trained on
    data = ["--data", "most.tabular", "--labels", "values.tabular"]
    words = ["--importance", "--explain_rows", "patient_7", "3"]
    return run_well(
        "evaluating.py", folder, "--run", "values", *data, *words
    ), folder / "runs" / "values" / "evaluation"


def held_out(folder, name):
    run_well("evaluating.py", folder, "--run", name)
    return [row["name"] for row in tabular(folder / "runs" / name / "evaluation" / "predictions.tabular")]


class Logistic(BaseEstimator):
    """The single layer, in NumPy."""

    classes_ = np.arange(2)
    _estimator_type = "classifier"

    def __init__(self, weights, bias):
        self.weights, self.bias = weights, bias

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.estimator_type = "classifier"
        return tags

    def fit(self, rows, labels):
        return self

    def predict_proba(self, rows):
        chances = 1 / (1 + np.exp(-(rows @ self.weights + self.bias)))
        return np.stack([1 - chances, chances], axis=1)


def test_importance_is_scikit_learns(folder, two):
    _, evaluation = two
    predicted = {row["name"] for row in tabular(evaluation / "predictions.tabular")}
    rows, kinds = rows_and_kinds()
    is_held_out = np.array([name in predicted for name in NAMES])
    training = rows[~is_held_out].astype(np.float64)
    scaled = (rows[is_held_out] - training.mean(axis=0)) / training.std(axis=0)
    weights = keras_weights(folder / "runs" / "two" / "weights.h5")
    (kernel,), (bias,) = ([value for value in weights.values() if value.ndim == ndim] for ndim in (2, 1))
    theirs = permutation_importance(
        Logistic(kernel[:, 0], bias), scaled, kinds[is_held_out], scoring="neg_log_loss", n_repeats=5, random_state=0
    )
    table = tabular(evaluation / "importance.tabular")
    assert list(table[0]) == ["feature", "importance", "low", "high", "rank", "accuracy_lost", "weight"]
    assert [row["rank"] for row in table] == [str(rank) for rank in range(1, 7)]
    importances = column(table, "importance")
    assert (np.diff(importances) <= 0).all() and (column(table, "low") <= importances).all()
    place = [GENES.index(row["feature"]) for row in table]
    np.testing.assert_allclose(importances, theirs.importances_mean[place], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(column(table, "weight"), kernel[place, 0], rtol=1e-5)


def test_it_is_told_and_kept_in_the_report(two):
    printed, evaluation = two
    first = tabular(evaluation / "importance.tabular")[0]
    assert "raises the log loss; means of 5 shuffles of 12 rows, and their 95% intervals. Weight: " in printed
    lines = [line.split() for line in printed.splitlines()]
    assert [first["feature"], f"{float(first['importance']):.4f}"] in [line[:2] for line in lines]
    report = json.loads((evaluation / "report.json").read_text(encoding="utf-8"))
    kept = report["importance"]
    assert (kept["score"], kept["rows"], kept["repeats"], kept["is_single_layer"]) == ("log_loss", 12, 5, True)
    assert kept["most_important"][0]["feature"] == first["feature"]
    for name in ("importance.png", "explanations.png"):
        with Image.open(evaluation / name) as image:
            assert image.format == "PNG" and min(image.size) > 200


def test_the_page_has_what_was_found(two):
    _, evaluation = two
    page = (evaluation / "report.html").read_text(encoding="utf-8")
    for heading in ("Scores", "Classes", "Importance", "Explained rows", "Learning curves", "Commands", "Versions"):
        assert f"<h2>{heading}</h2>" in page
    pictures = ("confusion_matrix", "roc", "precision_recall", "importance", "explanations", "learning_curves")
    for name in pictures:
        assert base64.b64encode((evaluation / f"{name}.png").read_bytes()).decode() in page
    assert page.count("<img ") == len(pictures)
    assert "--importance --importance_repeats 5 --explain_rows patient_" in page
    assert "training.py --data X.tabular --labels y.tabular --scale standard --stratified --architecture" in page


def test_the_shares_of_a_row_add_up_to_its_lead(two):
    printed, evaluation = two
    explained = tabular(evaluation / "explanations.tabular")
    chances = {row["name"]: row for row in tabular(evaluation / "predictions.tabular")}
    report = json.loads((evaluation / "report.json").read_text(encoding="utf-8"))
    names = list(dict.fromkeys(row["name"] for row in explained))
    assert len(names) == 2 == len(report["explanations"])
    for name, kept in zip(names, report["explanations"]):
        rows = [row for row in explained if row["name"] == name]
        assert sorted(row["feature"] for row in rows) == GENES and kept["is_complete"]
        shares = column(rows, "share")
        assert (np.diff(np.abs(shares)) <= 0).all()
        own = float(chances[name][f"probability_{chances[name]['predicted']}"])
        bias_and_average = np.log(own / (1 - own)) - shares.sum()  # the same for each class but for its sign
        assert shares.sum() == pytest.approx(kept["difference"], abs=1e-3)
        assert (
            f"{chances[name]['predicted']}: its lead is {kept['difference']:+.4f} compared with that of "
            "the average training row: " in printed
        )
        assert abs(bias_and_average) < 2  # of rows scaled to mean 0, it is the bias


def test_values_are_explained_by_what_they_are_made_of(values):
    printed, evaluation = values
    table = tabular(evaluation / "importance.tabular")
    assert list(table[0]) == ["feature", "importance", "low", "high", "rank"]  # two layers: no weights
    assert {row["feature"] for row in table[:2]} == {"gene_1", "gene_2"}
    assert "lowers R2; means of 10 shuffles of 59 rows" in printed
    explained = tabular(evaluation / "explanations.tabular")
    assert [(row["row"], row["name"]) for row in explained[::6]] == [("3", "patient_2"), ("8", "patient_7")]
    predicted = {row["name"]: float(row["predicted"]) for row in tabular(evaluation / "predictions.tabular")}
    sums = [column(explained[first : first + 6], "share").sum() for first in (0, 6)]
    expected = predicted["patient_7"] - predicted["patient_2"]  # the average row is the same
    assert sums[1] - sums[0] == pytest.approx(expected, rel=2e-3)


def test_rows_without_labels_are_explained_too(folder):
    run_well("evaluating.py", folder, "--run", "two", "--data", "X.tabular", "--explain_rows", 60)
    evaluation = folder / "runs" / "two" / "evaluation"
    assert tabular(evaluation / "explanations.tabular")[0]["name"] == "patient_59"
    assert not (evaluation / "importance.tabular").exists()  # the last evaluation's
    result = run("evaluating.py", folder, "--run", "two", "--data", "X.tabular", "--importance")
    assert result.returncode == 2
    assert result.stderr.startswith("error: --importance: X.tabular has no labels, so no prediction can get worse.")
