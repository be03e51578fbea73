"""A picture as TensorBoard takes it."""

from __future__ import annotations

import kit.tensorflow1 as tf


def picture(name: str, png: bytes) -> tf.Summary:
    """A picture for TensorBoard.

    Args:
      name: its tag is `pictures/<name>`.
      png: bytes.
    Returns:
      tf.Summary.
    """
    return tf.Summary(
        value=[tf.Summary.Value(tag=f"pictures/{name}", image=tf.Summary.Image(encoded_image_string=png))]
    )
