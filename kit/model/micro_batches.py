"""--micro_batches M: the gradient of a batch is the sum of its micro-batches' gradients, always in the same order.

A micro-batch is a fixed share of the batch's rows. Each goes through the network by itself. Their logits, joined, are
the batch's logits: the lesson computes loss and accuracy from them as ever. optimizer.minimize then runs M backward
passes. Which process runs which of them doesn't change the sum, and that is what kit/cluster builds on.

Batch normalisation takes mean and variance of a micro-batch (Hoffer et al., 2017, https://arxiv.org/abs/1705.08741);
its moving averages follow their mean over the batch.
The idea of several backward passes behind `minimize`: Sergeev and Del Balso, 2018, https://arxiv.org/abs/1802.05799
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import kit.tensorflow1 as tf
from kit.cli.errors import UserError
from kit.model.graph_copy import ancestors, copied, fed_examples

_COLLECTION = ("micro_batches",)  # not a str: a SavedModel saves collections named by a str


class MicroBatch(NamedTuple):
    """A micro-batch that this process computes."""

    place: int | tf.Tensor  # of its first row in the batch
    size: tf.Tensor  # int32 [], its rows; 0 if the batch ends before it: it then has a row of zeros that doesn't count
    logits: tf.Tensor  # float32 [size, or 1 if size is 0; classes]
    means: list[tf.Tensor]  # see mean_of_batch


class MicroBatches:
    """The micro-batches of a graph's batches, and which of them this process computes."""

    def __init__(
        self,
        count: int,
        rows: int,
        first: int = 0,
        own: int | None = None,
        gather: Callable[[tf.Tensor, tf.Tensor | int], tf.Tensor] = lambda packed, key: packed,
    ) -> None:
        """Adds itself to the default graph.

        Args:
          count: M, how many a batch has.
          rows: of a micro-batch; the last ones of a short batch have fewer, or none.
          first: the number of the first that this process computes.
          own: how many it computes, from that on; None for all.
          gather: (float32 [own, N], key) -> [M, N], in order: those of all processes. Each N has a key of its own.
        """
        self.number = tf.constant(first, tf.int64, name="micro_batch")  # []; each copy of the network has its own
        self._count, self._rows, self._first, self._gather = count, rows, first, gather
        self._own = count if own is None else own
        self._means: list[tuple[tf.Tensor, Callable[[tf.Tensor], Any]]] = []  # see mean_of_batch
        self._joined: tf.Tensor | None = None
        tf.add_to_collection(_COLLECTION, self)

    def add_mean(self, value: tf.Tensor, use: Callable[[tf.Tensor], Any]) -> None:
        """See mean_of_batch."""
        self._means.append((value, use))

    def joined(self, logits: tf.Tensor) -> tf.Tensor:
        """The logits of a batch whose micro-batches each go through a copy of the network.

        Args:
          logits: float32 [B, classes], of the network that takes all fed examples at once.
        Returns:
          float32 [B, classes].
        Raises:
          UserError: a network has been divided already, and these are other logits.
        """
        if self._joined is None:
            self._logits = logits
            with tf.name_scope(None):
                self._examples_ph = fed_examples(logits)
                self._micro_batches = list(self._through_copies(logits))
                with tf.name_scope("micro_batches"):
                    self._joined = self._join(logits.shape[1].value)
        if logits is not self._logits:
            raise UserError(
                f"--micro_batches: probabilities and losses are computed from two tensors, {self._logits.name} and "
                f"{logits.name}; expected the same logits.\n  Give both what build_network returns, or leave out "
                "--micro_batches."
            )
        return self._joined

    def compute_gradients(self, loss: tf.Tensor, var_list: Sequence | None = None, **_: Any) -> list[tuple]:
        """What tf.train.Optimizer.compute_gradients returns, from a backward pass per micro-batch.

        Args:
          loss: float32 [], computed from the joined logits.
          var_list: variables; by default all that are trained.
        Returns:
          [(gradient, variable)].
        Raises:
          UserError: the loss depends on the examples otherwise than through the logits.
        """
        variables = var_list or tf.trainable_variables()
        from_batch = [self._joined, *self._means_of_batch]
        if self._examples_ph.op in ancestors([loss], without=from_batch):
            raise UserError(
                "--micro_batches: the loss is computed from a layer of the network, expected one of the logits and the "
                "weights.\n  Compute it from logits, losses or probabilities, or leave out --micro_batches."
            )
        of_weights = tf.gradients(loss, variables, stop_gradients=from_batch)  # L2; the same in every process
        of_logits, *of_means = tf.gradients(loss, from_batch)
        end = self._count * self._rows_now + 1
        of_logits = tf.pad(of_logits, [[0, end - tf.shape(of_logits)[0]], [0, 0]])  # zeros for rows that don't count
        own = []
        for each in self._micro_batches:
            rows = tf.slice(of_logits, [each.place, 0], [tf.shape(each.logits)[0], -1])
            share = tf.cast(each.size, tf.float32) / self._size
            outputs, upstream = [each.logits], [rows]
            for mean, of_mean in zip(each.means, of_means):
                if of_mean is not None:
                    outputs.append(mean)
                    upstream.append(share * of_mean)
            own.append(_flat(tf.gradients(outputs, variables, upstream), variables))
        summed = tf.add_n(tf.unstack(self._gather(tf.stack(own), 0), self._count))  # [weights], always in this order
        parts = tf.split(summed, [variable.shape.num_elements() for variable in variables])
        gradients = [tf.reshape(part, variable.shape) for part, variable in zip(parts, variables)]
        return [
            (gradient if more is None else gradient + more, variable)
            for gradient, more, variable in zip(gradients, of_weights, variables)
        ]

    def _through_copies(self, logits: tf.Tensor) -> Iterator[MicroBatch]:
        """Sends each micro-batch of this process through a copy of the network."""
        with tf.name_scope("micro_batches"):
            fed = tf.shape(self._examples_ph)[0]
            self._rows_now = tf.maximum(self._rows, -(-fed // self._own))  # more, if more than a batch is fed
            zeros = [[0, 1], *[[0, 0]] * (self._examples_ph.shape.ndims - 1)]
            examples = tf.pad(self._examples_ph, zeros)  # a row of zeros for a micro-batch that has none
        targets = [logits, *(value for value, _ in self._means)]
        for i in range(self._own):
            with tf.name_scope("micro_batches"):
                begin = tf.minimum(i * self._rows_now, fed)
                size = tf.minimum((i + 1) * self._rows_now, fed) - begin
                rows = examples[begin : begin + tf.maximum(size, 1)]
                rows.set_shape(self._examples_ph.shape)
                number = tf.constant(self._first + i, tf.int64)
            replacements = [(self._examples_ph, rows), (self.number, number)]
            copy_of = copied(targets, replacements, f"micro_batch_{i}")
            own_logits, *means = map(copy_of, targets)
            yield MicroBatch((self._first + i) * self._rows_now, size, own_logits, means)

    def _join(self, classes: int) -> tf.Tensor:
        """Gathers the logits of all micro-batches, and the means that are taken over the batch."""
        packed = []
        for each in self._micro_batches:
            rows = tf.pad(each.logits[: each.size], [[0, self._rows_now - each.size], [0, 0]])  # [rows, classes]
            numbers = [rows, tf.cast(each.size, tf.float32), *each.means]
            packed.append(tf.concat([tf.reshape(values, [-1]) for values in numbers], 0))
        shapes = [value.shape for value, _ in self._means]
        lengths = [self._rows_now * classes, 1, *(shape.num_elements() for shape in shapes)]
        gathered = self._gather(tf.stack(packed), self._rows_now)  # [M, numbers]
        logits, sizes, *means = tf.split(gathered, lengths, axis=1)
        self._size = tf.reduce_sum(sizes)
        shares = sizes / self._size  # [M, 1]
        self._means_of_batch = []
        for (_, use), values, shape in zip(self._means, means, shapes):
            mean = tf.reshape(tf.add_n(tf.unstack(shares * values, self._count)), shape)
            self._means_of_batch.append(mean)
            use(mean)
        return tf.reshape(logits, [-1, classes])[: tf.cast(self._size, tf.int32)]


def of_graph() -> MicroBatches | None:
    """The MicroBatches of the default graph; None if its batches aren't divided."""
    return next(iter(tf.get_collection(_COLLECTION)), None)


def joined(logits: tf.Tensor) -> tf.Tensor:
    """MicroBatches.joined, where batches are divided; otherwise the logits as they are."""
    divided = of_graph()
    return divided.joined(logits) if divided else logits


def mean_of_batch(value: tf.Tensor, use: Callable[[tf.Tensor], Any]) -> None:
    """Gives `use` a mean over the batch, also where the layer that computes it only sees a micro-batch.

    Args:
      value: float32, of known shape: a mean over the rows that a layer sees.
      use: called with the mean over the batch, of that shape, once it is in the graph.
    """
    divided = of_graph()
    if divided:
        divided.add_mean(value, use)
    else:
        use(value)


def number_of_micro_batch() -> tf.Tensor | int:
    """The number of the micro-batch that a layer sees, int64 []; 0 if batches aren't divided."""
    divided = of_graph()
    return divided.number if divided else 0


def _flat(gradients: Sequence, variables: Sequence) -> tf.Tensor:
    """All gradients as one vector: float32 [weights]."""
    filled = [tf.zeros_like(variable) if each is None else each for each, variable in zip(gradients, variables)]
    return tf.concat([tf.reshape(each, [-1]) for each in filled], 0)
