"""The first layer of a network on a table: found where it is fully connected, and only there."""

import numpy as np
import pytest
from support.networks_of_tables import network_of

from kit.model.first_layer import first_layer, is_only_layer

ROWS = np.random.default_rng(0).normal(5, 3, (12, 6)).astype(np.float32)
BCE, CE = "binary_crossentropy", "categorical_crossentropy"


@pytest.mark.parametrize(
    ("architecture", "num_classes", "loss", "units", "is_only"),
    [
        ("dense 1 sigmoid l1=0.01", 2, BCE, 1, True),
        ("dense 3 softmax", 3, CE, 3, True),
        ("dense 1", 0, "mse", 1, True),
        ("dropout 0.5, dense 1 sigmoid use_bias=false", 2, BCE, 1, True),
        ("dense 4 elu, dense 1 sigmoid", 2, BCE, 4, False),
        ("dense 4, dense 1 sigmoid", 2, BCE, 4, False),
        ("batchnormalization, dense 4 relu, dense 2 softmax", 2, CE, 4, False),
        (None, 2, "softmax_cross_entropy", 128, False),
    ],
)
def test_a_dense_layer_is_found(architecture, num_classes, loss, units, is_only):
    with network_of(architecture, ROWS, num_classes, loss) as network:
        layer = first_layer(network.inputs, network.probabilities)
        columns, weights, sums = network.session.run(layer, {network.inputs: ROWS})
        assert (columns.shape, weights.shape) == (ROWS.shape, (6, units))
        np.testing.assert_allclose(columns @ weights, sums, rtol=1e-5, atol=1e-5)
        fed = network.session.run(network.probabilities, {layer.sums: sums})  # no rows are fed
        np.testing.assert_allclose(
            fed, network.session.run(network.probabilities, {network.inputs: ROWS}), rtol=1e-5, atol=1e-6
        )
        assert is_only_layer(layer, network.logits) is is_only


@pytest.mark.parametrize("architecture", ["reshape 2 3 1, conv2d 2 2x2 relu, flatten, dense 1 sigmoid"])
def test_no_dense_layer_is_found_behind_a_convolution(architecture):
    with network_of(architecture, ROWS, 2, BCE) as network:
        assert first_layer(network.inputs, network.probabilities) is None
