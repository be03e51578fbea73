"""Scores against scikit-learn and numbers worked out by hand; reports and results as files; pictures by their lines."""

import csv
import io
import json
import math
import subprocess
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import PROJECT, environment
from PIL import Image
from sklearn import metrics
from sklearn.preprocessing import label_binarize

import kit.tensorflow1 as tf
from dlho2018 import Outcome
from kit import plots, reports, results, summaries
from kit.errors import UserError
from kit.history import Epoch
from kit.keras import architectures, weights
from kit.keras.layers import build
from kit.records import TRAINING, VALIDATION, look_over
from kit.scores import class_scores, classification_scores, read_scores, regression_scores, scores_of, write_scores
from kit.tables.table import LabelSource
from kit.tables.table import look_over as look_over_table

LABELS = np.array([0, 0, 0, 1, 1])
CHANCES = np.array([0.1, 0.6, 0.3, 0.8, 0.4], np.float32)  # of class 1
TWO = np.stack([1 - CHANCES, CHANCES], axis=1)
THREE_LABELS = np.array([0, 0, 1, 1, 2, 2, 2])
THREE = np.array(
    [[8, 1, 1], [3, 5, 2], [2, 6, 2], [5, 3, 2], [1, 1, 8], [4, 2, 4], [2, 3, 5]], np.float32
) / np.float32(10)
BY_HAND = {
    "accuracy": 3 / 5,
    "balanced_accuracy": (2 / 3 + 1 / 2) / 2,
    "precision": 1 / 2,
    "recall": 1 / 2,
    "f1": 1 / 2,
    "roc_auc": 5 / 6,  # of the six pairs of a 1 and a 0, five are in the right order
    "average_precision": (1 + 2 / 3) / 2,
    "log_loss": -np.log([0.9, 0.4, 0.7, 0.8, 0.4]).mean(),
}


@pytest.fixture(autouse=True)
def no_warning_is_shown():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


# ----------------------------------------------------------------------------- scores


def test_scores_of_two_classes_are_those_worked_out_by_hand():
    scores = classification_scores(LABELS, TWO)
    assert list(scores) == list(BY_HAND)
    assert scores == pytest.approx(BY_HAND, rel=1e-6)
    assert all(type(score) is float for score in scores.values())


def test_scores_of_three_classes_are_means_over_the_classes():
    predicted = THREE.argmax(axis=1)
    is_class = label_binarize(THREE_LABELS, classes=range(3))
    np.testing.assert_array_equal(predicted, [0, 1, 1, 0, 2, 0, 2])
    expected = {
        "accuracy": 4 / 7,
        "balanced_accuracy": (1 / 2 + 1 / 2 + 2 / 3) / 3,
        "precision": metrics.precision_score(THREE_LABELS, predicted, average="macro"),
        "recall": metrics.recall_score(THREE_LABELS, predicted, average="macro"),
        "f1": metrics.f1_score(THREE_LABELS, predicted, average="macro"),
        "roc_auc": metrics.roc_auc_score(THREE_LABELS, THREE, multi_class="ovr", average="macro"),
        "average_precision": metrics.average_precision_score(is_class, THREE, average="macro"),
        "log_loss": metrics.log_loss(THREE_LABELS, THREE),
    }
    assert classification_scores(THREE_LABELS, THREE) == pytest.approx(expected, rel=1e-6)


def test_what_one_class_alone_leaves_undefined_is_none():
    negative = classification_scores(np.zeros(5, int), TWO)
    assert [name for name, score in negative.items() if score is None] == ["recall", "roc_auc", "average_precision"]
    assert (negative["accuracy"], negative["precision"], negative["f1"]) == (0.6, 0.0, 0.0)
    positive = classification_scores(np.ones(5, int), TWO)
    assert [name for name, score in positive.items() if score is None] == ["roc_auc", "average_precision"]
    assert (positive["precision"], positive["recall"]) == (1.0, 0.4)
    neither = classification_scores(np.zeros(2, int), TWO[[0, 2]])
    assert (neither["accuracy"], neither["recall"], neither["f1"]) == (1.0, None, None)
    two_of_three = classification_scores(np.array([0, 1]), THREE[:2])
    assert two_of_three["roc_auc"] is None and two_of_three["log_loss"] == pytest.approx(-np.log([0.8, 0.5]).mean())


def test_a_class_that_is_never_predicted_has_a_precision_of_zero():
    scores = classification_scores(LABELS, np.tile(np.float32([0.9, 0.1]), (5, 1)))
    assert (scores["precision"], scores["recall"], scores["f1"], scores["roc_auc"]) == (0.0, 0.0, 0.0, 0.5)


