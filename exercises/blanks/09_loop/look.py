"""A small training by the student's loop: its loss and score, turn by turn, and the points that are written."""

from pathlib import Path
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.drawn import BLUE, CLASSES, GREY, ORANGE, figure_of, heading, note_in, refuse
from exercises.stages.drawn_places import finding_about, is_filled
from exercises.stages.event_files import curves, points_in
from exercises.stages.loop_errors import explain
from exercises.stages.own_names import names_in_graph
from exercises.stages.sessions import NeverEnding, watched_session
from exercises.stages.stand_ins import StageRun, image_data
from exercises.student_blank import StudentBlank
from kit.data.drawing.draw import draw

from .loop import WORDS
from .rehearsal import Recorder

IMAGES, BATCH, EPOCHS = 32, 16, 20  # 40 turns
SIZE = 12  # height and width of an image, in pixels
HIDDEN, RATE = 32, 0.003
EVERY = 4  # turns: a point of the curves
SHOWN = {"loss": (ORANGE, "upper right"), "score": (BLUE, "lower right")}  # {name: its colour, where the legend is}


def look(blank: StudentBlank) -> Any:
    turns, ending = turns_of(blank) if is_filled(blank, "a") else ([], "9a is still empty")
    if not turns and is_filled(blank, "a"):
        refuse("the loop ends before its first turn is over", "a turn for each batch", None)
    points, problem = points_of(blank, turns) if is_filled(blank, "b") else (None, "")
    title = f"Blank 9: a small training by your loop, {IMAGES * EPOCHS // BATCH} batches\n{len(turns)} turns; {ending}"
    figure, axes = figure_of(title, 11, 4.6, 2)
    for each, (name, (colour, corner)), tag in zip(axes, SHOWN.items(), ("curves/loss", "curves/accuracy")):
        heading(each, name)
        values = [number_in(turn.get(name)) for turn in turns]
        each.plot(range(1, len(values) + 1), values, ".-", color=colour, label=f"{name}, turn by turn")
        if points is None:
            each.plot([], [], "o", color=GREY, label="blank 9b is still empty: no points")
        elif written := [(step, numbers[tag]) for step, numbers in points if tag in numbers]:
            each.plot(*zip(*written), "o", color=GREY, fillstyle="none", label="points written for TensorBoard")
        else:
            each.plot([], [], "o", color=GREY, label="no point was written")
        most = max((value for value in values if np.isfinite(value)), default=1.0)
        each.set(xlabel="turn of the loop, step of the point", ylim=(0, 1.35 * most if most > 0 else 1))
        each.legend(frameon=False, loc=corner)
    if problem:
        note_in(figure, f"9b: {problem}")
    return figure


def number_in(value: Any) -> float:
    """A value as a number; not a number where it is none."""
    try:
        return float(np.asarray(value).reshape(()))
    except (TypeError, ValueError):
        return float("nan")


def turns_of(blank: StudentBlank) -> tuple[list[dict[str, Any]], str]:
    """Runs the student's loop: (what the names held after each turn, how it ended)."""
    lines, turns = blank.at("a"), []
    usual = {"images_ph": "images", "labels_ph": "labels"}
    in_graph = names_in_graph(blank, 6, "a", usual)
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(9)
        names, initializers = training(graph, in_graph, blank.seed)
        with watched_session(graph) as session:
            session.run(initializers)
            graph.finalize()
            try:
                lines.run({**names, "session": session}, loop=True, after_each=lambda scope: turns.append({**scope}))
            except Finding as finding:
                if isinstance(finding.__cause__, tf.errors.OutOfRangeError):
                    return turns, "then tf.errors.OutOfRangeError ends the program"
                if isinstance(finding.__cause__, NeverEnding):
                    return turns, "it would never end, and was stopped"
                raise explain(finding, WORDS, dict(zip(in_graph, usual))) from None
    return turns, "then it ends"


def training(graph: Any, in_graph: list[str], seed: int) -> tuple[dict[str, Any], list]:
    """(what the script defines before its loop, what starts it): a network of two layers, and plain images."""
    labels = np.arange(IMAGES) % len(CLASSES)
    drawn = [draw(CLASSES[label], number, SIZE, seed, "plain") for number, label in enumerate(labels)]
    images = np.stack([np.asarray(image) for image in drawn])
    dataset = tf.data.Dataset.from_tensor_slices((images, labels)).batch(BATCH).repeat(EPOCHS)
    iterator = tf.data.make_initializable_iterator(dataset)
    images_ph = tf.placeholder(tf.uint8, [None, SIZE, SIZE, 3], in_graph[0])
    labels_ph = tf.placeholder(tf.int64, [None], in_graph[1])
    rows = tf.reshape(tf.cast(images_ph, tf.float32) / 127.5 - 1.0, [-1, SIZE * SIZE * 3])  # [B, pixels]
    first = tf.get_variable("first", [SIZE * SIZE * 3, HIDDEN])
    second = tf.get_variable("second", [HIDDEN, len(CLASSES)])
    logits = tf.matmul(tf.nn.relu(tf.matmul(rows, first)), second)  # [B, classes]
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels_ph, logits=logits)
    batch_loss = tf.reduce_mean(losses)
    batch_score = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, axis=1), labels_ph), tf.float32))
    global_step, learning_rate = tf.train.get_or_create_global_step(), tf.constant(RATE)
    train_op = tf.train.AdamOptimizer(learning_rate).minimize(batch_loss, global_step)
    values = {"curves/loss": batch_loss, "curves/accuracy": batch_score, "curves/learning_rate": learning_rate}
    run = StageRun("look")
    names = {
        "graph": graph,
        "iterator": iterator,
        "next_element": iterator.get_next(),
        "images_ph": images_ph,
        "labels_ph": labels_ph,
        "is_training": tf.placeholder_with_default(False, [], "is_training"),
        "global_step": global_step,
        "train_op": train_op,
        "batch_loss": batch_loss,
        "batch_score": batch_score,
        "batch_accuracy": batch_score,
        "learning_rate": learning_rate,
        "scalars": tf.summary.merge([tf.summary.scalar(tag, value) for tag, value in values.items()]),
        "data": image_data(),
        "run": run,
        "settings": run.settings,
        "recorder": Recorder(),
    }
    return names, [tf.global_variables_initializer(), iterator.initializer]


def points_of(blank: StudentBlank, turns: list[dict[str, Any]]) -> tuple[list[tuple[int, dict[str, float]]], str]:
    """Runs the lines of 9b for some turns: ((step, {tag: value}) of each point that they write, what stops them)."""
    problem = ""
    lines, run = blank.at("b"), StageRun("drawn")
    with tf.Graph().as_default() as graph, tf.summary.FileWriter(run.events("train")) as writer:
        others = {"scalars": curves(), "run": run, "settings": run.settings, "graph": graph, "data": image_data()}
        for step in range(EVERY, len(turns) + 1, EVERY):
            turn = {name: turns[step - 1].get(name) for name in ("summary", "loss", "score", "rate")}
            try:
                lines.run({**turn, **others, "step": step, "train_writer": writer})
            except Finding as finding:
                problem = finding_about(blank, "b", finding).found
                break
    return points_in(Path(run.events("train"))), problem
