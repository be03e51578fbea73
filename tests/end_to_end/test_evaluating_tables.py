"""evaluating.py on tables, as a user runs it: what it writes, held against scikit-learn and against itself."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from sklearn import metrics
from support.made_tables import (
    CLASSES,
    GENES,
    ROWS,
    column,
    config,
    history,
    probabilities,
    rows_and_kinds,
    run,
    run_well,
    scalars,
    tabular,
    write_table,
)

import dlho2018
from kit.cli.errors import UserError
from kit.cli.settings import EvaluatingSettings
from kit.data.data_spec import ImageSpec
from kit.runs.run_data import open_evaluation_data

WORDS = ("mild", "none", "severe")  # a word that a missing value is written as, too
TRAINING = ["--data", "X.tabular", "--scale", "standard", "--epochs", 6]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with tables, and runs on them: two classes, three, and values."""
    folder = tmp_path_factory.mktemp("evaluating_tables")
    rows, kinds = rows_and_kinds()
    write_table(folder / "X.tabular", rows.tolist())
    write_table(folder / "y.tabular", [[CLASSES[kind]] for kind in kinds], ["kind"])
    of_three, grades = rows_and_kinds(3, seed=1)
    write_table(
        folder / "three.csv",
        [[*row, WORDS[kind]] for row, kind in zip(of_three.tolist(), grades)],
        [*GENES, "grade"],
        ",",
    )
    write_table(folder / "values.tabular", [[value] for value in (rows[:, 0] - rows[:, 1]).tolist()], ["value"])
    words = ["--architecture", "dense 16 elu, dense 1 sigmoid", "--optimizer", "rmsprop", "--batch_size", 4]
    run_well("training.py", folder, *TRAINING, "--labels", "y.tabular", *words, "--run", "two")
    words = ["--data", "three.csv", "--label_column", "grade", "--epochs", 4, "--batch_size", 4]
    run_well("training.py", folder, *words, "--stratified", "--run", "three")
    words = ["--labels", "values.tabular", "--architecture", "dense 1", "--learning_rate", 0.3, "--batch_size", 8]
    run_well("training.py", folder, *TRAINING, *words, "--run", "values")
    return folder


def evaluated(folder, name, *words):
    """Evaluates a run; gives (what was printed, report, rows of predictions.tabular)."""
    printed = run_well("evaluating.py", folder, "--run", name, *words)
    evaluation = folder / "runs" / name / "evaluation"
    report = json.loads((evaluation / "report.json").read_text(encoding="utf-8"))
    return printed, report, tabular(evaluation / "predictions.tabular")


@pytest.fixture(scope="module")
def two(folder):
    return evaluated(folder, "two", "--data", "X.tabular", "--labels", "y.tabular")


@pytest.fixture(scope="module")
def three(folder):
    return evaluated(folder, "three")


@pytest.fixture(scope="module")
def values(folder):
    words = ["--data", "X.tabular", "--labels", "values.tabular", "--export", "exported"]
    return evaluated(folder, "values", *words)


# ----------------------------------------------------------------------------- two classes


def test_every_row_is_predicted_in_order_and_in_words(two):
    _, _, rows = two
    assert list(rows[0]) == ["row", "label", "predicted", "probability_ALL", "probability_AML"]
    assert [int(row["row"]) for row in rows] == list(range(1, ROWS + 1))
    assert [row["label"] for row in rows] == [CLASSES[kind] for kind in rows_and_kinds()[1]]
    chances = probabilities(rows)
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=2e-6)
    assert [row["predicted"] for row in rows] == [CLASSES[label] for label in chances.argmax(axis=1)]


