"""Has each pixel the class of its shape, and is the loss the mean over the pixels?"""

from collections.abc import Iterator
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.tensors import line_making, shape_in_words, tensor_called, told_apart
from exercises.student_blank import StudentBlank
from kit.cli.errors import tensorflow_reason

PARTS = (
    "each pixel has a class",
    "it is the label plus 1 where the shape is, and 0 around it",
    "loss is the mean of the pixels' losses",
    "images of another size have a loss, too",
)
LOGITS = 4  # three shapes and the background
SIZES = (2, 4, 6), (3, 6, 4)  # B, H, W of two batches


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at()
    with tf.Graph().as_default(), tf.Session() as session:
        placeholders = {
            "masks_ph": tf.placeholder(tf.uint8, [None, None, None, 1], "masks"),
            "labels_ph": tf.placeholder(tf.int64, [None], "labels"),
            "logits": tf.placeholder(tf.float32, [None, None, None, LOGITS], "logits"),
        }
        names = lines.run(placeholders, keeps=placeholders)
        classes, loss = (
            tensor_called(lines, names, name, why)
            for name, why in (
                ("classes", "The lab compares the classes that were found with these."),
                ("loss", "It is what the optimiser minimises."),
            )
        )
        small, other = map(batch_of, SIZES)

        def value_of(tensor: Any, batch: dict[str, np.ndarray], line: Line) -> Any:
            try:
                return session.run(tensor, {placeholders[name]: value for name, value in batch.items()})
            except tf.errors.OpError as error:
                raise Finding(
                    f"for {' x '.join(map(str, batch['logits'].shape[:3]))} pixels: {tensorflow_reason(error)}",
                    "tensors that can be computed for any number of images, of any height and width",
                    "The last batch is smaller, and the network takes images of any size.",
                    line,
                ) from None

        line = line_making(lines, "classes", classes)
        found = value_of(classes, small, line)
        check_shape(found, classes.dtype, line)
        yield
        check_classes(found, small, line)
        yield
        line = line_making(lines, "loss", loss)
        check_loss(value_of(loss, small, line), small, line)
        yield
        check_loss(value_of(loss, other, line), other, line)
        yield


def batch_of(size: tuple[int, int, int]) -> dict[str, np.ndarray]:
    """Masks, labels and logits of a batch: {placeholder: array}. At a shape's edge, a mask is between 0 and 255."""
    random = np.random.default_rng(size)
    return {
        "masks_ph": random.choice([0, 0, 1, 127, 128, 254, 255, 255], [*size, 1]).astype(np.uint8),
        "labels_ph": np.arange(size[0])[::-1] % (LOGITS - 1),
        "logits": 3 * random.standard_normal([*size, LOGITS]).astype(np.float32),
    }


def classes_of(batch: dict[str, np.ndarray]) -> np.ndarray:
    """The right classes: int64 [B, H, W]."""
    return np.where(batch["masks_ph"][..., 0] > 127, batch["labels_ph"][:, None, None] + 1, 0)


def losses_of(batch: dict[str, np.ndarray]) -> np.ndarray:
    """The right losses: float64 [B, H, W]."""
    powers = np.exp(batch["logits"].astype(np.float64))  # [B, H, W, K]
    probabilities = powers / powers.sum(axis=-1, keepdims=True)
    return -np.log(np.take_along_axis(probabilities, classes_of(batch)[..., None], axis=-1))[..., 0]


def check_shape(found: np.ndarray, dtype: Any, line: Line) -> None:
    if np.shape(found) != SIZES[0]:
        size = " x ".join(map(str, SIZES[0]))
        raise Finding(
            f"for {size} pixels, classes is {shape_in_words(found)}",
            f"{size} numbers: [B, H, W]",
            "Each pixel of each image has one class. The mask's last axis holds just one number: leave it away.",
            line,
        )
    if not dtype.is_integer:
        raise Finding(
            f"classes holds {dtype.name}",
            "int64: 0, 1, 2, ...",
            "A class is a number to count with: it says which of a pixel's scores is the right one.",
            line,
        )


def check_classes(found: np.ndarray, batch: dict[str, np.ndarray], line: Line) -> None:
    right, masks, labels = classes_of(batch), batch["masks_ph"][..., 0], batch["labels_ph"][:, None, None]
    if np.array_equal(found, right):
        return
    wrong = {
        "the label, without 1 added: a square is 0, like the background": np.where(masks > 127, labels, 0),
        "the same for every shape": (masks > 127) * 1,
        "1 at the background": np.where(masks > 127, labels, 0) + 1,
        "the shape's where it isn't, and 0 where it is": np.where(masks > 127, 0, labels + 1),
        "the mask itself, 0 to 255, times the label": masks.astype(np.int64) * (labels + 1),
        "the label's in all pixels of an image": np.broadcast_to(labels + 1, right.shape),
    }
    words = next((f"classes is {words}" for words, values in wrong.items() if np.array_equal(found, values)), "")
    image, row, column = np.argwhere(found != right)[0]
    place = f"of an image with label {labels[image, 0, 0]}, a pixel where the mask is {masks[image, row, column]}"
    raise Finding(
        words or f"{place} has the class {found[image, row, column]}",
        f"{right[image, row, column]} {place}" if words else str(right[image, row, column]),
        "Class 0 is the background, so the shapes begin at 1. At a shape's edge the mask is the share of the pixel "
        "that is covered, of 255: above 127 it is more than half.",
        line,
    )


def check_loss(found: Any, batch: dict[str, np.ndarray], line: Line) -> None:
    losses = losses_of(batch)
    if np.shape(found) != ():
        raise Finding(
            f"loss is {shape_in_words(found)}",
            "a single number: the mean over all pixels of all images",
            "The optimiser makes one number small.",
            line,
        )
    if np.isclose(found, losses.mean(), rtol=1e-4):
        return
    wrong = {
        ", the sum over the pixels": losses.sum(),
        ", the mean over the pixels of the shapes": losses[classes_of(batch) > 0].mean(),
        ", the mean with a minus": -losses.mean(),
        ", the sum over each image's pixels, and the mean of those": losses.sum(axis=(1, 2)).mean(),
    }
    is_now, expected = told_apart(found, losses.mean())
    raise Finding(
        f"loss is {is_now}" + next((words for words, value in wrong.items() if np.isclose(found, value)), ""),
        f"{expected}, the mean of the cross-entropies of all pixels",
        "Each pixel is classified, background too, and a mean doesn't depend on how large the images are.",
        line,
    )
