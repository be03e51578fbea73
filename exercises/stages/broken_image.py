"""An image that can't be decoded, in a data set of a rehearsal."""

from typing import Any

import kit.tensorflow1 as tf


def with_a_file(images: Any, labels: Any, is_broken: Any) -> tuple[Any, Any]:
    """Sends the first image of a batch through a file, which stops the session where an image of the batch is broken.

    Args:
      images: uint8 [B, H, W, 3].
      labels: int64 [B].
      is_broken: bool [B].
    Returns:
      (images, labels), as they were.
    """
    png = tf.where(tf.reduce_any(is_broken), "what was a PNG", tf.image.encode_png(images[0]))
    first = tf.ensure_shape(tf.image.decode_png(png, channels=3), images.shape[1:])
    return tf.concat([first[None], images[1:]], axis=0), labels
