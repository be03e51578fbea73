"""A picture for TensorBoard."""

from __future__ import annotations

import kit.tensorflow1 as tf


def picture(tag: str, png: bytes) -> tf.Summary:
    """A summary of one picture.

    Args:
      tag: what TensorBoard calls it, `group/name`.
      png: the picture.
    """
    return tf.Summary(value=[tf.Summary.Value(tag=tag, image=tf.Summary.Image(encoded_image_string=png))])
