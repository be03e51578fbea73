"""Does the Gram matrix say which maps are large at the same places?"""

from collections.abc import Iterator
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.tensors import line_making, shape_in_words, tensor_called
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines

PARTS = (
    "gram has a number for each two maps of each picture",
    "it adds up what two maps are at the same places",
    "any number of pictures, places and maps will do",
)
SHAPES = ((2, 3, 4, 5), (1, 6, 2, 3))  # of maps: [B, h, w, C]
WHY = "Two maps that answer at the same places, wherever these are: that is what a style consists of."


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at()
    maps = numbers(SHAPES[0])
    gram, line = gram_of(lines, maps)
    yield
    check_values(gram, maps, line)
    yield
    maps = numbers(SHAPES[1])
    check_values(gram_of(lines, maps)[0], maps, line)
    yield


def numbers(shape: tuple[int, ...]) -> np.ndarray:
    """Maps as after a relu: float32 [B, h, w, C], 0 or larger."""
    return np.maximum(np.random.default_rng(0).normal(0.5, 1, shape), 0).astype(np.float32)


def gram_of(lines: StudentLines, maps: np.ndarray) -> tuple[np.ndarray, Line]:
    """What gram is for some maps, float32 [B, C, C], and the line that made it."""
    with tf.Graph().as_default() as graph:
        names: dict[str, Any] = lines.run({"maps": tf.constant(maps)})
        tensor = tensor_called(lines, names, "gram", "The distance to the style is computed from it.")
        line = line_making(lines, "gram", tensor)
        with tf.Session(graph=graph) as session:
            gram = session.run(tensor)
    batch, _, _, channels = maps.shape
    if gram.shape != (batch, channels, channels):
        raise Finding(
            f"for maps {list(maps.shape)}, gram is {shape_in_words(gram)}{shape_mistake(gram, maps)}",
            f"{batch} x {channels} x {channels} numbers: [B, C, C]",
            "Each picture has a style of its own, and each two of its maps a number.",
            line,
        )
    if gram.dtype != np.float32:
        raise Finding(f"gram holds {gram.dtype.name}", "float32", "The maps do.", line)
    return gram, line


def shape_mistake(gram: np.ndarray, maps: np.ndarray) -> str:
    """What a wrong shape comes from, where that is known."""
    batch, height, width, channels = maps.shape
    places = height * width
    return {
        (batch, places, places): ", one for each two places: the sum is over the maps",
        (channels, channels): ": all pictures of the batch are in one",
        (batch, channels): ": each map with itself alone",
    }.get(gram.shape, "")


def check_values(gram: np.ndarray, maps: np.ndarray, line: Line) -> None:
    """gram is the sum over places of the products, or as many times as large everywhere."""
    batch, _, _, channels = maps.shape
    right = np.einsum("bhwi,bhwj->bij", maps, maps)
    if is_multiple(gram, right):
        return
    means = maps.mean(axis=(1, 2))
    mixed = maps.reshape(batch, channels, -1)
    less_means = maps - means[:, None, None]
    known = {
        "the products of the maps' means: each map is added up before it is multiplied": np.einsum(
            "bi,bj->bij", means, means
        ),
        "made of rows in which numbers of several maps are mixed: tf.reshape doesn't transpose": mixed
        @ mixed.transpose(0, 2, 1),
        "the products of the maps less their means": np.einsum("bhwi,bhwj->bij", less_means, less_means),
        "the squares of what it should be": right**2,
        "what it should be with a minus": -right,
    }
    words = next((words for words, wrong in known.items() if is_multiple(gram, wrong)), None)
    i, j = np.unravel_index(np.abs(gram - right)[0].argmax(), gram.shape[1:])
    raise Finding(
        f"gram is {words}"
        if words
        else f"for maps {list(maps.shape)}, gram[0, {i}, {j}] is {gram[0, i, j]:.4g}, no multiple of the sum",
        f"the sum over all places of map i times map j: {right[0, i, j]:.4g} for i = {i}, j = {j}",
        WHY,
        line,
    )


def is_multiple(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether all numbers are the others times the same, which is above 0."""
    times = float((one * other).sum() / (other * other).sum())
    return times > 0 and bool(np.allclose(one, times * other, rtol=1e-3, atol=1e-4 * np.abs(one).max()))
