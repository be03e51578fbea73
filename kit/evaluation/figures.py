"""matplotlib's figures as this project has them: without a window, light, as PNG."""

from __future__ import annotations

import io
import warnings
from typing import Any

BLUE, ORANGE, GREY = "#3b6ea5", "#d9822b", "#999999"
DPI = 120
LONGEST_NAME = 28  # characters of a name that are shown


def shown_name(name: str) -> str:
    """A name for matplotlib: cut off if it is long, with dollar signs that start no formula."""
    name = " ".join(name.split())
    name = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    return name.replace("$", r"\$")


def lighten(axes: Any) -> None:
    """Takes away what distracts from the curves."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#e6e6e6", linewidth=0.8)
    axes.set_axisbelow(True)


def new_figure(width: float, height: float, rows: int = 1, columns: int = 1) -> tuple[Any, Any]:
    """A new figure without a window, in inches: (figure, axes)."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.08, h_pad=0.08)  # inches
    return figure, figure.subplots(rows, columns)


def png_of(figure: Any) -> bytes:
    """A figure as PNG."""
    png = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about letters that the font lacks: it draws a box
        figure.savefig(png, format="png", dpi=DPI)
    return png.getvalue()
