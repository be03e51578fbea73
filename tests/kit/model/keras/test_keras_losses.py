"""Every loss that has Keras's name behind every kind of network's end: its values and gradients beside Keras's own."""

import functools

import numpy as np
import pytest
from support.keras_process import keras_answers

import kit.tensorflow1 as tf
from kit.model.losses import ALIASES, LOSSES, LOSSES_OF_LOGITS, REGRESSION, loss_head

ACTIVATIONS = ("sigmoid", "softmax", "linear", "tanh", "relu", "softplus", "elu")
ENDS = ("classes", "single", "number")  # a unit for each of three classes, one for two classes, one for regression
KERAS_LOSSES = [name for name in LOSSES if name not in LOSSES_OF_LOGITS]
IN_KERAS = """
def ready_for_fit(loss, activation, end):
    inputs = keras.Input(given[f"{end} logits"].shape[1:])
    model = keras.Model(inputs, keras.layers.Activation(activation)(inputs))
    model.compile(loss=loss)
    return model

cases = [str(name).split() for name in given["names"]]
models = [ready_for_fit(*case) for case in cases]

@tf.function  # as in fit
def losses_and_gradients():
    found = []
    for model, (loss, activation, end) in zip(models, cases):
        one_hot = end == "classes" and loss != "sparse_categorical_crossentropy"
        labels = np.eye(3, dtype="float32")[given["classes labels"]] if one_hot else given[f"{end} labels"][:, None]
        logits = tf.constant(given[f"{end} logits"])
        with tf.GradientTape() as tape:
            tape.watch(logits)
            outputs = model(logits, training=True)
            mean = model.compute_loss(logits, labels, outputs)
        losses = keras.losses.get(loss)(labels, outputs)
        found.append({"loss": losses, "mean": mean, "gradient": tape.gradient(mean, logits), "outputs": outputs})
    return found

for name, found in zip(given["names"], losses_and_gradients()):
    answers.update({f"{name} {what}": value.numpy() for what, value in found.items()})

for alias in given["aliases"]:
    try:
        answers[f"alias {alias}"] = keras.losses.get(str(alias)).__name__
    except ValueError:
        answers[f"alias {alias}"] = ""
"""


def is_sensible(loss, activation, end):
    if end == "classes":
        return True
    return activation != "softmax" and (loss in REGRESSION if end == "number" else LOSSES[loss].for_single_output)


CASES = [
    (loss, activation, end)
    for loss in KERAS_LOSSES
    for activation in ACTIVATIONS
    for end in ENDS
    if is_sensible(loss, activation, end)
]


def made_up():
    """Labels, and logits from -30 to 30, float32."""
    random = np.random.default_rng(0)
    extreme = [[30, -30, 0.5], [-30, 30, 1], [30, 29, 28], [-28, -29, -30]]
    classes = np.concatenate([np.array(extreme), random.normal(size=(20, 3)), 6 * random.normal(size=(20, 3))])
    single = np.concatenate([[[30], [-30], [30], [-30]], 3 * random.normal(size=(40, 1))])
    return {
        "classes labels": np.arange(44) % 3,
        "classes logits": classes.astype(np.float32),
        "single labels": np.repeat([0, 1], 22)[[0, 1, 22, 23, *range(2, 22), *range(24, 44)]],
        "single logits": single[[0, 1, 2, 3, *range(4, 44)]].astype(np.float32),
        "number labels": (5 * random.normal(size=44)).astype(np.float32),
        "number logits": single.astype(np.float32),
    }


@pytest.fixture(scope="module")
def in_keras():
    return keras_answers(IN_KERAS, names=[" ".join(case) for case in CASES], aliases=list(ALIASES), **made_up())


