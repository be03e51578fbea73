"""What the tensors of blank 7 are for a batch of images."""

import kit.tensorflow1 as tf
from exercises.checks.datasets import upstream
from exercises.checks.small_network import CLASSES
from exercises.checks.tensors import line_making, tensor_called
from exercises.findings import Finding
from kit.cli.errors import tensorflow_reason


class Values:
    """What the student's tensors are for a batch."""

    def __init__(self, lines, names, network, session):
        self._lines, self._names, self._network, self._session = lines, names, network, session

    def tensor(self, name, why):
        """The tensor of a name, and the line that made it."""
        tensor = tensor_called(self._lines, "7", self._names, name, why)
        return tensor, line_making(self._lines, "7", name, tensor)

    def is_constant(self, tensor):
        """Whether it doesn't depend on the logits."""
        return self._network.names["logits"].op not in upstream(tensor.op)

    def of(self, tensor, batch, line):
        """Its value; a Finding where it can't be computed."""
        try:
            return self._session.run(tensor, feed_dict=self._network.feed(batch))
        except tf.errors.FailedPreconditionError as error:
            raise Finding(
                f"it needs a variable without a first value: {tensorflow_reason(error)}",
                "a tensor computed from the logits and labels of this batch alone",
                "tf.metrics adds up over batches, in local variables that this script doesn't initialize.",
                line,
            ) from None
        except tf.errors.OpError as error:
            raise Finding(
                f"with {len(batch.labels)} images of {CLASSES} classes: {tensorflow_reason(error)}",
                "a tensor that can be computed from logits, [B, classes], and labels_ph, [B], whatever B is",
                "logits has a row for each image, in it a score for each class; labels_ph has just the class's number.",
                line,
            ) from None


def is_close(value, number):
    return number is not None and abs(value - number) < 1e-3 * max(1, abs(number))


def which_of(value, wrong):
    """Which of the classic mistakes {words: its numbers} gives a value: its words, or none."""
    for words, numbers in wrong.items():
        if any(is_close(value, number) for number in numbers):
            return words
    return ""
