"""A student's design of a network: its logits, and what they are made from."""

import re
from dataclasses import dataclass
from typing import Any

import kit.tensorflow1 as tf
from exercises.findings import Finding, Line
from exercises.stages.tensors import described, shape_text
from exercises.student_lines import RETURNED, StudentLines
from kit.model.layer_registry import Layer, layers_of

from .learning import count_parameters, leading_to

MOST_PARAMETERS = 50_000_000  # with its gradient and Adam's averages, each takes 16 bytes
ACTIVATIONS = ("Softmax", "Sigmoid", "Tanh", "Relu", "Elu")  # types of operations


@dataclass(frozen=True)
class Design:
    """A network in the default graph.

    Attributes:
      logits: tf.Tensor.
      line: the student's line that made it.
      activation: "relu" or another, if that is what the logits come out of; else None.
      sees_images: whether the logits depend on the images.
      has_convolution: whether there is a convolution between the images and the logits.
      idle_layers: those that don't lead to the logits.
    """

    logits: Any
    line: Line
    activation: str | None
    sees_images: bool
    has_convolution: bool
    idle_layers: list[Layer]


def build(lines: StudentLines, images: Any, num_classes: int, is_training: Any) -> Design:
    """Runs the student's lines in the default graph.

    Args:
      lines: the student's.
      images: float32 [B, H, W, 3], a placeholder.
      num_classes: how many scores there should be.
      is_training: bool [].
    Raises:
      Finding: there are no logits, or not of that shape; or too many parameters, or none.
    """
    names = {"images": images, "num_classes": num_classes, "is_training": is_training}
    try:
        names = lines.run(names, may_return=True)
    except Finding as finding:
        raise explain(finding) from None
    if RETURNED in names:
        names["logits"] = names[RETURNED]
    logits: Any = names.get("logits")
    line = lines.line_of(getattr(logits, "op", None)) or lines.line_with("logits =", "logits", "return")
    check_logits(logits, "logits" in names, num_classes, line)
    check_parameters(lines, line)
    ancestors = leading_to(logits.op)
    return Design(
        logits,
        line,
        activation_of(logits),
        images.op in ancestors,
        any(operation.type == "Conv2D" for operation in ancestors),
        [layer for layer in layers_of(tf.get_default_graph()) if layer.output.op not in ancestors],
    )


def check_logits(logits: Any, exists: bool, num_classes: int, line: Line) -> None:
    if not isinstance(logits, tf.Tensor):
        raise Finding(
            f"logits is {described(logits)}" if exists else "there is no logits",
            "logits = j_logits(x, num_classes), after your layers",
            "The line after the blank returns it: the network's scores of each image.",
            line,
        )
    sizes = logits.shape.as_list() if logits.shape.ndims == 2 else []
    if sizes[1:] != [num_classes] or logits.dtype != tf.float32:
        raise Finding(
            f"with num_classes = {num_classes}, logits is {logits.dtype.name} {shape_text(logits)}",
            f"float32 [B, num_classes], here [None, {num_classes}]: a score for each class",
            "How many classes there are depends on the data set; the loss compares the scores of all of them.",
            line,
        )


def check_parameters(lines: StudentLines, line: Line) -> None:
    variables = tf.trainable_variables()
    if not variables:
        raise Finding(
            "the network has no weights",
            "layers that learn: j_conv_layer, j_fc_layer, j_logits",
            "Training changes only weights.",
            line,
        )
    if (parameters := count_parameters()) > MOST_PARAMETERS:
        largest = max(variables, key=lambda variable: variable.shape.num_elements())
        raise Finding(
            f"the network has {parameters / 1e6:,.0f} million parameters, {largest.shape.num_elements() / 1e6:,.0f} "
            f"million of them in {largest.op.name}",
            f"at most {MOST_PARAMETERS / 1e6:.0f} million; cnn has less than a tenth of a million",
            "Training would take minutes here and hours with large images. Pool more before you flatten.",
            lines.line_of(largest.op) or line,
        )


def activation_of(logits: Any) -> str | None:
    """The name of the activation that logits come out of, or None."""
    operation = logits.op
    while operation.type in ("Identity", "Reshape", "Squeeze"):
        operation = operation.inputs[0].op
    return operation.type.lower() if operation.type in ACTIVATIONS else None


def explain(finding: Finding) -> Finding:
    """The Finding of an error in the student's lines: a layer's error says itself what it got and what it wants."""
    error = finding.__cause__
    parts = re.fullmatch(r"(layer '.*?': got .*), wants (.*)\.", str(error), re.DOTALL)
    if type(error).__name__ != "LayerError" or not parts:
        return finding
    why = "Each layer wants its own kind of input: convolutions and pooling on images, fully connected layers on rows."
    if "a name of its own" in parts[2]:
        why = "A layer's weights are kept under its name, so two layers can't share one."
    elif "as its name" in parts[1]:
        why = "The name comes after the filters, units or rate; tf_layers.py has the arguments of each layer."
    elif "has shrunk" in parts[2]:
        why = "The check's images are small. Each pooling layer, and each convolution with strides=2, halves them."
    elif "is_training" in parts[1]:
        why = "The layer works differently in training and in evaluation; is_training says which it is."
    return Finding(parts[1], parts[2], why, finding.line)
