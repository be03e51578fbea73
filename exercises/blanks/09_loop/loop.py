"""The loop, rehearsed: a batch fetched, fed whole, learnt from once, until there is none."""

from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.event_files import CURVES
from exercises.stages.loop_errors import LoopWords, explain, why_a_loop_stopped
from exercises.stages.sessions import NeverEnding
from exercises.stages.tensors import described, is_same, number_of
from exercises.student_lines import StudentLines

from .rehearsal import BEFORE, NOT_TRAINING, RATE, RESULTS, SIZES, Rehearsal

WORDS = LoopWords(
    feed="feed_dict={images_ph: images, labels_ph: labels, is_training: True}",
    needs="train_op needs",
    results="images, labels, loss, score, rate, summary",
    unpacked="a name for each fetch, in their order; _ for that of train_op",
)
FETCHES = {
    "images": "next_element[0]",
    "labels": "next_element[1]",
    "loss": "batch_loss",
    "score": "batch_score",
    "rate": "learning_rate",
}
ORDINALS = ("first", "second", "last")  # the batches


def check_recorder(lines: StudentLines, rehearsal: Rehearsal) -> None:
    """The student's lines leave `recorder` to the lines after them."""
    if rehearsal.recorder_calls:
        raise Finding(
            f"your lines call recorder.{rehearsal.recorder_calls[0]}",
            "only the batch and what the session gives for it",
            "The script's lines around the blank call it: called twice in a turn, it would count the step twice.",
            lines.line_with("recorder"),
        )


# ----------------------------------------------------------------------------- what the graph was fed


def check_fed(lines: StudentLines, rehearsal: Rehearsal) -> None:
    """Whatever was fed is a batch as it was fetched: the images with their labels, unchanged."""
    if not rehearsal.fed:
        is_over = rehearsal.finding is None and not rehearsal.turns
        raise (
            why_it_stopped(lines, rehearsal)
            or (early_end(lines, 0) if is_over else None)
            or Finding(
                "the loop runs nothing with a batch",
                "session.run of train_op and the others, with a batch in feed_dict",
                "Fetched images are only arrays; the network sees what it is fed.",
                lines.line_with("run"),
            )
        )
    line = lines.line_with("images_ph:", "feed_dict", "feed")
    for fed in rehearsal.fed:
        images, labels = number_of(fed.images, rehearsal.images), number_of(fed.labels, rehearsal.labels)
        step = f"in step {fed.turn + 1}"
        if images is None or labels is None:
            raise Finding(
                f"the {'images' if images is None else 'labels'} fed {step} aren't a batch as it was fetched",
                "the arrays that session.run(next_element) has given, as they are",
                "The graph scales the pixels itself, and its placeholder takes uint8: anything else is cut to that.",
                line,
            )
        if images != labels:
            raise Finding(
                f"the images of the {ORDINALS[images]} batch are fed with the labels of the {ORDINALS[labels]} {step}",
                "one run of next_element per step, for images and labels together",
                "Each run of next_element, or of one of its two tensors, moves on to the next batch.",
                lines.line_with("next_element"),
            )


def check_trained(lines: StudentLines, rehearsal: Rehearsal) -> None:
    """train_op has run once in each turn, on the next batch, and with is_training."""
    steps = [fed for fed in rehearsal.fed if fed.by == "train_op"]
    line = lines.line_with("train_op", "run")
    if not steps:
        raise why_it_stopped(lines, rehearsal) or Finding(
            "train_op is never run",
            "train_op among the fetches of each step",
            "The loss tells how wrong the network is; only train_op makes it better.",
            lines.line_with("batch_loss", "feed_dict", "run"),
        )
    if not all(fed.is_training for fed in steps):
        raise Finding(
            "train_op runs with is_training False",
            "is_training: True in its feed_dict",
            "Without it dropout would be off, and batch norm would work as in evaluation.",
            lines.line_with("is_training", "feed_dict", "run"),
        )
    batches = [number_of(fed.images, rehearsal.images) or 0 for fed in steps]
    turns = [fed.turn for fed in steps]
    for number in range(1, len(SIZES)):
        same_turn = number < len(turns) and turns[number] == turns[number - 1]
        if same_turn and batches[number] == batches[number - 1]:
            raise Finding(
                f"train_op runs twice on the {ORDINALS[batches[number]]} batch",
                "once per batch, with everything you want in one list of fetches",
                "Each run of train_op is a step. In one list with the loss, both come from one pass.",
                line,
            )
        if same_turn:
            raise Finding(
                f"one turn of the loop trains on {turns.count(turns[number])} batches",
                "one batch per turn, and on to the lines after the blank",
                "The blank stands in a loop already. The lines after it count the step, write the curves and validate.",
                lines.line_with("while", "for ", "continue"),
            )
    for number, expected in enumerate(range(len(SIZES))):
        if number == len(batches):
            raise why_it_stopped(lines, rehearsal) or early_end(lines, number)
        if batches[number] < expected:
            raise Finding(
                f"step {number + 1} trains on the {ORDINALS[batches[number]]} batch again",
                f"the {ORDINALS[expected]} batch: a new one in each step",
                "Fetch once per turn. An initializer in the loop would start the data again, and it would never end.",
                lines.line_with("initializer", "next_element", "run"),
            )
        if batches[number] > expected:
            raise Finding(
                f"the {ORDINALS[expected]} batch is never fed: step {number + 1} trains on the next",
                "one run of next_element per step",
                "Each run of next_element moves on to the next batch, also if nothing is done with what it gives.",
                lines.line_with("next_element"),
            )


