"""The formula of the first graph, its curve, and the numbers that it is tried with."""

from typing import Any

NUMBERS = (-1.5, 0.0, 4.0)


def formula(x: Any) -> Any:
    """Of a number, or of a tensor."""
    return 2 * x**2 + 3


def draw_formula(axes: Any) -> None:
    """Draws the curve into axes of matplotlib."""
    numbers = [number / 20 for number in range(-60, 61)]
    axes.plot(numbers, [formula(number) for number in numbers], "--", color="#999999", label="2x^2 + 3")
    axes.set(xlabel="x", ylabel="y")
