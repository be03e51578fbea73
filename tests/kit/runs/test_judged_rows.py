"""Scores on rows that a network has learnt from, or was chosen by, come with a warning; others don't."""

from types import SimpleNamespace

import pytest

from kit.cli.settings import EvaluatingSettings
from kit.runs.judged_rows import caution

CHOSEN = "These are the run's validation rows, by which the best epoch was chosen."
LEARNT = "Run 'mine' was trained on X.tabular: the network has learnt from 1,200 of these 1,500 rows."
OTHER = {"data": "X.tabular"}


def data_of(digest):
    return SimpleNamespace(
        source="X.tabular", unit="rows", num_validation=1500, spec=SimpleNamespace(digest=digest, num_training=1200)
    )


@pytest.mark.parametrize(
    ("flags", "digest", "says"),
    [
        ({}, "9-table 3-labels", CHOSEN),
        ({"checkpoint": "newest"}, "9-table 3-labels", ""),
        ({"part": "test"}, "9-table 3-labels", ""),
        ({"weights": "other.h5"}, "9-table 3-labels", ""),
        (OTHER, "9-table 3-labels", LEARNT),
        ({**OTHER, "checkpoint": "newest"}, "9-table 3-labels", LEARNT),
        (OTHER, "9-table", LEARNT),  # without its labels
        (OTHER, "8-others 3-labels", ""),
    ],
)
def test_it_is_told_where_it_matters(flags, digest, says):
    run = SimpleNamespace(name="mine", data_spec=data_of("9-table 3-labels").spec)
    assert caution(EvaluatingSettings(**flags), run, data_of(digest)) == says


def test_of_a_run_that_knows_nothing_of_its_file_nothing_is_told():
    run = SimpleNamespace(name="mine", data_spec=data_of("").spec)
    assert caution(EvaluatingSettings(**OTHER), run, data_of("9-table")) == ""
