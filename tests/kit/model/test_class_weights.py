"""Class weights, held against scikit-learn's, and against Keras's rule: losses times weights, in training only."""

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model.class_weights import class_weights, weighted
from kit.model.losses import loss_head

LABELS = np.repeat([0, 1, 2], [60, 30, 10])
NAMES = ("a", "b", "c")


def test_balanced_weights_are_those_of_scikit_learn(capsys):
    expected = compute_class_weight("balanced", classes=np.arange(3), y=LABELS)
    assert class_weights(["balanced"], LABELS, NAMES) == pytest.approx(expected.tolist())
    assert capsys.readouterr().out == "Class weights: a 0.5556, b 1.111, c 3.333\n"
    assert class_weights(["1", "2.5", "3"], LABELS, NAMES, tells=False) == (1.0, 2.5, 3.0)
    assert class_weights([], LABELS, NAMES) == () and class_weights(["balanced"], LABELS[:70], NAMES)[2] == 1.0


@pytest.mark.parametrize("words", [["1", "2"], ["1", "2", "x"], ["1", "2", "0"], ["1", "nan", "2"], ["balanced", "1"]])
def test_wrong_weights(words):
    with pytest.raises(UserError, match=r"--class_weights .*: expected 3 numbers above 0, for a, b, c in this order"):
        class_weights(words, LABELS, NAMES)
    with pytest.raises(UserError, match="not classes"):
        class_weights(words, LABELS.astype(np.float32), ())


@pytest.mark.parametrize("loss", ["softmax_cross_entropy", "mean_squared_error", "categorical_hinge"])
def test_losses_count_by_class_in_training_only(graph, loss):
    head = loss_head("softmax_cross_entropy" if loss == "mean_squared_error" else loss, num_classes=3)
    is_training = tf.placeholder_with_default(False, [])
    logits, labels = (
        tf.constant(np.random.default_rng(0).normal(size=[6, 3]), tf.float32),
        tf.constant([0, 1, 2, 2, 1, 0]),
    )
    heavy = weighted(head, (0.5, 1.0, 4.0), is_training)
    with tf.Session() as session:
        plain, fed = head.per_example(labels, logits), heavy.per_example(labels, logits)
        expected = session.run(plain)
        np.testing.assert_allclose(session.run(fed), expected, rtol=1e-6)
        np.testing.assert_allclose(session.run(fed, {is_training: True}), expected * [0.5, 1, 4, 4, 1, 0.5], rtol=1e-6)
    assert weighted(head, (), is_training) is head
