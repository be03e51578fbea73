"""Is the learning rate drawn evenly on a logarithmic scale?"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from exercises.findings import Finding
from exercises.stages.tensors import described
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines

LEAST, MOST, MIDDLE = 0.0001, 0.01, 0.001
NEAR_MIDDLE = (10**-3.5, 10**-2.5)  # this half, too, must have half of the rates
DRAWS = 200
TOO_FAR = 0.14  # from one half; chance comes so far in one of 10,000 checks
FEW = 100  # different rates
EXPECTED = "learning_rate = 10 ** random.uniform(...), from 0.0001 to 0.01"
PARTS = (
    "learning_rate is a number",
    "random draws it",
    "it lies between 0.0001 and 0.01",
    "each power of ten is as likely as the other",
)


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at()
    line = lines.line_with("learning_rate", "random")
    draw(lines, np.random.default_rng(0))
    yield
    once, again, other = (draw(lines, np.random.default_rng(seed)) for seed in (1, 1, 2))
    random = np.random.default_rng(3)
    rates = np.array([draw(lines, random) for _ in range(DRAWS)])
    if len(set(rates)) == 1:
        found = f"learning_rate is {rates[0]:g} each time"
        raise Finding(found, EXPECTED, "Each try needs settings of its own.", line)
    if once != again or once == other:
        why = "With the same --seed the lab must try the same settings, and with another one others."
        raise Finding("random doesn't draw learning_rate", EXPECTED, why, line)
    yield
    if rates.min() < LEAST or rates.max() > MOST:
        outside = rates.min() if rates.min() < LEAST else rates.max()
        why = "Above 0.01 these networks don't learn, and below 0.0001 a short training gets nowhere."
        raise Finding(f"a learning_rate of {outside:.2g} comes", EXPECTED, why, line)
    yield
    check_evenly(rates, line)
    yield


def draw(lines: StudentLines, random: np.random.Generator) -> float:
    """Runs the lines: learning_rate, which must be a number."""
    names: dict[str, Any] = {"random": random}
    rate = lines.run(names, keeps=names).get("learning_rate")
    if not isinstance(rate, (float, int, np.number)):
        raise Finding(
            "there is no learning_rate" if rate is None else f"learning_rate is {described(rate)}",
            EXPECTED,
            "The optimiser takes one number, and so does TensorBoard's table.",
            lines.line_with("learning_rate", "random"),
        )
    return float(rate)


def check_evenly(rates: np.ndarray, line: Any) -> None:
    """Checks that the exponents of some rates are spread evenly from -4 to -2."""
    different = len(set(rates))
    if different < FEW:
        why = "With a list of rates the best may lie between two of them, and the other settings get mixed less."
        raise Finding(f"only {different} different rates come", EXPECTED, why, line)
    why = (
        "Twice the rate makes the same difference anywhere; drawn evenly between two rates, nearly all are large ones."
    )
    for low, high in ((MIDDLE, MOST), NEAR_MIDDLE):
        share = ((rates >= low) & (rates <= high)).mean()
        if abs(share - 0.5) > TOO_FAR:
            found = f"{share:.0%} of the rates lie between {low:.2g} and {high:.2g}"
            raise Finding(found, f"about half of them: {EXPECTED}", why, line)
