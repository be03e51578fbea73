"""How a data set runs: without tf.data's tuning thread, from several places of a large file, decoded ahead."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.data.interface import Data

BATCHES_AHEAD = 2  # read while the network computes
DECODED_AT_ONCE = 256  # examples


def without_autotune(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """A data set without the thread that would tune it while it runs; AUTOTUNE is then one call for each core.

    The thread sleeps, each time longer, up to a minute, and hears neither that an iterator is started again nor that
    its session ends: both would wait until it wakes (TensorFlow 2.21).
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def in_order(data: Data, part: int, batch_size: int) -> tuple:
    """The examples of one part, in the file's order, once.

    Returns:
      (iterator, next_element): an initializable iterator; and its next batch, (examples [B, ...], labels [B]).
    """
    examples = data.lesson.read_lines(data, part).map(data.parse, num_parallel_calls=tf.data.AUTOTUNE)
    iterator = tf.data.make_initializable_iterator(
        without_autotune(examples.batch(batch_size).prefetch(BATCHES_AHEAD))
    )
    return iterator, iterator.get_next()


def interleave(lines: tf.data.Dataset, count: int, places: int) -> tf.data.Dataset:
    """Reads lines at several places of their file, one from each in turn.

    A file sorted by class is so mixed even where it is too large to be shuffled as a whole.

    Args:
      lines: in the file's order.
      count: how many there are.
      places: at how many to read.
    """
    per_place = math.ceil(count / places)
    first_lines = tf.data.Dataset.range(0, count, per_place)
    return first_lines.interleave(lambda first: lines.skip(first).take(per_place), cycle_length=places)


def decode(
    data: Data, lines: Callable[[], tf.data.Dataset], count: int, seed: int = 0
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Decodes examples once, to keep them. It has a graph of its own.

    Args:
      data: whose lines they are.
      lines: makes the data set of (number, line), in that graph.
      count: how many of the lines, from the first; there are as many or more.
      seed: of that graph.
    Yields:
      Batches of arrays (examples, labels): [B, ...] and [B].
    """
    graph = tf.Graph()
    with graph.as_default():
        tf.set_random_seed(seed)
        examples = lines().take(count).map(data.parse, num_parallel_calls=tf.data.AUTOTUNE)
        next_element = tf.data.make_one_shot_iterator(without_autotune(examples.batch(DECODED_AT_ONCE))).get_next()
    session = tf.Session(graph=graph)
    try:
        with console.progress("decoding", count, "examples") as bar:
            for _ in range(math.ceil(count / DECODED_AT_ONCE)):
                batch, labels = session.run(next_element)
                bar.advance(len(labels))
                yield batch, labels
    finally:
        session.close()


def decode_all(
    data: Data, lines: Callable[[], tf.data.Dataset], count: int, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """As `decode`, but all batches as one: arrays (examples, labels), [count, ...] and [count]."""
    examples = np.empty([count, *data.shape], data.dtype)
    labels = np.empty([count], data.label_dtype)
    done = 0
    for some_examples, some_labels in decode(data, lines, count, seed):
        examples[done : done + len(some_labels)] = some_examples
        labels[done : done + len(some_labels)] = some_labels
        done += len(some_labels)
    return examples, labels
