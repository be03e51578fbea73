"""The optimisers that have Keras's names, step by step beside Keras's own: the same weights, gradients and rates."""

import json

import numpy as np
import pytest
from support.keras_process import keras_answers

import kit.tensorflow1 as tf
from kit.model.optimizers import OPTIMIZERS

CASES = [  # an optimiser, and those of its options that aren't Keras's defaults
    ("sgd", {}),
    ("sgd", {"momentum": 0.9}),
    ("sgd", {"momentum": 0.8, "nesterov": True}),
    ("sgd", {"nesterov": True}),
    ("rmsprop", {}),
    ("rmsprop", {"rho": 0.7, "epsilon": 1e-3}),
    ("rmsprop", {"momentum": 0.9}),
    ("rmsprop", {"centered": True, "epsilon": 1e-3}),
    ("rmsprop", {"centered": True, "momentum": 0.5, "rho": 0.8, "epsilon": 1e-4}),
    ("adagrad", {}),
    ("adagrad", {"initial_accumulator_value": 0.0}),
    ("adagrad", {"initial_accumulator_value": 2.0, "epsilon": 0.1}),
    ("adadelta", {}),
    ("adadelta", {"rho": 0.5, "epsilon": 1e-2}),
    ("adam", {}),
    ("adam", {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-2}),
    ("adam", {"amsgrad": True}),
    ("adam", {"amsgrad": True, "beta_1": 0.8, "beta_2": 0.6, "epsilon": 1e-3}),
    ("adamax", {}),
    ("adamax", {"beta_1": 0.5, "beta_2": 0.7, "epsilon": 1e-2}),
    ("nadam", {}),
    ("nadam", {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-2}),
    ("ftrl", {}),
    ("ftrl", {"learning_rate_power": -0.7, "initial_accumulator_value": 1.0}),
    ("ftrl", {"l1_regularization_strength": 0.3, "l2_regularization_strength": 0.2}),
    ("ftrl", {"l2_shrinkage_regularization_strength": 0.1, "beta": 0.5}),
]
NAMES = [" ".join([name, *(f"{option}={value}" for option, value in options.items())]) for name, options in CASES]
STEPS = 20
IN_KERAS = """
import json
for name, (kind, options) in zip(given["names"], json.loads(str(given["cases"]))):
    for rates in ("default", "changing"):
        optimizer = keras.optimizers.get({"class_name": kind, "config": options})
        variables = [keras.Variable(given[which]) for which in ("matrix", "vector")]
        ways = [[], []]
        for step, rate in enumerate(given["rates"]):
            if rates == "changing":
                optimizer.learning_rate = rate
            optimizer.apply([given["of_matrix"][step], given["of_vector"][step]], variables)
            for way, variable in zip(ways, variables):
                way.append(variable.numpy().copy())
        answers[f"{name} {rates} matrix"], answers[f"{name} {rates} vector"] = ways
for kind in dict(json.loads(str(given["cases"]))):
    config = keras.optimizers.get(kind).get_config()
    answers[f"{kind} defaults"] = json.dumps({key: value for key, value in config.items() if value is not None})
"""


def made_up():
    """Weights, and for each step a learning rate and a gradient: none, tiny, huge, now and then, and ordinary."""
    random = np.random.default_rng(0)
    of_matrix = random.normal(size=(STEPS, 3, 4)) * [[0, 1e-8, 1e4, 1]]
    of_matrix[::3, 1] = 0
    of_matrix[:5, 2] = 0
    return {
        "matrix": random.normal(size=(3, 4)).astype(np.float32),
        "vector": np.zeros(2, np.float32),
        "of_matrix": of_matrix.astype(np.float32),
        "of_vector": random.normal([0, 3], size=(STEPS, 2)).astype(np.float32),
        "rates": np.array([0.1] * 5 + [0.01] * 5 + [0.5 / (step + 1) for step in range(10)], np.float32),
    }


@pytest.fixture(scope="module")
def in_keras():
    return keras_answers(IN_KERAS, names=NAMES, cases=json.dumps(CASES), **made_up())


def way_of(name, options, rates):
    """The weights after each step: float32 [STEPS, 3, 4] and [STEPS, 2]."""
    given = made_up()
    variables = [tf.get_variable(which, initializer=given[which]) for which in ("matrix", "vector")]
    gradients_ph = [tf.placeholder(tf.float32, variable.shape) for variable in variables]
    rate_ph = tf.placeholder(tf.float32, [])
    train_op = OPTIMIZERS[name].make(rate_ph, **options).apply_gradients(zip(gradients_ph, variables))
    ways = [], []
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for rate, *gradients in zip(rates, given["of_matrix"], given["of_vector"]):
            session.run(train_op, {rate_ph: rate, **dict(zip(gradients_ph, gradients))})
            for way, values in zip(ways, session.run(variables)):
                way.append(values)
    return ways


def check_way(way, expected, start):
    """Each weight has gone the same way, to 1 part in 10,000 of how far it got from its start.

    In float32, 1 - 0.999 is off by 5 parts in 100,000; Keras and TensorFlow take it at different places.
    """
    farthest = np.abs(expected - start).max(axis=0)
    assert (np.abs(way - expected) <= 1e-4 * farthest + 1e-6 * np.abs(start)).all()


@pytest.mark.parametrize("rates", ["default", "changing"])
@pytest.mark.parametrize("case", range(len(CASES)), ids=NAMES)
def test_steps_are_those_of_keras(graph, in_keras, case, rates):
    name, options = CASES[case]
    given = made_up()
    ways = way_of(name, options, given["rates"] if rates == "changing" else [OPTIMIZERS[name].learning_rate] * STEPS)
    for way, which in zip(ways, ("matrix", "vector")):
        expected = in_keras[f"{NAMES[case]} {rates} {which}"]
        assert np.isfinite(expected).all()
        assert np.ptp(expected, axis=0).max() > 1e-5  # Keras has gone somewhere
        check_way(way, expected, given[which])


def test_defaults_and_options_are_those_of_keras(in_keras):
    of_every_optimizer = {"name", "weight_decay", "use_ema", "ema_momentum"}  # and clipping, which is off
    for name in dict(CASES):
        expected = json.loads(str(in_keras[f"{name} defaults"]))
        found = {**OPTIMIZERS[name].options, "learning_rate": OPTIMIZERS[name].learning_rate}
        assert found == pytest.approx({key: expected[key] for key in expected.keys() - of_every_optimizer})


def test_each_has_its_case():
    assert dict(CASES).keys() == OPTIMIZERS.keys() - {"gradient_descent", "momentum"}
