"""A look at a graph: a box for each operation or layer, arrows from what it is made from, upwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import kit.tensorflow1 as tf
from exercises.stages.drawn import GREY, SMALL, say_in

MOST = 40  # boxes that are drawn
WIDTH, HEIGHT = 1.5, 0.55  # of a box, where its neighbours are 1.8 and 1 away


@dataclass(frozen=True)
class Box:
    """A box of the graph."""

    text: str
    inputs: Sequence[str] = ()  # names of the boxes that it is made from
    colour: str = GREY  # of its frame


def draw_graph(axes: Any, boxes: Mapping[str, Box]) -> None:
    """Draws boxes, {name: Box}, each after those that it is made from."""
    from matplotlib.patches import FancyBboxPatch

    axes.set_axis_off()
    if not boxes or len(boxes) > MOST:
        say_in(axes, f"{len(boxes)} operations: too many to draw" if boxes else "an empty graph: no operations")
        return
    places = places_of(boxes)
    for name, box in boxes.items():
        x, y = places[name]
        for other in box.inputs:
            start, end = places[other], (x, y - HEIGHT / 2)
            arrow = {"arrowstyle": "-|>", "color": GREY, "shrinkA": 0, "shrinkB": 0}
            axes.annotate("", end, (start[0], start[1] + HEIGHT / 2), arrowprops=arrow)
        corner = (x - WIDTH / 2, y - HEIGHT / 2)
        style = "round,pad=0,rounding_size=0.1"
        axes.add_patch(FancyBboxPatch(corner, WIDTH, HEIGHT, style, fc="white", ec=box.colour, linewidth=1.6, zorder=2))
        axes.text(x, y, box.text.replace("$", r"\$"), ha="center", va="center", fontsize=SMALL, zorder=3)
    xs, ys = zip(*places.values())
    axes.set(xlim=(min(xs) - 1, max(xs) + 1), ylim=(min(ys) - 0.5, max(ys) + 0.5))


def places_of(boxes: Mapping[str, Box]) -> dict[str, tuple[float, float]]:
    """Where the middle of each box is: {name: (x, y)}; what is made from others is above them."""
    levels: dict[str, int] = {}
    for name, box in boxes.items():
        levels[name] = 1 + max((levels[other] for other in box.inputs), default=-1)
    for name in reversed(list(boxes)):  # what waits for nothing goes right below what needs it
        users = [levels[other] for other, box in boxes.items() if name in box.inputs]
        if not boxes[name].inputs and users:
            levels[name] = min(users) - 1
    places: dict[str, tuple[float, float]] = {}
    for level in sorted(set(levels.values())):
        of_level = [name for name in boxes if levels[name] == level]
        wanted = {
            name: _middle([places[other][0] for other in boxes[name].inputs if other in places]) for name in of_level
        }
        of_level.sort(key=lambda name: wanted[name])
        for place, name in enumerate(of_level):
            places[name] = 1.8 * (place - (len(of_level) - 1) / 2), float(level)
    return places


def _middle(xs: Sequence[float]) -> float:
    return sum(xs) / len(xs) if xs else 0.0


def operations_of(graph: Any, colours: Mapping[str, str]) -> dict[str, Box]:
    """A box for each operation of a graph.

    Args:
      graph: tf.Graph.
      colours: {name of an operation: colour} of those that stand out.
    """
    boxes = {}
    for operation in graph.get_operations():
        inputs = list(dict.fromkeys(tensor.op.name for tensor in operation.inputs))
        name = number_of_constant(operation) or operation.name.rpartition("/")[2]
        text = f"{name}\n{operation.type}"
        boxes[operation.name] = Box(text, inputs, colours.get(operation.name, GREY))
    return boxes


def number_of_constant(operation: Any) -> str:
    """The number of a constant as text; "" for anything else."""
    value = tf.get_static_value(operation.outputs[0]) if operation.type == "Const" else None
    return f"{float(value):g}" if value is not None and value.ndim == 0 and value.dtype.kind in "fiu" else ""
