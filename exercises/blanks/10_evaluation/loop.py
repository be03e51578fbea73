"""What the evaluation's loop has to do: each batch once, and dropout off."""

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.loop_errors import LoopWords, explain, why_a_loop_stopped
from exercises.stages.sessions import NeverEnding
from exercises.stages.tensors import described, is_same, shape_in_words
from exercises.student_lines import StudentLines

from .rehearsal import SIZES, Evaluation

ORDINALS = ("first", "second", "last")  # the batches
WORDS = LoopWords(
    feed="feed_dict={images_ph: images, labels_ph: batch_labels}",
    needs="The losses need",
    results="images, batch_labels, batch_losses, batch_probabilities",
    unpacked="a name for each: next_element gives images and labels, outputs gives losses and probabilities",
)
SOURCES = {
    "batch_labels": "the labels that next_element gave",
    "batch_losses": "what session.run gives for the first of outputs",
    "batch_probabilities": "what session.run gives for the second of outputs",
}


def check_fed(lines: StudentLines, evaluation: Evaluation) -> None:
    """What is fed is each batch once, as it was fetched: its images with its labels."""
    line = lines.line_with("images_ph", "feed")
    if not evaluation.fed:
        is_over = evaluation.finding is None and not evaluation.turns
        raise (
            why_it_stopped(lines, evaluation)
            or (early_end(lines, 0) if is_over else None)
            or Finding(
                "the loop computes nothing of a batch",
                "session.run(outputs, feed_dict=...) with the batch that was fetched",
                "Fetched images are only arrays; the network sees what it is fed.",
                lines.line_with("run"),
            )
        )
    for fed in evaluation.fed:
        if fed.images is None or fed.labels is None:
            raise Finding(
                f"the {'images' if fed.images is None else 'labels'} fed in turn {fed.turn + 1} aren't a batch as it "
                "was fetched",
                "the arrays that session.run(next_element) has given, as they are",
                "The graph scales the pixels itself, and its placeholders take uint8 and int64.",
                line,
            )
        if fed.images != fed.labels:
            raise Finding(
                f"turn {fed.turn + 1} feeds the images of the {ORDINALS[fed.images]} batch with the labels of the "
                f"{ORDINALS[fed.labels]}",
                "one run of next_element per turn, for images and labels together",
                "Each run of next_element, or of one of its two tensors, moves on to the next batch.",
                lines.line_with("next_element"),
            )
    check_order(lines, evaluation)


def check_order(lines: StudentLines, evaluation: Evaluation) -> None:
    """Each turn feeds the next batch, to the last."""
    for turn in range(len(SIZES)):
        batches = list(dict.fromkeys(fed.images or 0 for fed in evaluation.fed if fed.turn == turn))
        if not batches:
            raise why_it_stopped(lines, evaluation) or early_end(lines, turn)
        if batches[0] != turn:
            what = f"the {ORDINALS[turn]} batch is never evaluated" if batches[0] > turn else "a batch comes again"
            raise Finding(
                f"{what}: turn {turn + 1} feeds the {ORDINALS[batches[0]]}",
                "each batch once: one run of next_element per turn",
                "Each run of next_element moves on to the next batch, also if nothing is done with what it gives.",
                lines.line_with("initializer", "next_element"),
            )
        if len(batches) > 1:
            raise Finding(
                f"turn {turn + 1} of the loop goes through {len(batches)} batches",
                "one batch per turn, and on to the lines after the blank",
                "The blank stands in a loop already; the lines after it keep what each batch gave.",
                lines.line_with("while", "for ", "continue"),
            )


def check_mode(lines: StudentLines, evaluation: Evaluation) -> None:
    """Dropout is off."""
    if any(fed.is_training for fed in evaluation.fed):
        raise Finding(
            "outputs is run with is_training True: dropout is on, and batch norm works as in training",
            "False for is_training, or nothing, because False is its default",
            "With dropout on, a part of the network is missing, another one each time: it would look worse than it is.",
            lines.line_with("is_training", "True"),
        )


