"""The losses against NumPy and numbers by hand, the optimisers against their papers' formulas."""

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.losses import LOSSES
from kit.optimizers import OPTIMIZERS


def softmax(logits):
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def sigmoid(logits):
    return 1 / (1 + np.exp(-logits))


def softmax_cross_entropy(labels, logits):
    return -np.log(softmax(logits)[np.arange(len(labels)), labels])


def sigmoid_cross_entropy(labels, logits):
    truth = np.eye(logits.shape[1])[labels]
    answers = sigmoid(logits)
    return -(truth * np.log(answers) + (1 - truth) * np.log(1 - answers)).mean(axis=1)


def mean_squared_error(labels, logits):
    return np.square(softmax(logits) - np.eye(logits.shape[1])[labels]).mean(axis=1)


IN_NUMPY = {  # the loss, and what it makes of logits
    "softmax_cross_entropy": (softmax_cross_entropy, softmax),
    "sigmoid_cross_entropy": (sigmoid_cross_entropy, sigmoid),
    "mean_squared_error": (mean_squared_error, softmax),
}


def losses_of(loss, labels, logits):
    """(losses [B], probabilities [B, classes], gradient [B, classes]) of one of LOSSES."""
    labels_ph, logits_ph = tf.placeholder(tf.int64, [None]), tf.placeholder(tf.float32, [None, len(logits[0])])
    losses = LOSSES[loss].of_each(labels_ph, logits_ph)
    outputs = [losses, LOSSES[loss].probabilities(logits_ph), tf.gradients(losses, logits_ph)[0]]
    with tf.Session() as session:
        return session.run(outputs, {labels_ph: labels, logits_ph: logits})


# ----------------------------------------------------------------------------- losses


def test_every_loss_is_tested():
    assert set(LOSSES) == set(IN_NUMPY)


