"""The errors that a student's training loop runs into, in words of the lesson. For blank 8."""

import re

import kit.tensorflow1 as tf
from exercises.findings import Finding


def explained(finding, error):
    """The Finding of an error in the lines of 8b: in this blank's own terms, where it is a classic.

    Args:
      finding: the Finding of any error.
      error: what was raised, or None.
    """
    message = str(error)
    if isinstance(error, tf.errors.OpError):
        if name := re.search("value for placeholder tensor '(images|labels)'", message):
            return Finding(
                f"{name[1]}_ph is not fed",
                "feed_dict={images_ph: images, labels_ph: labels, is_training: True}",
                "train_op needs the images and what they show: a placeholder has no value of its own.",
                finding.line,
            )
        return finding
    if fed := re.search(r"Cannot feed value of shape (\(.*?\)) for Tensor '?(images|labels)", message):
        return Finding(
            f"{fed[2]}_ph is fed an array of shape {fed[1]}",
            "the images, [B, H, W, 3], into images_ph and the labels, [B], into labels_ph",
            "A placeholder takes only what fits its shape.",
            finding.line,
        )
    if "feed cannot be a tf.Tensor" in message or "symbolic tf.Tensor" in message:
        return Finding(
            "feed_dict has a tensor as a value",
            "the arrays that session.run(next_element) has given",
            "What is fed are numbers. A tensor has none until a session runs it.",
            finding.line,
        )
    if value := re.search(r'has invalid type "(ndarray|float\w*|bytes)"', message):
        kind = "an array" if value[1] == "ndarray" else "a number" if value[1] != "bytes" else "bytes"
        return Finding(
            f"the second turn fetches {kind} and not a tensor: a tensor's name was given to its value",
            "other names for the values: images, labels, loss, accuracy, rate, summary",
            "After batch_loss = session.run(batch_loss), batch_loss is a number, and no later turn can run it.",
            finding.line,
        )
    if isinstance(error, ValueError) and "values to unpack" in message:
        return Finding(
            f"the numbers of names and of values differ: {message}",
            "a name for each fetch, in their order; _ for that of train_op",
            "session.run gives a list as long as the list of fetches.",
            finding.line,
        )
    if key := re.search("Cannot interpret feed_dict key as Tensor: The name '(.*?)'", message):
        return Finding(
            f"feed_dict has the text '{key[1]}' as a key",
            "the placeholders themselves: feed_dict={images_ph: images, ...}",
            "What is fed is found by its placeholder, and a text isn't one: {images_ph: images}, without quotes.",
            finding.line,
        )
    if "multiple values for argument 'feed_dict'" in message or "truth value of an array" in message:
        return Finding(
            "session.run takes what comes second for the feed_dict",
            "all fetches in one list, and then the feed_dict: session.run([...], feed_dict={...})",
            "session.run has one argument that says what to fetch.",
            finding.line,
        )
    return finding