def test_sigmoid_outputs_have_no_log_loss_and_all_other_scores():
    scores = classification_scores(THREE_LABELS, THREE * np.float32(0.5))
    expected = classification_scores(THREE_LABELS, THREE)
    assert scores.pop("log_loss") is None and expected.pop("log_loss") > 0
    assert scores == pytest.approx(expected)


def test_scores_of_values_are_those_worked_out_by_hand():
    scores = regression_scores(np.float32([1, 2, 4]), np.float32([2, 2, 2]))
    assert scores == pytest.approx({"rmse": math.sqrt(5 / 3), "mae": 1.0, "r2": 1 - 5 / (42 / 9)})
    assert regression_scores(np.float32([3, 3]), np.float32([3, 4]))["r2"] is None
    assert regression_scores(np.float32([3]), np.float32([3])) == {"rmse": 0.0, "mae": 0.0, "r2": None}


def test_the_data_decides_which_scores_there_are():
    outcome = Outcome(1.0, 0.5, np.float32([1, 2, 4]), np.float32([[2], [2], [2]]))
    assert scores_of(SimpleNamespace(is_regression=True), outcome)["mae"] == 1.0
    assert scores_of(SimpleNamespace(is_regression=False), Outcome(1.0, 0.6, LABELS, TWO))["recall"] == 0.5


def test_the_scores_of_each_class_and_the_confusion_matrix():
    found = class_scores(LABELS, TWO, ("ALL", "AML"), "rows")
    assert found["confusion_matrix"] == [[2, 1], [1, 1]]
    assert found["classes"][0] == pytest.approx(
        {"label": 0, "name": "ALL", "precision": 2 / 3, "recall": 2 / 3, "f1": 2 / 3, "rows": 3}
    )
    assert found["classes"][1] == {"label": 1, "name": "AML", "precision": 0.5, "recall": 0.5, "f1": 0.5, "rows": 2}


def test_scores_go_to_a_table_and_back(tmp_path):
    path = tmp_path / "scores.tabular"
    write_scores(path, [{"fold": 1, "a": 1 / 3, "b": None}, {"fold": "mean", "a": 1e-9 / 3, "b": 1.0}])
    assert path.read_bytes() == b"fold\ta\tb\n1\t0.333333\t\nmean\t3.33333e-10\t1\n"
    assert read_scores(path) == [
        {"fold": "1", "a": 0.333333, "b": None},
        {"fold": "mean", "a": 3.33333e-10, "b": 1.0},
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("fold\ta\n1\tgood\n", "could not convert string to float: 'good'"),
        ("fold\ta\n1\t2\t3\n", "zip() argument 2 is longer than argument 1"),
        ("fold\ta\n", "there are none"),
        ("", "there are none"),
    ],
)
def test_scores_that_are_none_are_refused(tmp_path, text, problem):
    path = tmp_path / "scores.tabular"
    path.write_text(text)
    with pytest.raises(UserError) as error:
        read_scores(path)
    assert str(error.value) == (
        f"{path}: cannot read these scores: {problem}.\n"
        "  Expected a header and lines of numbers with tabs between them. Train the run again."
    )


# ----------------------------------------------------------------------------- pictures


@pytest.fixture
def figures(monkeypatch):
    """Instead of PNGs, the functions of kit.plots return matplotlib's figures."""
    monkeypatch.setattr(plots, "_png", lambda figure: figure)


def picture_of(png):
    """A Pillow image in RGB, of a PNG that is large enough to be looked at, and no larger."""
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG" and min(image.size) > 300 and max(image.size) < 2600
        return image.convert("RGB")


def lines_of(axes):
    """{label: (x, y)} of a picture's lines."""
    return {line.get_label(): (line.get_xdata(), line.get_ydata()) for line in axes.lines}


