"""How much memory a network needs, worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.cli import memory
from kit.cli.errors import UserError
from kit.runs.memory_needs import check_memory
from tf_layers import j_fc_layer, j_flatten_layer

DATA = SimpleNamespace(shape=(4, 4, 3), dtype=np.uint8, unit="images")
WEIGHTS = 4 * (48 * 1000 + 1000)  # bytes: 48 pixels and channels to 1000 neurons, and their biases
EXAMPLE = 48 * (3 * 1 + 4)  # a batch that is learnt from and two ahead, in uint8; and the one in float32


@pytest.mark.parametrize(
    ("batch_size", "is_training", "needed", "way_out"),
    [
        (2, True, 2 * WEIGHTS + 2 * (EXAMPLE + 4 * 48 + 4 * 1000), "fewer parameters"),  # a gradient for each weight
        (2, False, WEIGHTS + 2 * (EXAMPLE + 4 * 1000), "fewer parameters"),
        (900, True, 2 * WEIGHTS + 900 * (EXAMPLE + 4 * 48 + 4 * 1000), "smaller --batch_size"),
    ],
)
def test_what_a_step_needs(graph, monkeypatch, batch_size, is_training, needed, way_out):
    images = tf.placeholder(tf.float32, [None, 4, 4, 3])
    j_fc_layer(j_flatten_layer(images, "flatten"), 1000, "fc1")
    monkeypatch.setattr(memory, "free_addresses", lambda: None)
    monkeypatch.setattr(memory, "free", lambda: needed)
    check_memory(graph, DATA, batch_size, is_training)
    monkeypatch.setattr(memory, "free", lambda: needed - 1)
    with pytest.raises(UserError, match=rf"^A step with {batch_size} images needs (.|\n)*{way_out}"):
        check_memory(graph, DATA, batch_size, is_training)
