"""The losses of a batch, and how loss and accuracy go on while train_op runs."""

from dataclasses import dataclass
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.drawn import BLUE, GREY, ORANGE, RIGHT, WRONG, figure_of, heading, note_in, refuse, say_in
from exercises.stages.drawn_places import finding_about
from exercises.stages.tensors import shape_in_words
from exercises.student_blank import StudentBlank
from exercises.student_lines import StudentLines

from .small_network import IMAGES, Network, answers_to, batch_of, build, forward
from .training_step import one_step
from .values import Values, is_close, run_on

STEPS = 30
SHAPES = {"losses": (IMAGES,), "batch_loss": (), "batch_accuracy": ()}


@dataclass(frozen=True)
class Made:
    """A tensor of the student's, and what it is before training."""

    tensor: Any
    first: np.ndarray


def look(blank: StudentBlank) -> Any:
    lines, network = blank.at(), build()
    names, initializer = run_on(lines, network)
    batch, problems = batch_of(IMAGES), {}
    reason = ""
    with tf.Session(graph=network.graph) as session:
        session.run(initializer)
        values, made = Values(lines, names, network, session), {}
        for name, shape in SHAPES.items():
            try:
                tensor, line = values.tensor(name, "It is to be drawn.")
                first = values.of(tensor, batch, line)
                if np.shape(first) == shape:
                    made[name] = Made(tensor, np.asarray(first, float))
                else:
                    problems[name] = f"{name} is {shape_in_words(first)}, for {IMAGES} images"
            except Finding as finding:
                problems[name] = finding.found
                reason = finding_about(blank, "", finding).found
        if not made:
            refuse("none of losses, batch_loss and batch_accuracy can be computed", "float32 [B], [] and []", None)
        curves, problem = trained(lines, names, network, session, made)
    figure, (left, middle, right) = figure_of("Blank 7: loss, accuracy and train_op, on one batch", 13, 4.6, 3)
    draw_losses(left, made, forward(batch.images)[2].argmax(axis=1) == batch.labels)
    draw_curve(middle, f"batch_loss while train_op runs {STEPS} times", curves.get("batch_loss", []), ORANGE)
    draw_curve(right, "batch_accuracy meanwhile", curves.get("batch_accuracy", []), BLUE)
    for name, axes in (("losses", left), ("batch_loss", middle), ("batch_accuracy", right)):
        if name in problems:
            say_in(axes, problems[name], WRONG)
    for each in dict.fromkeys(filter(None, [reason, problem])):
        note_in(figure, each)
    return figure


def trained(
    lines: StudentLines, names: dict[str, Any], network: Network, session: Any, made: dict[str, Made]
) -> tuple[dict[str, list], str]:
    """Runs train_op: ({name of a number: its values, before the first run and after each}, what stopped it)."""
    numbers = {name: each for name, each in made.items() if name != "losses"}
    curves = {name: [each.first] for name, each in numbers.items()}
    feed = network.feed(batch_of(IMAGES))
    try:
        train_op = one_step(lines, names, network, session).train_op
    except Finding as finding:
        return curves, finding.found
    for _ in range(STEPS):
        for name, value in session.run({name: each.tensor for name, each in numbers.items()}, feed).items():
            curves[name].append(value)
        session.run(train_op, feed)
    return curves, ""


def draw_losses(axes: Any, made: dict[str, Made], is_right: np.ndarray) -> None:
    """A bar for the loss of each image; lines for batch_loss, and for their mean and the weight decay."""
    from matplotlib.patches import Patch

    heading(axes, "losses of the images, before training")
    if "losses" not in made:
        return
    losses, decay = made["losses"].first, answers_to(batch_of(IMAGES)).decay
    axes.bar(np.arange(1, len(losses) + 1), losses, color=np.where(is_right, RIGHT, WRONG))
    wanted = losses.mean() + decay
    lines = [axes.axhline(wanted, color=GREY, linestyle="--")]
    words = [f"wanted: {wanted:.3g}, mean of the bars {losses.mean():.3g}\nand weight decay {decay:.3g}"]
    batch_loss = wanted
    if "batch_loss" in made:
        batch_loss = float(made["batch_loss"].first)
        colour = ORANGE if is_close(batch_loss, wanted) else WRONG
        lines.insert(0, axes.axhline(batch_loss, color=colour, linewidth=2, zorder=1))
        words.insert(0, f"batch_loss = {batch_loss:.3g}")
    lines += [Patch(color=RIGHT), Patch(color=WRONG)]
    axes.legend(lines, [*words, "image is right", "image is wrong"], frameon=False, loc="upper center")
    top = max(1.0, float(np.max(losses)), batch_loss, wanted)
    bottom = min(0.0, batch_loss, float(np.min(losses)))
    axes.set(xlabel="image", xticks=range(1, len(losses) + 1), ylim=(bottom, 1.8 * top))


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