def legend_of(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def epoch(number, training=(0.5, 0.75), validation=(0.6, 0.7)):
    return Epoch(number, 10 * number, 0.1, *training, *validation, 1.0)


EPOCHS = [epoch(1, (0.9, 0.5), (0.8, 0.6)), epoch(2, (0.5, 0.7), (0.7, 0.9)), epoch(3, (0.3, 0.9), (0.6, 0.8))]
NAMES = [f"_class ${i}$ 白血病 " + "that goes on and on " * (i % 3) for i in range(300)]
MATRIX = np.arange(90_000).reshape(300, 300) % 7


@pytest.mark.parametrize(
    "png",
    [
        lambda: plots.confusion_matrix_png([[17, 3], [4, 10]], ("ALL", "AML")),
        lambda: plots.confusion_matrix_png([[0, 0], [4, 100_000]], NAMES[1:3]),
        lambda: plots.confusion_matrix_png(MATRIX[:30, :30], NAMES[:30]),
        lambda: plots.confusion_matrix_png(MATRIX, NAMES),
        lambda: plots.roc_png(LABELS, TWO, ("ALL", "AML")),
        lambda: plots.roc_png(LABELS * 0, TWO, NAMES[:2]),
        lambda: plots.precision_recall_png(THREE_LABELS, THREE, NAMES[:3]),
        lambda: plots.learning_curves_png(EPOCHS[:1], "accuracy"),
        lambda: plots.learning_curves_png([epoch(n) for n in range(1, 100)], "R2"),
        lambda: plots.values_png(np.float32([1]), np.float32([1])),
        lambda: plots.values_png(np.arange(5000, dtype=np.float32), np.ones(5000, np.float32)),
    ],
)
def test_pictures_are_of_a_sensible_size_and_drawn_on(png):
    assert len(picture_of(png()).getcolors(1 << 24)) > 20


def test_the_confusion_matrix_has_true_classes_on_the_y_axis():
    pixels = np.int32(picture_of(plots.confusion_matrix_png([[10, 0], [10, 0]], ("ALL", "AML"))))
    is_dark_blue = (pixels[..., 2] - pixels[..., 0] > 60) & (pixels.sum(axis=2) < 200)
    rows, columns = np.nonzero(is_dark_blue)
    assert np.ptp(rows) > 1.9 * np.ptp(columns)  # both true classes, high; the first predicted one, wide


def test_the_confusion_matrix_is_labelled(figures):
    (axes,) = plots.confusion_matrix_png([[17, 3], [4, 10]], ("ALL", "a $ and a $, and many more words")).axes
    assert (axes.get_ylabel(), axes.get_xlabel(), axes.get_title()) == ("true", "predicted", "27 of 34 right")
    names = ["ALL", r"a \$ and a \$, and many more …"]
    for labels in (axes.get_xticklabels(), axes.get_yticklabels()):
        assert [label.get_text() for label in labels] == names
    assert {text.get_text(): text.get_position() for text in axes.texts}["3"] == (1, 0)  # true ALL, taken for AML


def test_the_roc_curve_of_two_classes_is_scikit_learns(figures):
    (axes,) = plots.roc_png(LABELS, TWO, ("ALL", "AML")).axes
    expected = metrics.roc_curve(LABELS, CHANCES)[:2]
    np.testing.assert_array_equal(lines_of(axes)["AUC 0.833, class AML"], expected)
    np.testing.assert_array_equal(lines_of(axes)["guessing"], [[0, 1], [0, 1]])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("false positive rate", "true positive rate")
    assert legend_of(axes) == ["AUC 0.833, class AML", "guessing"]


def test_the_precision_recall_curve_of_two_classes_is_scikit_learns(figures):
    (axes,) = plots.precision_recall_png(LABELS, TWO, ("ALL", "AML")).axes
    precision, recall, _ = metrics.precision_recall_curve(LABELS, CHANCES, drop_intermediate=True)
    np.testing.assert_array_equal(lines_of(axes)["AP 0.833, class AML"], (recall, precision))
    np.testing.assert_array_equal(lines_of(axes)["guessing"], [[0, 1], [0.4, 0.4]])  # 2 of 5 are AML
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("recall", "precision")


def test_each_of_more_classes_has_its_curves_the_hardest_first(figures):
    (axes,) = plots.roc_png(THREE_LABELS, THREE, ("a", "b", "c")).axes
    areas = {name: metrics.roc_auc_score(i == THREE_LABELS, THREE[:, i]) for i, name in enumerate("abc")}
    named = [f"AUC {areas[name]:.3f}, class {name}" for name in sorted(areas, key=areas.get)]
    assert legend_of(axes) == [*named, "guessing"]
    (axes,) = plots.precision_recall_png(THREE_LABELS, THREE, ("a", "b", "c")).axes
    areas = {name: metrics.average_precision_score(i == THREE_LABELS, THREE[:, i]) for i, name in enumerate("abc")}
    assert legend_of(axes) == [f"AP {areas[name]:.3f}, class {name}" for name in sorted(areas, key=areas.get)]


def test_of_many_classes_the_ten_hardest_are_named(figures):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 14, 400)
    (axes,) = plots.roc_png(labels, rng.random((400, 15)), [f"class {i}" for i in range(15)]).axes
    legend = legend_of(axes)
    assert len(legend) == 12 and legend[-2:] == ["4 other classes", "guessing"]  # class 14 has no row
    assert len(axes.lines) == 15 and legend[:10] == sorted(legend[:10])


def test_one_class_alone_has_no_curve_and_the_picture_says_so(figures):
    for draw in (plots.roc_png, plots.precision_recall_png):
        (axes,) = draw(LABELS * 0 + 1, TWO, ("ALL", "AML")).axes
        assert not axes.lines and [text.get_text() for text in axes.texts] == ["No curve: every label is AML."]


