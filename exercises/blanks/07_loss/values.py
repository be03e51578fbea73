"""Runs the student's lines on the small network, and says what their tensors are for a batch of images."""

from typing import Any

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.datasets import upstream
from exercises.stages.stand_ins import image_data
from exercises.stages.tensors import line_making, tensor_called
from exercises.student_lines import StudentLines
from kit.cli.errors import tensorflow_reason
from kit.cli.settings import TrainingSettings

from .small_network import CLASSES, OWN, Batch, Network


class Head:
    """`head`: what gives the loss of each image."""

    def per_example(self, labels: Any, logits: Any) -> Any:
        """int64 [B], float32 [B, classes] -> float32 [B]: a loss like that of --loss, whatever it is."""
        if tf.as_dtype(labels.dtype).is_floating or tf.as_dtype(logits.dtype).is_integer:
            raise TypeError("head.per_example takes (labels, logits), whole numbers and scores, in this order")
        return OWN * tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)


def run_on(lines: StudentLines, network: Network) -> tuple[dict[str, Any], Any]:
    """Runs the student's lines on a network; gives all names, and the initializer of all variables."""
    names = {
        **network.names,
        "head": Head(),
        "settings": TrainingSettings(),
        "data": image_data(num_classes=CLASSES),
    }
    with network.graph.as_default():
        try:
            names = lines.run(names, keeps=("logits", "labels_ph", "probabilities", "global_step", "head"))
        except Finding as finding:
            raise explain(finding) from None
        return names, tf.global_variables_initializer()


def explain(finding: Finding) -> Finding:
    """The Finding of an error in the student's lines, in this blank's own terms where it is a classic one."""
    error, message = finding.__cause__, str(finding.__cause__)
    if isinstance(error, ValueError) and "No gradients provided" in message:
        return Finding(
            "the loss to minimise has no gradient for any weight",
            "optimizer.minimize of batch_loss",
            "An accuracy jumps where an answer changes, and is flat in between: it can't say which way is better. "
            "A loss can.",
            finding.line,
        )
    if isinstance(error, TypeError) and "'Equal' Op" in message:
        kinds = sorted(kind for kind in ("float32", "int32", "int64", "bool") if kind in message)
        return Finding(
            f"tf.equal compares {' with '.join(kinds)}",
            "two int64 [B]: the class with the largest of probabilities, and the label",
            "tf.argmax says which of an image's probabilities is the largest, as int64, and labels are int64, too.",
            finding.line,
        )
    if isinstance(error, TypeError) and "DataType bool" in message:
        return Finding(
            "tf.reduce_mean takes the mean of true and false",
            "the mean of numbers: 1.0 for true and 0.0 for false, by tf.cast",
            "TensorFlow doesn't take true for 1 on its own.",
            finding.line,
        )
    if isinstance(error, KeyError) and "not in the graph" in message:
        return Finding(
            "tf.control_dependencies is given a text, not operations",
            "a list of operations: tf.get_collection(tf.GraphKeys.UPDATE_OPS)",
            "tf.GraphKeys.UPDATE_OPS is only the collection's name.",
            finding.line,
        )
    return finding


class Values:
    """What the student's tensors are for a batch."""

    def __init__(self, lines: StudentLines, names: dict[str, Any], network: Network, session: Any) -> None:
        self._lines, self._names, self._network, self._session = lines, names, network, session

    def tensor(self, name: str, why: str) -> tuple[Any, Line]:
        """The tensor of a name, and the line that made it."""
        tensor = tensor_called(self._lines, self._names, name, why)
        return tensor, line_making(self._lines, name, tensor)

    def is_constant(self, tensor: Any) -> bool:
        """Whether it doesn't depend on the logits."""
        return self._network.names["logits"].op not in upstream(tensor.op)

    def has_argmax(self, tensor: Any) -> bool:
        """Whether a class is looked for on the way to it."""
        return any(operation.type in ("ArgMax", "ArgMin", "TopKV2", "InTopKV2") for operation in upstream(tensor.op))

    def compares_objects(self) -> bool:
        """Whether the lines have a ==, which between tensors asks Python."""
        return any("==" in text for _, _, text in self._lines.code())

    def of(self, tensor: Any, batch: Batch, line: Line) -> Any:
        """Its value; a Finding where it can't be computed."""
        try:
            return self._session.run(tensor, feed_dict=self._network.feed(batch))
        except tf.errors.FailedPreconditionError as error:
            raise Finding(
                f"it needs a variable without a first value: {tensorflow_reason(error)}",
                "a tensor computed only from the logits and labels of this batch",
                "tf.metrics adds up over batches, in local variables that this script doesn't initialize.",
                line,
            ) from None
        except tf.errors.OpError as error:
            raise Finding(
                f"with {len(batch.labels)} images of {CLASSES} classes: {tensorflow_reason(error)}",
                "a tensor that can be computed from logits, [B, classes], and labels_ph, [B], for any B",
                "logits has a row for each image, in it a score for each class; labels_ph has just the class's number.",
                self._lines.line_of(error.op) or line,
            ) from None


def is_close(value: Any, number: float | None) -> bool:
    """Whether a value is a number, but for rounding."""
    return number is not None and abs(value - number) < 1e-3 * max(1, abs(number))


def which_of(value: Any, wrong: dict[str, tuple]) -> str:
    """Which of the classic mistakes {words: its numbers} gives a value: its words, or none."""
    for words, numbers in wrong.items():
        if any(is_close(value, number) for number in numbers):
            return words
    return ""
