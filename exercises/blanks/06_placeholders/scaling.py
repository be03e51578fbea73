"""Does a pixel become a number from -1 to 1?"""

from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.tensors import line_making, tensor_called, told_apart
from exercises.student_lines import StudentLines

SHADES = np.arange(256)
FIRST_IMAGE = np.repeat(SHADES, 3).reshape(16, 16, 3)  # every value that a pixel can have
PIXELS = np.stack([FIRST_IMAGE, FIRST_IMAGE // 2 + 64]).astype(np.uint8)  # [2, 16, 16, 3]
DARK = PIXELS // 6 + 20  # the same images, with little light
FLOAT16 = 1e-2  # what rounding to 16 bits is off by, at most
SAME_EVERYWHERE = "An image must give the same numbers in every batch, in training and in evaluation."


def scaled_values(lines: StudentLines) -> tuple[np.ndarray, np.ndarray, Line]:
    """Runs the student's lines: what `scaled` is for PIXELS and for DARK, and the line that made it."""
    with tf.Graph().as_default() as graph:
        images = tf.placeholder(tf.uint8, [None, *PIXELS.shape[1:]], "images")
        scaled = scaled_tensor(lines, images)
        line = line_making(lines, "scaled", scaled)
        with tf.Session(graph=graph) as session:
            values, of_dark_ones = (session.run(scaled, feed_dict={images: pixels}) for pixels in (PIXELS, DARK))
    return values, of_dark_ones, line


def check_shape(values: np.ndarray, line: Line) -> None:
    """There is a number for each pixel and colour."""
    if values.shape != PIXELS.shape:
        raise Finding(
            f"for images of shape {list(PIXELS.shape)}, scaled has shape {list(values.shape)}",
            "the same shape: a number for each pixel and colour",
            "The network looks for shapes, so each pixel must stay in its place.",
            line,
        )


def check_dark_ones(of_dark_ones: np.ndarray, line: Line) -> None:
    """The numbers of an image don't depend on the other images."""
    if np.abs(of_dark_ones - (DARK / 127.5 - 1)).max() > 1e-4:
        becomes, should_be = told_apart(of_dark_ones.min(), DARK.min() / 127.5 - 1)
        raise Finding(
            f"in dark images, a pixel of {DARK.min()} becomes {becomes}",
            f"{should_be}, whatever other pixels there are",
            SAME_EVERYWHERE,
            line,
        )


def scaled_tensor(lines: StudentLines, images: Any) -> Any:
    """Runs the student's lines and gives `scaled`, which is float32."""
    try:
        with tf.name_scope("scale_pixels"):
            names = lines.run({"images": images})
    except Finding as finding:
        error = finding.__cause__
        if isinstance(error, (TypeError, ValueError)) and "uint8" in str(error):
            raise Finding(
                "images is still uint8 where you calculate with fractions",
                "images made float32 first, by tf.cast",
                "A uint8 is a whole number from 0 to 255. TensorFlow doesn't change a tensor's type on its own.",
                finding.line,
            ) from None
        raise
    scaled = tensor_called(lines, names, "scaled", "The lines after the blank build the network on it.")
    if scaled.dtype != tf.float32:
        raise Finding(
            f"scaled holds {scaled.dtype.name}",
            "float32",
            "The layers calculate with float32: whole numbers have no fractions, and float64 takes twice the memory.",
            line_making(lines, "scaled", scaled),
        )
    return scaled


def check_scale(values: np.ndarray, line: Line) -> None:
    """Raises a Finding if the numbers aren't the pixels from -1 to 1."""
    expected = PIXELS / 127.5 - 1
    wrong_by = np.abs(values - expected)
    if wrong_by.max() < 1e-4:
        return
    of_shade = values[0, :, :, 0].reshape(-1).astype(np.float64)  # what each of 0 to 255 becomes
    scale = "from -1 for 0 to 1 for 255, in even steps"
    worst = int(np.abs(of_shade - (SHADES / 127.5 - 1)).argmax())
    becomes, should_be = told_apart(of_shade[worst], worst / 127.5 - 1)
    falls = np.flatnonzero(np.diff(of_shade) < 0)
    if np.abs(values - of_shade[PIXELS]).max() > 1e-4:
        shade = next(each for each in SHADES if np.ptp(values[each == PIXELS]) > 1e-4)
        low, high = values[shade == PIXELS].min(), values[shade == PIXELS].max()
        found = f"a pixel of {shade} becomes {low:.3g} in one place and {high:.3g} in another"
        why = SAME_EVERYWHERE
    elif len(falls) == len(SHADES) - 1:
        found = f"a pixel of 0 becomes {of_shade[0]:.3g} and one of 255 becomes {of_shade[-1]:.3g}: bright is dark"
        why = "Dark should stay the smaller number, as in the file."
    elif len(falls):
        first, then = of_shade[falls[0]], of_shade[falls[0] + 1]
        found = f"a pixel of {falls[0]} becomes {first:.3g}, but one of {falls[0] + 1} becomes {then:.3g}"
        why = "A uint8 can't go below 0 or above 255: it starts over at the other end. So cast before you calculate."
    elif len(np.unique(of_shade)) == 1:
        found = f"every pixel becomes {of_shade[0]:.3g}"
        why = "Where all pixels are the same, there is no shape to see."
    elif len(np.unique(of_shade)) < len(SHADES):
        found = f"the 256 shades of a pixel become only {len(np.unique(of_shade))} different numbers"
        why = "What lies between is lost, and with it what can be seen: divided as whole numbers, or cut off."
    elif max(abs(of_shade[0] + 1), abs(of_shade[-1] - 1)) > 1e-4:
        found = f"scaled goes from {of_shade[0]:.3g} to {of_shade[-1]:.3g}"
        why = "The first weights are made for inputs around 0 and of size 1: with others, learning is slow. "
        why += "And evaluating.py scales by these same lines."
    else:
        found, scale = f"a pixel of {worst} becomes {becomes}", f"{should_be}: {scale}"
        why = "Each step of brightness should be as large as any other."
        if wrong_by.max() < FLOAT16:
            why = "A float16 or bfloat16 has only 3 digits: calculate with float32 from the start."
    raise Finding(found, scale, why, line)
