"""What the session holds after the restore, and the confusion matrix of an evaluation by the student's loop."""

from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.datasets import SHAPE, numbered_images, numbers_of
from exercises.stages.drawn import (
    CLASSES,
    RIGHT,
    WRONG,
    figure_of,
    heading,
    refuse,
    say_in,
    table_in,
)
from exercises.stages.drawn_places import is_filled
from exercises.stages.loop_errors import explain
from exercises.stages.sessions import NeverEnding, watched_session
from exercises.stages.tensors import described
from exercises.student_blank import StudentBlank

from .loop import WORDS
from .rehearsal import LISTS, names_before
from .restoring import State, restore

BATCH = 8
TRUE = np.arange(21) % 2  # the labels
SURE = np.where(np.isin(np.arange(21), (2, 5, 11, 20)), 0.3, 0.8)  # the probability of the true class: 17 are right
RESULTS = ("batch_labels", "batch_losses", "batch_probabilities")
PLACEHOLDERS = {"images": "images_ph", "labels": "labels_ph"}


def look(blank: StudentBlank) -> Any:
    figure, (left, right) = figure_of("Blank 10: an evaluation", 11, 5, 2, (5, 4))
    heading(left, "10a: what the variables hold after your lines")
    if is_filled(blank, "a"):
        state, _ = restore(blank.at("a"))
        draw_state(state, left)
    else:
        say_in(left, "blank 10a is still empty")
    if not is_filled(blank, "b"):
        say_in(right, "blank 10b is still empty")
        return figure
    losses, labels, probabilities, ending = evaluate(blank)
    draw_matrix(right, labels, probabilities.argmax(axis=1))
    sums = added_up(blank, losses, labels, probabilities) if is_filled(blank, "c") else "10c is still empty"
    heading(right, f"10b: {len(labels)} images evaluated, of the {len(TRUE)} in the data{ending}\n10c: {sums}")
    return figure


def draw_state(state: State, axes: Any) -> None:
    """A table of the variables."""
    wrong = {name: "no value" for name in state.empty} | {name: "another value" for name in state.different}
    rows = [[name, wrong.get(name, "the checkpoint's value")] for name in state.names]
    table_in(axes, ["variable", "holds"], rows, [WRONG if name in wrong else RIGHT for name in state.names], (0, 0.5))


def evaluate(blank: StudentBlank) -> tuple[list, np.ndarray, np.ndarray, str]:
    """Runs the student's loop: (losses of each batch, labels [N], probabilities [N, classes], how it ended)."""
    lines, ending = blank.at("b"), ""
    turns: list[dict[str, Any]] = []
    with tf.Graph().as_default() as graph:
        names, initializer = stage()
        with watched_session(graph) as session:
            session.run(initializer)
            graph.finalize()
            try:
                lines.run({**names, "session": session}, loop=True, after_each=lambda scope: turns.append({**scope}))
            except Finding as finding:
                if isinstance(finding.__cause__, tf.errors.OutOfRangeError):
                    ending = ";\nthen tf.errors.OutOfRangeError ends the program"
                elif isinstance(finding.__cause__, NeverEnding):
                    ending = ";\nthe loop would never end, and was stopped"
                else:
                    raise explain(finding, WORDS, PLACEHOLDERS) from None
    labels, losses, probabilities = ([turn.get(name, ()) for turn in turns] for name in RESULTS)
    try:
        all_labels, all_probabilities = np.concatenate(labels).astype(int), np.concatenate(probabilities)
    except (TypeError, ValueError):
        all_labels = all_probabilities = np.empty(0)
    if all_probabilities.shape != (len(all_labels), len(CLASSES)):
        expected = "labels, losses and probabilities of each batch"
        refuse("the turns don't give what can be drawn", expected, lines.line_with("run"))
    return losses, all_labels, all_probabilities, ending


def stage() -> tuple[dict[str, Any], Any]:
    """(what the script defines before its loop, what starts the data): a network that gets 17 of 21 images right."""
    dataset = tf.data.Dataset.from_tensor_slices((numbered_images(len(TRUE)), TRUE)).batch(BATCH)
    iterator = tf.data.make_initializable_iterator(dataset)
    images_ph = tf.placeholder(tf.uint8, [None, *SHAPE], "images")
    labels_ph = tf.placeholder(tf.int64, [None], "labels")
    is_training = tf.placeholder_with_default(False, [], "is_training")
    placeholders = images_ph, labels_ph, is_training
    losses, probabilities = tf.py_func(outputs_for, placeholders, (tf.float32, tf.float32))
    losses.set_shape([None])
    probabilities.set_shape([None, len(CLASSES)])
    next_element = iterator.get_next()
    names = names_before(SHAPE, (iterator, next_element), placeholders, (losses, probabilities))
    return {**names, **{name: [] for name in LISTS}}, iterator.initializer


def outputs_for(images: np.ndarray, labels: np.ndarray, is_training: bool) -> tuple[np.ndarray, np.ndarray]:
    """The network's (losses [B], probabilities [B, classes]); with dropout on, it takes most for the other class."""
    numbers = numbers_of(images)
    sure = SURE[numbers] if not is_training else 1 - SURE[numbers]
    probabilities = np.empty([len(numbers), len(CLASSES)], np.float32)
    probabilities[np.arange(len(numbers)), TRUE[numbers]] = sure
    probabilities[np.arange(len(numbers)), 1 - TRUE[numbers]] = 1 - sure
    return -np.log(probabilities[np.arange(len(labels)), labels]), probabilities


def added_up(blank: StudentBlank, losses: list, labels: np.ndarray, probabilities: np.ndarray) -> str:
    """What blank 10c makes of them, in words."""
    given = {"losses": losses, "labels": labels, "probabilities": probabilities}
    with tf.Graph().as_default():
        names = blank.at("c").run(given)
    texts = []
    for name in ("loss", "accuracy"):
        value: Any = names.get(name, ())
        is_number = isinstance(value, (int, float, np.number, np.ndarray)) and np.ndim(value) == 0
        texts.append(f"{name} = {float(value):.4g}" if is_number else f"{name} is {described(value)}")
    return ", ".join(texts)


def draw_matrix(axes: Any, labels: np.ndarray, predicted: np.ndarray) -> None:
    """A confusion matrix."""
    counts = np.zeros([len(CLASSES), len(CLASSES)], int)
    np.add.at(counts, (labels, predicted), 1)
    axes.grid(visible=False)
    axes.imshow(counts, cmap="Blues", vmin=0, vmax=max(1, counts.max()))
    for (true, taken_for), count in np.ndenumerate(counts):
        colour = "white" if 2 * count > counts.max() else "black"
        axes.text(taken_for, true, f"{count}", ha="center", va="center", color=colour, fontsize=14)
    axes.set_xticks(range(len(CLASSES)), CLASSES)
    axes.set_yticks(range(len(CLASSES)), CLASSES)
    axes.set(xlabel="predicted", ylabel="true")
    axes.spines[:].set_visible(False)
