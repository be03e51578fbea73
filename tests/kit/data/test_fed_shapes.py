"""Shapes and dtypes of what is fed, held against those that the data has."""

from types import SimpleNamespace

import numpy as np
import pytest

import kit.tensorflow1 as tf
from kit.data.fed_shapes import misfit

IMAGES = SimpleNamespace(unit="images", shape=(4, 6, 3), dtype=np.uint8, label_dtype=np.int64)
LABELS = ([None], tf.int64)


def specs(*pairs):
    return tuple(tf.TensorSpec(shape, dtype) for shape, dtype in pairs)


@pytest.mark.parametrize("shape", [[None, 4, 6, 3], [None, None, None, 3], [8, 4, 6, 3], None])
def test_batches_that_fit(shape):
    assert misfit(specs((shape, tf.uint8), LABELS), IMAGES) is None


@pytest.mark.parametrize(
    "shape, dtype, found",
    [
        ([4, 6, 3], tf.uint8, "images uint8 [4, 6, 3], labels int64 [B]"),
        ([None, 4, 6, 1], tf.uint8, "images uint8 [B, 4, 6, 1], labels int64 [B]"),
        ([None, 6, 4, 3], tf.uint8, "images uint8 [B, 6, 4, 3], labels int64 [B]"),
        ([None, 4, 6, 3], tf.float32, "images float32 [B, 4, 6, 3], labels int64 [B]"),
        (None, tf.float32, "images float32 [...], labels int64 [B]"),
    ],
)
def test_batches_that_do_not_fit(shape, dtype, found):
    expected = f"{found}, expected images uint8 [B, 4, 6, 3], labels int64 [B]"
    assert misfit(specs((shape, dtype), LABELS), IMAGES) == expected


def test_another_number_of_parts_does_not_fit():
    assert misfit(specs(LABELS), IMAGES).startswith("int64 [B], expected images uint8")


def test_a_placeholder_takes_batches_of_any_size():
    assert misfit(specs(([8, 4, 6, 3], tf.uint8), LABELS), IMAGES, is_fed=True).startswith("images uint8 [8, 4, 6, 3]")
    assert misfit(specs(([None, 4, 6, 3], tf.uint8), LABELS), IMAGES, is_fed=True) is None


def test_examples_have_no_batch():
    assert misfit(specs(([4, 6, 3], tf.uint8), ([], tf.int64)), IMAGES, is_batch=False) is None
    assert misfit(specs(([None], tf.uint8), ([], tf.int64)), IMAGES, is_batch=False) == (
        "image uint8 [?], label int64 [], expected image uint8 [4, 6, 3], label int64 []"
    )


@pytest.mark.parametrize(
    "found, words",
    [
        ((specs(([None, 4, 6, 3], tf.uint8), LABELS), specs(LABELS)[0]), "images (uint8 [B, 4, 6, 3], int64 [B])"),
        (({"image": 1}, specs(LABELS)[0]), "images {'image': 1}"),
        (tf.data.DatasetSpec(tf.TensorSpec([], tf.int64)), "DatasetSpec(TensorSpec"),
    ],
)
def test_what_is_no_tensor_does_not_fit(found, words):
    assert misfit(found, IMAGES).startswith(words)
