"""Copies of a part of the graph: the same operations on other inputs, with the same variables."""

from __future__ import annotations

import graphlib
from collections.abc import Callable, Iterable

import kit.tensorflow1 as tf
from kit.cli.errors import UserError


def fed_examples(tensor: tf.Tensor) -> tf.Tensor:
    """The placeholder of the examples that a tensor is computed from."""
    fed = [operation for operation in ancestors([tensor]) if operation.type == "Placeholder"]
    if len(fed) != 1:
        raise ValueError(f"{tensor.name} depends on {len(fed)} placeholders of examples, expected 1")
    return fed[0].outputs[0]


def ancestors(tensors: Iterable[tf.Tensor], without: Iterable[tf.Tensor] = ()) -> set[tf.Operation]:
    """All operations that tensors are computed from.

    Args:
      tensors: whose operations are among them.
      without: tensors behind which none is looked for.
    """
    found: set[tf.Operation] = set()
    stopped = {tensor.op for tensor in without}
    waiting = [tensor.op for tensor in tensors]
    while waiting:
        operation = waiting.pop()
        if operation in found or operation in stopped:
            continue
        found.add(operation)
        waiting += [tensor.op for tensor in operation.inputs] + list(operation.control_inputs)
    return found


def copied(
    targets: Iterable[tf.Tensor], replacements: Iterable[tuple[tf.Tensor, tf.Tensor]], scope: str
) -> Callable[[tf.Tensor], tf.Tensor]:
    """Copies the operations between some tensors and the targets.

    What doesn't depend on the replaced tensors, such as variables, isn't copied: original and copy share it.

    Args:
      targets: what is to be computed from other inputs.
      replacements: pairs of a tensor and what the copy reads in its place.
      scope: the copies' names begin with it.
    Returns:
      tensor -> its copy; or the tensor itself, if it wasn't copied.
    """
    graph = tf.get_default_graph()
    wanted = ancestors(targets, without=[tensor for tensor, _ in replacements])
    copies = {tensor.ref(): other for tensor, other in replacements}
    copied_operations: dict[tf.Operation, tf.Operation] = {}

    def copy_of(tensor: tf.Tensor) -> tf.Tensor:
        return copies.get(tensor.ref(), tensor)

    for operation in _inputs_first(wanted):
        if not any(tensor.ref() in copies for tensor in operation.inputs):
            continue
        with tf.control_dependencies([copied_operations.get(other, other) for other in operation.control_inputs]):
            copy = graph.create_op(
                operation.type,
                [copy_of(tensor) for tensor in operation.inputs],
                [tensor.dtype for tensor in operation.outputs],
                name=f"{scope}/{operation.name}",
                attrs={name: value for name, value in operation.node_def.attr.items() if name != "_class"},
                op_def=operation.op_def,
            )
        copied_operations[operation] = copy
        copies.update({tensor.ref(): other for tensor, other in zip(operation.outputs, copy.outputs)})
    return copy_of


def _inputs_first(operations: set[tf.Operation]) -> Iterable[tf.Operation]:
    """Operations, each after those that it reads from or waits for. tf.cond makes some in another order."""
    needs = {
        operation: [tensor.op for tensor in operation.inputs] + list(operation.control_inputs)
        for operation in operations
    }
    try:
        found = list(graphlib.TopologicalSorter(needs).static_order())
    except graphlib.CycleError as error:
        raise UserError(
            "--micro_batches: the network has a loop (tf.while_loop), expected layers without one.\n"
            "  Leave out --micro_batches, or build the network without the loop."
        ) from error
    return [operation for operation in found if operation in operations]
