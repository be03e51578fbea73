"""Integrated gradients: complete, and the same as by hand where this can be done."""

import numpy as np
import pytest
from support.networks_of_tables import network_of

import kit.tensorflow1 as tf
from kit.model import integrated_gradients
from kit.model.integrated_gradients import TOLERANCE, IntegratedGradients

RANDOM = np.random.default_rng(0)
ROWS = RANDOM.normal(5, 3, (20, 40)).astype(np.float32)
AVERAGE = ROWS.mean(axis=0)
BCE, CE = "binary_crossentropy", "categorical_crossentropy"


def lead(network, rows, label):
    """The class's logit less the mean of the others', by NumPy: float64 [N]."""
    logits = network.session.run(network.logits, {network.inputs: np.float32(rows)}).astype(np.float64)
    return logits[:, label] - np.delete(logits, label, axis=1).mean(axis=1)


@pytest.mark.parametrize(
    ("architecture", "num_classes", "loss"),
    [
        ("dense 16 elu, dense 16 elu, dense 1 sigmoid", 2, BCE),
        ("dense 64 relu, dense 64 relu, dense 32 relu, dense 3 softmax", 3, CE),
        ("dropout 0.3, batchnormalization, dense 16 tanh, dense 2 softmax", 2, CE),
        (None, 2, "softmax_cross_entropy"),
    ],
)
def test_the_shares_add_up_to_the_difference_of_the_logits(architecture, num_classes, loss):
    with network_of(architecture, ROWS, num_classes, loss) as network:
        gradients = IntegratedGradients(network.inputs, network.logits)
        for row, label in ((ROWS[0], 0), (ROWS[1], 1), (20 * ROWS[2], 1)):  # the last is far away
            found = gradients.explain(network.session, row, AVERAGE, label)
            difference = np.diff(lead(network, np.stack([AVERAGE, row]), label))[0]
            assert found.difference == pytest.approx(difference, rel=1e-5, abs=1e-5)
            assert abs(found.shares.sum() - difference) < TOLERANCE and found.is_complete
            assert abs(difference) > 0.05


def test_of_large_leads_the_rounding_of_float32_is_no_lack():
    with network_of("dense 16 elu, dense 1 sigmoid", ROWS, 2, BCE) as network:
        gradients = IntegratedGradients(network.inputs, network.logits)
        row = 1e7 * ROWS[2]
        found = gradients.explain(network.session, row, AVERAGE, 1)
        scale = np.abs(lead(network, np.stack([AVERAGE, row]), 1)).max()
        assert scale > 1e5 and found.tolerance == pytest.approx(2e-6 * scale, rel=1e-3)
        assert TOLERANCE < found.gap <= found.tolerance and found.is_complete


def test_of_a_single_layer_the_shares_are_weight_times_distance():
    with network_of("dense 1 sigmoid", ROWS, 2, BCE) as network:
        (kernel,) = (each for each in tf.trainable_variables() if "kernel" in each.name)
        weights = network.session.run(kernel)[:, 0] / ROWS.std(axis=0)
        gradients = IntegratedGradients(network.inputs, network.logits)
        for label, sign in ((1, 1), (0, -1)):
            found = gradients.explain(network.session, ROWS[3], AVERAGE, label)
            np.testing.assert_allclose(found.shares, sign * weights * (ROWS[3] - AVERAGE), rtol=1e-4, atol=1e-6)


def test_each_share_is_the_integral_of_its_slope():
    """The slopes by differences, at many places of the way, in NumPy."""
    with network_of("dense 8 tanh, dense 3 softmax", ROWS, 3, CE) as network:
        found = IntegratedGradients(network.inputs, network.logits).explain(network.session, ROWS[0], AVERAGE, 2)
        way, places = ROWS[0] - AVERAGE, (np.arange(200) + 0.5) / 200
        for column in (0, 7, 39):
            step = np.zeros(40)
            step[column] = 0.05
            after, before = (lead(network, AVERAGE + places[:, np.newaxis] * way + each, 2) for each in (step, -step))
            share = np.mean((after - before) / 0.1) * way[column]
            assert found.shares[column] == pytest.approx(share, rel=0.02, abs=2e-3)


def test_values_are_explained_in_their_unit():
    with network_of("dense 8 relu, dense 1", ROWS, 0, "mse") as network:
        gradients = IntegratedGradients(network.inputs, network.logits, network.probabilities)
        found = gradients.explain(network.session, ROWS[5], AVERAGE)
        before, after = network.session.run(network.probabilities, {network.inputs: [AVERAGE, ROWS[5]]})[:, 0]
        assert found.shares.sum() == pytest.approx(after - before, abs=1e-3 * max(abs(after), abs(before)))
        assert found.is_complete


def test_too_few_steps_are_told(monkeypatch):
    monkeypatch.setattr(integrated_gradients, "FIRST_STEPS", 2)
    monkeypatch.setattr(integrated_gradients, "MOST_STEPS", 2)
    with network_of("dense 64 tanh, dense 64 tanh, dense 1 sigmoid", ROWS, 2, BCE) as network:
        gradients = IntegratedGradients(network.inputs, network.logits)
        found = gradients.explain(network.session, 20 * ROWS[2], AVERAGE, 1)
        assert not found.is_complete and found.gap > TOLERANCE and found.steps == 2
