"""An image that can't be decoded, in a data set of a rehearsal."""

from collections.abc import Sequence
from typing import Any

import numpy as np

import kit.tensorflow1 as tf


def batches_with_files(images: Sequence[np.ndarray], labels: Sequence[np.ndarray], broken: int | None) -> Any:
    """An iterator over batches, the first image of each out of a file.

    Args:
      images: uint8 [B, H, W, 3] for each batch; all but the last have one B.
      labels: int64 [B] for each.
      broken: the batch whose file can't be decoded, or None.
    """
    is_broken = np.repeat(np.arange(len(labels)) == broken, [len(each) for each in labels])
    arrays = (np.concatenate(images), np.concatenate(labels), is_broken)
    batches = tf.data.Dataset.from_tensor_slices(arrays).batch(len(labels[0]))
    as_it_is = tf.autograph.experimental.do_not_convert(_with_a_file)  # TensorFlow would take a while to rewrite it
    return tf.data.make_initializable_iterator(batches.map(as_it_is))


def _with_a_file(images: Any, labels: Any, is_broken: Any) -> tuple[Any, Any]:
    png = tf.where(tf.reduce_any(is_broken), "what was a PNG", tf.image.encode_png(images[0]))
    first = tf.ensure_shape(tf.image.decode_png(png, channels=3), images.shape[1:])
    return tf.concat([first[None], images[1:]], axis=0), labels