def test_learning_curves_show_training_and_validation(figures):
    loss, accuracy = plots.learning_curves_png(EPOCHS, "accuracy").axes
    assert (loss.get_ylabel(), accuracy.get_ylabel(), loss.get_xlabel()) == ("loss", "accuracy", "epoch")
    np.testing.assert_array_equal(lines_of(loss)["training"], [[1, 2, 3], [0.9, 0.5, 0.3]])
    np.testing.assert_array_equal(lines_of(loss)["validation"], [[1, 2, 3], [0.8, 0.7, 0.6]])
    np.testing.assert_array_equal(lines_of(accuracy)["training"], [[1, 2, 3], [0.5, 0.7, 0.9]])
    np.testing.assert_array_equal(lines_of(accuracy)["validation"], [[1, 2, 3], [0.6, 0.9, 0.8]])
    assert lines_of(accuracy)["best, epoch 2"][0] == [2, 2]
    assert loss.get_yscale() == "linear"


def test_learning_curves_without_validation(figures):
    axes, _ = plots.learning_curves_png([epoch(n, validation=(None, None)) for n in (1, 2)], "accuracy").axes
    assert legend_of(axes) == ["training"] and len(axes.lines) == 1


def test_learning_curves_stay_readable_where_the_beginning_was_bad(figures):
    epochs = [epoch(1, (9000, -70), (8000, -60)), epoch(2, (3, 0.8), (4, 0.7))]
    loss, r2 = plots.learning_curves_png(epochs, "R2").axes
    assert loss.get_yscale() == "log" and r2.get_ylim() == (-1.0, 1.05) and r2.get_ylabel() == "R2"


def test_values_are_drawn_true_over_predicted(figures):
    (axes,) = plots.values_png(np.float32([1, 2, 4]), np.float32([2, 2, 3])).axes
    np.testing.assert_array_equal(axes.collections[0].get_offsets(), [[2, 1], [2, 2], [3, 4]])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted", "true") and axes.get_xlim() == axes.get_ylim()


# ----------------------------------------------------------------------------- reports


