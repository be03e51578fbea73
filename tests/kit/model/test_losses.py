"""The losses of networks that end in bare logits, against NumPy and numbers by hand; what a network may end in."""

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model.losses import ALIASES, LOSSES, LOSSES_OF_LOGITS, loss_head


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
    losses = LOSSES[loss].per_example(labels_ph, logits_ph)
    outputs = [losses, LOSSES[loss].probabilities(logits_ph), tf.gradients(losses, logits_ph)[0]]
    with tf.Session() as session:
        return session.run(outputs, {labels_ph: labels, logits_ph: logits})


# ------------------------------------------------------------------------------------ bare logits


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


@pytest.mark.parametrize("loss", LOSSES)
def test_of_bare_logits_is_behind_the_losss_own_activation(graph, loss):
    logits = 3 * np.random.default_rng(1).normal(size=(6, 3))
    own = "sigmoid" if loss in ("binary_crossentropy", "sigmoid_cross_entropy") else "softmax"
    own = "linear" if "hinge" in loss else own
    labels_ph, logits_ph = tf.placeholder(tf.int64, [None]), tf.placeholder(tf.float32, [None, 3])
    found = [LOSSES[loss], loss_head(loss, num_classes=3), loss_head(loss, own, 3, num_classes=3)]
    found = [(each.per_example(labels_ph, logits_ph), each.probabilities(logits_ph)) for each in found]
    with tf.Session() as session:
        first, *others = session.run(found, {labels_ph: [0, 1, 2, 2, 1, 0], logits_ph: logits})
    assert first[0].shape == (6,) and np.isfinite(first[0]).all()
    for other in others:
        np.testing.assert_array_equal(first[0], other[0])
        np.testing.assert_array_equal(first[1], other[1])


# ------------------------------------------------------------------------ what the network ends in

LOGITS = np.array([[0, -3], [0, -0.5], [0, 0], [0, 0.25], [0, 3]])  # of a single output: [0, z]


def given_by(head, labels=(0, 1, 1, 1, 0), logits=LOGITS, dtype=tf.int64):
    """(losses, probabilities) of a LossHead."""
    labels_ph, logits_ph = tf.placeholder(dtype, [None]), tf.placeholder(tf.float32, [None, len(logits[0])])
    outputs = [head.per_example(labels_ph, logits_ph), head.probabilities(logits_ph)]
    with tf.Session() as session:
        return session.run(outputs, {labels_ph: labels, logits_ph: logits})


@pytest.mark.parametrize(
    ("loss", "activation", "chances"),
    [
        ("binary_crossentropy", "sigmoid", sigmoid(LOGITS[:, 1])),
        ("mean_squared_error", "sigmoid", sigmoid(LOGITS[:, 1])),
        ("hinge", "sigmoid", sigmoid(LOGITS[:, 1])),
        ("hinge", "linear", (1 + np.tanh(LOGITS[:, 1])) / 2),
        ("mean_squared_error", "linear", [0, 0, 0, 0.25, 1]),
    ],
)
def test_chances_of_a_single_output(graph, loss, activation, chances):
    _, probabilities = given_by(loss_head(loss, activation, 1, num_classes=2))
    np.testing.assert_allclose(probabilities, np.stack([1 - np.array(chances), chances], axis=1), atol=1e-6)
    np.testing.assert_array_equal(probabilities.argmax(axis=1), np.array(chances) > 0.5)


def test_a_tie_is_class_0_as_in_keras(graph):
    _, probabilities = given_by(loss_head("binary_crossentropy", "sigmoid", 1, num_classes=2))
    assert probabilities[2].argmax() == 0  # where the output is 0.5


@pytest.mark.parametrize("loss", LOSSES_OF_LOGITS)
@pytest.mark.parametrize("activation", ["sigmoid", "linear"])
def test_the_kits_cross_entropies_of_a_single_output(graph, loss, activation):
    """-log softmax([0, z]) of the label is the binary cross-entropy of z."""
    found = given_by(loss_head(loss, activation, 1, num_classes=2))
    np.testing.assert_allclose(found[0], softmax_cross_entropy([0, 1, 1, 1, 0], LOGITS), rtol=1e-5)
    np.testing.assert_allclose(found[1][:, 1], sigmoid(LOGITS[:, 1]), rtol=1e-5)


