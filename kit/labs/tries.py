"""Settings that were tried, in a picture."""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence

import numpy as np

from kit.runs.hparams import Settings

MARKERS = "os^Dv*XP"  # of the batch sizes, in the picture
DPI = 120


def tries_png(tries: Sequence[Settings], accuracies: Sequence[float], best: int) -> bytes:
    """Draws a dot for each try: accuracy over learning rate. Its colour, size and shape tell the other settings.

    Args:
      tries: the settings, the default first: learning_rate, layers, filters, batch_size.
      accuracies: of each, 0 to 1.
      best: the number of the best, from 0.
    Returns:
      The picture as PNG: bytes.
    """
    from matplotlib import colormaps
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    figure = Figure(figsize=(8.5, 4.8), layout="constrained")
    axes = figure.subplots()
    values = {name: sorted({each[name] for each in tries}) for name in tries[0]}
    colours = dict(zip(values["layers"], colormaps["viridis"](np.linspace(0, 0.95, len(values["layers"])))))
    sizes = dict(zip(values["filters"], itertools.count(6, 4)))
    markers = dict(zip(values["batch_size"], itertools.cycle(MARKERS)))

    def dot(x: Sequence[float], y: Sequence[float], others: Settings, label: str = "") -> Line2D:
        edge: dict = {"markeredgecolor": "black", "markeredgewidth": 0.6, "linestyle": "", "alpha": 0.85}
        return Line2D(
            x,
            y,
            color=colours.get(others.get("layers", 0), "white"),
            markersize=sizes.get(others.get("filters", 0), 8),
            marker=markers.get(others.get("batch_size", 0), "o"),
            label=label,
            **edge,
        )

    for tried, accuracy in zip(tries, accuracies):
        axes.add_line(dot([tried["learning_rate"]], [accuracy], tried))
    for text, number in {"default": 0, "best": best}.items():
        place = tries[number]["learning_rate"], accuracies[number]
        axes.annotate(text, place, xytext=(0, -16), textcoords="offset points", ha="center", va="top", fontsize=10)
    axes.set(xscale="log", xlabel="learning rate", ylabel="accuracy on held-out images", title="A dot for each try")
    axes.autoscale_view()
    axes.margins(0.08)
    axes.grid(color="#e6e6e6", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    keys = [dot([], [], {"layers": each}, f"{each} layers") for each in colours]
    keys += [dot([], [], {"filters": each}, f"{each} filters") for each in sizes]
    keys += [dot([], [], {"batch_size": each}, f"batches of {each}") for each in markers]
    figure.legend(handles=keys, loc="outside right upper", frameon=False, fontsize=10)
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=DPI)
    return png.getvalue()
