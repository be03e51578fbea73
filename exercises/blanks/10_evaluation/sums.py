"""Is one loss and one accuracy made of what all batches gave?"""

from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.stand_ins import image_data
from exercises.stages.tensors import described, shape_in_words, told_apart
from exercises.student_lines import StudentLines

SIZES = (4, 4, 3)  # images of the batches to add up
IN_WORDS = f"{', '.join(map(str, SIZES[:-1]))} and {SIZES[-1]}"
MANY = 1500  # batches of each half, where there are many
CLASSES = 3
LABELS = np.array([0, 1, 2, 1, 2, 1, 0, 1, 2, 2, 0])
PREDICTED = np.array([0, 1, 2, 1, 2, 1, 2, 0, 2, 1, 1])  # 4 of 4 are right, 2 of 4, 1 of 3
LOSSES = np.array([0.1, 0.2, 0.1, 0.4, 0.3, 0.2, 0.9, 0.6, 0.5, 1.5, 1.0], np.float32)


def add_up(lines: StudentLines) -> dict[str, Any]:
    """Runs the lines that add up, on a few batches; gives all names."""
    return run(lines, np.split(LOSSES, np.cumsum(SIZES)[:-1]), LABELS.copy(), PREDICTED)


def check_whole(lines: StudentLines) -> None:
    """Of many batches, too, all count."""
    losses = [np.ones(2, np.float32)] * MANY + [np.zeros(2, np.float32)] * MANY
    labels, predicted = np.zeros(4 * MANY, np.int64), np.repeat([0, 1], 2 * MANY)  # the first half is right
    names = run(lines, losses, labels, predicted)
    for name in ("loss", "accuracy"):
        if abs(float(names[name]) - 0.5) > 1e-4:
            raise Finding(
                f"for {len(losses):,} batches with {len(labels):,} images, {name} is {float(names[name]):.4g}",
                "0.5: in the first half it is 1, in the second 0",
                "An evaluation is of all images; a number that was typed in to try things out leaves some out.",
                lines.line_with("[:", f"{name} =", name),
            )


