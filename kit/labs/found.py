"""What labs/fully_convolutional.py draws for its network, and the shapes that it finds there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.drawing.draw import draw
from kit.data.drawing.scene import Placed, draw_scene
from kit.data.drawing.shapes import REACH, SHAPES
from kit.data.interface import Data
from kit.data.truth_file import Truth
from kit.evaluation.sheets import Row, overlaid, sheet_png
from kit.labs.pictures import outlined

SEED = 2_000_000_000  # of what is drawn for the test; data sets have smaller ones
SHAPES_PER_SCENE = 6
NEARBY = 0.25  # of the side of the images that were learnt from
COLOURS = ("red", "blue", "lime", "magenta", "orange", "cyan")  # of the classes


class Found(NamedTuple):
    """A shape that was found."""

    label: int
    centre: tuple[float, float]  # x and y, in pixels
    lead: float  # how much its score lies above the other classes'


def shapes_of(data: Data) -> list[str]:
    """The shape of each class: its name, or the shape whose number is the label; a UserError if there is none."""
    names = [
        name if name in SHAPES else list(SHAPES)[i] if i < len(SHAPES) else ""
        for i, name in enumerate(data.class_names)
    ]
    if not all(names) or len(set(names)) < len(names):
        raise UserError(f"{data.path}: has {data.num_classes} classes, expected shapes that dataset_creation.py draws.")
    return names


def drawn_images(shapes: Sequence[str], count: int, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Varied images, as many of each shape: uint8 [N, size, size, 3], and their labels, int64 [N]."""
    each = [(label, index) for label in range(len(shapes)) for index in range(count // len(shapes))]
    images = [np.asarray(draw(shapes[label], index, size, SEED + seed, "varied")) for label, index in each]
    return np.stack(images), np.array([label for label, _ in each])


def drawn_scenes(shapes: Sequence[str], count: int, size: int, side: int, seed: int) -> tuple[np.ndarray, list]:
    """Large images with several shapes each: uint8 [N, size, size, 3], and what is placed in each."""
    chosen = [shapes[i % len(shapes)] for i in range(SHAPES_PER_SCENE)]
    scenes = [draw_scene(chosen, size, side, seed * 1000 + number) for number in range(count)]
    return np.stack([image for image, _ in scenes]), [placed for _, placed in scenes]


def empty_part(image: tf.Tensor, truth: Truth) -> tf.Tensor:
    """The part of an image that is furthest from its shape, enlarged to the whole: uint8 [H, W, 3] -> the same.

    It is a quarter of the image, half as high and wide; less if that isn't free of the shape.
    """
    height, width, _ = image.shape.as_list()
    x, y = tf.unstack(truth.centre)
    reach = REACH * tf.sqrt(truth.area)
    room_x, room_y = tf.maximum(x, width - x) - reach, tf.maximum(y, height - y) - reach  # beside it, above or below
    is_beside = room_x > room_y
    wide = tf.where(is_beside, tf.minimum(room_x, width / 2), width / 2)
    high = tf.where(is_beside, height / 2, tf.minimum(room_y, height / 2))
    left = tf.where(x < width / 2, width - wide, 0.0)
    top = tf.where(y < height / 2, height - high, 0.0)
    box = tf.stack([top / height, left / width, (top + high) / height, (left + wide) / width])  # as shares
    pixels = tf.cast(image[None], tf.float32)
    part = tf.image.crop_and_resize(pixels, box[None], [0], [height, width])[0]
    return tf.saturate_cast(tf.ensure_shape(part, [height, width, 3]), tf.uint8)


def peaks(scores: np.ndarray, side: int, size: int, least: float) -> list[Found]:
    """The places where a class leads more than at any place nearby.

    Args:
      scores: of each class in each window, float32 [h, w, K]; the last class is nothing.
      side: of the images that were learnt from, in pixels.
      size: of the image, in pixels.
      least: lead that counts.
    """
    lead = leads_in(scores).max(axis=2)  # [h, w]
    step = size / len(scores)  # pixels from one place to the next
    reach = round(NEARBY * side / step)
    padded = np.pad(lead, reach, constant_values=-np.inf)
    around = np.lib.stride_tricks.sliding_window_view(padded, [2 * reach + 1] * 2)  # [h, w, ...], of each place
    is_peak = (lead == around.max(axis=(2, 3))) & (lead >= least)
    return [
        Found(int(scores[row, column, :-1].argmax()), ((column + 0.5) * step, (row + 0.5) * step), lead[row, column])
        for row, column in np.argwhere(is_peak)
    ]


def leads_in(scores: np.ndarray) -> np.ndarray:
    """How much each class leads over all others, nothing among them: [h, w, K] -> [h, w, K - 1]."""
    others = [np.delete(scores, k, axis=2).max(axis=2) for k in range(scores.shape[2] - 1)]
    return scores[:, :, :-1] - np.stack(others, axis=2)


def matched(found: Sequence[Found], placed: Sequence[Placed], shapes: Sequence[str]) -> int:
    """How many shapes of a scene were found, where they are and as what they are."""
    return sum(
        any(shapes[each.label] == true.shape and math.dist(each.centre, true.centre) < true.radius for each in found)
        for true in placed
    )


def scenes_png(
    scenes: np.ndarray, scores: np.ndarray, found: Sequence[Sequence[Found]], shapes: Sequence[str]
) -> bytes:
    """A picture: each scene with what was found in it, and where each class leads.

    Args:
      scenes: uint8 [N, H, W, 3].
      scores: of each class in each window, float32 [N, h, w, K].
      found: in each scene.
      shapes: of the classes.
    """
    side = scenes.shape[1] / 20
    cross = np.array([(0, 0), (-side, 0), (side, 0), (0, 0), (0, -side), (0, side)])
    rows = []
    for image, score, each in zip(scenes, scores, found):
        marks = [(cross + one.centre, COLOURS[one.label % len(COLOURS)]) for one in each]
        leads = leads_in(score)  # [h, w, classes]
        heats = [overlaid(image, np.clip(leads[:, :, k] / max(leads.max(), 1e-6), 0, 1)) for k in range(len(shapes))]
        rows.append(Row("", [outlined(image, marks), *heats]))
    heads = ["what was found", *(f"where {shape} leads" for shape in shapes)]
    colours = ", ".join(f"{shape} {colour}" for shape, colour in zip(shapes, COLOURS))
    return sheet_png(
        f"Crosses: {colours}. Red and yellow: there the class leads over the others, and over nothing.",
        rows,
        256,
        heads,
    )
