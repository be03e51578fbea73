"""The optimisers against their papers' formulas, their options, and that a checkpoint holds all they remember."""

import re

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.model.optimizers import BOUNDS, OPTIMIZERS, make_optimizer, options_from


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
    mean_square = 0
    for _ in range(steps):
        mean_square = 0.9 * mean_square + 0.1 * gradient(weights) ** 2
        weights = weights - rate * gradient(weights) / np.sqrt(mean_square + 1e-7)
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
        change = np.sqrt(mean_square_change + 1e-7) / np.sqrt(mean_square + 1e-7) * gradient(weights)
        mean_square_change = 0.95 * mean_square_change + 0.05 * change**2
        weights = weights - rate * change
    return weights


def adam(weights, gradient, rate, steps):
    mean = mean_square = 0
    for step in range(1, steps + 1):
        mean = 0.9 * mean + 0.1 * gradient(weights)
        mean_square = 0.999 * mean_square + 0.001 * gradient(weights) ** 2
        unbiased, unbiased_square = mean / (1 - 0.9**step), mean_square / (1 - 0.999**step)
        weights = weights - rate * unbiased / (np.sqrt(unbiased_square) + 1e-7)
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


@pytest.mark.parametrize("steps", [1, 2, 5])
@pytest.mark.parametrize("rate", ["images", 0.3])
@pytest.mark.parametrize("name", FORMULAS)
def test_optimizer_follows_its_formula(graph, name, rate, steps):
    rate = OPTIMIZERS[name].images_rate if rate == "images" else rate
    expected = FORMULAS[name](START, lambda weights: CURVATURE * (weights - CENTRE), rate, steps)
    # The way that they went, not where they are: Adadelta's first steps are 0.0004 long.
    np.testing.assert_allclose(after_steps(name, rate, steps) - START, expected - START, rtol=2e-3, atol=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizer_takes_a_rate_that_changes(graph, name):
    """The scripts give it a tensor, that decays with the global step."""
    rate = OPTIMIZERS[name].images_rate
    with_tensor = after_steps(name, tf.constant(rate), 2)
    with tf.Graph().as_default():
        np.testing.assert_array_equal(with_tensor, after_steps(name, rate, 2))


WITH_OPTIONS = [(name, ()) for name in OPTIMIZERS] + [
    ("sgd", ["momentum=0.9", "nesterov=true"]),
    ("rmsprop", ["centered=true", "momentum=0.5"]),
    ("adam", ["amsgrad=true"]),
]


@pytest.mark.parametrize(("name", "words"), WITH_OPTIONS, ids=str)
def test_a_checkpoint_holds_all_that_an_optimizer_remembers(graph, tmp_path, name, words):
    weights = tf.get_variable("weights", initializer=tf.constant(START, tf.float32))
    optimizer = OPTIMIZERS[name].make(0.1, **options_from(name, words))
    train_op = optimizer.minimize(tf.reduce_sum(tf.square(weights - CENTRE)))
    saver = tf.train.Saver()

    def after_two_steps(session):
        for _ in range(2):
            session.run(train_op)
        return session.run(weights)

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        there = after_two_steps(session)
        checkpoint = saver.save(session, str(tmp_path / "model"))
        expected = after_two_steps(session)
    with tf.Session() as session:
        saver.restore(session, checkpoint)
        np.testing.assert_array_equal(after_two_steps(session), expected)
    assert (there != expected).any()


# ----------------------------------------------------------------------------- options


def test_options_as_typed():
    assert options_from("sgd", ["momentum=0.9", "nesterov=True"]) == {"momentum": 0.9, "nesterov": True}
    assert options_from("adam", [" epsilon = 1e-4 ", "amsgrad=false"]) == {"epsilon": 1e-4, "amsgrad": False}
    assert options_from("ftrl", ["learning_rate_power=-0.7"]) == {"learning_rate_power": -0.7}
    assert options_from("gradient_descent", ()) == {}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_defaults_are_within_their_bounds(name):
    words = [f"{option}={value}" for option, value in OPTIMIZERS[name].options.items()]
    assert options_from(name, words) == OPTIMIZERS[name].options


def test_each_bound_is_of_an_option():
    numbers = [
        option for each in OPTIMIZERS.values() for option, value in each.options.items() if not isinstance(value, bool)
    ]
    assert set(BOUNDS) == set(numbers)


@pytest.mark.parametrize(
    ("name", "words", "message"),
    [
        (
            "sgd",
            ["speed=3"],
            "--optimizer_options: sgd has no option 'speed'.\n"
            "  Options of sgd, with their defaults: momentum=0.0 nesterov=false.",
        ),
        (
            "gradient_descent",
            ["momentum=0.9"],
            "gradient_descent has no option 'momentum'.\n  gradient_descent has no options.",
        ),
        ("sgd", ["momentum"], "'momentum' has no value; expected momentum=0.0.\n  Options of sgd"),
        ("sgd", ["nesterov=1"], "'nesterov' is '1', expected true or false.\n"),
        ("sgd", ["momentum=0.9", "momentum=0.8"], "'momentum' is given twice.\n"),
        ("sgd", ["momentum=1.5"], "'momentum' is '1.5', expected a number from 0 to 1.\n"),
        ("sgd", ["momentum="], "'momentum' is '', expected a number from 0 to 1.\n"),
        ("adam", ["beta_1=1"], "'beta_1' is '1', expected a number from 0 to below 1.\n"),
        ("adam", ["epsilon=0"], "'epsilon' is '0', expected a number above 0.\n"),
        ("adam", ["epsilon=inf"], "'epsilon' is 'inf', expected a number above 0.\n"),
        ("rmsprop", ["rho=nan"], "'rho' is 'nan', expected a number from 0 to below 1.\n"),
        ("ftrl", ["beta=-1"], "'beta' is '-1', expected a number of at least 0.\n"),
        ("ftrl", ["learning_rate_power=0.5"], "is '0.5', expected a number of at most 0.\n"),
        ("adam", ["learning_rate=0.1"], "adam has no option 'learning_rate'; use --learning_rate.\n"),
    ],
)
def test_a_wrong_option_is_told(name, words, message):
    with pytest.raises(UserError, match=re.escape(message)):
        options_from(name, words)


@pytest.mark.parametrize(
    ("settings", "network"),
    [({"network": "mine"}, "--network mine"), ({"architecture": "frozen.json"}, "--architecture frozen.json")],
)
def test_a_network_with_nothing_to_train_is_one_error(graph, settings, network):
    tf.get_variable("weight", initializer=1.0, trainable=False)
    optimizer = make_optimizer(TrainingSettings(**settings), 0.1)
    with pytest.raises(UserError) as error:
        optimizer.minimize(tf.constant(1.0))
    assert str(error.value) == (
        f"{network}: no layer has weights to train, expected at least one.\n"
        "  A layer is frozen by trainable=False: leave it out, of the last layer for example."
    )


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_an_optimizer_adds_stands_outside_the_name_scope_of_the_loss(graph, name):
    weight = tf.get_variable("weight", initializer=[1.0, 2.0])
    optimizer = make_optimizer(TrainingSettings(optimizer=name), 0.1)
    with tf.name_scope("objective"):
        loss = tf.reduce_sum(tf.square(weight))
        train_op = optimizer.minimize(loss, tf.train.get_or_create_global_step())
    assert loss.name.startswith("objective/")
    assert not train_op.name.startswith("objective/")
    assert not [variable.name for variable in tf.global_variables() if "objective" in variable.name]
