"""Do the targets of the turn go once around until a shape looks the same again?"""

from collections.abc import Iterator
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.tensors import line_making, shape_in_words, tensor_called
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines

PARTS = (
    "cosine and sine are a number for each shape",
    "a square that looks the same has the same targets",
    "each kind of shape goes round by its own symmetry",
    "cosine and sine say the turn",
)
TURNS = np.array([0, 22.5, 45, 80, 90, 10, 40, 60, 119, 120, 7], np.float32)  # degrees
SYMMETRIES = np.array([4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 0], np.float32)  # squares, triangles, a circle
FACTS = np.column_stack([*np.full([3, len(TURNS)], 32, np.float32), TURNS, SYMMETRIES])  # float32 [B, 5]
WHY = "Shapes that look the same must have the same targets, or the network is asked for what it can't see."


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at()
    found = [values(lines, name) for name in ("cosine", "sine")]
    (cosine, line), (sine, _) = found
    yield
    both = np.stack([cosine, sine], axis=1)  # [B, 2]
    if is_near(both, targets(TURNS * SYMMETRIES)):
        raise Finding(
            "the angle is in degrees", "radians", "tf.cos and tf.sin take radians: 180 degrees are np.pi.", line
        )
    if is_near(both, targets(np.radians(TURNS))):
        raise Finding(
            f"a square turned by 90 degrees has {pair(both[4])}, one that isn't turned {pair(both[0])}: the turn isn't "
            "multiplied by the symmetry",
            "the same numbers: the two look the same",
            WHY,
            line,
        )
    check_same(both, 0, 4, "square", line)
    yield
    if not is_near(both[4], both[9]):
        raise Finding(
            f"a triangle turned by 120 degrees has {pair(both[9])}, a square turned by 90 degrees {pair(both[4])}",
            "the same: both look as if they weren't turned",
            "`symmetry` is 3 for a triangle and 4 for a square. " + WHY,
            line,
        )
    if not is_near(both[10], both[0]):
        raise Finding(
            f"a circle, whose symmetry is 0, has {pair(both[10])} when it is turned by 7 degrees",
            f"{pair(both[0])}, as if it weren't turned",
            WHY,
            line,
        )
    yield
    angle = np.radians(TURNS * SYMMETRIES)
    wrong = abs(both - targets(angle)).max(axis=1)
    if wrong.max() > 1e-3:
        worst = int(wrong.argmax())
        swapped = is_near(both[:, ::-1], targets(angle))
        raise Finding(
            "cosine holds the sine, and sine the cosine"
            if swapped
            else f"a shape of symmetry {SYMMETRIES[worst]:.0f} that is turned by {TURNS[worst]:g} degrees has "
            f"{pair(both[worst])}",
            f"cosine and sine of {TURNS[worst] * SYMMETRIES[worst]:g} degrees: "
            f"{pair((np.cos(angle[worst]), np.sin(angle[worst])))}",
            "The script turns the answers back into degrees: by their angle, divided by the symmetry.",
            line,
        )
    yield


def values(lines: StudentLines, name: str) -> tuple[np.ndarray, Line]:
    """What a tensor of the student's is for TURNS and SYMMETRIES: float32 [B]; and the line that made it."""
    with tf.Graph().as_default() as graph:
        facts = tf.placeholder(tf.float32, [None, 5], "facts")
        x, y, area, turn, symmetry = tf.unstack(facts, axis=1)
        known = {"facts_ph": facts, "x": x, "y": y, "area": area, "turn": turn, "symmetry": symmetry, "np": np}
        names: dict[str, Any] = lines.run(known)
        tensor = tensor_called(lines, names, name, "The script stacks cosine and sine into the targets.")
        line = line_making(lines, name, tensor)
        with tf.Session(graph=graph) as session:
            found = session.run(tensor, feed_dict={facts: FACTS})
    if found.shape != TURNS.shape:
        raise Finding(
            f"for {len(TURNS)} shapes, {name} is {shape_in_words(found)}",
            f"{len(TURNS)} numbers, one for each: [B]",
            "Each image has its own target.",
            line,
        )
    if tensor.dtype != tf.float32:
        raise Finding(f"{name} holds {tensor.dtype.name}", "float32", "The outputs that it is compared with do.", line)
    return found, line


def check_same(both: np.ndarray, first: int, second: int, shape: str, line: Line) -> None:
    """Checks that two shapes that look the same have the same targets, and others don't."""
    if np.allclose(both, both[0], atol=1e-3):
        raise Finding(f"every shape has {pair(both[0])}", "numbers that depend on the turn", "Or what is learnt?", line)
    if not is_near(both[first], both[second]):
        raise Finding(
            f"a {shape} turned by {TURNS[second]:g} degrees has {pair(both[second])}, one that isn't turned "
            f"{pair(both[first])}",
            "the same numbers: the two look the same",
            WHY,
            line,
        )


def targets(angle: np.ndarray) -> np.ndarray:
    """Cosine and sine of angles in radians: [B] -> [B, 2]."""
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def is_near(one: Any, other: Any) -> bool:
    return bool(np.allclose(one, other, atol=1e-3))


def pair(numbers: Any) -> str:
    return f"({numbers[0]:.2f}, {numbers[1]:.2f})".replace("-0.00", "0.00")