def check_turns(lines: StudentLines, evaluation: Evaluation) -> None:
    """After each turn, the names hold what belongs to its batch."""
    for number, turn in enumerate(evaluation.turns[: len(SIZES)]):
        all_expected = evaluation.expected(number)
        for name, expected in all_expected.items():
            line = lines.line_with(f"{name} =", f"{name},", f", {name}", name, name.removeprefix("batch_"))
            why = "The lines after the blank append it to the list of all batches."
            if name not in turn.names:
                raise Finding(f"there is no {name}", f"{name} = {SOURCES[name]}", why, line)
            if not is_same(turn.names[name], expected):
                raise Finding(
                    f"in turn {number + 1}, {name} is {value_text(turn.names[name], all_expected)}",
                    f"{name} = {SOURCES[name]}, {shape_in_words(expected)}",
                    why,
                    line,
                )
        if turn.touched:
            name = turn.touched[0]
            raise Finding(
                f"the blank changes {name}, the list of what all batches gave",
                f"{name} left as it is",
                "The lines after the blank append the batch to it.",
                lines.line_with(f"{name}.", f"{name} ", f" {name}", name),
            )
    if len(evaluation.turns) < len(SIZES):
        raise why_it_stopped(lines, evaluation) or Finding(
            f"the loop breaks before the lines after the blank have kept the {ORDINALS[len(evaluation.turns)]} batch",
            "a break only where there is no further batch",
            "An evaluation is of all images.",
            early_break(lines),
        )


def remarks_on_runs(evaluation: Evaluation) -> Iterator[str]:
    """What there is to say of a network that runs more than once for each batch: it is right, and slow."""
    runs = max(sum(fed.turn == turn for fed in evaluation.fed) for turn in range(len(SIZES)))
    if runs > 1:
        yield f"more runs than needed: the network runs {runs} times for each batch, and one run gives both of outputs"


def check_end(lines: StudentLines, evaluation: Evaluation) -> None:
    """The loop has ended at the end of the data, without an error."""
    error = evaluation.finding.__cause__ if evaluation.finding else None
    if evaluation.finding and isinstance(error, tf.errors.OutOfRangeError):
        raise Finding(
            "after the last batch, session.run raises tf.errors.OutOfRangeError, and nothing catches it",
            "try ... except tf.errors.OutOfRangeError: break",
            "It is how next_element says that there are no more batches: the sign to leave the loop, not a fault.",
            evaluation.finding.line,
        )
    if len(evaluation.turns) > len(SIZES) or isinstance(error, NeverEnding):
        raise Finding(
            "after the last batch, the loop goes on",
            "break where next_element raises tf.errors.OutOfRangeError",
            "The data set holds each image once. When they are used up, the evaluation is over.",
            lines.line_with("pass", "continue", "initializer", "except"),
        )
    if evaluation.finding:
        raise explain(evaluation.finding, WORDS, evaluation.placeholders)


def check_broken(lines: StudentLines, evaluation: Evaluation) -> None:
    """Where an image can't be decoded, the loop doesn't end as if all were well."""
    if evaluation.finding is None or isinstance(evaluation.finding.__cause__, NeverEnding):
        raise Finding(
            "where an image can't be decoded, the loop ends or goes on as if all were well",
            "except tf.errors.OutOfRangeError: the end of the data, and no other error",
            "Nobody would see that the accuracy is of only a part of the images.",
            lines.line_with("except", "try"),
        )


# ----------------------------------------------------------------------------- in words


def why_it_stopped(lines: StudentLines, evaluation: Evaluation) -> Finding | None:
    """The Finding of the error that ended the loop too early, even if an except has hidden it; or None."""
    return why_a_loop_stopped(lines, evaluation, WORDS)


def early_end(lines: StudentLines, number: int) -> Finding:
    """The Finding for a loop that ends after so many batches, and not with the data."""
    return Finding(
        f"the loop ends after {number} of {len(SIZES)} batches, where a million came before",
        "a break where next_element has no more batches, and only there",
        "An evaluation is of all images, however many.",
        early_break(lines),
    )


def early_break(lines: StudentLines) -> Line:
    """The first break that doesn't stand right after an except, or else the first."""
    code = lines.code()
    for before, line in itertools.pairwise(code):
        if line[2].startswith("break") and not before[2].startswith("except"):
            return line
    return lines.line_with("break")


def value_text(value: Any, expected: dict[str, np.ndarray]) -> str:
    """A value in a few words, where it isn't what it should be; expected: {name: array} of all."""
    other = [name for name, array in expected.items() if is_same(value, array)]
    if other:
        return f"what {other[0]} should be"
    if isinstance(value, np.ndarray):
        is_alike = value.shape in [array.shape for array in expected.values()]
        return "another array than that of the batch" if is_alike else f"an array of {shape_in_words(value)}"
    return described(value)