@functools.cache  # two tests look at each case
def behind(loss, activation, end):
    """{what: array} of one of CASES, as Keras's answers have them."""
    given, num_classes = made_up(), {"classes": 3, "single": 2, "number": 0}[end]
    logits_ph = tf.placeholder(tf.float32, [None, given[f"{end} logits"].shape[1]])
    labels = tf.constant(given[f"{end} labels"])
    logits = tf.concat([tf.zeros_like(logits_ph), logits_ph], axis=1) if end == "single" else logits_ph
    apply = tf.identity if activation == "linear" else getattr(tf.nn, activation)
    units = 3 if end == "classes" else 1
    head = loss_head(loss, activation, units, num_classes=num_classes, apply=apply)
    losses = head.per_example(labels, logits)
    mean = tf.reduce_mean(losses)
    wanted = {"loss": losses, "mean": mean, "gradient": tf.gradients(mean, logits_ph)[0]}
    wanted |= {"outputs": head.outputs(logits), "probabilities": head.probabilities(logits)}
    if end != "number":
        wanted["right"] = tf.cast(tf.equal(tf.argmax(wanted["probabilities"], axis=1), labels), tf.float32)
    with tf.Session() as session:
        return session.run(wanted, {logits_ph: given[f"{end} logits"]})


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_losses_and_gradients_are_those_of_keras(graph, in_keras, case):
    found = behind(*case)
    for what in ("outputs", "loss", "mean", "gradient"):
        expected = in_keras[f"{' '.join(case)} {what}"]
        assert found[what].shape == expected.shape
        largest = np.abs(expected[np.isfinite(expected)]).max(initial=0)
        np.testing.assert_allclose(found[what], expected, rtol=1e-5, atol=1e-6 * largest, err_msg=what)


@pytest.mark.parametrize("case", [case for case in CASES if case[2] == "single"], ids=" ".join)
def test_a_single_output_becomes_two_probabilities(graph, in_keras, case):
    """Class 1 where Keras's output is above the threshold: 0 for the scores of a hinge, otherwise 0.5."""
    loss, activation, _ = case
    outputs = in_keras[f"{' '.join(case)} outputs"][:, 0]
    is_score = "hinge" in loss and activation in ("linear", "tanh", "elu")
    predictions = outputs > (0 if is_score else 0.5)
    found = behind(*case)
    np.testing.assert_allclose(found["probabilities"].sum(axis=1), 1)
    np.testing.assert_array_equal(found["probabilities"].argmax(axis=1), predictions)
    np.testing.assert_array_equal(found["right"], predictions == made_up()["single labels"])


@pytest.mark.parametrize("case", [case for case in CASES if case[2] == "classes"], ids=" ".join)
def test_the_largest_output_is_the_most_probable_class(graph, in_keras, case):
    found, outputs = behind(*case), in_keras[f"{' '.join(case)} outputs"]
    np.testing.assert_array_equal(found["probabilities"].argmax(axis=1), outputs.argmax(axis=1))
    np.testing.assert_array_equal(found["right"], outputs.argmax(axis=1) == made_up()["classes labels"])
    if case[1] != "sigmoid":
        np.testing.assert_allclose(found["probabilities"].sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("case", [case for case in CASES if case[2] == "number"], ids=" ".join)
def test_of_regression_the_outputs_are_given(graph, in_keras, case):
    np.testing.assert_allclose(behind(*case)["probabilities"], in_keras[f"{' '.join(case)} outputs"], rtol=1e-5)


def test_aliases_are_spellings_of_keras(in_keras):
    """Four of them of Keras 2, which Keras 3 has given up."""
    known = {name: str(in_keras[f"alias {name}"]) for name in ALIASES}
    assert {name: ALIASES[name] for name in known if known[name]} == {
        name: full for name, full in known.items() if full
    }
    of_keras_2 = ["logcosh", "kullback_leibler_divergence", "cosine", "cosine_proximity"]
    assert [name for name in known if not known[name]] == of_keras_2


def test_nearly_all_is_finite(in_keras):
    """Comparing NaN with NaN would say nothing. Poisson wants outputs above 0; of three zeros there are no shares."""
    expected = {name.split()[0]: [] for name in in_keras if name.endswith(" loss")}
    for name, values in in_keras.items():
        if name.endswith((" loss", " gradient")):
            expected[name.split()[0]].append(np.isfinite(values).mean())
    assert {loss for loss, shares in expected.items() if np.mean(shares) < 1} == {"poisson", "categorical_crossentropy"}
    assert min(np.mean(shares) for shares in expected.values()) > 0.7
