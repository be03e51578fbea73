"""Scores against scikit-learn and numbers worked out by hand."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn import metrics
from sklearn.preprocessing import label_binarize
from support.scored import BY_HAND, LABELS, THREE, THREE_LABELS, TWO

from kit.cli.errors import UserError
from kit.evaluation.result import EvaluationResult
from kit.evaluation.scores import (
    class_scores,
    classification_scores,
    read_scores,
    regression_scores,
    scores_of,
    write_scores,
)

pytestmark = pytest.mark.filterwarnings("error")


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
    result = EvaluationResult(1.0, 0.5, np.float32([1, 2, 4]), np.float32([[2], [2], [2]]))
    assert scores_of(SimpleNamespace(class_names=()), result)["mae"] == 1.0
    classes = SimpleNamespace(class_names=("a", "b"), decide=lambda probabilities: probabilities.argmax(axis=1))
    assert scores_of(classes, EvaluationResult(1.0, 0.6, LABELS, TWO))["recall"] == 0.5


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
        ("fold\ta\n", "there are no scores"),
        ("", "there are no scores"),
    ],
)
def test_a_file_that_holds_no_scores_is_refused(tmp_path, text, problem):
    path = tmp_path / "scores.tabular"
    path.write_text(text)
    with pytest.raises(UserError) as error:
        read_scores(path)
    assert str(error.value) == (
        f"{path}: cannot read these scores: {problem}.\n"
        "  Expected a header and lines of numbers, separated by tabs. Train the run again."
    )