@pytest.mark.parametrize("loss", LOSSES_OF_LOGITS)
def test_the_kits_cross_entropies_take_linear_outputs_for_logits(graph, loss):
    logits = 3 * np.random.default_rng(2).normal(size=(5, 3))
    losses, probabilities = given_by(loss_head(loss, "linear", 3, num_classes=3), logits=logits)
    np.testing.assert_allclose(losses, IN_NUMPY[loss][0](np.array([0, 1, 1, 1, 0]), logits), rtol=1e-4)
    np.testing.assert_allclose(probabilities, IN_NUMPY[loss][1](logits), rtol=1e-5)


def test_another_activation_is_the_callers(graph):
    head = loss_head("mse", "my_own", 1, num_classes=0, apply=lambda logits: 2 * logits + 1)
    losses, outputs = given_by(head, [1.5, -2.0], [[1], [-1]], tf.float32)
    np.testing.assert_allclose(outputs, [[3], [-1]])
    np.testing.assert_allclose(losses, [1.5**2, 1])


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_is_the_same_loss(alias):
    assert loss_head(alias, num_classes=3).loss is LOSSES[ALIASES[alias]]


REFUSED = {  # (loss, activation, units, classes): what is said of it
    ("categorical_crossentropy", "sigmoid", 1, 2): (
        "--loss categorical_crossentropy expects one output per class, but the network ends in a single unit.\n"
        "  Use --loss binary_crossentropy, or end the network in 'dense 2 softmax'."
    ),
    ("sparse_categorical_crossentropy", "sigmoid", 1, 2): "--loss sparse_categorical_crossentropy expects one output",
    ("kld", "sigmoid", 1, 2): "--loss kl_divergence expects one output per class",
    ("cosine_similarity", "sigmoid", 1, 2): "--loss cosine_similarity expects one output per class",
    ("binary_crossentropy", "sigmoid", 1, 3): (
        "The network ends in 1 unit, but the data has 3 classes.\n  End it in 'dense 3 softmax'."
    ),
    ("binary_crossentropy", "sigmoid", 4, 2): (
        "The network ends in 4 units, but the data has 2 classes.\n"
        "  End it in 'dense 2 softmax' or in 'dense 1 sigmoid'."
    ),
    ("binary_crossentropy", "softmax", 1, 2): (
        "The network ends in softmax of a single unit, which is the same number for every input.\n"
        "  End it in 'dense 1 sigmoid' or in 'dense 2 softmax'."
    ),
    ("mse", "softmax", 1, 0): "for every input.\n  End it in 'dense 1'.",
    ("mse", "linear", 3, 0): (
        "The network ends in 3 units, expected 1: the labels are numbers to predict.\n  End it in 'dense 1'."
    ),
    ("softmax_cross_entropy", None, None, 0): (
        "--loss softmax_cross_entropy is for classes, but the labels are numbers to predict.\n"
        "  Losses for numbers: mean_squared_error, mean_absolute_error, mean_absolute_percentage_error, "
        "mean_squared_logarithmic_error, log_cosh, poisson. End the network in 'dense 1'."
    ),
    ("hinge", "linear", 1, 0): "--loss hinge is for classes",
    ("softmax_cross_entropy", "tanh", 2, 2): (
        "--loss softmax_cross_entropy applies softmax itself, but the network ends in tanh.\n"
        "  End it in softmax or in linear, or choose another loss: "
    ),
    ("softmax_cross_entropy", "tanh", 1, 2): "--loss softmax_cross_entropy applies sigmoid itself",
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_what_does_not_go_together_is_refused(case):
    loss, activation, units, num_classes = case
    with pytest.raises(UserError) as refusal:
        loss_head(loss, activation, units, num_classes=num_classes)
    assert REFUSED[case] in str(refusal.value)
