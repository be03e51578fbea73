"""Rows of all workers, joined in order: TensorFlow's collective operation, over its gRPC runtime."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import kit.tensorflow1 as tf
from kit.cluster.membership import Member

KEYS_PER_OPERATION = 1 << 17  # more than a micro-batch has rows
_numbers = itertools.count(1)  # of gathering operations; all workers make the same ones in the same order


def gatherer(member: Member) -> Callable[[tf.Tensor, tf.Tensor | int], tf.Tensor]:
    """A function that adds an operation to the graph by which all workers exchange their rows.

    Args:
      member: this worker.
    Returns:
      (rows, key) -> all rows: float32 [own, N] -> [workers * own, N], in the order of the workers. All must have the
      same shape. Where N changes from step to step, `key`, an int32 [], must change with it: TensorFlow expects one
      shape for a key.
    """

    by_name = sorted(range(member.size), key=str)  # TensorFlow's order: of device names, task 10 before task 2
    place_of = [by_name.index(rank) for rank in range(member.size)]

    def gather(rows: tf.Tensor, key: tf.Tensor | int = 0) -> tf.Tensor:
        gathered = tf.raw_ops.CollectiveGatherV2(
            input=rows,
            group_size=member.size,
            group_key=1,
            instance_key=next(_numbers) * KEYS_PER_OPERATION + key,
            ordering_token=[],
        )
        if place_of == sorted(place_of):
            return gathered
        of_workers = tf.split(gathered, member.size)
        return tf.concat([of_workers[place] for place in place_of], axis=0)

    return gather
