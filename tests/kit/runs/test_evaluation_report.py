"""What evaluating.py prints of single images, and how many examples it takes at once."""

from types import SimpleNamespace

import numpy as np
import pytest

from kit.cli.settings import EvaluatingSettings
from kit.evaluation.result import EvaluationResult
from kit.runs.evaluation_report import EvaluationReport

RUN = SimpleNamespace(name="mine")
SMALL = {"has_images": False, "shape": (4,), "dtype": np.float32}  # of the examples


def images_of(height, width):
    return SimpleNamespace(has_images=True, shape=(height, width, 3))


@pytest.mark.parametrize(
    ("flag", "data", "batch_size"),
    [
        pytest.param(None, images_of(32, 32), 256, id="small images"),
        pytest.param(None, images_of(128, 128), 256, id="as large as is quick"),
        pytest.param(None, images_of(128, 256), 128, id="twice as large"),
        pytest.param(None, images_of(1024, 1024), 4, id="64 times as large"),
        pytest.param(None, images_of(3000, 4000), 1, id="very large"),
        pytest.param(None, SimpleNamespace(has_images=False, shape=(10_000,)), 256, id="a table"),
        pytest.param(7, images_of(128, 128), 7, id="as the user says"),
    ],
)
def test_the_batch_size(flag, data, batch_size):
    assert EvaluationReport(EvaluatingSettings(batch_size=flag), RUN, data).batch_size == batch_size


def test_single_images_are_only_printed(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = SimpleNamespace(
        is_shown_only=True,
        decide=lambda probabilities: probabilities.argmax(axis=1),
        names=["a.png", "[b].png"],
        class_names=("square", "disc"),
        num_validation=2,
        unit="images",
        **SMALL,
    )
    result = EvaluationResult(0.0, 0.0, np.zeros(2, int), np.float32([[0.75, 0.25], [0.125, 0.875]]))
    report = EvaluationReport(EvaluatingSettings(images=("a.png", "[b].png")), RUN, data)
    with report.progress() as bar:
        bar.advance(2)
    report.write(result, "path")
    cells = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert cells[0] == ["image", "predicted", "square", "disc"]
    assert cells[-2:] == [["a.png", "square", "0.7500", "0.2500"], ["[b].png", "disc", "0.1250", "0.8750"]]
    assert not list(tmp_path.iterdir())


def test_progress_says_how_fast_it_was(capsys):
    data = SimpleNamespace(is_shown_only=False, num_validation=2000, unit="rows", **SMALL)
    with EvaluationReport(EvaluatingSettings(), RUN, data).progress():
        pass
    assert capsys.readouterr().out.startswith("Evaluated 2,000 rows in 0.0 s (")
