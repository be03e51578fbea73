"""What an evaluation writes, file by file, and what TensorBoard shows of it."""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.data_sets import image_data, table_data
from support.scored import BY_HAND, EPOCHS, LABELS, TWO, files_of, picture_of, table, text_of

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.parts import TRAINING, VALIDATION
from kit.data.tables.labels import LabelSource
from kit.evaluation import plots
from kit.evaluation import report_files as reports
from kit.evaluation.result import EvaluationResult
from kit.model.keras import architectures
from kit.model.keras.network import build
from kit.runs import tensorboard as summaries

pytestmark = pytest.mark.filterwarnings("error")


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


@pytest.fixture
def two_classes(tmp_path):
    """A folder with the report of a table of two classes: (folder, report)."""
    data = table(tmp_path, ["ALL", "ALL", "ALL", "AML", "AML"])
    folder = tmp_path / "runs" / "a" / "evaluation"
    return folder, reports.write_all(folder, SOURCE, data, EvaluationResult(0.5, 0.6, LABELS, TWO), EPOCHS)


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
    data = table(tmp_path, [words[i] for i in (0, 1, 2, 0, 1, 2)] * 2)
    assert sorted(data.class_names) == sorted(words[:3])
    class_names = data.class_names
    labels = data.labels_of(VALIDATION)
    probabilities = np.full((12, 3), 0.2, np.float32)
    probabilities[range(12), labels] = 0.6
    report = reports.write_all(tmp_path / "e", SOURCE, data, EvaluationResult(0.5, 1.0, labels, probabilities), EPOCHS)
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
    data = table(tmp_path, ["白血病", "Ärger", "白血病", "Ärger"])
    reports.write_predictions_only(tmp_path / "e", SOURCE, data, TWO[:4])
    first = text_of(tmp_path / "e" / "predictions.tabular").splitlines()
    assert first[:2] == ["row\tpredicted\tprobability_Ärger\tprobability_白血病", "1\tÄrger\t0.900000\t0.100000"]


def test_one_class_alone_is_reported_with_gaps(tmp_path, capsys):
    data = table(tmp_path, ["ALL", "AML", "ALL", "ALL"], [True, False, True, True])
    result = EvaluationResult(0.5, 0.5, np.zeros(3, int), TWO[:3])
    report = reports.write_all(tmp_path / "e", SOURCE, data, result, EPOCHS)
    assert files_of(tmp_path / "e") == TABLE_FILES and report["roc_auc"] is None
    assert text_of(tmp_path / "e" / "scores.tabular").splitlines()[1].split("\t")[4:8] == ["", "0", "", ""]
    assert json.loads(text_of(tmp_path / "e" / "report.json"))["average_precision"] is None
    capsys.readouterr()
    reports.say_scores(report)
    output = capsys.readouterr().out
    assert "positive class AML: ROC AUC undefined, average precision undefined\n" in output
    assert ["AML", "1", "0.0000", "-", "0.0000", "0"] in [line.split() for line in output.splitlines()]
    assert report["undefined"] == [
        "AML: no rows; recall, ROC AUC, average precision undefined; balanced accuracy over 1 of 2 classes"
    ]
    assert output.endswith(report["undefined"][0] + "\n")


def test_a_report_is_strict_json(tmp_path, capsys):
    data = table(tmp_path, ["1.5", "1.5", "1.5", "2.5"], [True, True, True, False])
    result = EvaluationResult(math.inf, math.nan, np.float32([1.5] * 3), np.float32([[1], [2], [3e38]]))
    report = reports.write_all(tmp_path / "e", SOURCE, data, result, EPOCHS)
    text = text_of(tmp_path / "e" / "report.json")
    read = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert read == report and read["r2"] is None and read["loss"] is None
    assert text_of(tmp_path / "e" / "scores.tabular").endswith("\t\n")
    capsys.readouterr()
    reports.say_scores(report)
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("R2 undefined, RMSE 1.7321e+38") and last == "labels that are all equal: R2 undefined"


def test_rows_held_back_keep_their_numbers(tmp_path):
    data = table(tmp_path, ["ALL", "ALL", "AML", "AML", "ALL"], [False, True, False, True, False])
    result = EvaluationResult(0.5, 0.5, LABELS[[0, 3]], TWO[[0, 3]])
    reports.write_all(tmp_path / "e", SOURCE, data, result, EPOCHS)
    rows = text_of(tmp_path / "e" / "predictions.tabular").splitlines()[1:]
    assert rows == ["2\tALL\tALL\t0.900000\t0.100000", "4\tAML\tAML\t0.200000\t0.800000"]


def test_rows_with_names_keep_them(tmp_path):
    (tmp_path / "X.csv").write_text('patient,x,kind\n"Ann, B.",1,ALL\nBea,2,AML\n Cid ,3,ALL\n')
    split = np.array([VALIDATION, TRAINING, VALIDATION], np.uint8)
    data = table_data(str(tmp_path / "X.csv"), LabelSource(None, "kind"), (), ("patient",), split=lambda rows: split)
    reports.write_all(tmp_path / "e", SOURCE, data, EvaluationResult(0.5, 0.5, LABELS[[0, 1]], TWO[[0, 3]]), EPOCHS)
    first, *rows = text_of(tmp_path / "e" / "predictions.tabular").splitlines()
    assert first == "row\tname\tlabel\tpredicted\tprobability_ALL\tprobability_AML"
    assert rows == ["1\tAnn, B.\tALL\tALL\t0.900000\t0.100000", "3\tCid\tALL\tAML\t0.200000\t0.800000"]


