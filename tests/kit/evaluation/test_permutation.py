"""Permutation importance, held against scikit-learn's on the same predictions and the same shuffles."""

import numpy as np
import pytest
from scipy import stats
from sklearn.base import BaseEstimator
from sklearn.inspection import permutation_importance
from support.networks_of_tables import network_of

import kit.tensorflow1 as tf
from kit.evaluation import permutation
from kit.evaluation.shuffled_columns import ShuffledColumns

RANDOM = np.random.default_rng(0)
ROWS = RANDOM.normal(5, 3, (30, 6)).astype(np.float32)
KINDS = RANDOM.integers(0, 2, 30)
GRADES = RANDOM.integers(0, 3, 30)
VALUES = RANDOM.normal(2, 3, 30).astype(np.float32)
BCE, CE = "binary_crossentropy", "categorical_crossentropy"
REPEATS, SEED = 4, 7


class Predictor(BaseEstimator):
    """A network for scikit-learn."""

    def __init__(self, network, classes=None):
        self.network, self.classes_ = network, classes
        self._estimator_type = "regressor" if classes is None else "classifier"

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.estimator_type = self._estimator_type
        return tags

    def fit(self, rows, labels):
        return self

    def predict_proba(self, rows):
        return self.network.session.run(self.network.probabilities, {self.network.inputs: rows})

    def predict(self, rows):
        outputs = self.predict_proba(rows)
        return outputs[:, 0].astype(np.float64) if self.classes_ is None else self.classes_[outputs.argmax(axis=1)]


def with_missing(rows):
    return np.where(np.random.default_rng(1).random(rows.shape) < 0.1, np.nan, rows).astype(np.float32)


@pytest.mark.parametrize(
    ("architecture", "rows", "labels", "loss", "is_quick"),
    [
        pytest.param("dense 1 sigmoid", ROWS, KINDS, BCE, True, id="a single layer"),
        pytest.param("dense 8 elu, dense 4 elu, dense 1 sigmoid", ROWS, KINDS, BCE, True, id="three layers"),
        pytest.param(None, ROWS, KINDS, "softmax_cross_entropy", True, id="the default network"),
        pytest.param(
            "dropout 0.3, batchnormalization, dense 4 relu, dropout 0.2, dense 3 softmax",
            *(ROWS, GRADES, CE, True),
            id="three classes, with layers before the first dense one",
        ),
        pytest.param("dense 4 tanh, dense 1", with_missing(ROWS), VALUES, "mse", True, id="values, with missing cells"),
        pytest.param(
            "reshape 2 3 1, conv2d 2 2x2 relu, flatten, dense 1 sigmoid", ROWS, KINDS, BCE, False, id="a convolution"
        ),
    ],
)
def test_as_scikit_learn(architecture, rows, labels, loss, is_quick):
    is_values = labels.dtype == np.float32
    num_classes = 0 if is_values else int(labels.max()) + 1
    if is_values:
        scores = {"r2": permutation.r2(labels)}
    else:
        scores = {"neg_log_loss": permutation.log_loss(labels), "accuracy": permutation.accuracy(labels)}
    with network_of(architecture, rows, num_classes, loss) as network:
        columns = ShuffledColumns(network.session, rows, network.inputs, network.probabilities)
        assert (columns.layer is not None) is is_quick
        columns.at_once = 4  # so that the last batch is smaller
        done = []
        orders = permutation.orders(len(rows), REPEATS, SEED)
        found = permutation.permutation_importance(columns, 6, scores, orders, done.append)
        model = Predictor(network, None if is_values else np.arange(num_classes))
        theirs = permutation_importance(model, rows, labels, scoring=list(scores), n_repeats=REPEATS, random_state=SEED)
    assert done == [4, 2]
    for name in scores:
        each = theirs[name].importances  # [columns, repeats]
        assert np.ptp(each.mean(axis=1)) > 0.01  # columns differ
        np.testing.assert_allclose(found[name].mean, theirs[name].importances_mean, atol=2e-6)
        deviation = np.maximum(each.std(axis=1, ddof=1), 1e-300)
        interval = stats.t.interval(0.95, REPEATS - 1, each.mean(axis=1), deviation / np.sqrt(REPEATS))
        np.testing.assert_allclose((found[name].low, found[name].high), interval, atol=1e-5)


def test_sure_and_wrong_predictions_cost_what_they_cost_in_scikit_learn():
    from sklearn.metrics import log_loss

    sure = np.float32([[1, 0], [0, 1], [1, 0]])
    labels = np.array([0, 0, 1])
    (score,) = permutation.log_loss(labels)(sure[np.newaxis])
    assert -score == pytest.approx(log_loss(labels, sure), rel=1e-6)
    assert score < -10


@pytest.mark.parametrize("mixed", ["columns", "rows"])
def test_a_layer_behind_mixed_columns_or_rows_is_not_changed(mixed):
    """Its sums can't tell what becomes of one shuffled column: all is computed again."""
    with tf.Graph().as_default(), tf.Session() as session:
        inputs = tf.placeholder(tf.float32, [None, 6])
        given = tf.reverse(inputs, [1]) if mixed == "columns" else inputs - tf.reduce_mean(inputs, axis=0)
        outputs = tf.matmul(given, tf.constant([[1.0], [2], [3], [4], [5], [6]]))
        columns = ShuffledColumns(session, ROWS, inputs, outputs)
        assert columns.layer is None
        order = np.roll(np.arange(len(ROWS)), 1)
        (found,) = columns.predictions(5, 6, order)
        shuffled = ROWS.copy()
        shuffled[:, 5] = ROWS[order, 5]
        np.testing.assert_allclose(found, session.run(outputs, {inputs: shuffled}), rtol=1e-6)
