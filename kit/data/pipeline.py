"""Parts of data pipelines: a large file read at several places, examples decoded before training."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.data.interface import Data
from kit.data.shares import Share, own_examples, parsed_later

BATCHES_AHEAD = 2  # prepared while the network computes
DECODED_AT_ONCE = 256  # examples


def without_autotune(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """The data set without tf.data's tuning thread; AUTOTUNE then means one call per core.

    That thread sleeps for up to a minute. To start an iterator again, or to end a session, would wait until it wakes
    (TensorFlow 2.21).
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def in_order(data: Data, part: int, batch_size: int, share: Share | None = None) -> tuple:
    """The examples of one part, in the file's order, once.

    Args:
      data: images or a table.
      part: TRAINING or VALIDATION.
      batch_size: examples per batch; the last batch may be smaller.
      share: of a batch, whose examples are read; None for all.
    Returns:
      (iterator, next_element): an initializable iterator; and its next batch, (examples [B, ...], labels [B]).
    Raises:
      UserError: the lesson's lines or examples aren't what is fed.
    """
    from kit.data.fed_shapes import check_examples, check_lines  # here: `--help` needs none

    lines = data.lesson.read_lines(data, part)
    check_lines(lines)
    examples = lines.map(data.parse, num_parallel_calls=tf.data.AUTOTUNE)
    check_examples(examples, data)
    batches = examples.batch(batch_size)
    if share:
        later = lines.map(parsed_later(data).parse, num_parallel_calls=tf.data.AUTOTUNE)
        batches = own_examples(later.batch(batch_size), data, share)
    iterator = tf.data.make_initializable_iterator(without_autotune(batches.prefetch(BATCHES_AHEAD)))
    return iterator, iterator.get_next()


def interleave(lines: tf.data.Dataset, count: int, places: int) -> tf.data.Dataset:
    """Reads lines at several places of their file, one from each in turn.

    It mixes the classes of a sorted file that is too large to be shuffled as a whole.

    Args:
      lines: in the file's order.
      count: how many there are.
      places: how many places to read at.
    """
    per_place = math.ceil(count / places)
    first_lines = tf.data.Dataset.range(0, count, per_place)
    return first_lines.interleave(lambda first: lines.skip(first).take(per_place), cycle_length=places)


def interleaved(count: int, places: int) -> np.ndarray:
    """The numbers of lines, from 0, in the order in which `interleave` gives them: int64 [count]."""
    per_place = math.ceil(count / places)
    numbers = np.arange(places * per_place).reshape(places, per_place).T.ravel()
    return numbers[numbers < count]


def decode(
    data: Data, lines: Callable[[], tf.data.Dataset], count: int, seed: int = 0
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Decodes examples in a graph and a session of its own.

    Args:
      data: whose lines they are.
      lines: () -> tf.data.Dataset of (number int64 [], line string []), made in that graph.
      count: how many of the lines to decode; there must be as many.
      seed: of that graph.
    Yields:
      Batches of arrays: (examples [B, ...], labels [B]).
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
    """Like `decode`, but returns all batches as one: arrays (examples [count, ...], labels [count])."""
    examples = np.empty([count, *data.shape], data.dtype)
    labels = np.empty([count], data.label_dtype)
    done = 0
    for batch, batch_labels in decode(data, lines, count, seed):
        examples[done : done + len(batch)], labels[done : done + len(batch)] = batch, batch_labels
        done += len(batch)
    return examples, labels
