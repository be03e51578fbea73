"""A fold's predictions, written and read again."""

from types import SimpleNamespace

import numpy as np
import pytest
from support.scored import LABELS, TWO, table

from kit.cli.errors import UserError
from kit.evaluation.result import EvaluationResult
from kit.runs.held_out import read_held_out, write_held_out


def test_they_are_read_to_the_last_bit(tmp_path):
    data = table(tmp_path, ["ALL", "ALL", "ALL", "AML", "AML"])
    exact = np.float32(TWO) / np.float32(1.0000001)
    write_held_out(SimpleNamespace(folder=tmp_path), data, EvaluationResult(0.5, 0.6, LABELS, exact))
    read = read_held_out(tmp_path / "predictions.tabular", data.class_names)
    assert read.header == ["row", "label", "predicted", "probability_ALL", "probability_AML"]
    assert read.labels.tolist() == LABELS.tolist() and [line[1] for line in read.lines][:1] == ["ALL"]
    np.testing.assert_array_equal(read.probabilities.astype(np.float32), exact)


def test_values(tmp_path):
    data, values = table(tmp_path, ["1.5", "2", "2.5"]), np.float32([[1.1], [2.2], [1 / 3]])
    labels = np.float32([1.5, 2, 2.5])
    write_held_out(SimpleNamespace(folder=tmp_path), data, EvaluationResult(0.5, 0.6, labels, values))
    read = read_held_out(tmp_path / "predictions.tabular", ())
    np.testing.assert_array_equal(read.probabilities.astype(np.float32), values)
    assert read.labels.tolist() == [1.5, 2, 2.5]


@pytest.mark.parametrize(
    "text", ["", "row\tlabel\n1\tALL\n", "row\tlabel\tpredicted\tprobability_ALL\tprobability_AML\n1\tB\tALL\t1\t0\n"]
)
def test_another_file_is_refused(tmp_path, text):
    (tmp_path / "predictions.tabular").write_text(text)
    with pytest.raises(UserError, match=r"predictions.tabular: cannot read these predictions: .*\n.*Train the"):
        read_held_out(tmp_path / "predictions.tabular", ("ALL", "AML"))