def by_scikit_learn(labels, predicted, chances, **average):
    """The scores of two classes, or of more with average="macro"."""
    of_chances = chances[:, 1] if chances.shape[1] == 2 else chances
    is_class = labels if chances.shape[1] == 2 else np.eye(chances.shape[1])[labels]
    return {
        "accuracy": metrics.accuracy_score(labels, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(labels, predicted),
        "precision": metrics.precision_score(labels, predicted, zero_division=0, **average),
        "recall": metrics.recall_score(labels, predicted, **average),
        "f1": metrics.f1_score(labels, predicted, **average),
        "roc_auc": metrics.roc_auc_score(is_class, of_chances),
        "average_precision": metrics.average_precision_score(is_class, of_chances),
        "log_loss": metrics.log_loss(labels, chances / chances.sum(axis=1, keepdims=True)),
    }


@pytest.mark.parametrize(("name", "words", "average"), [("two", CLASSES, {}), ("three", WORDS, {"average": "macro"})])
def test_the_scores_are_scikit_learn_s_on_the_predictions(folder, request, name, words, average):
    _, report, rows = request.getfixturevalue(name)
    labels, predicted = (np.array([words.index(row[what]) for row in rows]) for what in ("label", "predicted"))
    expected = by_scikit_learn(labels, predicted, probabilities(rows), **average)
    assert 0.5 < expected["accuracy"] < 1, "made too easy or too hard to tell the scores apart"
    (scores,) = tabular(folder / "runs" / name / "evaluation" / "scores.tabular")
    assert set(scores) == {"rows", *expected} and int(scores["rows"]) == len(rows) == report["rows"]
    for score, value in expected.items():
        assert float(scores[score]) == pytest.approx(value, abs=2e-5), score
        assert report[score] == pytest.approx(value, abs=2e-5), score
    assert report["confusion_matrix"] == metrics.confusion_matrix(labels, predicted).tolist()
    assert [row["name"] for row in report["classes"]] == list(words)


def test_the_console_says_what_the_report_says(two):
    printed, report, _ = two
    assert f"accuracy {report['accuracy']:.4f}, loss {report['loss']:.4f} on 60 rows of X.tabular" in printed
    assert f"positive class AML: ROC AUC {report['roc_auc']:.4f}" in printed
    for row in report["classes"]:
        cells = [row["name"], str(row["label"]), *(f"{row[score]:.4f}" for score in ("precision", "recall", "f1"))]
        assert [*cells, str(row["rows"])] in [line.split() for line in printed.splitlines()]
    assert printed.splitlines()[-1].endswith("tensorboard --logdir runs")


def test_rows_that_were_learnt_from_or_chosen_by_are_told(folder, two, three):
    num_training = config(folder / "runs" / "two")["data"]["num_training"]
    learnt = f"Run 'two' was trained on X.tabular: the network has learnt from {num_training} of these 60 rows."
    chosen = "These are the run's validation rows, by which the best epoch was chosen."
    for name, (printed, report, _), says in (("two", two, learnt), ("three", three, chosen)):
        assert printed.count(says) == 1 and report["caution"] == says
        page = (folder / "runs" / name / "evaluation" / "report.html").read_text(encoding="utf-8")
        assert says in page.replace("&#x27;", "'")


def test_the_pictures_are_there_and_in_tensorboard(folder, two):
    import kit.tensorflow1 as tf

    names = ("confusion_matrix", "roc", "precision_recall", "learning_curves")
    evaluation = folder / "runs" / "two" / "evaluation"
    for name in names:
        with Image.open(evaluation / f"{name}.png") as image:
            image.load()
            assert min(image.size) > 200 and len(image.convert("RGB").getcolors(1 << 24)) > 20
    (events,) = (folder / "runs" / "two" / "validation").glob("events.out.tfevents.*.evaluation")
    tags = {value.tag for event in tf.train.summary_iterator(str(events)) for value in event.summary.value}
    assert tags == {f"evaluation/{name}" for name in names[:3]}  # TensorBoard draws the curves itself


def test_without_labels_the_same_is_predicted_and_nothing_is_scored(folder, two):
    printed, report, rows = evaluated(folder, "two", "--data", "X.tabular", "--batch_size", 7)
    assert "accuracy" not in printed and "label" not in rows[0] and "accuracy" not in report
    assert [row["predicted"] for row in rows] == [row["predicted"] for row in two[2]]
    np.testing.assert_allclose(probabilities(rows), probabilities(two[2]), atol=3e-6)
    left = {path.name for path in (folder / "runs" / "two" / "evaluation").iterdir() if "tfevents" not in path.name}
    assert left == {"report.json", "report.html", "predictions.tabular"}


# ----------------------------------------------------------------------------- the run's own validation rows


def test_the_run_s_own_validation_rows(folder, three):
    printed, report, rows = three
    data = config(folder / "runs" / "three")["data"]
    assert "Run three, network simple_fc, best checkpoint" in printed
    assert len(rows) == data["num_validation"] == 12 and report["data"] == "three.csv"
    numbers = [int(row["row"]) for row in rows]
    assert numbers == sorted(numbers)
    grades = rows_and_kinds(3, seed=1)[1]
    assert [row["label"] for row in rows] == [WORDS[grades[number - 1]] for number in numbers]
    best = max(history(folder / "runs" / "three"), key=lambda row: float(row["validation_accuracy"]))
    assert report["accuracy"] == pytest.approx(float(best["validation_accuracy"]))


def test_columns_in_another_order_are_found_by_name_and_so_are_the_labels(folder, three):
    lines = [line.split(",") for line in (folder / "three.csv").read_text().splitlines()]
    other_order = [[*line[5::-1], line[6]] for line in lines]
    (folder / "other.tabular").write_text("".join("\t".join(line) + "\n" for line in other_order))
    _, report, rows = evaluated(folder, "three", "--data", "other.tabular")
    assert len(rows) == ROWS and report["rows"] == ROWS and "accuracy" in report
    by_number = {int(row["row"]): row for row in rows}
    for row in three[2]:
        np.testing.assert_allclose(probabilities([by_number[int(row["row"])]]), probabilities([row]), atol=3e-6)


# ----------------------------------------------------------------------------- values


def test_values_are_scored_as_scikit_learn_does(folder, values):
    printed, report, rows = values
    assert list(rows[0]) == ["row", "label", "predicted"]
    labels, predicted = column(rows, "label"), column(rows, "predicted")
    true, _ = rows_and_kinds()
    np.testing.assert_allclose(labels, true[:, 0] - true[:, 1], rtol=1e-6)
    expected = {
        "rmse": metrics.root_mean_squared_error(labels, predicted),
        "mae": metrics.mean_absolute_error(labels, predicted),
        "r2": metrics.r2_score(labels, predicted),
    }
    assert 0.2 < expected["r2"] < 1
    (scores,) = tabular(folder / "runs" / "values" / "evaluation" / "scores.tabular")
    for score, value in expected.items():
        assert report[score] == pytest.approx(value, rel=1e-5)
        assert float(scores[score]) == pytest.approx(value, rel=1e-5)
    assert f"R2 {report['r2']:.4f}, RMSE {report['rmse']:.4f}, MAE {report['mae']:.4f}" in printed
    assert (folder / "runs" / "values" / "evaluation" / "values.png").exists()
    assert "curves/R2" in scalars(folder / "runs" / "values" / "validation")


def test_an_export_of_values_gives_the_predicted_ones(graph, folder, values):
    import kit.tensorflow1 as tf

    rows, _ = rows_and_kinds()
    with tf.Session() as session:
        model = tf.saved_model.load(session, [tf.saved_model.SERVING], str(folder / "exported"))
        signature = model.signature_def["serving_default"]
        assert (set(signature.inputs), set(signature.outputs)) == ({"rows"}, {"values"})
        found = session.run(signature.outputs["values"].name, {signature.inputs["rows"].name: rows})
    np.testing.assert_allclose(found[:, 0], column(values[2], "predicted"), rtol=1e-5, atol=1e-5)


# ----------------------------------------------------------------------------- many classes


def test_of_many_classes_the_console_has_the_lowest_scores(tmp_path):
    """Eighty classes, twenty of them held back: scikit-learn has something to say on that, which nobody asked for."""
    number_of_class = np.arange(400) % 80
    rows = [[number // 9, number % 9, f"class_{number}"] for number in number_of_class]
    write_table(tmp_path / "many.csv", rows, ["a", "b", "kind"], ",")
    words = ["--data", "many.csv", "--label_column", "kind", "--epochs", 1, "--validation", 0.1, "--run", "many"]
    printed = run_well("training.py", tmp_path, *words)
    assert "360 training and 40 validation rows of 2 columns, classes class_0, class_1, " in printed
    assert "class_15 and 72 more" in printed and max(map(len, printed.splitlines())) < 200
    printed, report, _ = evaluated(tmp_path, "many")
    assert "20 of 80 classes, the lowest F1 first; all are in report.json:" in printed
    table = [line for line in printed.splitlines() if line.startswith(" class_")]
    assert len(table) == 20 and len(report["classes"]) == 80
    without = sum(row["rows"] == 0 for row in report["classes"])  # of all 80: the means leave them out
    assert f" and {without - 3} more: no rows; balanced accuracy, recall, ROC AUC, average precision over" in printed
    shown = [line.split() for line in table]
    assert all(int(line[-1]) > 0 for line in shown)  # of classes that there are
    present = sorted(row["f1"] for row in report["classes"] if row["rows"])
    assert [float(line[4]) for line in shown] == pytest.approx(present[:20], abs=1e-4)


# ----------------------------------------------------------------------------- wrong data, wrong flags


@pytest.mark.parametrize(
    ("name", "words", "message"),
    [
        ("two", ["--labels", "y.tabular"], "--labels needs --data"),
        ("two", ["--data", "renamed"], "1 of the 6 columns that the network was trained on is missing: 'gene_2'"),
        (
            "two",
            ["--data", "X.tabular", "--labels", "unknown"],
            "unknown:3: label 'CLL', but the network only knows",
        ),
        ("two", ["--data", "X.tabular", "--labels", "short"], "short: 2 lines, but the table has 60 rows"),
        ("two", ["--images", "a.png"], "--images: run 'two' was trained on a table"),
        ("two", ["--skip_bad"], "--skip_bad is only for images, but run 'two' was trained on a table"),
        ("two", ["--weights", "no.h5"], "--weights no.h5: there is no such file"),
        ("two", ["--write_weights", "no/folder.h5"], "no/folder.h5: there is no folder 'no'"),
        ("two", ["--write_weights", "weights.txt"], "weights.txt: expected a name that ends in .weights.h5, or in .h5"),
        ("two", ["--export", "runs"], "--export runs: exists already"),
        ("two", ["--export", "model.keras"], "makes a folder with several kinds of file, not a .keras file"),
        ("three", ["--write_weights", "a.h5"], "run 'three' has one of dlho2018_nns.py"),
        ("three", ["--weights", "a.h5"], "run 'three' has one of dlho2018_nns.py"),
    ],
)
def test_wrong_data_and_flags_are_refused_and_leave_everything_as_it_was(folder, two, name, words, message):
    (folder / "renamed").write_text((folder / "X.tabular").read_text().replace("gene_2", "gene_two"))
    (folder / "unknown").write_text("ALL\nAML\nCLL\n" + "ALL\n" * 57)
    (folder / "short").write_text("ALL\nAML\n")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    result = run("evaluating.py", folder, "--run", name, *words)
    assert result.returncode == 2 and "Traceback" not in result.stderr
    assert result.stderr.count("error:") == 1 and message in result.stderr
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"data": "d.csv", "labels": "y.tabular"},
            "--labels is only for tables, but run 'pictures' was trained on images",
        ),
        ({"data": "d.csv", "label_column": "y"}, "--label_column is only for tables, but run 'pictures' was trained"),
        ({}, "Run 'pictures' has no validation data. Name data to evaluate: --data."),
    ],
)
def test_what_a_run_on_images_is_not_evaluated_by(settings, message):
    run = SimpleNamespace(name="pictures", data_spec=ImageSpec((32, 32), ("a", "b"), 10, 0))
    with pytest.raises(UserError) as error:
        open_evaluation_data(EvaluatingSettings(**settings), run, dlho2018)
    assert message in str(error.value)
