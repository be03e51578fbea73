"""A picture for TensorBoard."""

from __future__ import annotations

import kit.tensorflow1 as tf


def picture(name: str, png: bytes) -> tf.Summary:
    """A summary of one picture.

    Args:
      name: its tag is `pictures/<name>`.
      png: the picture.
    """
    return tf.Summary(
        value=[tf.Summary.Value(tag=f"pictures/{name}", image=tf.Summary.Image(encoded_image_string=png))]
    )