def run(lines: StudentLines, losses: list, labels: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    """Runs the lines in a graph that is finished; gives all names.

    Args:
      lines: the student's.
      losses: of each batch, float32 [B].
      labels, predicted: of all images, int64 [N].
    """
    probabilities = np.full([len(labels), CLASSES], 0.2, np.float32)
    probabilities[np.arange(len(labels)), predicted] = 0.6
    last = len(losses[-1])
    names = {
        "data": image_data(num_classes=CLASSES),
        "losses": losses,
        "labels": labels,
        "probabilities": probabilities,
        "batch_losses": losses[-1],
        "batch_labels": labels[-last:],
        "batch_probabilities": probabilities[-last:],
    }
    with tf.Graph().as_default() as graph:
        graph.finalize()
        try:
            return lines.run(names, keeps=("labels", "probabilities"))
        except Finding as finding:
            raise explain(finding) from None


def check_loss(lines: StudentLines, names: dict[str, Any]) -> None:
    means = [batch.mean() for batch in np.split(LOSSES, np.cumsum(SIZES)[:-1])]
    unequal = f"The batches hold {IN_WORDS} images: an image of the small one would count for more than the others."
    grows = "Only a mean can be compared between data sets of different sizes, as training and validation are."
    mistakes = [
        (np.mean(means), "the mean of the batches' means", unequal),
        (LOSSES.sum(), "the sum of all losses", grows),
        (LOSSES.sum() / len(SIZES), "the sum of all losses over the number of batches", grows),
        (np.sum(means), "the sum of the batches' means", grows),
        (means[-1], "that of the last batch only", "An evaluation is of all images."),
    ]
    check_number(lines, names, "loss", LOSSES.mean(), mistakes)


def check_accuracy(lines: StudentLines, names: dict[str, Any]) -> None:
    is_right = LABELS == PREDICTED
    shares = [batch.mean() for batch in np.split(is_right, np.cumsum(SIZES)[:-1])]
    unequal = f"The batches hold {IN_WORDS} images, and each image should count the same."
    mistakes = [
        (is_right.sum(), "how many images are right, not their share", "Only a share says how good that is."),
        (100 * is_right.mean(), "in per cent", "TensorBoard and the report expect a share, from 0 to 1."),
        (np.mean(shares), "the mean of the batches' accuracies", unequal),
        (1 - is_right.mean(), "the share of the images that are wrong", "That is 1 minus the accuracy."),
        (shares[-1], "that of the last batch only", "An evaluation is of all images."),
        (0.6, "the mean of the largest probabilities", "A network may be sure, and wrong."),
        (
            np.mean(LABELS == 0),
            "as if class 0 were predicted for every image",
            "Without an axis, argmax gives one number for the whole array; axis=1 goes through the classes.",
        ),
    ]
    check_number(lines, names, "accuracy", is_right.mean(), mistakes)


def check_number(
    lines: StudentLines, names: dict[str, Any], name: str, expected: float, mistakes: list[tuple[float, str, str]]
) -> None:
    """A name holds a number.

    Args:
      lines: the student's.
      names: after they have run.
      name: "loss" or "accuracy".
      expected: the number.
      mistakes: a list of (another number, what it is, why that won't do).
    """
    line = lines.line_with(f"{name} =", f"{name} ", f"{name},", name)
    value = names.get(name)
    if name not in names or value is None:
        what = "None" if name in names else "missing"
        raise Finding(f"{name} is {what}", f"{name}, a number", "It goes into the report.", line)
    try:
        number = float(np.asarray(value).reshape(()))
    except (TypeError, ValueError):
        is_array = isinstance(value, np.ndarray)
        raise Finding(
            f"{name} is {f'an array of {shape_in_words(value)}' if is_array else described(value)}",
            f"{name} as a single number, {expected:.4g}",
            "The report has one number for the whole data set.",
            line,
        ) from None
    if abs(number - expected) < 1e-6:
        return
    is_now, should_be = told_apart(number, expected)
    found, why = f"{name} is {is_now}", "It is the mean over all images, and each counts the same."
    for other, what, why_not in mistakes:
        if abs(number - other) < 1e-6:
            found, why = f"{found}, {what}", why_not
            break
    if abs(number - expected) < 1e-2:
        why = "It is rounded. np.float32 is exact enough, and the report rounds where it prints."
    raise Finding(found, f"{should_be}, for {len(LABELS)} images", why, line)


def explain(finding: Finding) -> Finding:
    """The Finding of an error in the student's lines, in this blank's own terms where it is a classic one."""
    message = str(finding.__cause__)
    if "inhomogeneous" in message:
        return Finding(
            f"NumPy can't make one array of the batches' losses: they are {IN_WORDS} numbers",
            "the batches joined into one array first: np.concatenate",
            "The last batch is smaller, so the batches don't make a table.",
            finding.line,
        )
    if "broadcast" in message and all(f"({size},)" in message for size in SIZES[1:]):
        return Finding(
            f"NumPy can't add up arrays of other lengths: the batches' losses are {IN_WORDS} numbers",
            "np.concatenate(losses).mean(), and not sum(losses) / len(losses)",
            "The last batch is smaller; and the mean is over images, not over batches.",
            finding.line,
        )
    if "zero-dimensional" in message:
        return Finding(
            "np.concatenate can't join single numbers",
            "labels and probabilities as they are; only losses is still a list of arrays",
            "The line above the blank has joined them already.",
            finding.line,
        )
    if "broadcast" in message and f"({CLASSES},)" in message and f"({len(LABELS)},)" in message:
        return Finding(
            f"{CLASSES} numbers are compared with the {len(LABELS)} labels",
            "a predicted class for each image: the argmax over the classes, axis 1 of probabilities [N, classes]",
            "argmax over axis 0 looks for an image for each class.",
            finding.line,
        )
    return finding
