"""Are the scores those of the last layer at each place, and the windows their means?"""

from collections.abc import Iterator
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.tensors import line_making, shape_in_words, tensor_called
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines

PARTS = (
    "scores has a score per class for each place",
    "scores are what the last layer makes of each place",
    "their mean over all places is the logits",
    "windows has a mean for each place",
    "windows are the means of the places around",
)
CHANNELS, CLASSES, WINDOW = 5, 3, 3
SIZES = ((2, 6, 7), (1, 9, 4))  # B, h, w: any size must do
RANDOM = np.random.default_rng(19)
WEIGHTS = RANDOM.normal(size=[CHANNELS, CLASSES]).astype(np.float32)
BIASES = RANDOM.normal(size=[CLASSES]).astype(np.float32)
MAPS = [RANDOM.normal(size=[*size, CHANNELS]).astype(np.float32) for size in SIZES]


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at()
    found, places = values_of(lines)
    expected = [maps @ WEIGHTS + BIASES for maps in MAPS]
    check_shapes("scores", found["scores"], places["scores"])
    yield
    for scores, right, maps in zip(found["scores"], expected, MAPS):
        if not np.allclose(scores, right, atol=1e-4):
            without = np.allclose(scores, maps @ WEIGHTS, atol=1e-4)
            raise Finding(
                f"scores differ from maps times weights plus biases by up to {abs(scores - right).max():.2f}"
                + (": the biases are missing" if without else ""),
                "at each place what j_logits would make of its values: values @ weights + biases",
                "The last layer has learnt its weights for the mean of these maps. They fit single places, too.",
                places["scores"],
            )
    yield
    for scores, maps in zip(found["scores"], MAPS):
        if not np.allclose(scores.mean(axis=(1, 2)), maps.mean(axis=(1, 2)) @ WEIGHTS + BIASES, atol=1e-4):
            raise Finding("the mean of scores isn't the logits", "the same", "Both are sums.", places["scores"])
    yield
    check_shapes("windows", found["windows"], places["windows"])
    yield
    for windows, scores in zip(found["windows"], expected):
        means = windows_in(scores).mean(axis=0)
        inner = windows[:, 1:-1, 1:-1]
        if not np.allclose(inner, means, atol=1e-4):
            raise Finding(
                "windows isn't the mean of 3 x 3 places" + named(inner, means, scores),
                "for each place the mean of the scores in the WINDOW x WINDOW places around it",
                "That is what the network says of this part of the image alone: its logits are a mean over places.",
                places["windows"],
            )
    yield


def values_of(lines: StudentLines) -> tuple[dict[str, list[np.ndarray]], dict[str, Line]]:
    """What scores and windows are for each of MAPS, and the lines that made them."""
    with tf.Graph().as_default() as graph:
        maps = tf.placeholder(tf.float32, [None, None, None, CHANNELS], "maps")
        given = {"maps": maps, "weights": tf.constant(WEIGHTS), "biases": tf.constant(BIASES), "WINDOW": WINDOW}
        names: dict[str, Any] = lines.run(given)
        wanted = ("scores", "windows")
        tensors = {name: tensor_called(lines, names, name, "The script looks for the peaks in it.") for name in wanted}
        places = {name: line_making(lines, name, tensor) for name, tensor in tensors.items()}
        found: dict[str, list[np.ndarray]] = {name: [] for name in wanted}
        with tf.Session(graph=graph) as session:
            for images in MAPS:
                for name, tensor in tensors.items():
                    found[name].append(session.run(tensor, feed_dict={maps: images}))
    return found, places


def check_shapes(name: str, values: list[np.ndarray], line: Line) -> None:
    for value, size in zip(values, SIZES):
        if value.shape != (*size, CLASSES):
            raise Finding(
                f"for maps of {shape_in_words(np.empty([*size, CHANNELS]))}, {name} is {shape_in_words(value)}",
                f"{' x '.join(map(str, (*size, CLASSES)))} numbers: [B, h, w, classes]",
                "Each place keeps its own, so that one sees where a shape is.",
                line,
            )


def named(inner: np.ndarray, means: np.ndarray, scores: np.ndarray) -> str:
    """Which of the classic mistakes it is."""
    largest = windows_in(scores).max(axis=0)
    for words, numbers in {
        ": it is the largest of them": largest,
        ": it is their sum": means * WINDOW**2,
        ": it is the place's own score": scores[:, 1:-1, 1:-1],
    }.items():
        if np.allclose(inner, numbers, atol=1e-4):
            return words
    return ""


def windows_in(scores: np.ndarray) -> np.ndarray:
    """The scores around each inner place, one after the other: [B, h, w, K] -> [9, B, h - 2, w - 2, K]."""
    height, width = scores.shape[1] - WINDOW + 1, scores.shape[2] - WINDOW + 1
    corners = [(row, column) for row in range(WINDOW) for column in range(WINDOW)]
    return np.stack([scores[:, row : row + height, column : column + width] for row, column in corners])