@pytest.mark.parametrize("classes", [2, 5])
@pytest.mark.parametrize("loss", IN_NUMPY)
def test_loss_and_probabilities(graph, loss, classes):
    logits = 3 * np.random.default_rng(0).normal(size=(20, classes))
    labels = np.arange(20) % classes
    losses, probabilities, _ = losses_of(loss, labels, logits)
    expected_losses, expected_probabilities = IN_NUMPY[loss]
    np.testing.assert_allclose(losses, expected_losses(labels, logits), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(probabilities, expected_probabilities(logits), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("loss", "right", "wrong"),
    [
        ("softmax_cross_entropy", -np.log(3 / 4), -np.log(1 / 4)),
        ("sigmoid_cross_entropy", -(np.log(1 / 2) + np.log(3 / 4)) / 2, -(np.log(1 / 2) + np.log(1 / 4)) / 2),
        ("mean_squared_error", (1 / 16 + 1 / 16) / 2, (9 / 16 + 9 / 16) / 2),
    ],
)
def test_loss_by_hand(graph, loss, right, wrong):
    """Scores 0 and log 3: softmax gives 1/4 and 3/4, sigmoid 1/2 and 3/4."""
    losses, _, _ = losses_of(loss, [1, 0], [[0, np.log(3)]] * 2)
    np.testing.assert_allclose(losses, [right, wrong], rtol=1e-5)


@pytest.mark.parametrize("loss", IN_NUMPY)
def test_gradient_points_away_from_the_label(graph, loss):
    _, _, gradient = losses_of(loss, [0, 2], [[0, 0, 0], [1, 2, 3]])
    toward_label = np.array([[True, False, False], [False, False, True]])
    assert (gradient[toward_label] < 0).all()
    assert (gradient[~toward_label] > 0).all()


@pytest.mark.parametrize(
    ("loss", "wrong"),
    [("softmax_cross_entropy", 2000), ("sigmoid_cross_entropy", 1000), ("mean_squared_error", 1)],
)
def test_extreme_logits(graph, loss, wrong):
    losses, probabilities, gradient = losses_of(loss, [0, 1], [[1000, -1000]] * 2)
    np.testing.assert_allclose(losses, [0, wrong], atol=1e-6)
    np.testing.assert_allclose(probabilities, [[1, 0]] * 2, atol=1e-6)
    assert np.isfinite(gradient).all()


# ----------------------------------------------------------------------------- optimisers


def gradient_descent(weights, gradient, rate, steps):
    for _ in range(steps):
        weights = weights - rate * gradient(weights)
    return weights


def momentum(weights, gradient, rate, steps):
    velocity = 0
    for _ in range(steps):
        velocity = 0.9 * velocity + gradient(weights)
        weights = weights - rate * velocity
    return weights


def rmsprop(weights, gradient, rate, steps):
    mean_square = 1  # TensorFlow starts at 1, others at 0
    for _ in range(steps):
        mean_square = 0.9 * mean_square + 0.1 * gradient(weights) ** 2
        weights = weights - rate * gradient(weights) / np.sqrt(mean_square + 1e-10)
    return weights


def adagrad(weights, gradient, rate, steps):
    sum_of_squares = 0.1
    for _ in range(steps):
        sum_of_squares = sum_of_squares + gradient(weights) ** 2
        weights = weights - rate * gradient(weights) / np.sqrt(sum_of_squares)
    return weights


def adadelta(weights, gradient, rate, steps):
    mean_square = mean_square_change = 0
    for _ in range(steps):
        mean_square = 0.95 * mean_square + 0.05 * gradient(weights) ** 2
        change = np.sqrt(mean_square_change + 1e-8) / np.sqrt(mean_square + 1e-8) * gradient(weights)
        mean_square_change = 0.95 * mean_square_change + 0.05 * change**2
        weights = weights - rate * change
    return weights


def adam(weights, gradient, rate, steps):
    mean = mean_square = 0
    for step in range(1, steps + 1):
        mean = 0.9 * mean + 0.1 * gradient(weights)
        mean_square = 0.999 * mean_square + 0.001 * gradient(weights) ** 2
        unbiased, unbiased_square = mean / (1 - 0.9**step), mean_square / (1 - 0.999**step)
        weights = weights - rate * unbiased / (np.sqrt(unbiased_square) + 1e-8)
    return weights


FORMULAS = {
    "gradient_descent": gradient_descent,
    "momentum": momentum,
    "rmsprop": rmsprop,
    "adagrad": adagrad,
    "adadelta": adadelta,
    "adam": adam,
}
START, CENTRE, CURVATURE = np.array([1.0, -2.0, 0.5]), np.array([0.0, 1.0, 3.0]), np.array([1.0, 0.5, 2.0])


def after_steps(name, rate, steps):
    """The weights, after steps of one of OPTIMIZERS down the quadratic sum(curvature / 2 * (weights - centre)^2)."""
    weights = tf.get_variable("weights", initializer=tf.constant(START, tf.float32))
    train_op = OPTIMIZERS[name].make(rate).minimize(tf.reduce_sum(CURVATURE / 2 * (weights - CENTRE) ** 2))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(steps):
            session.run(train_op)
        return session.run(weights)


def test_every_optimizer_is_tested():
    assert set(OPTIMIZERS) == set(FORMULAS)


@pytest.mark.parametrize("steps", [1, 2, 5])
@pytest.mark.parametrize("rate", ["default", 0.3])
@pytest.mark.parametrize("name", FORMULAS)
def test_optimizer_follows_its_formula(graph, name, rate, steps):
    rate = OPTIMIZERS[name].learning_rate if rate == "default" else rate
    expected = FORMULAS[name](START, lambda weights: CURVATURE * (weights - CENTRE), rate, steps)
    # The way that they went, not where they are: Adadelta's first steps are 0.0004 long.
    np.testing.assert_allclose(after_steps(name, rate, steps) - START, expected - START, rtol=2e-3, atol=1e-6)


@pytest.mark.parametrize("name", FORMULAS)
def test_optimizer_takes_a_rate_that_changes(graph, name):
    """The scripts give it a tensor, that decays with the global step."""
    rate = OPTIMIZERS[name].learning_rate
    with_tensor = after_steps(name, tf.constant(rate), 2)
    with tf.Graph().as_default():
        np.testing.assert_array_equal(with_tensor, after_steps(name, rate, 2))
