"""A training that stays at the loss of guessing is told once, with what usually helps."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.metrics import log_loss, mean_absolute_error, mean_squared_error

from kit.cli.settings import TrainingSettings
from kit.evaluation.result import EvaluationResult
from kit.runs.guessing import Guessing, loss_of_mean_answer
from kit.runs.history import Epoch

IMAGES = SimpleNamespace(num_classes=3, num_training=900, unit="images", has_images=True, flags=())
ROWS = SimpleNamespace(num_classes=0, num_training=100, unit="rows", has_images=False, flags=("scale",))
LABELS = np.repeat([0, 1, 2], [70, 20, 10])
VALUES = np.random.default_rng(0).normal(5, 2, 100).astype(np.float32)
NOTHING = np.zeros((100, 1))
GUESS = log_loss(LABELS, np.full((100, 3), 1 / 3))  # of three classes that are held for equally frequent


def result_of(loss, labels=LABELS, probabilities=None):
    """Of a network that gives all the same answer, unless other probabilities are given."""
    probabilities = np.full((100, 3), 1 / 3) if probabilities is None else probabilities
    return EvaluationResult(loss, 0.3, labels, np.float32(probabilities))


def result_of_a_class(loss):
    """Of a network that is surer of the first class than it may be, for all."""
    answer = np.array([1 - 2e-7, 1e-7, 1e-7])
    labels = np.repeat([0, 1, 2], [100, 34, 34])
    return result_of(log_loss(labels, np.tile(answer, (168, 1))), labels, np.tile(answer, (168, 1)))


def said(losses, training=None, data=IMAGES, validates=True, result=result_of, accuracy=0.3, **settings):
    """The epochs after which something is said, and what."""
    guessing = Guessing(data, TrainingSettings(**{"loss": "softmax_cross_entropy", **settings}))
    texts = {}
    for number, (learnt, validated) in enumerate(zip(training or losses, losses), 1):
        epoch = Epoch(number, number, 0.001, learnt, accuracy, validated, 0.3, 1.0)
        text = guessing.advice(epoch, result(validated) if validates else None)
        if text:
            texts[number] = text
    return texts


def test_the_loss_of_a_constant_answer_is_scikit_learns():
    shares = DummyClassifier(strategy="prior").fit(NOTHING, LABELS).predict_proba(NOTHING)
    for loss in ("softmax_cross_entropy", "sparse_categorical_crossentropy", "categorical_crossentropy"):
        expected = log_loss(LABELS, shares)
        assert loss_of_mean_answer(loss, result_of(0.0, probabilities=shares)) == pytest.approx(expected)
    assert loss_of_mean_answer("softmax_cross_entropy", result_of(0.0)) == pytest.approx(math.log(3)) == GUESS
    each = [log_loss(label == LABELS, shares[:, label]) for label in range(3)]
    assert loss_of_mean_answer("bce", result_of(0.0, probabilities=shares)) == pytest.approx(np.mean(each))
    for loss, score in (("mse", mean_squared_error), ("mean_absolute_error", mean_absolute_error)):
        constant = DummyRegressor(strategy="mean").fit(VALUES, VALUES).predict(VALUES)[:, np.newaxis]
        found = loss_of_mean_answer(loss, result_of(0.0, VALUES, constant))
        assert found == pytest.approx(score(VALUES, constant), rel=1e-5)
    assert loss_of_mean_answer("hinge", result_of(0.0)) is None


def test_ten_epochs_at_1_0987_are_told_once():
    told = said([1.0987] * 10, training=[1.31, *[1.0988] * 9])
    assert list(told) == [3]
    text = told[3]
    assert text.startswith(
        "For 3 epochs the network has given all images much the same answer: the loss is 1.0987, that of guessing "
        "among 3 classes 1.0986. What usually helps:\n  - a smaller --learning_rate (0.0001)\n"
    )
    assert all(words in text for words in ("--learning_rate (0.0001)", "--seed 1", "more images", "cnn_regularized"))


def test_without_validation_nothing_is_said_of_the_answers():
    (text,) = said([1.2] * 3, validates=False).values()
    assert text.startswith("For 3 epochs the network has been no better than guessing: the loss is 1.2000, that of gue")


def test_a_network_that_is_right_about_the_only_class_of_the_validation_images():
    def of_one_class(loss):
        return EvaluationResult(loss, 1.0, np.zeros(100, int), np.tile(np.float32([[0.98, 0.01, 0.01]]), (100, 1)))

    assert said([-math.log(0.98)] * 5, training=[0.3, 0.2, 0.2, 0.2, 0.2], result=of_one_class) == {}


@pytest.mark.parametrize(("rate", "advised"), [(0.2, "0.003"), (0.003, "0.0003"), (0.0001, "1e-05")])
def test_a_rate_above_the_default_is_advised_down_to_it(rate, advised):
    epochs = [Epoch(number, number, rate, 1.0987, 0.3, 1.0987, 0.3, 1.0) for number in (1, 2, 3)]
    guessing = Guessing(IMAGES, TrainingSettings(loss="softmax_cross_entropy", learning_rate=rate))
    *_, text = [guessing.advice(epoch, result_of(1.0987)) for epoch in epochs]
    assert f"a smaller --learning_rate ({advised})" in text


@pytest.mark.parametrize(
    "losses, more, first",
    [
        pytest.param([1.0, 1.0987, 1.0987, 1.0986, 1.0987], {}, 4, id="later"),
        pytest.param([1.0987, 1.0987, 0.9, 1.0987, 1.0987], {}, None, id="two at a time"),
        pytest.param([1.0987, 1.05, 1.0, 0.9], {}, None, id="it learns"),
        pytest.param([1.0987] * 4, {"training": [1.0, 0.8, 0.6, 0.4]}, None, id="it learns by heart"),
        pytest.param([1.0987] * 3, {"training": [9.0, 2.0, 1.3]}, 3, id="worse than guessing, and calming down"),
        pytest.param([6.5] * 3, {"training": [1e5, 6.9, 4.9], "result": result_of_a_class}, 3, id="all one class"),
        pytest.param([1.0987] * 4, {"validates": False}, 3, id="without validation"),
        pytest.param([9.0, 1.22, 1.40, 1.17], {"validates": False}, 3, id="up and down above guessing"),
        pytest.param([1.0987, 1.0, 1.0987, 1.0987], {"validates": False}, None, id="better in between"),
        pytest.param([1.43, 1.29, 1.22, 1.196, 1.186, 1.181], {"validates": False}, None, id="it learns slowly"),
        pytest.param([1.87, 0.844 * 2, 0.7434 * 2, 0.7435 * 2], {"validates": False}, None, id="almost steadily"),
        pytest.param([1.5, 1.6, 1.5, 1.6], {"validates": False, "accuracy": 0.4}, None, id="rightly, but too surely"),
        pytest.param([0.5] * 4, {"validates": False}, None, id="without validation, it has learnt"),
        pytest.param([1.0987] * 4, {"loss": "hinge"}, None, id="another loss"),
    ],
)
def test_when_it_is_told(losses, more, first):
    assert list(said(losses, **more)) == ([first] if first else [])


def test_values_and_tables():
    constant = np.full((100, 1), VALUES.mean())
    losses, about = [float(VALUES.var())] * 3, {"data": ROWS, "loss": "mse", "architecture": "dense 1"}
    (text,) = said(losses, result=lambda loss: result_of(loss, VALUES, constant), **about).values()
    assert "all rows" in text and "of guessing" not in text and "  - --scale standard\n" in text and "cnn" not in text
    better = constant + 0.5 * (VALUES[:, np.newaxis] - constant)
    errors = [float(np.square(VALUES - better[:, 0]).mean())] * 3
    assert not said(errors, result=lambda loss: result_of(loss, VALUES, better), **about)
    assert not said([8.0] * 4, validates=False, **about)
