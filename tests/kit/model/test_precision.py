"""--precision: bfloat16 where the processor has it, float32 otherwise, and nearly the same numbers."""

import dataclasses

import numpy as np
import pytest

import kit.tensorflow1 as tf
from dlho2018_nns import NETWORKS
from kit.cli.settings import TrainingSettings
from kit.model import precision

IMAGES, TABLE = TrainingSettings(), TrainingSettings(label_column="kind")


@pytest.fixture
def processor(monkeypatch):
    """Sets whether the processor has bfloat16."""

    def set_to(has_it):
        monkeypatch.setattr(precision, "_processor_has_bfloat16", lambda: has_it)

    return set_to


@pytest.mark.parametrize(
    ("has_it", "settings", "expected"),
    [
        (True, IMAGES, True),
        (False, IMAGES, False),
        (True, TABLE, False),
        (True, dataclasses.replace(IMAGES, precision="float32"), False),
        (True, dataclasses.replace(IMAGES, micro_batches=4), False),
    ],
)
def test_bfloat16_is_for_images_where_the_processor_has_it(has_it, settings, expected, processor):
    processor(has_it)
    assert precision.uses_bfloat16(settings) is expected
    rewrites = precision.session_config(settings).graph_options.rewrite_options
    assert (rewrites.auto_mixed_precision_onednn_bfloat16 == rewrites.ON) is expected


@pytest.mark.parametrize(
    ("flags", "expected"), [("fpu avx512f avx512_bf16", True), ("fpu amx_bf16", True), ("fpu avx2 avx512f", False)]
)
def test_the_processor_says_what_it_has(flags, expected, monkeypatch):
    text = f"processor\t: 0\nflags\t\t: {flags}\nbugs\t\t: avx512_bf16\n"
    monkeypatch.setattr(precision.Path, "read_text", lambda *_, **__: text)
    assert precision._processor_has_bfloat16.__wrapped__() is expected


def test_a_system_without_the_list_has_none(monkeypatch):
    def refuse(*_, **__):
        raise FileNotFoundError

    monkeypatch.setattr(precision.Path, "read_text", refuse)
    assert precision._processor_has_bfloat16.__wrapped__() is False


def test_the_numbers_are_nearly_the_same(processor):
    processor(True)  # on a processor without it, TensorFlow leaves float32, and the two are equal
    images = np.random.default_rng(0).uniform(-1, 1, (8, 32, 32, 3)).astype(np.float32)
    logits = []
    for settings in (IMAGES, dataclasses.replace(IMAGES, precision="float32")):
        with tf.Graph().as_default(), tf.Session(config=precision.session_config(settings)) as session:
            tf.set_random_seed(0)
            outputs = NETWORKS["cnn"](tf.constant(images), 2, tf.constant(False))
            session.run(tf.global_variables_initializer())
            logits.append(session.run(outputs))
    assert np.abs(logits[1]).max() > 0.1
    np.testing.assert_allclose(logits[0], logits[1], atol=0.02 * np.abs(logits[1]).max())
