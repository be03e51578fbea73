"""--input: training batches decoded again in each epoch, or once, into memory or into a file."""

from __future__ import annotations

import math

import numpy as np

import kit.tensorflow1 as tf
from kit.cli.settings import TrainingSettings
from kit.data.decoded_cache import cached_examples
from kit.data.interface import Data
from kit.data.parts import TRAINING
from kit.data.pipeline import decode, decode_all


def training_batches(data: Data, settings: TrainingSettings, from_lines: tf.data.Dataset) -> tf.data.Dataset:
    """The batches of all epochs. With one seed, they are the same for every --input.

    Args:
      data: whose examples they are; data.arrays is filled with what the iterator's start must be fed.
      settings: of training.py.
      from_lines: the lesson's batches, decoded from the file's lines in each epoch.
    Returns:
      A tf.data.Dataset of (examples [B, ...], labels [B]).
    """
    return INPUTS[settings.input](data, settings, from_lines)


def _from_lines(data: Data, settings: TrainingSettings, from_lines: tf.data.Dataset) -> tf.data.Dataset:
    if settings.micro_batches > 1:  # the lines themselves, until it is known which a process reads: kit.data.shares
        return from_lines
    return data.training_batches(settings, from_lines)


def _from_memory(data: Data, settings: TrainingSettings, from_lines: tf.data.Dataset) -> tf.data.Dataset:
    from kit.cli import memory  # here: `--help` needs none

    in_buffer = min(data.num_training, data.most_shuffled)
    memory.check(  # the array, TensorFlow's copy, and the examples in the shuffle buffer
        (2 * data.num_training + in_buffer) * math.prod(data.shape) * np.dtype(data.dtype).itemsize,
        f"--input memory, for {data.num_training:,} {data.unit},",
        "Use --input cached, which keeps them decoded on the disk.",
    )
    examples, labels = decode_all(data, lambda: _training_lines(data), data.num_training)
    batches, fed_arrays = data.lesson.batches_in_memory(examples, labels, data, settings)
    data.arrays.update(fed_arrays)
    return batches


def _from_cache(data: Data, settings: TrainingSettings, from_lines: tf.data.Dataset) -> tf.data.Dataset:
    examples = cached_examples(data, decode(data, lambda: _training_lines(data), data.num_training))  # [N], on the disk
    numbers = tf.data.Dataset.range(data.num_training)
    numbers = numbers.shuffle(min(data.num_training, data.most_shuffled), seed=settings.seed)
    numbers = numbers.batch(settings.batch_size)
    return numbers.map(lambda batch: look_up(batch, examples)).repeat(settings.epochs)


INPUTS = {"feed": _from_lines, "direct": _from_lines, "memory": _from_memory, "cached": _from_cache}


def look_up(numbers: tf.Tensor, examples: np.memmap) -> tuple:
    """Reads a batch from a cache of examples.

    Args:
      numbers: int64 [B], of the batch's examples, from 0.
      examples: np.memmap [N] of (example, label), from kit.data.decoded_cache.
    Returns:
      (examples [B, ...], labels [B]).
    """

    def read(numbers):
        batch = examples[numbers]
        return np.ascontiguousarray(batch["example"]), np.ascontiguousarray(batch["label"])

    parts = [examples.dtype[name] for name in ("example", "label")]
    batch = tf.numpy_function(read, [numbers], [part.base for part in parts], stateful=False)
    return tuple(tf.ensure_shape(values, [None, *part.shape]) for values, part in zip(batch, parts))


def _training_lines(data: Data) -> tf.data.Dataset:
    return data.lesson.read_lines(data, TRAINING, data.places)
