"""A graph whose placeholders take the next batch from an iterator, so that nothing needs to be fed."""

from __future__ import annotations

import kit.tensorflow1 as tf


def wire(placeholders: tuple, next_element: tuple) -> tuple:
    """Lets what reads the placeholders read the next element of an iterator instead, unless that is fed.

    It must come before a session has run the graph. TensorFlow has no public way to change an operation's input
    (2.21); its own control flow does it with the same method.

    Args:
      placeholders: (images_ph, labels_ph, is_training).
      next_element: (images, labels), tensors of an iterator.
    Returns:
      (images, labels, is_training): what may be fed now, and what a session fetches to see the batch.
    """
    *fed, is_training = placeholders
    wired = []
    for placeholder, source in zip(fed, next_element):
        entrance = tf.placeholder_with_default(source, source.shape, f"wired_{placeholder.op.name}")
        for operation in placeholder.consumers():
            for index, tensor in enumerate(operation.inputs):
                if tensor is placeholder:
                    operation._update_input(index, entrance)
        wired.append(entrance)
    return (*wired, is_training)
