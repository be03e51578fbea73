"""Bars: as many as there are names, to the right or to the left, the first on top."""

import numpy as np
import pytest
from support.scored import picture_of

from kit.evaluation import bars
from kit.evaluation.bars import Bars, bars_png

pytestmark = pytest.mark.filterwarnings("error")
NAMES = ["gene $1$ with a name that goes on and on", "b", "白血病"]


def test_the_longest_is_on_top_and_those_below_0_are_orange(monkeypatch):
    monkeypatch.setattr(bars, "png_of", lambda figure: figure)
    lengths = np.array([3.0, -2.0, 1.0])
    (axes,) = bars_png([Bars("of all", NAMES, lengths, lengths - 0.5, lengths + 0.5)], "importance").axes
    assert [bar.get_width() for bar in axes.patches] == lengths.tolist()
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # place 0 is above
    assert len({bar.get_facecolor() for bar in axes.patches}) == 2
    (intervals,) = axes.collections
    assert [line[:, 0].tolist() for line in intervals.get_segments()] == [[2.5, 3.5], [-2.5, -1.5], [0.5, 1.5]]


def test_several_rows_stand_below_each_other():
    png = bars_png([Bars(f"row {i}", NAMES, np.array([1.0, -0.5, 0.2])) for i in range(3)], "share")
    assert len(picture_of(png).getcolors(1 << 24)) > 20
