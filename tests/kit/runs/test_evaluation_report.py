"""How many examples an evaluation takes at once."""

from types import SimpleNamespace

import pytest

from kit.runs.evaluation_report import EvaluationReport


@pytest.mark.parametrize(
    ("shape", "batch_size"),
    [
        ((64, 64, 3), 256),
        ((128, 128, 3), 256),
        ((128, 256, 3), 128),
        ((1024, 1024, 3), 4),
        ((3000, 4000, 3), 1),
        ((7129,), 256),
    ],
)
def test_a_batch_of_large_images_is_smaller(shape, batch_size):
    data = SimpleNamespace(shape=shape, has_images=len(shape) == 3)
    assert EvaluationReport(SimpleNamespace(batch_size=None), None, data).batch_size == batch_size
    assert EvaluationReport(SimpleNamespace(batch_size=7), None, data).batch_size == 7
