"""Do the layers lead from cells to pixels, everywhere alike?"""

from collections.abc import Iterator

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.tensors import line_making, tensor_called
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines
from kit.cli.errors import tensorflow_reason

CELL, CHANNELS = 16, 128  # of x: pixels, and numbers of a cell's vector
PARTS = (
    "logits holds a number for each pixel",
    "images may have any size",
    "the layers learn, and do the same everywhere",
    "logits are scores",
)
EXPECTED = "four layers with strides of 2, or others that make height and width 16 times as large"


def check(blank: StudentBlank) -> Iterator[str | None]:
    lines = blank.at()
    vectors = np.random.default_rng(1).normal(size=[2, 4, 4, CHANNELS])
    logits, line = logits_of(lines, 100 * vectors, "")  # large: so are scores, if nothing bounds them
    yield
    cells = np.zeros([4, 6, 6, CHANNELS])  # of 96 x 96 pixels: nothing; a vector in one cell, in another; its opposite
    cells[1, 2, 2] = cells[2, 3, 3] = vectors[0, 0, 0]
    cells[3, 2, 2] = -vectors[0, 0, 0]
    answers, _ = logits_of(lines, cells, " (the images of this run have 96 x 96 pixels)")
    yield
    added = answers - answers[0]
    check_the_same_everywhere(added, line)
    yield
    check_scores(logits, added, line)
    yield


def logits_of(lines: StudentLines, vectors: np.ndarray, remark: str) -> tuple[np.ndarray, Line]:
    """What logits is for some x, before any training: float32 [B, H, W]; and the line that made it."""
    batch, rows, columns, _ = vectors.shape
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        x = tf.placeholder(tf.float32, [None, rows, columns, CHANNELS], "x")
        names = lines.run({"x": x, "side": rows * CELL})
        logits = tensor_called(lines, names, "logits", "The loss compares logits with the mask of the shape.")
        line = line_making(lines, "logits", logits)
        if logits.dtype != tf.float32:
            raise Finding(f"logits holds {logits.dtype.name}", "float32", "So do the masks in the loss.", line)
        with tf.Session(graph=graph) as session:
            session.run(tf.global_variables_initializer())
            try:
                found = session.run(logits, feed_dict={x: vectors})
            except tf.errors.InvalidArgumentError as error:
                raise Finding(
                    f"TensorFlow stops: {tensorflow_reason(error)}{remark}",
                    "layers that take any number of images, of any size",
                    "A size that is written down fits only one data set.",
                    lines.line_of(error.op) or line,
                ) from None
        if not tf.trainable_variables():
            raise Finding(
                "there are no weights", EXPECTED, "What a shape looks like must be learnt: from what, else?", line
            )
    wanted = (batch, rows * CELL, columns * CELL, 1)
    if found.shape != wanted:
        raise Finding(
            f"for x of {list(vectors.shape)}, logits has the shape {list(found.shape)}{remark}",
            f"{list(wanted)}: {EXPECTED}; the last with one filter",
            "The mask has one number for each pixel, and so must logits.",
            line,
        )
    return found[..., 0], line


def check_the_same_everywhere(added: np.ndarray, line: Line) -> None:
    """Checks what a vector in one cell adds to the image, and the same vector in the next: float32 [4, 96, 96]."""
    if not np.any(added[1]):
        raise Finding(
            "logits doesn't depend on x", "layers in a row, the first on x", "Or each image would be the same.", line
        )
    reach = slice(CELL, -CELL)  # further out, the edges differ
    moved = np.roll(added[1], [CELL, CELL], axis=[0, 1])
    if not np.allclose(moved[reach, reach], added[2][reach, reach], atol=1e-3 * abs(added[1]).max()):
        raise Finding(
            "the same vector gives one picture in one cell, and another in the next",
            "the same kernels everywhere, as in j_deconv_layer",
            "A corner that was learnt in one place of the image would be unknown in all others.",
            line,
        )
    pixels = added[1][2 * CELL : 3 * CELL, 2 * CELL : 3 * CELL]
    if len(np.unique(np.round(pixels / abs(added[1]).max(), 4))) < CELL:
        raise Finding(
            f"the {CELL * CELL} pixels of a cell get only {len(np.unique(pixels))} different numbers",
            "kernels that reach over several pixels of the larger image",
            "An edge runs through a cell at any angle: its pixels must be able to differ.",
            line,
        )


def check_scores(logits: np.ndarray, added: np.ndarray, line: Line) -> None:
    """Checks that logits can be any number, and that the layers in between aren't linear; added: as above."""
    if logits.min() >= 0:
        is_share = logits.max() <= 1
        raise Finding(
            "logits lie between 0 and 1: a sigmoid or softmax has been applied" if is_share else "logits are never < 0",
            'scores without an activation: activation="linear" in the last layer',
            "The loss applies the sigmoid itself." if is_share else "sigmoid(0) is 0.5: no pixel could be background.",
            line,
        )
    if abs(logits).max() <= 1:
        raise Finding(
            f"logits lie between {logits.min():.1f} and {logits.max():.1f} only, as after a tanh",
            'scores without an activation: activation="linear" in the last layer',
            "No pixel could be surely the shape's: sigmoid(1) is 0.73.",
            line,
        )
    if np.allclose(added[3], -added[1], atol=1e-4 * abs(added[1]).max()):
        raise Finding(
            "a vector and its opposite give opposite pictures: all layers are linear",
            "an activation between the layers: j_deconv_layer has relu, if you don't say otherwise",
            "Linear layers in a row can do no more than a single one.",
            line,
        )