def table(folder, labels, validation=None):
    """A Table of one column whose labels are these words; rows with True in `validation` are evaluated, or all."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "X.csv").write_text("gene\n" + "".join(f"{i}.5\n" for i in range(len(labels))))
    with open(folder / "y.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([label] for label in labels)
    validation = [True] * len(labels) if validation is None else validation
    parts = np.where(validation, VALIDATION, TRAINING).astype(np.uint8)
    return look_over_table(
        str(folder / "X.csv"), LabelSource(str(folder / "y.csv")), split=lambda row_labels, num_rows: parts
    )


SOURCE = {"run": "a", "checkpoint": "best", "data": "X.csv"}
TABLE_FILES = {
    *("report.json", "scores.tabular", "predictions.tabular"),
    *("confusion_matrix.png", "roc.png", "precision_recall.png", "learning_curves.png"),
}
VALUE_FILES = {"report.json", "scores.tabular", "predictions.tabular", "values.png", "learning_curves.png"}
PREDICTIONS_OF_TWO = """\
row	label	predicted	probability_ALL	probability_AML
1	ALL	ALL	0.900000	0.100000
2	ALL	AML	0.400000	0.600000
3	ALL	ALL	0.700000	0.300000
4	AML	AML	0.200000	0.800000
5	AML	ALL	0.600000	0.400000
"""


def files_of(folder):
    return {path.name for path in folder.iterdir()}


def text_of(path):
    return path.read_bytes().decode("utf-8")


@pytest.fixture
def two_classes(tmp_path):
    """A folder with the report of a table of two classes: (folder, report)."""
    records = table(tmp_path, ["ALL", "ALL", "ALL", "AML", "AML"])
    folder = tmp_path / "runs" / "a" / "evaluation"
    return folder, reports.write_all(folder, SOURCE, records, Outcome(0.5, 0.6, LABELS, TWO), EPOCHS)


def test_the_files_of_a_table_of_two_classes(two_classes, capsys):
    folder, report = two_classes
    assert files_of(folder) == TABLE_FILES
    assert text_of(folder / "predictions.tabular") == PREDICTIONS_OF_TWO
    assert text_of(folder / "scores.tabular") == (
        "rows\taccuracy\tbalanced_accuracy\tprecision\trecall\tf1\troc_auc\taverage_precision\tlog_loss\n"
        "5\t0.6\t0.583333\t0.5\t0.5\t0.5\t0.833333\t0.833333\t0.503552\n"
    )
    assert json.loads(text_of(folder / "report.json")) == report
    assert list(report)[:6] == ["run", "checkpoint", "data", "loss", "rows", "accuracy"]
    assert (report["loss"], report["rows"], report["confusion_matrix"]) == (0.5, 5, [[2, 1], [1, 1]])
    assert {name: report[name] for name in BY_HAND} == pytest.approx(BY_HAND, rel=1e-6)
    for path in folder.glob("*.png"):
        picture_of(path.read_bytes())


def test_the_console_hears_a_tables_scores(two_classes, capsys):
    _, report = two_classes
    capsys.readouterr()
    reports.say_scores(report)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "accuracy 0.6000, loss 0.5000 on 5 rows of X.csv",
        "balanced accuracy 0.5833, log loss 0.5036",
        "positive class AML: ROC AUC 0.8333, average precision 0.8333",
    ]
    cells = [line.split() for line in lines[3:]]
    assert cells[0] == ["class", "label", "precision", "recall", "f1", "rows"]
    assert ["AML", "1", "0.5000", "0.5000", "0.5000", "2"] in cells


def test_three_classes_in_words_that_need_care(tmp_path, capsys):
    words = ["b, or not", "a\tb", 'the "c"', "白血病"]
    records = table(tmp_path, [words[i] for i in (0, 1, 2, 0, 1, 2)] * 2)
    assert sorted(records.class_names) == sorted(words[:3])
    class_names = records.class_names
    labels = records.labels_of(VALIDATION)
    probabilities = np.full((12, 3), 0.2, np.float32)
    probabilities[range(12), labels] = 0.6
    report = reports.write_all(tmp_path / "e", SOURCE, records, Outcome(0.5, 1.0, labels, probabilities), EPOCHS)
    with open(tmp_path / "e" / "predictions.tabular", newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file, delimiter="\t", strict=True)
    assert header == ["row", "label", "predicted", *(f"probability_{name}" for name in class_names)]
    assert [row[1] for row in rows] == [row[2] for row in rows] == [words[i] for i in (0, 1, 2, 0, 1, 2)] * 2
    assert "1\tb, or not\tb, or not\t" in text_of(tmp_path / "e" / "predictions.tabular")  # no quotes without need
    capsys.readouterr()
    reports.say_scores(report)
    assert capsys.readouterr().out.splitlines()[1:3] == [
        f"balanced accuracy 1.0000, log loss {-math.log(0.6):.4f}",
        "means over the classes: precision 1.0000, recall 1.0000, F1 1.0000, ROC AUC 1.0000, average precision 1.0000",
    ]


def test_letters_of_all_scripts_come_through(tmp_path):
    records = table(tmp_path, ["白血病", "Ärger", "白血病", "Ärger"])
    reports.write_predictions_only(tmp_path / "e", SOURCE, records, TWO[:4])
    first = text_of(tmp_path / "e" / "predictions.tabular").splitlines()
    assert first[:2] == ["row\tpredicted\tprobability_Ärger\tprobability_白血病", "1\tÄrger\t0.900000\t0.100000"]


def test_one_class_alone_is_reported_with_gaps(tmp_path, capsys):
    records = table(tmp_path, ["ALL", "AML", "ALL", "ALL"], [True, False, True, True])
    outcome = Outcome(0.5, 0.5, np.zeros(3, int), TWO[:3])
    report = reports.write_all(tmp_path / "e", SOURCE, records, outcome, EPOCHS)
    assert files_of(tmp_path / "e") == TABLE_FILES and report["roc_auc"] is None
    assert text_of(tmp_path / "e" / "scores.tabular").splitlines()[1].split("\t")[4:8] == ["", "0", "", ""]
    assert json.loads(text_of(tmp_path / "e" / "report.json"))["average_precision"] is None
    capsys.readouterr()
    reports.say_scores(report)
    assert "positive class AML: ROC AUC none, average precision none\n" in capsys.readouterr().out


def test_rows_held_back_keep_their_numbers(tmp_path):
    records = table(tmp_path, ["ALL", "ALL", "AML", "AML", "ALL"], [False, True, False, True, False])
    outcome = Outcome(0.5, 0.5, LABELS[[0, 3]], TWO[[0, 3]])
    reports.write_all(tmp_path / "e", SOURCE, records, outcome, EPOCHS)
    rows = text_of(tmp_path / "e" / "predictions.tabular").splitlines()[1:]
    assert rows == ["2\tALL\tALL\t0.900000\t0.100000", "4\tAML\tAML\t0.200000\t0.800000"]


def test_values(tmp_path, capsys):
    records = table(tmp_path, ["1.5", "2", "4.25"])
    outcome = Outcome(2.5, 0.1, np.float32([1.5, 2, 4.25]), np.float32([[0.1], [3e10], [-4]]))
    report = reports.write_all(tmp_path / "e", SOURCE, records, outcome, EPOCHS)
    assert files_of(tmp_path / "e") == VALUE_FILES
    assert text_of(tmp_path / "e" / "predictions.tabular") == (
        "row\tlabel\tpredicted\n1\t1.5\t0.1\n2\t2\t3e+10\n3\t4.25\t-4\n"
    )
    assert list(report) == ["run", "checkpoint", "data", "loss", "rows", "rmse", "mae", "r2"]
    capsys.readouterr()
    reports.say_scores({**report, "r2": 0.5, "rmse": 12345.678, "mae": 2})
    assert capsys.readouterr().out == "R2 0.5000, RMSE 1.2346e+04, MAE 2.0000, loss 2.5000 on 3 rows of X.csv\n"


def test_what_the_last_evaluation_wrote_does_not_stay(two_classes, tmp_path, capsys):
    folder, _ = two_classes
    (folder / "my_notes.txt").write_text("the user's own")
    records = table(tmp_path / "unknown", ["ALL", "AML"])
    capsys.readouterr()
    reports.write_predictions_only(folder, SOURCE, records, TWO[:2])
    assert capsys.readouterr().out == f"{folder}: report.json, predictions.tabular\n"
    assert files_of(folder) == {"report.json", "predictions.tabular", "my_notes.txt"}
    assert text_of(folder / "predictions.tabular") == (
        "row\tpredicted\tprobability_ALL\tprobability_AML\n1\tALL\t0.900000\t0.100000\n2\tAML\t0.400000\t0.600000\n"
    )
    assert json.loads(text_of(folder / "report.json")) == {**SOURCE, "rows": 2}


def test_values_are_predicted_without_labels(tmp_path):
    records = table(tmp_path, ["1.5", "2", "4.25"])
    reports.write_predictions_only(tmp_path / "e", SOURCE, records, np.float32([[0.1], [2], [-4]]))
    assert text_of(tmp_path / "e" / "predictions.tabular") == "row\tpredicted\n1\t0.1\n2\t2\n3\t-4\n"


def test_without_epochs_there_are_no_learning_curves(tmp_path, two_classes):
    folder, _ = two_classes
    records = table(tmp_path, ["ALL", "ALL", "ALL", "AML", "AML"])
    reports.write_all(folder, SOURCE, records, Outcome(0.5, 0.6, LABELS, TWO), [])
    assert files_of(folder) == TABLE_FILES - {"learning_curves.png"}


def test_an_evaluation_that_fails_leaves_the_last_one(two_classes, tmp_path, monkeypatch):
    folder, _ = two_classes
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    records = table(tmp_path, ["ALL", "ALL", "ALL", "AML", "AML"], [False, True, True, True, True])
    broken = TWO.copy()
    broken[2:4, 1] = np.inf, np.nan
    with pytest.raises(UserError) as error:
        reports.write_all(folder, SOURCE, records, Outcome(0.5, 0.6, LABELS[1:], broken[1:]), EPOCHS)
    assert str(error.value) == (
        f"{records.csv_path}: the network's outputs for 2 of 4 rows are no finite numbers, first for number 3.\n"
        "  Values much larger than in training do that, and weights that grew too large: "
        "train with --scale standard, or with a lower --learning_rate."
    )
    monkeypatch.setattr(plots, "roc_png", lambda *arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        reports.write_all(folder, SOURCE, records, Outcome(0.9, 0.6, LABELS[1:], TWO[1:]), EPOCHS)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_predictions_of_other_rows_are_no_predictions(two_classes, tmp_path):
    folder, _ = two_classes
    records = table(tmp_path, ["ALL", "ALL", "ALL", "AML", "AML"], [False, True, True, True, True])
    with pytest.raises(ValueError, match="zip"):
        reports.write_all(folder, SOURCE, records, Outcome(0.5, 0.6, LABELS, TWO), EPOCHS)
    assert text_of(folder / "predictions.tabular") == PREDICTIONS_OF_TWO
    assert files_of(folder) == TABLE_FILES  # no half-written file


def test_the_files_of_images(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = ["image_name,image_path,label"]
    for i, label in enumerate(LABELS):
        name = f"{'square' if label else 'circle'}_{i}.png"
        Image.new("RGB", (16, 16), (40 * i, 0, 0)).save(name)
        lines.append(f"{name},{name},{label}")
    Path("dataset.csv").write_text("\n".join(lines) + "\n")
    records = look_over("dataset.csv", validation=1.0)
    report = reports.write_all(tmp_path / "e", SOURCE, records, Outcome(0.5, 0.6, LABELS, TWO), EPOCHS)
    assert files_of(tmp_path / "e") == TABLE_FILES - {"predictions.tabular"} | {"predictions.csv", "mistakes.png"}
    assert text_of(tmp_path / "e" / "predictions.csv").splitlines()[:3] == [
        "image_name,label,predicted,probability_0,probability_1",
        "circle_0.png,0,0,0.900000,0.100000",
        "circle_1.png,0,1,0.400000,0.600000",
    ]
    assert text_of(tmp_path / "e" / "scores.tabular").startswith("images\taccuracy\t")
    assert (report["images"], report["classes"][1]["images"], report["classes"][1]["name"]) == (5, 2, "square")


# ----------------------------------------------------------------------------- TensorBoard


def test_the_pictures_go_to_tensorboard_as_they_are(two_classes):
    folder, _ = two_classes
    values = {value.tag: value.image.encoded_image_string for value in reports.pictures_summary(folder).value}
    names = ("confusion_matrix", "roc", "precision_recall", "learning_curves")
    assert values == {f"pictures/{name}": (folder / f"{name}.png").read_bytes() for name in names}


def test_the_curves_of_an_outcome_have_the_name_of_the_score(tmp_path):
    summary = summaries.of_outcome(Outcome(0.5, 0.25, LABELS, TWO), table(tmp_path, ["ALL", "AML", "AML"]))
    scalars = {value.tag: value.simple_value for value in summary.value if not value.HasField("tensor")}
    assert scalars == {"curves/loss": 0.5, "curves/accuracy": 0.25}
    tensors = {value.tag for value in summary.value if value.HasField("tensor")}
    assert tensors == {"pr_curve/ALL/pr_curves", "pr_curve/AML/pr_curves"}


def test_values_have_curves_and_no_pictures_of_classes(tmp_path):
    outcome = Outcome(0.5, 0.25, np.float32([1.5, 2]), np.float32([[1], [2]]))
    summary = summaries.of_outcome(outcome, table(tmp_path, ["1.5", "2", "2.5"]))
    assert {value.tag: value.simple_value for value in summary.value} == {"curves/loss": 0.5, "curves/R2": 0.25}
    assert not summaries.confusion_matrix(outcome, ()).value


@pytest.mark.parametrize(("class_names", "units"), [(("ALL", "AML"), 2), ((), 1)])
def test_a_look_inside_a_tables_network_shows_histograms_alone(graph, class_names, units):
    rows_ph = tf.placeholder(tf.float32, [None, 3])
    architecture = architectures.read(f"dense 3, dense {units}")
    outputs, _, _ = build(architecture, rows_ph, tf.placeholder_with_default(False, []))
    samples = (np.ones([4, 3], np.float32), np.zeros(4))
    look_inside = summaries.LookInside(graph, rows_ph, outputs, class_names, samples)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        summary = look_inside.summary(session)
    layers = {layer.name for layer in architecture.layers}
    parts = ("kernel", "bias", "output")
    assert {value.tag for value in summary.value} == {f"layers/{layer}/{part}" for layer in layers for part in parts}
    assert all(value.HasField("histo") or value.HasField("tensor") for value in summary.value)


# ----------------------------------------------------------------------------- results of a training


class FakeRun(SimpleNamespace):
    """As much of kit.runs.Run as results need."""

    def checkpoint_prefix(self, kind):
        return str(self.folder / kind / "model.ckpt")


def fake_run(folder, architecture=None):
    folder.mkdir(parents=True, exist_ok=True)
    return FakeRun(folder=folder, name=folder.name, architecture=architecture)


def history(epochs):
    return SimpleNamespace(epochs=epochs, best=max(epochs, key=lambda each: each.goodness))


def test_a_tables_training_keeps_the_scores_of_its_last_epoch(tmp_path, capsys):
    records = table(tmp_path, ["ALL", "ALL", "ALL", "AML", "AML"])
    run = fake_run(tmp_path / "runs" / "a")
    results.keep_results(run, records, history(EPOCHS), Outcome(0.5, 0.6, LABELS, TWO))
    assert capsys.readouterr().out == (
        "The best: epoch 2, with a validation accuracy of 0.9000\n"
        f"{run.folder}/scores.tabular: of epoch 3, the last; the best was chosen by these very rows\n"
    )
    assert text_of(run.folder / "scores.tabular") == (
        "epoch\taccuracy\tbalanced_accuracy\tprecision\trecall\tf1\troc_auc\taverage_precision\tlog_loss\n"
        "3\t0.6\t0.583333\t0.5\t0.5\t0.5\t0.833333\t0.833333\t0.503552\n"
    )


def test_a_training_on_values_keeps_theirs(tmp_path, capsys):
    records = table(tmp_path, ["1.5", "2", "2.5"])
    run = fake_run(tmp_path / "runs" / "a")
    outcome = Outcome(0.5, 0.25, np.float32([1.5, 2, 2.5]), np.float32([[1.5], [2], [3]]))
    results.keep_results(run, records, history(EPOCHS), outcome)
    assert capsys.readouterr().out.startswith("The best: epoch 2, with a validation R2 of 0.9000\n")
    assert text_of(run.folder / "scores.tabular") == "epoch\trmse\tmae\tr2\n3\t0.288675\t0.166667\t0.5\n"


def test_a_training_on_everything_has_no_scores(tmp_path, capsys):
    records = table(tmp_path, ["ALL", "AML"])
    run = fake_run(tmp_path / "runs" / "a")
    results.keep_results(run, records, history([epoch(n, validation=(None, None)) for n in (1, 2)]), None)
    assert capsys.readouterr().out == "Trained on everything: epoch 2, training accuracy 0.7500\n"
    assert not files_of(run.folder)


def test_a_training_of_kerass_architecture_writes_the_best_checkpoints_weights(graph, tmp_path, capsys):
    architecture = architectures.read("dense 2 relu, batchnormalization, dense 1 sigmoid")
    architecture = architectures.with_input_shape(architecture, (1,))
    run = fake_run(tmp_path / "runs" / "a", architecture)
    build(architecture, tf.placeholder(tf.float32, [None, 1]), tf.placeholder_with_default(False, []))
    variables = tf.global_variables()
    rng = np.random.default_rng(0)
    values = {variable.op.name: rng.normal(size=variable.shape.as_list()) for variable in variables}
    tf.train.get_or_create_global_step()  # is in the checkpoint too, and no weight
    saver = tf.train.Saver()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for variable in variables:
            variable.load(values[variable.op.name], session)
        (run.folder / "best").mkdir()
        saver.save(session, run.checkpoint_prefix("best"), 7)
    results.keep_results(run, table(tmp_path, ["ALL", "AML"]), history(EPOCHS), None)
    assert f"{run.folder}/weights.h5: its weights, for Keras\n" in capsys.readouterr().out
    read = weights.read_weights(run.folder / "weights.h5", architecture)
    assert list(read) == [variable.op.name for variable in variables if "/" in variable.op.name]
    for name, array in read.items():
        np.testing.assert_array_equal(array, values[name].astype(np.float32))


def test_the_scores_of_folds_their_means_and_deviations(tmp_path, capsys):
    runs = [fake_run(tmp_path / "runs" / f"cv_fold_{fold}") for fold in (1, 2, 3)]
    for run, accuracy, roc_auc, f1 in zip(runs, (0.5, 0.75, 1.0), (None, 0.5, 1.0), (None, None, 1.0)):
        write_scores(run.folder / "scores.tabular", [{"epoch": 10, "accuracy": accuracy, "roc_auc": roc_auc, "f1": f1}])
    results.keep_mean_scores(runs)
    path = tmp_path / "runs" / "cv" / "scores.tabular"
    assert text_of(path) == (
        "fold\taccuracy\troc_auc\tf1\n"
        "1\t0.5\t\t\n"
        "2\t0.75\t0.5\t\n"
        "3\t1\t1\t1\n"
        "mean\t0.75\t0.75\t1\n"
        "std\t0.25\t0.353553\t\n"
    )
    output = capsys.readouterr().out
    assert f"{path}: each fold after its last epoch, on the rows that it did not learn from\n" in output
    cells = [line.split() for line in output.splitlines()]
    for row in (["fold", "acc.", "AUC", "F1"], ["1", "0.5000", "none", "none"], ["std", "0.2500", "0.3536", "none"]):
        assert row in cells


def test_a_fold_without_scores_is_missed(tmp_path):
    with pytest.raises(UserError, match=r"scores\.tabular: cannot read these scores: .*No such file.*\n  Expected"):
        results.keep_mean_scores([fake_run(tmp_path / "runs" / "cv_fold_1")])


def test_scikit_learn_and_matplotlib_are_imported_where_they_are_used_alone(tmp_path):
    code = """
import sys
from types import SimpleNamespace
from kit import plots, reports, results, scores, summaries
from kit.history import Epoch
epochs = [Epoch(1, 10, 0.1, 0.5, 0.75, 0.6, 0.7, 1.0)]
run = SimpleNamespace(folder=None, architecture=None)
records = SimpleNamespace(is_table=False, score_name="accuracy")
results.keep_results(run, records, SimpleNamespace(epochs=epochs, best=epochs[0]), object())
print(sorted({"sklearn", "matplotlib", "tensorflow", "h5py"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=environment(), capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("The best: epoch 1, with a validation accuracy of 0.7000\n[]\n", "")