def test_values(tmp_path, capsys):
    data = table(tmp_path, ["1.5", "2", "4.25"])
    result = EvaluationResult(2.5, 0.1, np.float32([1.5, 2, 4.25]), np.float32([[0.1], [3e10], [-4]]))
    report = reports.write_all(tmp_path / "e", SOURCE, data, result, EPOCHS)
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
    data = table(tmp_path / "unknown", ["ALL", "AML"])
    capsys.readouterr()
    reports.write_predictions_only(folder, SOURCE, data, TWO[:2])
    assert capsys.readouterr().out == f"{folder}: report.json, predictions.tabular\n"
    assert files_of(folder) == {"report.json", "predictions.tabular", "my_notes.txt"}
    assert text_of(folder / "predictions.tabular") == (
        "row\tpredicted\tprobability_ALL\tprobability_AML\n1\tALL\t0.900000\t0.100000\n2\tAML\t0.400000\t0.600000\n"
    )
    assert json.loads(text_of(folder / "report.json")) == {**SOURCE, "rows": 2}


def test_values_are_predicted_without_labels(tmp_path):
    data = table(tmp_path, ["1.5", "2", "4.25"])
    reports.write_predictions_only(tmp_path / "e", SOURCE, data, np.float32([[0.1], [2], [-4]]))
    assert text_of(tmp_path / "e" / "predictions.tabular") == "row\tpredicted\n1\t0.1\n2\t2\n3\t-4\n"


def test_without_epochs_there_are_no_learning_curves(tmp_path, two_classes):
    folder, _ = two_classes
    data = table(tmp_path, ["ALL", "ALL", "ALL", "AML", "AML"])
    reports.write_all(folder, SOURCE, data, EvaluationResult(0.5, 0.6, LABELS, TWO), [])
    assert files_of(folder) == TABLE_FILES - {"learning_curves.png"}


def test_an_evaluation_that_fails_leaves_the_last_one(two_classes, tmp_path, monkeypatch):
    folder, _ = two_classes
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    data = table(tmp_path, ["ALL", "ALL", "ALL", "AML", "AML"], [False, True, True, True, True])
    broken = TWO.copy()
    broken[2:4, 1] = np.inf, np.nan
    with pytest.raises(UserError) as error:
        reports.write_all(folder, SOURCE, data, EvaluationResult(0.5, 0.6, LABELS[1:], broken[1:]), EPOCHS)
    assert str(error.value) == (
        f"{data.path}: the network's outputs for 2 of 4 rows are not finite, first for number 3.\n"
        "  The causes are values much larger than in training, or weights that grew too large: "
        "train with --scale standard, or with a lower --learning_rate."
    )
    monkeypatch.setattr(plots, "roc_png", lambda *arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        reports.write_all(folder, SOURCE, data, EvaluationResult(0.9, 0.6, LABELS[1:], TWO[1:]), EPOCHS)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_predictions_of_other_rows_are_no_predictions(two_classes, tmp_path):
    folder, _ = two_classes
    data = table(tmp_path, ["ALL", "ALL", "ALL", "AML", "AML"], [False, True, True, True, True])
    with pytest.raises(ValueError, match="zip"):
        reports.write_all(folder, SOURCE, data, EvaluationResult(0.5, 0.6, LABELS, TWO), EPOCHS)
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
    data = image_data("dataset.csv", validation=1.0)
    report = reports.write_all(tmp_path / "e", SOURCE, data, EvaluationResult(0.5, 0.6, LABELS, TWO), EPOCHS)
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
    names = ("confusion_matrix", "roc", "precision_recall")
    assert values == {f"evaluation/{name}": (folder / f"{name}.png").read_bytes() for name in names}


def test_the_curves_of_an_outcome_have_the_name_of_the_score(tmp_path):
    summary = summaries.validation_summary(
        EvaluationResult(0.5, 0.25, LABELS, TWO), table(tmp_path, ["ALL", "ALL", "AML"])
    )
    scalars = {value.tag: value.simple_value for value in summary.value if not value.HasField("tensor")}
    assert scalars == {"curves/loss": 0.5, "curves/accuracy": 0.25}
    tensors = {value.tag for value in summary.value if value.HasField("tensor")}
    assert tensors == {"pr_curve/ALL/pr_curves", "pr_curve/AML/pr_curves"}


def test_values_have_curves_and_no_pictures_of_classes(tmp_path):
    result = EvaluationResult(0.5, 0.25, np.float32([1.5, 2]), np.float32([[1], [2]]))
    summary = summaries.validation_summary(result, table(tmp_path, ["1.5", "2", "2.5"]))
    assert {value.tag: value.simple_value for value in summary.value} == {"curves/loss": 0.5, "curves/R2": 0.25}
    assert not summaries.confusion_matrix(result, ()).value


@pytest.mark.parametrize(("class_names", "units"), [(("ALL", "AML"), 2), ((), 1)])
def test_a_look_inside_a_tables_network_shows_histograms_alone(graph, class_names, units):
    rows_ph = tf.placeholder(tf.float32, [None, 3])
    architecture = architectures.read(f"dense 3, dense {units}")
    outputs, _, _ = build(architecture, rows_ph, tf.placeholder_with_default(False, []))
    samples = (np.ones([4, 3], np.float32), np.zeros(4))
    look_inside = summaries.NetworkInspector(graph, rows_ph, outputs, class_names, samples)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        summary = look_inside.summary(session)
    layers = {layer.name for layer in architecture.layers}
    parts = ("kernel", "bias", "output")
    assert {value.tag for value in summary.value} == {f"layers/{layer}/{part}" for layer in layers for part in parts}
    assert all(value.HasField("histo") or value.HasField("tensor") for value in summary.value)
