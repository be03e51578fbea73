"""The errors that a student's loop of fetch and feed runs into, in words of the lesson: for training and evaluation."""

import re
from dataclasses import dataclass
from typing import Any, Protocol

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.sessions import NeverEnding
from exercises.student_lines import StudentLines


@dataclass(frozen=True)
class LoopWords:
    """What the names are called in a loop."""

    feed: str  # how to feed a batch
    needs: str  # "train_op needs": what can't do without it
    results: str  # the names to fill, separated by commas
    unpacked: str  # what each list of names stands for


class LoopRehearsal(Protocol):
    """A student's loop, run to its end."""

    finding: Finding | None  # what ended it
    errors: list  # what the session raised
    placeholders: dict[str, str]  # {name in the graph: Python's name}: {"images": "images_ph"}


def why_a_loop_stopped(lines: StudentLines, rehearsal: LoopRehearsal, words: LoopWords) -> Finding | None:
    """The Finding of the error that ended a loop too early, even if an except has hidden it; or None."""
    if rehearsal.finding and not isinstance(rehearsal.finding.__cause__, NeverEnding):
        return explain(rehearsal.finding, words, rehearsal.placeholders)
    hidden = [each for each in rehearsal.errors if not isinstance(each, tf.errors.OutOfRangeError)]
    if not hidden:
        return None
    finding = lines.blank.finding_of(hidden[0])
    finding.__cause__ = hidden[0]
    finding = explain(finding, words, rehearsal.placeholders)
    return Finding(
        f"an except hides an error: {finding.found}",
        finding.expected,
        "Catch only tf.errors.OutOfRangeError. Any other error is a fault, and you want to see it.",
        finding.line,
    )


def explain(finding: Finding, words: LoopWords, placeholders: dict[str, str]) -> Finding:
    """The Finding of an error in the lines of a loop, in the lesson's own terms where it is a classic one."""
    error: Any = finding.__cause__
    message = str(error)
    if isinstance(error, tf.errors.OpError):
        name = re.search("value for placeholder tensor '(.*?)'", message)
        if name and name[1] in placeholders:
            return Finding(
                f"{placeholders[name[1]]} is not fed",
                words.feed,
                f"{words.needs} the images and their labels: a placeholder has no value of its own.",
                finding.line,
            )
        return finding
    fed = re.search(r"Cannot feed value of shape (\(.*?\)) for Tensor '?([^:']+)", message)
    if fed and fed[2] in placeholders:
        return Finding(
            f"{placeholders[fed[2]]} is fed an array of shape {fed[1]}",
            "the images, [B, H, W, 3], into images_ph and the labels, [B], into labels_ph",
            "A placeholder takes only what fits its shape.",
            finding.line,
        )
    if "feed cannot be a tf.Tensor" in message or "symbolic tf.Tensor" in message:
        return Finding(
            "feed_dict has a tensor as a value",
            "the arrays that session.run(next_element) has given",
            "Only numbers can be fed. A tensor has none until a session runs it.",
            finding.line,
        )
    if value := re.search(r'has invalid type "(ndarray|float\w*|bytes)"', message):
        kind = "an array" if value[1] == "ndarray" else "a number" if value[1] != "bytes" else "bytes"
        return Finding(
            f"the second turn fetches {kind} and not a tensor: a tensor's name now stands for its value",
            f"other names for the values: {words.results}",
            "After x = session.run(x), x is a value and no longer a tensor: the next turn can't run it.",
            finding.line,
        )
    if isinstance(error, ValueError) and "values to unpack" in message:
        return Finding(
            f"the numbers of names and of values differ: {message}",
            words.unpacked,
            "session.run gives as many values as it is asked for, in their order.",
            finding.line,
        )
    if "unhashable type: 'numpy.ndarray'" in message:
        return Finding(
            "an array is a key of feed_dict",
            f"the placeholders as keys, the arrays as values: {words.feed}",
            "A placeholder is where an array goes; images_ph and labels_ph must go on to name the placeholders.",
            finding.line,
        )
    if "multiple values for argument 'feed_dict'" in message or "truth value of an array" in message:
        return Finding(
            "session.run takes its second argument for the feed_dict",
            "all fetches in one list, and then the feed_dict: session.run([...], feed_dict={...})",
            "session.run has one argument that says what to fetch.",
            finding.line,
        )
    return finding
