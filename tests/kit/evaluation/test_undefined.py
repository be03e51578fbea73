"""What is undefined is None, and said: against scikit-learn's NaN, in one evaluation and over folds."""

import warnings

import numpy as np
import pytest
from sklearn import metrics

from kit.evaluation.scores import class_scores, classification_scores, regression_scores
from kit.evaluation.undefined import classes_left_out, of_evaluation, of_folds

NAMES = ("ALL", "AML", "CLL")
CASES = {  # (labels, predicted classes)
    "no positives": ([0, 0, 0], [0, 0, 0]),
    "no positives, one predicted": ([0, 0, 0], [0, 1, 0]),
    "no negatives": ([1, 1, 1], [1, 0, 1]),
    "none predicted": ([0, 1, 1], [0, 0, 0]),
    "a single row, negative": ([0], [0]),
    "a single row, positive and found": ([1], [1]),
    "a single row, positive and missed": ([1], [0]),
    "nothing undefined": ([0, 1, 1], [0, 1, 0]),
    "three, nothing undefined": ([0, 1, 2, 2], [0, 1, 2, 1]),
    "three, a class without labels": ([0, 1, 1], [0, 1, 2]),
    "three, a class not predicted": ([0, 1, 2], [0, 1, 1]),
    "three, a class with neither": ([0, 1, 1], [0, 1, 0]),
    "three, one class only": ([2, 2], [2, 1]),
}


def case(name):
    """(labels, predicted, probabilities): the predicted class has 0.5 to 0.6, so that rows can be ranked."""
    labels, predicted = map(np.array, CASES[name])
    count = 3 if name.startswith("three") else 2
    chances = 0.6 - 0.02 * np.arange(len(labels))
    probabilities = np.repeat(((1 - chances) / (count - 1))[:, None], count, axis=1)
    probabilities[range(len(labels)), predicted] = chances
    return labels, predicted, probabilities.astype(np.float32)


def in_scikit_learn(labels, predicted, probabilities):
    """The same scores by scikit-learn with zero_division=nan; a ranking of one class alone is undefined."""
    classes = [1] if probabilities.shape[1] == 2 else range(probabilities.shape[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        by_class = metrics.precision_recall_fscore_support(labels, predicted, labels=classes, zero_division=np.nan)
        ranked = [label for label in classes if len({*(labels == label)}) == 2]
        pairs = [(labels == label, probabilities[:, label]) for label in ranked]
        return {
            "accuracy": metrics.accuracy_score(labels, predicted),
            "balanced_accuracy": metrics.balanced_accuracy_score(labels, predicted),
            **{name: np.nanmean(of_class) for name, of_class in zip(("precision", "recall", "f1"), by_class)},
            "roc_auc": np.mean([metrics.roc_auc_score(*pair) for pair in pairs]),
            "average_precision": np.mean([metrics.average_precision_score(*pair) for pair in pairs]),
            "log_loss": metrics.log_loss(labels, probabilities, labels=range(probabilities.shape[1])),
        }


@pytest.mark.parametrize("name", CASES)
def test_scores_are_scikit_learn_s_and_its_nan_is_none(name):
    expected = in_scikit_learn(*case(name))
    labels, predicted, probabilities = case(name)
    scores = classification_scores(labels, probabilities)
    assert {key for key, score in scores.items() if score is None} == {
        key for key, score in expected.items() if np.isnan(score)
    }
    assert {k: v for k, v in scores.items() if v is not None} == pytest.approx(
        {key: score for key, score in expected.items() if not np.isnan(score)}, rel=1e-5
    )
    by_class = metrics.precision_recall_fscore_support(labels, predicted, labels=range(3), zero_division=np.nan)
    for row, *wanted in zip(class_scores(labels, probabilities, NAMES[: probabilities.shape[1]])["classes"], *by_class):
        assert [row["precision"], row["recall"], row["f1"]] == [None if np.isnan(x) else x for x in wanted[:3]]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "no positives",
            [
                "AML: no rows; recall, ROC AUC, average precision undefined; balanced accuracy over 1 of 2 classes",
                "AML: never predicted; precision undefined",
                "AML: no rows, and never predicted; F1 undefined",
            ],
        ),
        (
            "no negatives",
            ["ALL: no rows; ROC AUC, average precision undefined; balanced accuracy over 1 of 2 classes"],
        ),
        ("none predicted", ["AML: never predicted; precision undefined"]),
        ("nothing undefined", []),
        ("three, nothing undefined", []),
        (
            "three, a class without labels",
            ["CLL: no rows; balanced accuracy, recall, ROC AUC, average precision over 2 of 3 classes"],
        ),
        ("three, a class not predicted", ["CLL: never predicted; precision over 2 of 3 classes"]),
    ],
)
def test_what_is_undefined_in_an_evaluation_is_said(name, lines):
    labels, _, probabilities = case(name)
    scores, left_out = classification_scores(labels, probabilities), classes_left_out(labels, probabilities)
    assert of_evaluation(scores, left_out, NAMES[: probabilities.shape[1]], "rows") == lines


def test_outputs_that_do_not_add_up_and_equal_labels_are_said():
    labels, _, probabilities = case("nothing undefined")
    scores, left_out = classification_scores(labels, probabilities / 2), classes_left_out(labels, probabilities)
    assert of_evaluation(scores, left_out, NAMES[:2], "rows") == ["outputs that don't add up to 1: log loss undefined"]
    for values in ([0.1] * 7, [3.0]):  # in float32, the variance of seven times 0.1 isn't quite 0
        scores = regression_scores(np.array(values, np.float32), np.array(values, np.float32) + 1)
        assert scores["r2"] is None and scores["rmse"] == pytest.approx(1.0)
        assert of_evaluation(scores, {}, (), "rows") == ["labels that are all equal: R2 undefined"]


def of_cases(*names):
    cases = [case(name) for name in names]
    scores = [classification_scores(labels, probabilities) for labels, _, probabilities in cases]
    return of_folds(scores, [classes_left_out(labels, probabilities) for labels, _, probabilities in cases])


def test_what_is_undefined_over_folds_is_said():
    assert of_cases("nothing undefined", "nothing undefined") == []
    assert of_cases("no positives, one predicted", "nothing undefined", "no positives, one predicted") == [
        "2 of 3 folds have no positives: recall, ROC AUC, average precision over 1",
        "2 of 3 folds have a class without labels: balanced accuracy there over the others",
    ]
    assert of_cases("a single row, negative", "a single row, positive and found") == [
        "1 of 2 folds has no predicted positives: precision over 1",
        "1 of 2 folds has no positives: recall over 1",
        "1 of 2 folds has no positives, true or predicted: F1 over 1",
        "2 of 2 folds have labels of one class only: ROC AUC, average precision undefined",
        "2 of 2 folds have a class without labels: balanced accuracy there over the others",
    ]
    assert of_cases("three, a class without labels", "three, a class not predicted", "three, nothing undefined") == [
        "1 of 3 folds has a class without labels: balanced accuracy, recall, ROC AUC, average precision there over "
        "the others",
        "1 of 3 folds has a class that is never predicted: precision there over the others",
    ]
    folds = [{"rmse": 1.0, "mae": 1.0, "r2": r2} for r2 in (None, 0.5, 0.25, None, None)]
    assert of_folds(folds, [{}] * 5) == ["3 of 5 folds have labels that are all equal: R2 over 2"]
