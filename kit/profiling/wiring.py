"""A graph that reads its batches from an iterator, where the lesson's graph has placeholders."""

from __future__ import annotations

from typing import Any

import kit.tensorflow1 as tf
from kit.data.interface import Data


def wired_parts(parts: dict[str, Any], data: Data) -> dict[str, Any]:
    """The fields of a TrainingGraph, wired; a UserError if the batches don't fit the placeholders."""
    from kit.runs.script_errors import check_fed  # here: `--help` needs none

    check_fed(parts["next_element"], parts["placeholders"], data)
    return {**parts, "placeholders": wire(parts["placeholders"], parts["next_element"])}


def wire(placeholders: tuple, next_element: tuple) -> tuple:
    """Replaces two placeholders by new ones, whose default is the next element of an iterator.

    Call it before a session runs the graph. It uses the method by which TensorFlow's control flow changes an
    operation's input; there is no public one (2.21).

    Args:
      placeholders: (images_ph [B, ...], labels_ph [B], is_training []).
      next_element: (images [B, ...], labels [B]), an iterator's.
    Returns:
      (images, labels, is_training): the new placeholders; they can be fetched, or still be fed.
    """
    images_ph, labels_ph, is_training = placeholders
    wired = []
    for placeholder, source in zip((images_ph, labels_ph), next_element):
        with_default = tf.placeholder_with_default(source, source.shape, f"wired_{placeholder.op.name}")
        for operation in placeholder.consumers():
            for index, tensor in enumerate(operation.inputs):
                if tensor is placeholder:
                    operation._update_input(index, with_default)
        wired.append(with_default)
    return (*wired, is_training)
