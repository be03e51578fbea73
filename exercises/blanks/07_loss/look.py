"""The losses of a batch, and how loss and accuracy go on while train_op runs."""

from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.stages.drawn import BLUE, GREY, ORANGE, RIGHT, WRONG, figure_of, heading, refuse
from exercises.student_blank import StudentBlank

from .small_network import IMAGES, batch_of, build, forward
from .training_step import one_step
from .values import Values, run_on

STEPS = 30


def look(blank: StudentBlank) -> Any:
    lines, network = blank.at(), build()
    names, initializer = run_on(lines, network)
    batch = batch_of(IMAGES)
    with tf.Session(graph=network.graph) as session:
        session.run(initializer)
        values = Values(lines, names, network, session)
        (losses, of_losses), (loss, of_loss), (accuracy, _) = (
            values.tensor(name, "It is to be drawn.") for name in ("losses", "batch_loss", "batch_accuracy")
        )
        each, first = values.of(losses, batch, of_losses), values.of(loss, batch, of_loss)
        curve = [(first, values.of(accuracy, batch, of_loss))]
        if np.shape(each) != (IMAGES,) or np.shape(curve) != (1, 2):
            refuse(blank, "losses, batch_loss or batch_accuracy have other shapes", "[B], [] and []", of_losses)
        train_op = one_step(lines, names, network, session).train_op
        for _ in range(STEPS):
            curve.append(session.run([loss, accuracy], feed_dict=network.feed(batch)))
            session.run(train_op, feed_dict=network.feed(batch))
    figure, (left, middle, right) = figure_of("Blank 7: loss, accuracy and train_op, on one batch", 13, 4.4, 3)
    draw_losses(left, np.asarray(each), float(first), forward(batch.images)[2].argmax(axis=1) == batch.labels)
    draw_curve(middle, f"batch_loss while train_op runs {STEPS} times", [point[0] for point in curve], ORANGE)
    draw_curve(right, "batch_accuracy meanwhile", [point[1] for point in curve], BLUE)
    return figure


def draw_losses(axes: Any, losses: np.ndarray, batch_loss: float, is_right: np.ndarray) -> None:
    """A bar for the loss of each image, and a line for batch_loss."""
    from matplotlib.patches import Patch

    heading(axes, "losses of the images, before training")
    axes.bar(np.arange(1, len(losses) + 1), losses, color=np.where(is_right, RIGHT, WRONG))
    line = axes.axhline(batch_loss, color=ORANGE, linewidth=2)
    mean = axes.axhline(losses.mean(), color=GREY, linestyle="--")
    words = [
        f"batch_loss = {batch_loss:.3g}",
        f"mean of the bars = {losses.mean():.3g}",
        "image is right",
        "image is wrong",
    ]
    axes.legend([line, mean, Patch(color=RIGHT), Patch(color=WRONG)], words, frameon=False)
    top = max(1.0, float(np.max(losses)), batch_loss)
    axes.set(
        xlabel="image", xticks=range(1, len(losses) + 1), ylim=(min(0.0, batch_loss, float(np.min(losses))), 1.6 * top)
    )


def draw_curve(axes: Any, title: str, values: list, colour: str) -> None:
    """A curve over the steps."""
    numbers = np.asarray(values, dtype=float)
    heading(axes, title)
    finite = numbers[np.isfinite(numbers)]
    axes.plot(numbers, ".-", color=colour)
    if len(finite) < len(numbers):
        axes.text(0.5, 0.5, "then it is no number any more", ha="center", transform=axes.transAxes, color=WRONG)
    axes.set_xlabel("runs of train_op")
    if len(finite) and finite.min() >= 0 and finite.max() <= 1:
        axes.set_ylim(-0.05, 1.05)
