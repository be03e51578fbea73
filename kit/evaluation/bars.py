"""Pictures of what matters in a table, as bars: the most important columns, and what pushed single rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kit.evaluation.figures import BLUE, GREY, ORANGE, lighten, new_figure, png_of, shown_name

MOST_BARS = 20
BARS_OF_ROW = 10  # where there are several rows
MOST_ROWS = 6
INCHES_PER_BAR = 0.24


class Bars(NamedTuple):
    """Bars of one picture, the longest first."""

    title: str
    names: Sequence[str]
    lengths: np.ndarray  # float64 [bars]; above 0 to the right
    low: np.ndarray | None = None  # float64 [bars]: an interval around each
    high: np.ndarray | None = None


def bars_png(parts: Sequence[Bars], x_name: str) -> bytes:
    """Draws horizontal bars below each other; those to the left are orange.

    Args:
      parts: one picture each, below each other.
      x_name: what their lengths are.
    Returns:
      The picture as PNG: bytes.
    """
    most = max(len(part.names) for part in parts)
    figure, grid = new_figure(8.0, len(parts) * (INCHES_PER_BAR * most + 0.9), rows=len(parts))
    for axes, part in zip(np.ravel(grid), parts):
        places = np.arange(len(part.names))
        axes.barh(places, part.lengths, color=np.where(part.lengths < 0, ORANGE, BLUE), height=0.7)
        if part.low is not None and part.high is not None:
            axes.hlines(places, part.low, part.high, color="#333333", linewidth=1)
        axes.axvline(0, color=GREY, linewidth=0.8)
        axes.set_yticks(places, [shown_name(name) for name in part.names], fontsize=9)
        axes.set(ylim=(most - 0.4, -0.6), xlabel=x_name)
        axes.set_title(part.title, fontsize=10, loc="left")
        axes.tick_params(axis="y", length=0)
        lighten(axes)
    return png_of(figure)