def early_end(lines: StudentLines, number: int) -> Finding:
    """The Finding for a loop that ends after so many batches, and not with the data."""
    return Finding(
        f"the loop ends after {number} of {len(SIZES)} batches, at step {BEFORE + number:,}",
        "a break where next_element has no more batches, and only there",
        "A resumed run has done steps before. Only tf.errors.OutOfRangeError, from next_element, ends the loop.",
        lines.line_with("break"),
    )


# ----------------------------------------------------------------------------- what a turn gives


def check_results(lines: StudentLines, rehearsal: Rehearsal) -> None:
    """After each turn, the names hold what belongs to its batch."""
    for number, turn in enumerate(rehearsal.turns[: len(SIZES)]):
        expected = {
            "images": rehearsal.images[number],
            "labels": rehearsal.labels[number],
            "loss": rehearsal.loss(number),
            "score": rehearsal.score(number),
            "rate": RATE,
        }
        for name in RESULTS:
            line = lines.line_with(f"{name} =", f"{name},", f", {name}", name)
            if name not in turn:
                raise Finding(
                    f"there is no {name}",
                    f"all of {', '.join(RESULTS)} after each turn",
                    "The lines after the blank need them: for the progress, the curves and the validation.",
                    lines.line_with("loss", "run"),
                )
            if name == "summary":
                check_summary(turn[name], line)
            else:
                check_result(name, turn[name], expected, line)
    if len(rehearsal.turns) < len(SIZES):
        raise why_it_stopped(lines, rehearsal) or Finding(
            "the loop breaks right after it has trained on the last batch",
            "a break only where there is no further batch",
            "The lines after the blank have to run for the last batch, too: that is where an epoch ends.",
            lines.line_with("break"),
        )


def check_result(name: str, value: Any, expected: dict[str, Any], line: Line) -> None:
    if is_same(value, expected[name]):
        return
    why = "A list of fetches gives a list of values, in the same order."
    other = [each for each in expected if each != name and is_same(value, expected[each])]
    if other:
        found = f"{name} is what {other[0]} should be"
    elif isinstance(value, np.ndarray) and value.ndim:
        found = f"{name} is another array than that of the batch, of shape {value.shape}"
    elif isinstance(value, (float, np.floating)):
        found = f"{name} is {value:.4g}"
        if name == "loss" and value > NOT_TRAINING:
            why = "It was computed without is_training: run it with train_op, in one list of fetches."
    else:
        found = f"{name} is {described(value)}"
    number = f", {expected[name]:.4g}" if np.ndim(expected[name]) == 0 else ""
    raise Finding(found, f"{name} = the value of {FETCHES[name]}{number}", why, line)


def check_one_run(lines: StudentLines, rehearsal: Rehearsal) -> None:
    """train_op and the others come from one run of the session in each turn."""
    for runs in rehearsal.runs_of_step:
        if len(runs) > 1:
            raise Finding(
                f"for each batch the session runs {len(runs)} times: {'; then '.join(map(' and '.join, runs))}",
                "one session.run, with all five in a list",
                "Each run goes through the whole network: twice the work, and a loss of other weights than the step's.",
                lines.line_with("session.run(batch", ".eval(", "train_op", "run"),
            )


def check_summary(summary: Any, line: Line) -> None:
    try:
        tags = [value.tag for value in tf.Summary.FromString(summary).value]
    except Exception:  # protobuf raises many kinds for what isn't a summary
        tags = []
    if tags != list(CURVES):
        raise Finding(
            f"summary is {described(summary)}, not what scalars gives",
            "summary = the value of scalars: bytes, which a FileWriter takes",
            "It is written to the event file, a point of each curve.",
            line,
        )


# ----------------------------------------------------------------------------- how it ended


def check_end(lines: StudentLines, rehearsal: Rehearsal) -> None:
    """The loop has ended at the end of the data, without an error."""
    error = rehearsal.finding.__cause__ if rehearsal.finding else None
    if rehearsal.finding and isinstance(error, tf.errors.OutOfRangeError):
        raise Finding(
            "after the last batch, tf.errors.OutOfRangeError ends the program",
            "try ... except tf.errors.OutOfRangeError: break",
            "It is how next_element says that there are no more batches: the sign to leave the loop, not a fault.",
            rehearsal.finding.line,
        )
    steps = [fed for fed in rehearsal.fed if fed.by == "train_op"]
    if len(steps) > len(SIZES) or isinstance(error, NeverEnding):
        raise Finding(
            "after the last batch, the loop goes on",
            "break where next_element raises tf.errors.OutOfRangeError",
            "The data set holds the batches of all epochs. When they are used up, training is over.",
            lines.line_with("pass", "continue", "initializer", "except"),
        )
    if rehearsal.finding:
        raise explain(rehearsal.finding, WORDS, rehearsal.placeholders)


def check_broken(lines: StudentLines, rehearsal: Rehearsal) -> None:
    """Where an image can't be decoded, the loop doesn't end as if all were well."""
    if rehearsal.finding is None or isinstance(rehearsal.finding.__cause__, NeverEnding):
        raise Finding(
            "where an image can't be decoded, the loop goes on or ends as if all were well",
            "except tf.errors.OutOfRangeError: the end of the data, and no other error",
            "An error that nobody sees costs a day: the network would have learnt from only a part of the images.",
            lines.line_with("except", "try"),
        )


def why_it_stopped(lines: StudentLines, rehearsal: Rehearsal) -> Finding | None:
    """The Finding of the error that ended the loop too early, even if an except has hidden it; or None."""
    return why_a_loop_stopped(lines, rehearsal, WORDS)
