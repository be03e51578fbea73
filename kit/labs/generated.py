"""What labs/generate.py asks for, and the pictures of what it gets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.data.image_data import ImageData
from kit.data.truth_file import Truth
from kit.evaluation.sheets import Row, sheet_png
from kit.labs.lab import Lab

CELL = 16  # pixels; the decoder begins with a cell of so many, and each of its four layers doubles
PLACE = 6  # a place is -PLACE / 2 at one edge of the image, PLACE / 2 at the other
FACTS = 12  # numbers of facts_of
ASKED = 64  # images to ask for
GROUPS = (slice(0, 3), slice(3, 5), slice(5, 6), slice(6, 12))  # facts that go together: x, y, size; turn; ...
SHOWN, WALKS, SIDE = 8, 2, 96  # images in a row of the pictures; rows of walks; pixels of an image there


class Wishes(NamedTuple):
    """What to make images of: first ASKED images, then WALKS * SHOWN on the way from one of these to the next."""

    facts: np.ndarray  # float32 [N, FACTS]
    codes: np.ndarray  # float32 [N, numbers of a code], instead of facts
    classes: np.ndarray  # float32 [N, K]: one-hot, or between two classes


class HeldOut(NamedTuple):
    """Images that were not learnt from."""

    images: np.ndarray  # uint8 [N, H, W, 3]
    again: np.ndarray  # the same, made of their facts
    masks: np.ndarray  # float32 [N, H, W, 1], 1 where the shape is
    logits: np.ndarray  # the same, above 0 where it was made


def check_side(data: ImageData) -> None:
    """Checks that images are squares of whole cells; otherwise a UserError."""
    height, width = data.image_size
    if height != width or height % CELL:
        raise UserError(
            f"{data.path}: images of {height} x {width}, expected as high as wide, and a multiple of {CELL} pixels.\n"
            "  Draw some: --size 64"
        )


def facts_of(image: tf.Tensor, mask: tf.Tensor, truth: Truth) -> tf.Tensor:
    """What can be asked for, as numbers around 0.

    Args:
      image: float32 [H, W, 3].
      mask: float32 [H, W, 1], 1 where the shape is.
      truth: of the image.
    Returns:
      float32 [FACTS]: x, y, size; turn, as a cosine and a sine; how much of the shape is painted, which is less of an
      outline; the mean colours of the shape and of the background.
    """
    side = image.shape[0].value
    place = (truth.centre / side - 0.5) * PLACE  # [2]
    size = (tf.sqrt(truth.area) / side - 0.33) * 8
    angle = truth.symmetry * truth.turn * math.pi / 180  # once around, until the shape looks as before
    painted = tf.reduce_sum(mask) / truth.area * 4 - 3
    colours = [tf.reduce_sum(part * image, [0, 1]) / tf.reduce_sum(part) for part in (mask, 1 - mask)]  # [3] each
    return tf.concat([place, [size, tf.cos(angle), tf.sin(angle), painted], *colours], axis=0)


def ask(facts: np.ndarray, num_classes: int, code_size: int, seed: int) -> Wishes:
    """What to ask for: each class equally often, the rest at random.

    Args:
      facts: float32 [N, FACTS], of real images. Those to ask for are put together from them: place and size of one,
        turn of another, and so on.
      num_classes: K.
      code_size: how many numbers a code has; they are drawn from N(0, 1).
      seed: of what is random.
    """
    random = np.random.default_rng(seed)
    asked = np.concatenate([facts[random.integers(len(facts), size=ASKED), group] for group in GROUPS], axis=1)
    classes = np.eye(num_classes)[np.arange(ASKED) % num_classes]
    return Wishes(*map(_with_walks, (asked, random.normal(size=(ASKED, code_size)), classes)))


def _with_walks(asked):
    walks = np.linspace(asked[:WALKS], asked[1 : WALKS + 1], SHOWN, axis=1)  # [WALKS, SHOWN, ...]
    return np.concatenate([asked, *walks]).astype(np.float32)


def overlap(held_out: HeldOut) -> float:
    """Intersection over union of where shapes are and where they were made; a mean over the images."""
    real, made = held_out.masks > 0.5, held_out.logits > 0
    both, either = (np.sum(each, axis=(1, 2, 3)) for each in (real & made, real | made))
    return float(np.mean(both / np.maximum(either, 1)))


def report(
    lab: Lab, class_names: Sequence[str], held_out: HeldOut, made: Sequence[np.ndarray], seen: Sequence[np.ndarray]
) -> None:
    """Draws the pictures, and says how many images show what was asked for.

    Args:
      lab: that ends here.
      class_names: in the order of their numbers.
      held_out: for the first rows.
      made: of Wishes, by their facts and by their codes: uint8 [ASKED + WALKS * SHOWN, H, W, 3] each.
      seen: the class seen in each of the first ASKED, by facts and by codes: int64 [ASKED] each.
    """
    classes = np.arange(ASKED) % len(class_names)
    rows = [Row("real", list(held_out.images[:SHOWN])), Row("made again", list(held_out.again[:SHOWN]))]
    walks = []
    for how, way, images, found in zip(("asked for", "sampled"), ("facts", "code"), made, seen):
        for number, name in enumerate(class_names):
            chosen = np.flatnonzero(classes == number)[:SHOWN]
            captions = [f"seen: {class_names[int(found[i])]}" for i in chosen]
            rows.append(Row(f"{how}:\n{name}", list(images[chosen]), captions))
        walked = images[ASKED:].reshape(WALKS, SHOWN, *images.shape[1:])
        walks += [Row(f"from {way}\nto {way}", list(each)) for each in walked]
    lab.picture("generated", sheet_png("Images made from numbers", rows, SIDE))
    lab.picture("walks", sheet_png("From one image to another", walks, SIDE))
    asked, sampled = (float(np.mean(found == classes)) for found in seen)
    lab.end(
        f"Of {ASKED} images asked for, {asked:.1%} are seen as their class; of {ASKED} sampled ones, {sampled:.1%}. "
        f"Shapes made again overlap with the real ones by {overlap(held_out):.3f}.",
        asked=asked,
        sampled=sampled,
        overlap=overlap(held_out),
    )
